// What Jitsi's front end makes of a room's name (jitsi-meet, react/features/base/util/uri.ts, getBackendSafeRoomName),
// for each string of a JSON list on standard input.
import { readFileSync } from 'node:fs';

function backendSafe(room) {
    let name = room;
    try {
        name = decodeURIComponent(room);
    } catch {
        // Stays as it is.
    }
    return encodeURIComponent(name.normalize('NFKC').toLowerCase()).toLowerCase();
}

process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, 'utf8')).map(backendSafe)));
