"""A SAML identity provider by pysaml2, for the journeys of the tests.

    server.py PORT SP_METADATA_URL [encrypt] [logout-by-post]

People log in by name, without a password: ada, ben, cleo; `nobody` is refused. It reads Roomkey's metadata when somebody first comes.
Beside what SAML prescribes it has:

    GET /                 who is logged in here
    GET /leave            logs the browser out here, and at Roomkey by a LogoutRequest (`?binding=post` by POST)
    GET /control/add      a second certificate appears in the metadata, by which nothing is signed yet
    GET /control/switch   ... and signs from now on, alone in the metadata
"""

import datetime
import functools
import html
import http.server
import json
import secrets
import sys
import tempfile
import threading
import urllib.parse
import urllib.request

import saml2.entity
import saml2.sigver
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT, samlp
from saml2.authn_context import PASSWORDPROTECTEDTRANSPORT
from saml2.config import IdPConfig
from saml2.metadata import entity_descriptor
from saml2.saml import NAMEID_FORMAT_PERSISTENT, NAME_FORMAT_URI, NameID
from saml2.server import Server

# Its own default is 3DES, which Roomkey does not take.
saml2.entity.pre_encryption_part = functools.partial(
    saml2.sigver.pre_encryption_part, msg_enc="http://www.w3.org/2009/xmlenc11#aes256-gcm"
)
saml2.sigver.SecurityContext.encrypt_assertion = functools.partialmethod(
    saml2.sigver.SecurityContext.encrypt_assertion, key_type="aes-256"
)

PORT, SP_METADATA = sys.argv[1], sys.argv[2]
ENCRYPT = "encrypt" in sys.argv[3:]
LOGOUT_BY_POST = "logout-by-post" in sys.argv[3:]
BASE = f"http://localhost:{PORT}"
FOLDER = tempfile.TemporaryDirectory()
LOCK = threading.RLock()

PEOPLE = {
    "ada": ("Ada Lovelace", "ada@example.com", ["staff", "board"]),
    "ben": ("Ben Bitdiddle", "ben@example.com", ["staff"]),
    "cleo": ("Cleo Clever", "cleo@example.org", []),
}


