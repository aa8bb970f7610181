//! `POST /oauth2/token`: codes and refresh tokens for tokens (RFC 6749, sections 4.1.3 and 6).

use std::borrow::Cow;

use actix_web::http::StatusCode;
use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_MAX_AGE, CACHE_CONTROL, CONTENT_TYPE,
    HeaderValue, PRAGMA,
};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;

use super::authorize::{CLIENT_ID, REDIRECT_URI};
use super::origin::Origin;
use super::refused::Refused;
use super::renew::{Pair, Renewed, ask_again};
use crate::audit::{Client, Person};
use crate::inline::{Inline, Redeemed, RefreshToken, Who};
use crate::login::LoginId;
use crate::metrics::RequestKind;
use crate::provider::http::Http;
use crate::room::CodeChallenge;
use crate::web::app::{App, Current};
use crate::web::error::{PageError, UnderWay};
use crate::web::form::Form;
use crate::web::kind;
use crate::web::query::{self, Parameter};
use crate::web::record;

const GRANT_TYPE: Parameter = Parameter { name: "grant_type", max_bytes: 64 };
/// Longer than any of Roomkey's, so that another's is told as one that is unknown.
const CODE: Parameter = Parameter { name: "code", max_bytes: 512 };
const REFRESH_TOKEN: Parameter = Parameter { name: "refresh_token", max_bytes: 512 };
const CODE_VERIFIER: Parameter = Parameter { name: "code_verifier", max_bytes: CodeChallenge::MAX_VERIFIER_BYTES };

/// The answer (RFC 6749, section 5.1; OpenID Connect Core 1.0, section 3.1.3.3).
#[derive(Serialize)]
struct Tokens {
    access_token: String,
    token_type: &'static str,
    expires_in: i64,
    id_token: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    scope: &'static str,
}

/// `POST /oauth2/token`
pub(in crate::web) async fn token(
    form: Result<Form, PageError>,
    app: Current,
    http: Data<Http>,
    request: HttpRequest,
) -> Result<HttpResponse, PageError> {
    let inline = app.inline.as_ref().ok_or(PageError::NoPage)?;
    kind::is(RequestKind::Token);
    let origin = Origin::of(&request, inline);
    let client = record::client(&request);
    let mut answer = match exchange(&app, &http, inline, origin, form, &client).await {
        Ok(tokens) => json(StatusCode::OK, &tokens),
        Err(refused) => {
            let (status, told) = refused.tell(&app, &request, client).await;
            json(status, &told)
        }
    };
    origin.mark(inline, answer.headers_mut());
    Ok(answer)
}

/// `OPTIONS /oauth2/token`: a browser asks whether a page may ask (Fetch Standard, section 3.3.2).
pub(in crate::web) async fn preflight(app: Current, request: HttpRequest) -> Result<HttpResponse, PageError> {
    let inline = app.inline.as_ref().ok_or(PageError::NoPage)?;
    let origin = Origin::of(&request, inline);
    let allowed = origin == Origin::Meeting;
    let mut answer = HttpResponse::new(if allowed { StatusCode::NO_CONTENT } else { StatusCode::FORBIDDEN });
    let headers = answer.headers_mut();
    if allowed {
        headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("POST"));
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("content-type"));
        headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    }
    origin.mark(inline, headers);
    Ok(answer)
}

async fn exchange(
    app: &App,
    http: &Http,
    inline: &Inline,
    origin: Origin,
    form: Result<Form, PageError>,
    client: &Client,
) -> Result<Tokens, Refused> {
    if origin == Origin::Foreign {
        return Err(Refused::Origin);
    }
    let Form(form) = form.map_err(Refused::Form)?;
    let [grant_type, client_id] = query::read(&form, [GRANT_TYPE, CLIENT_ID])?;
    if client_id.as_deref() != Some(&*inline.client_id) {
        return Err(Refused::Client);
    }
    match required(grant_type, GRANT_TYPE)?.as_ref() {
        "authorization_code" => by_code(app, http, inline, &form, client).await,
        "refresh_token" => by_refresh_token(app, http, inline, &form, client).await,
        _ => Err(Refused::GrantType),
    }
}

