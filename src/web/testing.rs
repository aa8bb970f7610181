//! A whole site for the tests of this module, with OpenID providers that are never reached.

use std::sync::Arc;
use std::time::Duration;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Service, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderMap, LOCATION, SET_COOKIE};
use actix_web::middleware::from_fn;
use actix_web::test::{self, TestRequest};
use actix_web::web::Data;
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use jiff::Timestamp;

use super::app::{App, Parts, Site};
use super::{manners, routes, visitor};
use crate::audit::{self, Trail};
use crate::branding::Branding;
use crate::clock::Clock;
use crate::inline::Inline;
use crate::jitsi::{Algorithm, Deliver, Meeting, Pseudonyms, Share, SigningKey};
use crate::keyring::KeyRing;
use crate::login::{Sealer, SealingKeys};
use crate::policy::{Outcome, Permit, Policy, Role, Rule, Window};
use crate::provider::guest::GuestProvider;
use crate::provider::http::Http;
use crate::provider::oidc::{ClientAuth, Endpoints, Habits, OidcProvider, Settings};
use crate::provider::{ClaimMap, Entry, FormerClients, Kind, Provider, ProviderId, Registry};
use crate::session::Lifetimes;
use crate::store::{Sessions, Store};

/// Where the site is.
pub(super) const PUBLIC_URL: &str = "https://sso.example.com";

/// How long its sessions last.
const LIFETIMES: Lifetimes = Lifetimes {
    lifetime: Duration::from_hours(12),
    idle: Duration::from_hours(2),
    confirm: Duration::from_mins(15),
    grace: Duration::from_hours(1),
};

/// When it is.
pub(super) fn noon() -> Timestamp {
    "2026-11-24T12:00:00Z".parse().unwrap()
}

/// A site with providers of these ids, each of which some rule lets into every room; only `staff` into `board`.
pub(super) fn app(providers: &[&str], clock: &Clock) -> App {
    app_at(PUBLIC_URL, providers, clock)
}

/// The same at another address.
pub(super) fn app_at(public_url: &str, providers: &[&str], clock: &Clock) -> App {
    App::new(parts(public_url, providers, clock))
}

/// The same with Jitsi's inline login.
pub(super) fn app_with_inline_login(providers: &[&str], clock: &Clock) -> App {
    let meeting = meeting();
    let inline = Some(Inline::new(&meeting.url, "jitsi-meet".to_owned()));
    App::new(Parts { inline, ..parts(PUBLIC_URL, providers, clock) })
}

/// A site that has guests besides, whom a rule lets into `standup`.
pub(super) fn app_for_guests(providers: &[&str], clock: &Clock) -> App {
    let guest: ProviderId = "guest".parse().unwrap();
    let mut parts = parts(PUBLIC_URL, providers, clock);
    let mut ids: Vec<ProviderId> = providers.iter().map(|id| id.parse().unwrap()).collect();
    ids.push(guest.clone());
    let rules = vec![
        rule("board", "work", Outcome::Admit(permit())),
        rule("board", "", Outcome::Admit(permit())),
        rule("vault", "", Outcome::Deny),
        rule("standup", "guest", Outcome::Admit(permit())),
    ];
    parts.policy = Policy::new(rules, &ids).with_guests_of(vec![guest.clone()]).into();
    let guests = Entry {
        id: guest.clone(),
        name: "Guest".to_owned(),
        kind: Kind::Guest,
        provider: Provider::Guest(GuestProvider::new(guest)),
    };
    parts.registry = Registry::new(providers.iter().map(|id| entry(id, clock)).chain([guests]).collect());
    App::new(parts)
}

/// What such a site is made of.
pub(super) fn parts(public_url: &str, providers: &[&str], clock: &Clock) -> Parts {
    let ids: Vec<_> = providers.iter().map(|id| id.parse().unwrap()).collect();
    let rules = vec![
        rule("board", "staff", Outcome::Admit(permit())),
        rule("board", "", Outcome::Deny),
        rule("vault", "", Outcome::Deny),
        rule("*", "", Outcome::Admit(permit())),
    ];
    // A store that is never there: what needs no session must not miss it.
    let store = Store::open("sqlite:///nowhere/roomkey.db").unwrap();
    let secret = || SealingKeys { current: vec![9; 32].into(), previous: Vec::new() };
    // Whatever is recorded waits for that store beside the tests of this process.
    let journal = std::env::temp_dir().join(format!("roomkey-tests-{}", std::process::id()));
    let trail = Trail::new(store.clone(), clock.clone());
    trail.follow(audit::Settings {
        client_address: audit::ClientAddress::Shortened,
        keep: None,
        journal,
        sealer: Arc::new(Sealer::new(&secret()).unwrap()),
        sinks: audit::Sinks::default(),
    });
    let secrets = SealingKeys { current: vec![9; 32].into(), previous: Vec::new() };
    Parts {
        public_url: public_url.parse().unwrap(),
        trusted_proxies: Vec::new(),
        registry: Registry::new(providers.iter().map(|id| entry(id, clock)).collect()),
        former_clients: FormerClients::default(),
        policy: Policy::new(rules, &ids).into(),
        meeting: meeting(),
        inline: None,
        keys: KeyRing::given(Arc::new(SigningKey::new(Algorithm::Hs256, &[7; 32], None).unwrap()), &[], None),
        pseudonyms: Pseudonyms::new(&secrets).unwrap(),
        sealer: Sealer::new(&secrets).unwrap(),
        lifetimes: LIFETIMES,
        sessions: Sessions::Store(store.clone()),
        store,
        trail,
        observed: Arc::default(),
        branding: Branding::default(),
        clock: clock.clone(),
    }
}

