// A SAML identity provider by samlify, for the journeys of the tests.
//
//     node server.mjs PORT SP_METADATA_URL [post] [signed] KEY CERTIFICATE
//
// People log in by name, without a password: ada, ben, cleo. With `post` it takes requests by HTTP-POST alone, with `signed` only signed
// ones. `/leave` logs the browser out here, and at Roomkey by a LogoutRequest (`?binding=post` by POST).

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import samlify from 'samlify';

const [port, spMetadata, ...more] = process.argv.slice(2);
const [key, certificate] = more.slice(-2).map((path) => readFileSync(path, 'utf8'));
const base = `http://localhost:${port}`;
const bindings = more.includes('post') ? ['post'] : ['redirect', 'post'];
const urns = { redirect: 'HTTP-Redirect', post: 'HTTP-POST' };

// The schemas of SAML are for those who read strangers' messages; here Roomkey's are read.
samlify.setSchemaValidator({ validate: async () => 'not looked at' });

const people = {
  ada: { name: 'Ada Lovelace', address: 'ada@example.com', groups: ['staff', 'board'] },
  ben: { name: 'Ben Bitdiddle', address: 'ben@example.com', groups: ['staff'] },
  cleo: { name: 'Cleo Clever', address: 'cleo@example.org', groups: [] },
};

const template = `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"
 ID="{ID}" Version="2.0" IssueInstant="{Now}" Destination="{Acs}" InResponseTo="{InResponseTo}"><saml:Issuer>{Issuer}</saml:Issuer>
<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>
<saml:Assertion ID="{AssertionID}" Version="2.0" IssueInstant="{Now}"><saml:Issuer>{Issuer}</saml:Issuer>
<saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">{NameID}</saml:NameID>
<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData NotOnOrAfter="{Later}"
 Recipient="{Acs}" InResponseTo="{InResponseTo}"/></saml:SubjectConfirmation></saml:Subject>
<saml:Conditions NotBefore="{Now}" NotOnOrAfter="{Later}"><saml:AudienceRestriction><saml:Audience>{Audience}</saml:Audience>
</saml:AudienceRestriction></saml:Conditions>
<saml:AuthnStatement AuthnInstant="{Now}" SessionIndex="{SessionIndex}"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>
<saml:AttributeStatement>{Attributes}</saml:AttributeStatement></saml:Assertion></samlp:Response>`;

const services = (path) => bindings.map((binding) => ({
  Binding: `urn:oasis:names:tc:SAML:2.0:bindings:${urns[binding]}`,
  Location: `${base}/${path}`,
}));

const idp = samlify.IdentityProvider({
  entityID: `${base}/metadata`,
  privateKey: key,
  signingCert: certificate,
  wantAuthnRequestsSigned: more.includes('signed'),
  wantLogoutRequestSigned: true,
  wantLogoutResponseSigned: true,
  requestSignatureAlgorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  messageSigningOrder: 'sign-then-encrypt',
  nameIDFormat: ['urn:oasis:names:tc:SAML:2.0:nameid-format:persistent'],
  singleSignOnService: services('sso'),
  singleLogoutService: services('slo'),
  loginResponseTemplate: { context: template, attributes: [] },
});

let known;
async function sp() {
  known ??= samlify.ServiceProvider({
    metadata: await (await fetch(spMetadata)).text(),
    wantLogoutRequestSigned: true,
    wantLogoutResponseSigned: true,
  });
  return known;
}

// By the value of a browser's cookie.
const sessions = new Map();

const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

function attribute(name, values) {
  const each = values.map((value) => `<saml:AttributeValue>${escape(value)}</saml:AttributeValue>`).join('');
  return `<saml:Attribute Name="${name}" NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:basic">${each}</saml:Attribute>`;
}