def make_key(name):
    """A key and a certificate for it, as files."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=90))
        .sign(key, hashes.SHA256())
    )
    paths = f"{FOLDER.name}/{name}.key", f"{FOLDER.name}/{name}.crt"
    with open(paths[0], "wb") as file:
        no = serialization.NoEncryption()
        file.write(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, no))
    with open(paths[1], "wb") as file:
        file.write(certificate.public_bytes(serialization.Encoding.PEM))
    return paths


class State:
    """What changes while it runs."""

    keys = [make_key("first"), make_key("second")]
    signs_with = 0
    # Certificates in the metadata beside the one that signs.
    announced = []
    server = None
    # By the value of a browser's cookie: who is logged in, and as what at Roomkey.
    sessions = {}


def configuration(with_sp):
    key, certificate = State.keys[State.signs_with]
    both = (BINDING_HTTP_REDIRECT, BINDING_HTTP_POST)
    settings = {
        "entityid": f"{BASE}/metadata",
        "service": {
            "idp": {
                "name": "Example University",
                "endpoints": {
                    "single_sign_on_service": [(f"{BASE}/sso", binding) for binding in both],
                    "single_logout_service": [
                        (f"{BASE}/slo", binding) for binding in (both[1:] if LOGOUT_BY_POST else both)
                    ],
                },
                "name_id_format": [NAMEID_FORMAT_PERSISTENT],
                "signing_algorithm": "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
                "digest_algorithm": "http://www.w3.org/2001/04/xmlenc#sha256",
                "policy": {
                    "default": {
                        "lifetime": {"minutes": 5},
                        "attribute_restrictions": None,
                        "name_form": NAME_FORMAT_URI,
                    }
                },
                "ui_info": {"display_name": [{"lang": "en", "text": "Example University"}]},
            }
        },
        "key_file": key,
        "cert_file": certificate,
        "additional_cert_files": State.announced,
        "encryption_keypairs": [],
        "xmlsec_binary": "/usr/bin/xmlsec1",
    }
    if with_sp:
        with urllib.request.urlopen(SP_METADATA, timeout=10) as answer, open(f"{FOLDER.name}/sp.xml", "wb") as file:
            file.write(answer.read())
        settings["metadata"] = {"local": [f"{FOLDER.name}/sp.xml"]}
    return IdPConfig().load(settings)


def server():
    if State.server is None:
        State.server = Server(config=configuration(with_sp=True))
    return State.server


def attributes(name):
    full, address, groups = PEOPLE[name]
    given, family = full.split()
    return {
        "displayName": full,
        "givenName": given,
        "sn": family,
        "mail": address,
        "eduPersonPrincipalName": f"{name}@example.edu",
        "eduPersonEntitlement": [f"urn:example:group:{group}" for group in groups],
        "isMemberOf": groups,
    }


def log_in(name, request_text, binding, relay_state, session):
    """The answer to an AuthnRequest: what the browser is to do."""
    idp = server()
    request = idp.parse_authn_request(request_text, binding)
    arguments = idp.response_args(request.message, [BINDING_HTTP_POST])
    if name not in PEOPLE:
        refusal = (samlp.STATUS_AUTHN_FAILED, "no such person")
        where = arguments["destination"]
        answer = idp.create_error_response(arguments["in_response_to"], where, refusal, sign=True)
        return idp.apply_binding(BINDING_HTTP_POST, str(answer), where, relay_state, response=True)
    name_id = NameID(
        format=NAMEID_FORMAT_PERSISTENT,
        name_qualifier=f"{BASE}/metadata",
        sp_name_qualifier=arguments["sp_entity_id"],
        text=f"subject-of-{name}",
    )
    answer = idp.create_authn_response(
        attributes(name),
        userid=name,
        name_id=name_id,
        authn={"class_ref": PASSWORDPROTECTEDTRANSPORT, "authn_auth": BASE},
        sign_assertion=True,
        sign_response=ENCRYPT,
        encrypt_assertion=ENCRYPT,
        encrypt_assertion_self_contained=True,
        **arguments,
    )
    State.sessions[session] = (name, name_id, arguments["sp_entity_id"])
    return idp.apply_binding(BINDING_HTTP_POST, str(answer), arguments["destination"], relay_state, response=True)


def leave(session, binding):
    """A LogoutRequest for whoever is logged in."""
    idp = server()
    _, name_id, sp = State.sessions.pop(session)
    _, where = idp.pick_binding("single_logout_service", [binding], "spsso", entity_id=sp)
    request_id, request = idp.create_logout_request(
        where, sp, name_id=name_id, sign=binding == BINDING_HTTP_POST
    )
    return idp.apply_binding(binding, str(request), where, "left-by-the-provider", sign=True)


def answer_logout(parameters, binding, session):
    """Roomkey's LogoutRequest, answered; or the page that its LogoutResponse leads to."""
    idp = server()
    if "SAMLResponse" in parameters:
        response = idp.parse_logout_request_response(parameters["SAMLResponse"], binding)
        return None, response.status_ok()
    checked = {key: parameters.get(name) for key, name in (("sigalg", "SigAlg"), ("signature", "Signature"))}
    request = idp.parse_logout_request(
        parameters["SAMLRequest"], binding, relay_state=parameters.get("RelayState"), **checked
    )
    State.sessions.pop(session, None)
    answer = idp.create_logout_response(request.message, [binding], sign=binding == BINDING_HTTP_POST)
    _, where = idp.pick_binding("single_logout_service", [binding], "spsso", request.message)
    http = idp.apply_binding(binding, str(answer), where, parameters.get("RelayState"), response=True, sign=True)
    return http, True


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def session(self):
        cookie = self.headers.get("Cookie") or ""
        found = [part.split("=", 1)[1] for part in cookie.split("; ") if part.startswith("idp=")]
        if not found:
            self.new_session = getattr(self, "new_session", None) or secrets.token_hex(8)
        return found[0] if found else self.new_session

    def send(self, body, kind="text/html", status=200, headers=()):
        data = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def send_on(self, message):
        """What pysaml2 makes of a message: a redirect, or a form that posts itself."""
        cookie = ("Set-Cookie", f"idp={self.session()}; Path=/")
        if message["method"] == "GET":
            self.send("", status=303, headers=[cookie, *message["headers"]])
        else:
            self.send(message["data"], headers=[cookie])

    def sso(self, parameters, binding):
        hidden = dict(parameters, binding=binding)
        fields = "".join(
            f'<input type="hidden" name="{key}" value="{html.escape(value)}">' for key, value in hidden.items()
        )
        self.send(
            f'<!DOCTYPE html><title>Example University</title><form method="post" action="/login">{fields}'
            '<label>Name <input name="name"></label><button type="submit">Log in</button></form>'
        )

    def handle_request(self, parameters, binding):
        path = urllib.parse.urlsplit(self.path).path
        if path == "/metadata":
            described = entity_descriptor(configuration(with_sp=False))
            self.send(str(described), "application/samlmetadata+xml")
        elif path == "/sso":
            self.sso(parameters, binding)
        elif path == "/login":
            name, binding = parameters["name"], parameters["binding"]
            request, relay_state = parameters["SAMLRequest"], parameters.get("RelayState", "")
            self.send_on(log_in(name, request, binding, relay_state, self.session()))
        elif path == "/slo":
            message, ok = answer_logout(parameters, binding, self.session())
            if message is None:
                self.send(f"<!DOCTYPE html><title>Left</title><p id=left>{'everywhere' if ok else 'here only'}</p>")
            else:
                self.send_on(message)
        elif path == "/leave":
            by_post = parameters.get("binding") == "post"
            self.send_on(leave(self.session(), BINDING_HTTP_POST if by_post else BINDING_HTTP_REDIRECT))
        elif path == "/control/add":
            State.announced = [State.keys[1][1]]
            self.send("added")
        elif path == "/control/switch":
            State.announced, State.signs_with, State.server = [], 1, None
            self.send("switched")
        elif path == "/":
            who = State.sessions.get(self.session())
            self.send(json.dumps({"who": who and who[0]}), "application/json")
        else:
            self.send("not here", status=404)

    def answer(self, text, binding):
        parameters = dict(urllib.parse.parse_qsl(text, keep_blank_values=True))
        try:
            with LOCK:
                self.handle_request(parameters, binding)
        except Exception as error:  # noqa: BLE001
            print(f"{self.path.split('?')[0]}: {error!r}", file=sys.stderr, flush=True)
            self.send(f"<!DOCTYPE html><title>Failed</title><p id=failed>{html.escape(repr(error))}</p>", status=500)

    def do_GET(self):
        self.answer(urllib.parse.urlsplit(self.path).query, BINDING_HTTP_REDIRECT)

    def do_POST(self):
        self.answer(self.rfile.read(int(self.headers["Content-Length"])).decode(), BINDING_HTTP_POST)


listener = http.server.ThreadingHTTPServer(("127.0.0.1", int(PORT)), Handler)
print(f"listening on {BASE}", flush=True)
listener.serve_forever()
