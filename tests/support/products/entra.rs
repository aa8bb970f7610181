//! Microsoft Entra ID and Microsoft Graph (learn.microsoft.com, "OpenID Connect on the Microsoft identity platform", "ID token claims
//! reference", "directoryObject: getMemberObjects").

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use url::Url;

use super::{CLIENT_ID, Codes, form, is_client, split, token, with_headers};
use crate::support::fake::{Reply, Request, keys, now, serve};

pub const OURS: &str = "aaaa1111-1111-4111-8111-11111111beef";
pub const THEIRS: &str = "22222222-2222-4222-8222-222222222222";

/// The application's key and the certificate that is registered for it, with the SHA-256 of that.
pub const CLIENT_KEY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/products/entra-client.pem");
const THUMBPRINT: &str = "Q6RKV325LowZP0GgzC8WitaltQDJAiaGqYwgrfqOFTc";

/// How Graph answers.
#[derive(Clone, Default)]
pub enum Graph {
    /// With these pages of ids.
    #[default]
    NoGroups,
    Pages(Vec<Vec<String>>),
    /// The application was not granted `User.Read`.
    Denied,
    /// Too many calls.
    Busy,
    /// The next page is at another host.
    Elsewhere,
}

/// A running stand-in of both, with one person whose claims a test may set.
#[derive(Clone)]
pub struct Entra {
    pub url: String,
    inner: Arc<Inner>,
}

struct Inner {
    codes: Codes,
    claims: Mutex<Value>,
    graph: Mutex<Graph>,
    graph_calls: Mutex<Vec<String>>,
    tokens: Mutex<Vec<String>>,
}

