"""A real OpenID provider beside npm's: Authlib's, with the forms around it that a site would write.

    server.py PORT

Prints a line once it listens. Whoever posts a name to the login form is that person.
"""

import os
import sys
import time

from authlib.integrations.flask_oauth2 import AuthorizationServer, ResourceProtector, current_token
from authlib.jose import JsonWebKey
from authlib.oauth2.rfc6749 import grants
from authlib.oauth2.rfc6750 import BearerTokenValidator
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import UserInfo
from authlib.oidc.core.grants import OpenIDCode
from flask import Flask, jsonify, request

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # it is reached on this machine alone

PORT = int(sys.argv[1])
ISSUER = f"http://localhost:{PORT}"
CLIENT_ID, CLIENT_SECRET = "roomkey", "nine-brass-weights-on-a-wooden-scale"
PEOPLE = {"ada": UserInfo(sub="u-ada", name="Ada Lovelace", email="ada@example.com", email_verified=True, groups=["staff"])}
KEY = JsonWebKey.generate_key("RSA", 2048, {"kid": "authlib", "use": "sig", "alg": "RS256"}, is_private=True)

codes, tokens = {}, {}
app = Flask(__name__)


class Client:
    """The one client that is registered."""

    client_id = CLIENT_ID

    def get_client_id(self):
        return self.client_id

    def get_default_redirect_uri(self):
        return None

    def get_allowed_scope(self, scope):
        return scope

    def check_redirect_uri(self, redirect_uri):
        return redirect_uri.startswith("http://localhost:") and redirect_uri.endswith("/callback/authlib")

    def check_client_secret(self, client_secret):
        return client_secret == CLIENT_SECRET

    def check_endpoint_auth_method(self, method, endpoint):
        return method == "client_secret_basic"

    def check_response_type(self, response_type):
        return response_type == "code"

    def check_grant_type(self, grant_type):
        return grant_type == "authorization_code"


class Code:
    """An authorization code."""

    def __init__(self, code, user, asked):
        self.code, self.user, self.auth_time = code, user, int(time.time())
        self.redirect_uri, self.scope = asked.payload.redirect_uri, asked.payload.scope
        self.nonce = asked.payload.data.get("nonce")
        self.code_challenge = asked.payload.data.get("code_challenge")
        self.code_challenge_method = asked.payload.data.get("code_challenge_method")

    def get_redirect_uri(self):
        return self.redirect_uri

    def get_scope(self):
        return self.scope

    def get_nonce(self):
        return self.nonce

    def get_auth_time(self):
        return self.auth_time

    def get_acr(self):
        return None

    def get_amr(self):
        return None


class CodeGrant(grants.AuthorizationCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic"]

    def save_authorization_code(self, code, request):
        codes[code] = Code(code, request.user, request)

    def query_authorization_code(self, code, client):
        return codes.get(code)

    def delete_authorization_code(self, authorization_code):
        codes.pop(authorization_code.code, None)

    def authenticate_user(self, authorization_code):
        return authorization_code.user


class OpenID(OpenIDCode):
    def exists_nonce(self, nonce, request):
        return any(code.nonce == nonce for code in codes.values())

    def get_jwt_config(self, grant):
        return {"key": KEY, "alg": "RS256", "iss": ISSUER, "exp": 3600}

    def generate_user_info(self, user, scope):
        # The rest is for UserInfo to say.
        return UserInfo(sub=user["sub"])


class Validator(BearerTokenValidator):
    def authenticate_token(self, token_string):
        return tokens.get(token_string)


class Token(dict):
    def is_expired(self):
        return False

    def is_revoked(self):
        return False

    def get_scope(self):
        return self["scope"]


def save_token(token, request):
    tokens[token["access_token"]] = Token(token, user=request.user)


server = AuthorizationServer(app, query_client=lambda client_id: Client() if client_id == CLIENT_ID else None, save_token=save_token)
server.register_grant(CodeGrant, [CodeChallenge(required=True), OpenID(require_nonce=True)])
protect = ResourceProtector()
protect.register_token_validator(Validator())


@app.get("/.well-known/openid-configuration")
def metadata():
    return jsonify(
        issuer=ISSUER,
        authorization_endpoint=f"{ISSUER}/authorize",
        token_endpoint=f"{ISSUER}/token",
        userinfo_endpoint=f"{ISSUER}/userinfo",
        jwks_uri=f"{ISSUER}/jwks",
        response_types_supported=["code"],
        subject_types_supported=["public"],
        id_token_signing_alg_values_supported=["RS256"],
        token_endpoint_auth_methods_supported=["client_secret_basic"],
    )


@app.get("/jwks")
def jwks():
    return jsonify(keys=[KEY.as_dict(is_private=False)])


@app.get("/authorize")
def ask():
    server.get_consent_grant(end_user=None)
    return '<form method="post"><input name="name"><button>Log in</button></form>'


@app.post("/authorize")
def agree():
    # A name that nobody has declines, as a consent page's second button would.
    user = PEOPLE.get(request.form["name"])
    return server.create_authorization_response(grant_user=user, grant=server.get_consent_grant(end_user=user))


@app.post("/token")
def token():
    return server.create_token_response()


@app.get("/userinfo")
@protect("profile")
def user_info():
    return jsonify(current_token["user"])


if __name__ == "__main__":
    print(f"listening on {ISSUER}", flush=True)
    app.run(port=PORT)
