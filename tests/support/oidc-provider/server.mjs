// A certified OpenID provider for the journeys: node server.mjs HOST PORT CLIENTS_JSON
// People log in by name with any password; GET /disable/NAME shuts one out, as an administrator would.
import { generateKeyPairSync } from 'node:crypto';
import { Provider, errors } from 'oidc-provider';

const [host, port, clients] = process.argv.slice(2);
const issuer = `http://${host}:${port}`;

const key = (type, options) => generateKeyPairSync(type, options).privateKey.export({ format: 'jwk' });
const jwks = {
  keys: [
    { ...key('rsa', { modulusLength: 2048 }), kid: 'rsa' },
    { ...key('ec', { namedCurve: 'P-256' }), kid: 'p256' },
    { ...key('ed25519'), kid: 'ed' },
  ],
};

const people = {
  ada: { name: 'Ada Lovelace', email: 'ada@example.com', groups: ['staff', 'board'] },
  ben: { name: 'Ben Bitdiddle', email: 'ben@example.com', groups: ['staff'] },
  cleo: { name: 'Cléo Ünal', email: 'cleo@elsewhere.example', groups: [] },
};
const disabled = new Set();

const provider = new Provider(issuer, {
  clients: JSON.parse(clients),
  jwks,
  claims: {
    openid: ['sub'],
    profile: ['name'],
    email: ['email', 'email_verified'],
    groups: ['groups'],
  },
  scopes: ['openid', 'offline_access', 'profile', 'email', 'groups'],
  conformIdTokenClaims: false,
  features: { devInteractions: { enabled: true }, rpInitiatedLogout: { enabled: true } },
  async findAccount(ctx, id) {
    const person = people[id];
    if (disabled.has(id) && ctx.path.startsWith('/auth')) throw new errors.AccessDenied('the account is disabled');
    if (!person || disabled.has(id)) return undefined;
    return {
      accountId: id,
      async claims() {
        return { sub: id, email_verified: true, ...person };
      },
    };
  },
  async issueRefreshToken(_ctx, client, code) {
    return client.grantTypeAllowed('refresh_token') && code.scopes.has('offline_access');
  },
});

provider.use(async (ctx, next) => {
  const [, name] = ctx.path.match(/^\/disable\/(\w+)$/) ?? [];
  if (name) {
    disabled.add(name);
    ctx.body = 'disabled';
    return;
  }
  if (ctx.path === '/auth') {
    // Whoever is shut out has no session here either.
    const session = await provider.Session.get(ctx);
    if (disabled.has(session.accountId)) await session.destroy();
  }
  await next();
});

provider.listen(Number(port), '127.0.0.1', () => console.log(`listening on ${issuer}`));
