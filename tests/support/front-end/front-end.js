// A stand-in for Jitsi's front end as JITSI.md describes its inline login: a popup with `{state}`, `{code_challenge}` and a
// nonce, the tokens by message, a renewal when they are about to expire, and a hidden frame to log out.
// `config` comes from /config.js.

const show = (id, text) => { document.getElementById(id).textContent = text; };
const room = decodeURIComponent(location.pathname.slice(1));
show('room', room);

const base64url = (bytes) => btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
const random = () => base64url(crypto.getRandomValues(new Uint8Array(32)));
const claimsOf = (token) => {
  const bytes = atob(token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/'));
  return JSON.parse(new TextDecoder().decode(Uint8Array.from(bytes, (c) => c.charCodeAt(0))));
};

let tokens;
let renewals = 0;

async function openTokenAuthUrl(refreshToken) {
  const verifier = random();
  const nonce = random();
  sessionStorage.setItem('code_verifier', verifier);
  sessionStorage.setItem('nonce', nonce);
  const challenge = base64url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))));
  const state = { room, roomSafe: room.toLowerCase(), tenant: '', 'config.startWithAudioMuted': true };
  if (refreshToken) state.refreshToken = refreshToken;
  const url = config.tokenAuthUrl
    .replace('{room}', room)
    .replace('{state}', encodeURIComponent(JSON.stringify(state)))
    .replace('{code_challenge}', challenge);
  window.open(`${url}&nonce=${nonce}`, 'login', 'width=500,height=700');
}

function renewInTime() {
  const left = claimsOf(tokens.accessToken).exp * 1000 - Date.now();
  setTimeout(() => openTokenAuthUrl(tokens.refreshToken), Math.max(0, left - config.renewMilliseconds));
}

window.addEventListener('message', ({ origin, data }) => {
  if (origin !== location.origin) return;
  if (data.error) {
    tokens = undefined;
    show('status', 'refused');
    show('error', `${data.error}: ${data.errorDescription}`);
    return;
  }
  const person = claimsOf(data.idToken);
  if (!data.renewed && person.nonce !== sessionStorage.getItem('nonce')) {
    show('status', 'wrong nonce');
    return;
  }
  if (data.renewed) show('renewals', renewals += 1);
  tokens = data;
  show('status', `in the meeting as ${person.name}`);
  show('claims', JSON.stringify(claimsOf(data.accessToken), undefined, 2));
  renewInTime();
});

document.getElementById('log-in').addEventListener('click', () => openTokenAuthUrl());
document.getElementById('log-out').addEventListener('click', () => {
  const frame = document.createElement('iframe');
  frame.hidden = true;
  frame.src = config.tokenLogoutUrl;
  frame.addEventListener('load', () => {
    // Only a page of Jitsi's own can be looked into.
    show('status', `logged out by ${frame.contentDocument?.title}`);
  });
  document.body.append(frame);
});