async function logIn(name, request, binding, session) {
  const parsed = await idp.parseLoginRequest(await sp(), binding, request);
  const person = people[name];
  const sessionIndex = `index-${session}`;
  sessions.set(session, { name, sessionIndex, logoutNameID: `subject-of-${name}` });
  const fill = (context) => {
    const [now, later] = [new Date(), new Date(Date.now() + 5 * 60_000)].map((time) => time.toISOString());
    const id = `_r${Date.now()}${session}`;
    const acs = known.entityMeta.getAssertionConsumerService('post');
    const values = {
      ID: id, AssertionID: `_a${id}`, Now: now, Later: later, Acs: acs, Issuer: idp.entityMeta.getEntityID(),
      InResponseTo: parsed.extract.request.id, NameID: `subject-of-${name}`, Audience: known.entityMeta.getEntityID(),
      SessionIndex: sessionIndex,
    };
    const attributes = attribute('displayName', [person.name]) + attribute('mail', [person.address])
      + (person.groups.length ? attribute('groups', person.groups) : '');
    const filled = samlify.SamlLib.replaceTagsByValue(context, values).replace('{Attributes}', attributes);
    return { id, context: filled };
  };
  return idp.createLoginResponse(await sp(), parsed, 'post', {}, { customTagReplacement: fill });
}

function page(response, body, session) {
  const cookie = session === undefined ? {} : { 'Set-Cookie': `samlify=${session}; Path=/` };
  response.writeHead(200, { 'Content-Type': 'text/html', ...cookie });
  response.end(`<!doctype html><title>Example Corp</title>${body}`);
}

// What samlify makes of a message: an address, or the value of a field.
function sendOn(response, message, relayState, session) {
  if (message.entityEndpoint === undefined) {
    response.writeHead(303, { Location: message.context, 'Set-Cookie': `samlify=${session}; Path=/` });
    response.end();
    return;
  }
  page(response, `<form method="post" action="${escape(message.entityEndpoint)}"><input type="hidden" name="${message.type}" value="${message.context}">
    <input type="hidden" name="RelayState" value="${escape(relayState ?? '')}"></form><script>document.forms[0].submit()</script>`, session);
}

async function answer(request, response) {
  const url = new URL(request.url, base);
  const session = /samlify=([^;]+)/.exec(request.headers.cookie ?? '')?.[1] ?? `${sessions.size + 1}`;
  let body = '';
  for await (const chunk of request) body += chunk;
  const query = Object.fromEntries(url.searchParams);
  const form = Object.fromEntries(new URLSearchParams(body));
  const binding = request.method === 'POST' ? 'post' : 'redirect';
  // What a signature of the HTTP-Redirect binding covers: the parameters as they were encoded, in their order.
  const octetString = url.search.slice(1).split('&').filter((pair) => !pair.startsWith('Signature=')).join('&');
  const message = { query, body: form, octetString };
  if (url.pathname === '/metadata') {
    response.writeHead(200, { 'Content-Type': 'application/samlmetadata+xml' });
    response.end(idp.getMetadata());
  } else if (url.pathname === '/sso') {
    const kept = escape(JSON.stringify({ ...message, binding }));
    page(response, `<form method="post" action="/login"><input type="hidden" name="request" value="${kept}">
      <label>Name <input name="name"></label><button type="submit">Log in</button></form>`);
  } else if (url.pathname === '/login') {
    const kept = JSON.parse(form.request);
    const relayState = kept.query.RelayState ?? kept.body.RelayState;
    sendOn(response, await logIn(form.name, kept, kept.binding, session), relayState, session);
  } else if (url.pathname === '/slo' && (query.SAMLRequest ?? form.SAMLRequest)) {
    const parsed = await idp.parseLogoutRequest(await sp(), binding, message);
    sessions.delete(session);
    const relayState = query.RelayState ?? form.RelayState;
    sendOn(response, idp.createLogoutResponse(await sp(), parsed, binding, { relayState }), relayState, session);
  } else if (url.pathname === '/slo') {
    await idp.parseLogoutResponse(await sp(), binding, message);
    page(response, '<p id="left">everywhere</p>');
  } else if (url.pathname === '/leave') {
    const by = query.binding === 'post' ? 'post' : 'redirect';
    const user = sessions.get(session);
    sessions.delete(session);
    sendOn(response, idp.createLogoutRequest(await sp(), by, user, { relayState: 'left' }), 'left', session);
  } else {
    page(response, `<p id="who">${sessions.get(session)?.name ?? 'nobody'}</p>`);
  }
}

createServer((request, response) => {
  answer(request, response).catch((error) => {
    console.error(`${request.url.split('?')[0]}: ${error}`);
    response.writeHead(500, { 'Content-Type': 'text/html' });
    response.end(`<!doctype html><title>Failed</title><p id="failed">${escape(String(error))}</p>`);
  });
}).listen(Number(port), '127.0.0.1', () => console.log(`listening on ${base}`));