impl Entra {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://localhost:{}", listener.local_addr().unwrap().port());
        let inner = Inner {
            codes: Codes::default(),
            claims: Mutex::new(member()),
            graph: Mutex::default(),
            graph_calls: Mutex::default(),
            tokens: Mutex::default(),
        };
        let entra = Self { url, inner: Arc::new(inner) };
        let serving = entra.clone();
        tokio::spawn(serve(listener, move |request| serving.answer(&request)));
        entra
    }

    /// Lets the person be another.
    pub fn is(&self, claims: Value) {
        *self.inner.claims.lock().unwrap() = claims;
    }

    /// Lets Graph answer otherwise.
    pub fn graph(&self, graph: Graph) {
        *self.inner.graph.lock().unwrap() = graph;
    }

    /// The calls that Graph has had: method by way of body, and path.
    pub fn graph_calls(&self) -> Vec<String> {
        self.inner.graph_calls.lock().unwrap().clone()
    }

    pub fn configuration(&self, more: &str) -> String {
        self.configuration_by(&format!("client_secret = \"{}\"", super::CLIENT_SECRET), more)
    }

    /// The same for an application that proves itself otherwise than by its secret.
    pub fn configuration_by(&self, proof: &str, more: &str) -> String {
        format!(
            "[[providers]]\nid = \"microsoft\"\nkind = \"entra\"\nauthority = \"{0}\"\ngraph_url = \"{0}\"\nclient_id = \"{CLIENT_ID}\"\n{proof}\n{more}\n",
            self.url,
        )
    }

    /// The person signs in.
    pub fn agree(&self, request: &Url) -> Vec<(String, String)> {
        assert!(request.path().ends_with("/oauth2/v2.0/authorize"), "{request}");
        let code = self.inner.codes.issue(request, "1.AXkA");
        [("code", code.as_str()), ("session_state", "b0ed1d4f-5f1c-4b0a-8a7d-4e1f3b8a2c10")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec()
    }

    fn answer(&self, request: &Request) -> Reply {
        let (path, query) = split(&request.path);
        match path.trim_start_matches('/').split_once('/') {
            Some((tenant, "v2.0/.well-known/openid-configuration")) => super::json(200, &self.metadata(tenant)),
            Some((_, "discovery/v2.0/keys")) => super::json(200, &self.keys()),
            Some((_, "oauth2/v2.0/token")) => self.token(request),
            Some(("v1.0", "me/getMemberObjects")) => {
                self.member_objects(request, query.get("$skiptoken").map_or(0, |page| page.parse().unwrap()))
            }
            _ => super::json(404, &json!({ "error": { "code": "ResourceNotFound", "message": "…" } })),
        }
    }

    fn keys(&self) -> Value {
        let mut jwk = keys::key("RS256").jwk();
        jwk["x5t"] = jwk["kid"].clone();
        jwk["issuer"] = format!("{}/{{tenantid}}/v2.0", self.url).into();
        json!({ "keys": [jwk] })
    }

    fn token(&self, request: &Request) -> Reply {
        let form = form(request);
        let refuse = |status, error: &str, description: &str, code: u32| {
            let body = json!({
                "error": error, "error_description": description, "error_codes": [code],
                "timestamp": "2026-11-24 12:00:00Z", "trace_id": "255d1aef-8c98-452f-ac51-23d051240864",
                "correlation_id": "fb3d2015-bc17-4bb9-bb85-30c5cf1aaaa7",
                "error_uri": format!("https://login.microsoftonline.com/error?code={code}"),
            });
            super::json(status, &body)
        };
        if form.contains_key("client_assertion") {
            if !is_certified(&form, &format!("{}{}", self.url, request.path)) {
                return refuse(
                    401,
                    "invalid_client",
                    "AADSTS700027: The certificate with identifier … failed.",
                    700_027,
                );
            }
        } else if !is_client(&form) {
            return refuse(401, "invalid_client", "AADSTS7000215: Invalid client secret provided.", 7_000_215);
        }
        let Some(issued) = self.inner.codes.redeem(&form) else {
            return refuse(400, "invalid_grant", "AADSTS70008: The provided authorization code has expired.", 70_008);
        };
        let mut claims = self.inner.claims.lock().unwrap().clone();
        let tenant = claims["tid"].as_str().unwrap_or_default().to_owned();
        let protocol = json!({
            "aud": CLIENT_ID, "iss": format!("{}/{tenant}/v2.0", self.url), "iat": now(), "nbf": now(), "exp": now() + 3900,
            "nonce": issued.nonce, "aio": "Df2UVXL1ix!lMCWMSOJBcFatzcGfvFGhjKv8q5g0x732dR5MB5BisvGQO7YWByjd8iQDLq!eGbIDakyp5mnOrcdqHeYSnltepQmRp6AIZ8jY",
            "rh": "1.AXkA", "uti": "bL4oCkd7aEuH0", "ver": "2.0",
        });
        for (claim, value) in protocol.as_object().unwrap() {
            claims.as_object_mut().unwrap().entry(claim.clone()).or_insert(value.clone());
        }
        let key = keys::key("RS256");
        let id_token = key.sign(&json!({ "typ": "JWT", "alg": "RS256", "kid": key.kid }), &claims);
        let access_token = token("eyJ0eXAi");
        self.inner.tokens.lock().unwrap().push(access_token.clone());
        super::json(
            200,
            &json!({
                "token_type": "Bearer", "scope": "openid profile email User.Read", "expires_in": 4799, "ext_expires_in": 4799,
                "access_token": access_token, "id_token": id_token,
            }),
        )
    }

    fn member_objects(&self, request: &Request, page: usize) -> Reply {
        self.inner.graph_calls.lock().unwrap().push(format!(
            "{} {}",
            String::from_utf8_lossy(&request.body),
            request.path
        ));
        let error = |status, code: &str, headers: &[(&str, &str)]| {
            let inner = json!({ "date": "2026-11-24T12:00:00", "request-id": "a", "client-request-id": "a" });
            let body = json!({ "error": { "code": code, "message": "…", "innerError": inner } });
            with_headers(status, headers, &body)
        };
        let bearer = request.headers.get("authorization").and_then(|header| header.strip_prefix("Bearer "));
        if !self.inner.tokens.lock().unwrap().iter().any(|token| Some(token.as_str()) == bearer) {
            return error(401, "InvalidAuthenticationToken", &[]);
        }
        let context = format!("{}/v1.0/$metadata#Collection(Edm.String)", self.url);
        match &*self.inner.graph.lock().unwrap() {
            Graph::NoGroups => super::json(200, &json!({ "@odata.context": context, "value": [] })),
            Graph::Denied => error(403, "Authorization_RequestDenied", &[]),
            Graph::Busy => error(429, "TooManyRequests", &[("retry-after", "20")]),
            Graph::Elsewhere => {
                let next = "http://evil.localhost:9/v1.0/me/getMemberObjects";
                super::json(200, &json!({ "@odata.context": context, "@odata.nextLink": next, "value": [] }))
            }
            Graph::Pages(pages) => {
                let mut body = json!({ "@odata.context": context, "value": pages[page] });
                if page + 1 < pages.len() {
                    let next = format!("{}/v1.0/me/getMemberObjects?$skiptoken={}", self.url, page + 1);
                    body["@odata.nextLink"] = next.into();
                }
                super::json(200, &body)
            }
        }
    }

    fn metadata(&self, tenant: &str) -> Value {
        let at = |path: &str| format!("{}/{tenant}/{path}", self.url);
        // Of many tenants the issuer is a template; that of personal accounts is named by its id.
        let issuer_of = match tenant {
            "organizations" | "common" => "{tenantid}",
            "consumers" => "9188040d-6c67-4c5b-b112-36a304b66dad",
            id => id,
        };
        json!({
            "token_endpoint": at("oauth2/v2.0/token"),
            "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic", "self_signed_tls_client_auth"],
            "jwks_uri": at("discovery/v2.0/keys"),
            "response_modes_supported": ["query", "fragment", "form_post"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
            "scopes_supported": ["openid", "profile", "email", "offline_access"],
            "issuer": format!("{}/{issuer_of}/v2.0", self.url),
            "request_uri_parameter_supported": false,
            "userinfo_endpoint": format!("{}/oidc/userinfo", self.url),
            "authorization_endpoint": at("oauth2/v2.0/authorize"),
            "device_authorization_endpoint": at("oauth2/v2.0/devicecode"),
            "http_logout_supported": true,
            "frontchannel_logout_supported": true,
            "end_session_endpoint": at("oauth2/v2.0/logout"),
            "claims_supported": ["sub", "iss", "cloud_instance_name", "cloud_instance_host_name", "cloud_graph_host_name",
                "msgraph_host", "aud", "exp", "iat", "auth_time", "acr", "nonce", "preferred_username", "name", "tid", "ver",
                "at_hash", "c_hash", "email"],
            "kerberos_endpoint": at("kerberos"),
            "tenant_region_scope": null,
            "cloud_instance_name": "microsoftonline.com",
            "cloud_graph_host_name": "graph.windows.net",
            "msgraph_host": "graph.microsoft.com",
            "rbac_url": "https://pas.windows.net",
        })
    }
}

