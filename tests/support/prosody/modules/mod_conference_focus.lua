-- A component in Jicofo's place: makes the room that a client asks for, as an administrator.

local st = require "util.stanza";
local jid = require "util.jid";

module:hook("iq-set/host/http://jitsi.org/protocol/focus:conference", function (event)
	local origin, stanza = event.origin, event.stanza;
	local room = jid.prep(stanza.tags[1].attr.room);
	local node, muc = jid.split(room);
	local rooms = node and prosody.hosts[muc] and prosody.hosts[muc].modules.muc;
	if not rooms then
		origin.send(st.error_reply(stanza, "cancel", "item-not-found"));
		return true;
	end
	if not rooms.get_room_from_jid(room) then rooms.create_room(room); end
	origin.send(st.reply(stanza):tag("conference", {
		xmlns = "http://jitsi.org/protocol/focus", room = room, ready = "true", focusjid = "focus@" .. module.host,
	}));
	return true;
end);