async fn by_code(app: &App, http: &Http, inline: &Inline, form: &str, client: &Client) -> Result<Tokens, Refused> {
    let [code, redirect_uri, verifier] = query::read(form, [CODE, REDIRECT_URI, CODE_VERIFIER])?;
    let (code, verifier) = (required(code, CODE)?, required(verifier, CODE_VERIFIER)?);
    if required(redirect_uri, REDIRECT_URI)? != inline.redirect_uri {
        return Err(Refused::RedirectUri);
    }
    let redeemed = app.issuer.redeem(&code, &verifier, app.clock.now()).await?;
    let nonce = redeemed.nonce.as_deref();
    let session = match &redeemed.who {
        Who::Session(session) => session.clone(),
        Who::Once(identity) => {
            let now = app.clock.now();
            let grant = app.policy.now().decide(identity, &redeemed.meeting, app.circumstances(now))?;
            let pair = Pair::sign(app, inline, identity, &grant, nonce, None, now)?;
            let (provider, request) = (redeemed.provider.clone(), redeemed.meeting.clone());
            let login = UnderWay { id: LoginId::random(), provider, request, person: None };
            record::renewed(app, &login, &grant, Person::of(identity), client.clone()).await?;
            return Ok(Tokens::new(pair, None));
        }
    };
    let Redeemed { meeting, provider, .. } = &redeemed;
    let asked = ask_again(app, http, inline, &session, meeting.clone(), provider.clone(), nonce).await;
    let Renewed { login, pair, ends, grant, person } = asked?;
    record::renewed(app, &login, &grant, person, client.clone()).await?;
    let refresh_token = app.issuer.begin(redeemed, session, ends).await?;
    Ok(Tokens::new(pair, Some(&refresh_token)))
}

async fn by_refresh_token(
    app: &App,
    http: &Http,
    inline: &Inline,
    form: &str,
    client: &Client,
) -> Result<Tokens, Refused> {
    let [refresh_token] = query::read(form, [REFRESH_TOKEN])?;
    let family = app.issuer.open(&required(refresh_token, REFRESH_TOKEN)?, app.clock.now()).await?;
    let (meeting, provider) = (family.meeting.clone(), family.provider.clone());
    match ask_again(app, http, inline, &family.session, meeting, provider, None).await {
        Ok(Renewed { login, pair, ends, grant, person }) => {
            // Before the old refresh token is spent, so that it can be used again if there is no record.
            record::renewed(app, &login, &grant, person, client.clone()).await?;
            let refresh_token = app.issuer.rotate(family, ends).await?;
            Ok(Tokens::new(pair, Some(&refresh_token)))
        }
        Err(refused) => {
            if refused.is_final() {
                app.issuer.end(family).await?;
            }
            Err(refused)
        }
    }
}

impl Tokens {
    fn new(pair: Pair, refresh_token: Option<&RefreshToken>) -> Self {
        Self {
            access_token: pair.access_token,
            token_type: "Bearer",
            expires_in: pair.expires_in,
            id_token: pair.id_token,
            refresh_token: refresh_token.map(RefreshToken::expose),
            scope: "openid profile email",
        }
    }
}

/// A parameter without a value is one left out (RFC 6749, section 3.2).
fn required(value: Option<Cow<'_, str>>, parameter: Parameter) -> Result<Cow<'_, str>, Refused> {
    value.filter(|value| !value.is_empty()).ok_or(Refused::Missing(parameter.name))
}

fn json(status: StatusCode, body: &impl Serialize) -> HttpResponse {
    let body = serde_json::to_vec(body).expect("strings and numbers are always JSON");
    let mut answer = HttpResponse::build(status).body(body);
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(PRAGMA, HeaderValue::from_static("no-cache"));
    answer
}

#[cfg(test)]
mod tests;