fn rule(room: &str, provider: &str, outcome: Outcome) -> Rule {
    Rule {
        name: room.to_owned(),
        rooms: vec![room.parse().unwrap()],
        groups: Vec::new(),
        emails: Vec::new(),
        email_domains: Vec::new(),
        providers: provider.parse().into_iter().collect(),
        claims: Vec::new(),
        members: None,
        passes: false,
        window: Window::default(),
        when: None,
        outcome,
    }
}

fn permit() -> Permit {
    Permit { role: Role::Participant, features: None, token_lifetime: None }
}

fn meeting() -> Meeting {
    Meeting {
        url: "https://meet.example.com/".parse().unwrap(),
        app_id: "roomkey".to_owned(),
        audience: "jitsi".to_owned(),
        subject: "meet.example.com".to_owned(),
        share: Share { name: true, email: true, avatar: true },
        token_lifetime: Duration::from_mins(5),
        deliver: Deliver::Query,
        group: None,
        skip_prejoin: false,
    }
}

fn entry(id: &str, clock: &Clock) -> Entry {
    let at = |path: &str| format!("https://{id}.invalid/{path}").parse().unwrap();
    let settings = Settings {
        id: id.parse().unwrap(),
        issuer: format!("https://{id}.invalid"),
        client_id: "roomkey".to_owned(),
        client_auth: ClientAuth::None,
        redirect_uri: format!("{PUBLIC_URL}/callback/{id}").parse().unwrap(),
        scopes: vec!["openid".to_owned()],
        prompt: None,
        max_age: None,
        acr_values: Vec::new(),
        login_hint: None,
        form_post: false,
        id_token_algorithms: Vec::new(),
        endpoints: Some(Endpoints {
            authorization: at("authorize"),
            token: at("token"),
            jwks: at("jwks"),
            userinfo: None,
            end_session: Some(at("logout")),
            response_iss: false,
        }),
        claims: ClaimMap::default(),
        habits: Habits::default(),
    };
    Entry {
        id: settings.id.clone(),
        name: format!("The {id} login"),
        kind: Kind::Oidc,
        provider: Provider::Redirect(Box::new(OidcProvider::new(settings, clock))),
    }
}

/// A browser: it asks, and keeps cookies if it is told to.
pub(super) struct Browser {
    ask: Ask,
    pub(super) cookies: Vec<(String, String)>,
    pub(super) keeps_cookies: bool,
}

type Ask = Box<dyn Fn(TestRequest) -> LocalBoxFuture<'static, Result<ServiceResponse<BoxBody>, actix_web::Error>>>;

/// What it got.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

/// A browser that has the site of `app` before it.
pub(super) async fn browser(app: App) -> Browser {
    async fn panics() -> &'static str {
        panic!("a handler that panics")
    }
    let site = Data::from(Arc::new(Site::new(app)));
    let service = actix_web::App::new()
        .app_data(site.clone())
        .app_data(Data::new(Http::new().unwrap()))
        .route("/panic", actix_web::web::get().to(panics))
        .configure(|config| routes::routes(config, &visitor::sessions(&site)))
        .wrap(from_fn(manners::manners));
    let service = test::init_service(service).await;
    let ask = Box::new(move |request: TestRequest| service.call(request.to_request()).boxed_local());
    Browser { ask, cookies: Vec::new(), keeps_cookies: true }
}

impl Browser {
    /// Sends `request` with the cookies it holds.
    pub(super) async fn send(&mut self, mut request: TestRequest) -> Answer {
        if !self.cookies.is_empty() {
            let pairs: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.insert_header(("cookie", pairs.join("; ")));
        }
        let answer = match (self.ask)(request).await {
            Ok(answer) => answer.into_parts().1,
            Err(error) => error.error_response(),
        };
        let (status, headers) = (answer.status(), answer.headers().clone());
        if self.keeps_cookies {
            headers.get_all(SET_COOKIE).for_each(|cookie| self.keep(cookie.to_str().unwrap()));
        }
        let body = answer.into_body().try_into_bytes().unwrap_or_default();
        Answer { status, headers, body: String::from_utf8(body.to_vec()).unwrap() }
    }

    /// Opens a link.
    pub(super) async fn get(&mut self, uri: &str) -> Answer {
        self.send(TestRequest::with_uri(uri)).await
    }

    /// Opens a meeting link and gives the `state` that the provider is sent.
    pub(super) async fn begin(&mut self, uri: &str) -> String {
        let address: url::Url = self.get(uri).await.location().parse().unwrap();
        address.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned()
    }

    /// How many cookies it holds.
    pub(super) fn held(&self) -> usize {
        self.cookies.len()
    }

    fn keep(&mut self, cookie: &str) {
        let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
        self.cookies.retain(|(held, _)| held != name);
        if !cookie.contains("Max-Age=0") {
            self.cookies.push((name.to_owned(), value.to_owned()));
        }
    }
}

impl Answer {
    /// A header, or nothing.
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Where a redirect leads.
    pub(super) fn location(&self) -> &str {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.body);
        self.header(LOCATION.as_str())
    }

    /// Where the page's button leads.
    pub(super) fn button(&self) -> Option<String> {
        let (_, after) = self.body.split_once(r#"<a class="button" href=""#)?;
        Some(after.split_once('"')?.0.replace("&#38;", "&"))
    }
}