/// Whether a form holds what the application's certificate proves, as "Application authentication certificate credentials" has it.
fn is_certified(form: &BTreeMap<String, String>, endpoint: &str) -> bool {
    let assertion = &form["client_assertion"];
    let header = jsonwebtoken::decode_header(assertion).unwrap();
    let mut validation = Validation::new(Algorithm::PS256);
    validation.set_audience(&[endpoint]);
    validation.set_issuer(&[CLIENT_ID]);
    validation.set_required_spec_claims(&["aud", "exp", "iss", "nbf", "sub"]);
    validation.validate_nbf = true;
    let key = DecodingKey::from_rsa_pem(include_bytes!("entra-client.pub.pem")).unwrap();
    let claims = jsonwebtoken::decode::<Value>(assertion, &key, &validation);
    form["client_assertion_type"] == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
        && !form.contains_key("client_secret")
        && header.typ.as_deref() == Some("JWT")
        && header.x5t_s256.as_deref() == Some(THUMBPRINT)
        && claims.is_ok_and(|decoded| decoded.claims["sub"] == CLIENT_ID && decoded.claims["jti"].is_string())
}

/// A member of our tenant.
pub fn member() -> Value {
    json!({
        "tid": OURS, "oid": "690222be-ff1a-4d56-abd1-7e4f7d38e474", "sub": "HKZpfaHyWadeOouYlitjrI-KffTm222X5rrV3xDqfKQ",
        "name": "Ada Lovelace", "preferred_username": "ada@example.com", "email": "ada@example.com", "roles": ["Meeting.Host"],
    })
}

/// The same with more groups than a token holds: the claim says where they are to be had, in the words of an API that is gone.
pub fn member_of_many_groups() -> Value {
    let mut claims = member();
    claims["_claim_names"] = json!({ "groups": "src1" });
    let endpoint =
        format!("https://graph.windows.net/{OURS}/users/690222be-ff1a-4d56-abd1-7e4f7d38e474/getMemberObjects");
    claims["_claim_sources"] = json!({ "src1": { "endpoint": endpoint } });
    claims
}
