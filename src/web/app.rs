//! The running whole, built from one configuration, and the place where a reload swaps it.

use std::future::{Ready, ready};
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use arc_swap::ArcSwap;
use ipnet::IpNet;
use jiff::Timestamp;
use url::Url;

use super::assets::OwnAssets;
use super::client;
use super::cookies::CookieNames;
use super::error::{Ended, PageError};
use super::headers::Headers;
use super::language::Language;
use super::pass;
use super::text::Text;
use super::view::Frame;
use crate::audit::{Person, Trail};
use crate::branding::Branding;
use crate::clock::Clock;
use crate::inline::{Draft, Inline, Issuer};
use crate::jitsi::{Meeting, MeetingLink, MeetingToken, Pseudonyms, SigningError, SigningKey};
use crate::keyring::KeyRing;
use crate::login::Sealer;
use crate::metrics::{Observed, Sources, Tally};
use crate::pass::Pass;
use crate::policy::{Circumstances, Grant};
use crate::provider::http::Http;
use crate::provider::{Entry, FormerClients, Login, ProviderError, ProviderId, Registry, VerifiedIdentity};
use crate::room::{Door, InlineRequest, JoinRequest};
use crate::roster::LivePolicy;
use crate::session::{Keeper, Lifetimes};
use crate::store::{PassUse, Sessions, Store};

/// What a configuration says, each part built already.
pub struct Parts {
    /// Where browsers reach Roomkey. Cookies are marked for https if it is.
    pub public_url: Url,
    /// `server.trusted_proxies`.
    pub trusted_proxies: Vec<IpNet>,
    /// All providers.
    pub registry: Registry,
    /// Which providers have redirect URIs of other programs.
    pub former_clients: FormerClients,
    /// All rules.
    pub policy: LivePolicy,
    /// The Jitsi Meet deployment.
    pub meeting: Meeting,
    /// Its front end, if that logs people in by itself.
    pub inline: Option<Inline>,
    /// What signs its tokens.
    pub keys: KeyRing,
    /// What people are called in its tokens.
    pub pseudonyms: Pseudonyms,
    /// What seals logins under way.
    pub sealer: Sealer,
    /// How long sessions last.
    pub lifetimes: Lifetimes,
    /// Where they are kept.
    pub sessions: Sessions,
    /// Where everything else is kept.
    pub store: Store,
    /// Where every attempt is recorded.
    pub trail: Trail,
    /// How the pages look and what they say.
    pub branding: Branding,
    /// What is counted from one configuration to the next.
    pub observed: Arc<Observed>,
    /// The time.
    pub clock: Clock,
}

/// Everything that one configuration makes, ready to serve.
pub struct App {
    /// Shared with confirmations, which outlive the request they began with.
    pub(super) registry: Arc<Registry>,
    pub(super) former_clients: FormerClients,
    pub(super) policy: LivePolicy,
    pub(super) meeting: Meeting,
    /// `None`: there is no such door.
    pub(super) inline: Option<Inline>,
    pub(super) issuer: Issuer,
    pub(super) keys: KeyRing,
    pub(super) pseudonyms: Pseudonyms,
    pub(super) sealer: Arc<Sealer>,
    pub(super) keeper: Keeper,
    pub(super) store: Store,
    pub(super) trail: Trail,
    /// What is counted of this configuration's logins.
    pub(super) tally: Tally,
    pub(super) observed: Arc<Observed>,
    pub(super) clock: Clock,
    /// How the pages look and what they say.
    pub(super) branding: Branding,
    /// The files that the pages have of the operator.
    pub(super) own: OwnAssets,
    /// `public_url`, without a slash at its end.
    pub(super) public_url: String,
    /// Its path, which stands before every link; empty at the root of a host.
    pub(super) root: String,
    pub(super) trusted_proxies: Vec<IpNet>,
    pub(super) cookies: CookieNames,
    pub(super) headers: Headers,
}

/// Where somebody who was let in is sent, and as what.
pub(super) struct Admission {
    pub(super) way: Way,
    pub(super) grant: Grant,
    pub(super) person: Person,
}

/// Where somebody who was let in is sent.
pub(super) enum Way {
    /// Into the meeting.
    Link(MeetingLink),
    /// To Jitsi's front end, with a code yet to be issued.
    Code(Box<(InlineRequest, Draft)>),
    /// Into the meeting, once the pass has been used.
    Pass(MeetingLink, PassUse),
}

impl App {
    /// Puts the parts together.
    pub fn new(parts: Parts) -> Self {
        let Parts {
            public_url, trusted_proxies, registry, policy, meeting, keys, pseudonyms, sealer, branding, ..
        } = parts;
        let (sealer, clock) = (Arc::new(sealer), parts.clock);
        let tally = {
            let (policy, holders) = (policy.now(), ProviderId::pass_holders());
            let providers = registry.iter().map(|entry| &entry.id).chain([&holders]);
            Tally::new(&parts.observed.logins, providers, policy.rule_names())
        };
        let https = public_url.scheme() == "https";
        Self {
            headers: Headers::new(https, &meeting.url),
            cookies: if https { CookieNames::Secure } else { CookieNames::Loopback },
            root: public_url.path().trim_end_matches('/').to_owned(),
            public_url: public_url.as_str().trim_end_matches('/').to_owned(),
            own: OwnAssets::of(&branding),
            branding,
            registry: Arc::new(registry),
            former_clients: parts.former_clients,
            policy,
            meeting,
            inline: parts.inline,
            issuer: Issuer::new(parts.store.clone(), Arc::clone(&sealer)),
            keys,
            pseudonyms,
            keeper: Keeper::new(parts.sessions, Arc::clone(&sealer), parts.lifetimes, clock.clone()),
            store: parts.store,
            trail: parts.trail,
            tally,
            observed: parts.observed,
            sealer,
            clock,
            trusted_proxies,
        }
    }

    /// Begins to fetch what providers publish, as [`Registry::prepare`] does.
    pub fn prepare(&self, http: &Http) {
        self.registry.prepare(http);
    }

    /// All that is read at a scrape.
    pub(super) fn sources(&self) -> Sources<'_> {
        Sources {
            tally: &self.tally,
            requests: &self.observed.requests,
            registry: &self.registry,
            keys: &self.keys,
            keeper: &self.keeper,
            store: &self.store,
            trail: &self.trail,
            now: self.clock.now(),
        }
    }

    /// What stands around a page in this language.
    pub(super) fn frame(&self, language: Language) -> Frame<'_> {
        Frame {
            text: Text { language, own: &self.branding.texts },
            product: &self.branding.product_name,
            root: &self.root,
            own: &self.own,
            support: self.branding.support.as_ref(),
        }
    }

    /// The provider of this id.
    pub(super) fn provider(&self, id: &ProviderId) -> Result<&Entry, PageError> {
        self.registry.get(id).ok_or(PageError::NoProvider)
    }

    /// Whether there is more than one provider.
    pub(super) fn has_choice(&self) -> bool {
        self.registry.iter().nth(1).is_some()
    }

    /// The providers somebody can choose from on the way to the meeting: all that some rule might let in there.
    ///
    /// # Errors
    /// [`PageError::Closed`] if there are several and none of them is.
    pub(super) fn offer(&self, request: &JoinRequest) -> Result<Vec<&Entry>, PageError> {
        let all = self.registry.iter();
        if !self.has_choice() {
            return Ok(all.collect());
        }
        let (room, tenant, now) = (&request.room, request.tenant.as_ref(), self.clock.now());
        let policy = self.policy.now();
        let could_enter = |entry: &&Entry| match request.door {
            Door::Pass(_) => policy.could_admit_by_pass(&entry.id, room, tenant, now),
            Door::Link | Door::Inline(_) => policy.could_admit(&entry.id, room, tenant, now),
        };
        let offered: Vec<_> = all.filter(could_enter).collect();
        if offered.is_empty() { Err(PageError::Closed(Box::new(request.clone()))) } else { Ok(offered) }
    }

    /// Remembers what proved a login, on all replicas, where that may prove it once only.
    pub(super) async fn use_up(&self, login: &Login) -> Result<(), Ended> {
        let Some(once) = &login.once else { return Ok(()) };
        let token = Keeper::token_hash(login.identity.provider(), &once.id);
        match self.store.spend(token, once.expires.as_second()).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(Ended::Provider(ProviderError::used_before())),
            Err(cause) => Err(Ended::Unremembered(cause)),
        }
    }

    /// The way into the meeting for somebody who has just logged in, if a rule lets them in.
    pub(super) async fn let_in(&self, identity: &VerifiedIdentity, request: &JoinRequest) -> Result<Admission, Ended> {
        let pass = match &request.door {
            Door::Pass(code) => Some(pass::good(self, code).await?),
            Door::Link | Door::Inline(_) => None,
        };
        let now = self.clock.now();
        let (policy, here) = (self.policy.now(), self.circumstances(now));
        let grant = match &pass {
            None => policy.decide(identity, request, here)?,
            Some(pass) => policy.decide_by_pass(identity, pass.voucher(), request, here)?,
        };
        Ok(self.admission(identity, grant, pass.as_ref(), request, now)?)
    }

    /// When and from where the visitor of this request asks.
    pub(super) fn circumstances(&self, now: Timestamp) -> Circumstances {
        Circumstances { now, address: client::told() }
    }

    /// The way into the meeting for somebody who has been granted it, by `pass` if they show one.
    pub(super) fn admission(
        &self,
        identity: &VerifiedIdentity,
        grant: Grant,
        pass: Option<&Pass>,
        request: &JoinRequest,
        now: Timestamp,
    ) -> Result<Admission, SigningError> {
        let way = match &request.door {
            Door::Link | Door::Pass(_) => {
                let link = MeetingLink::new(&self.meeting, request, self.sign(identity, &grant, now)?);
                match pass {
                    None => Way::Link(link),
                    Some(pass) => Way::Pass(link, pass.use_by(identity)),
                }
            }
            Door::Inline(inline) => {
                Way::Code(Box::new((*inline.clone(), Draft::new(request, inline, identity, &self.sealer))))
            }
        };
        Ok(Admission { way, grant, person: Person::of(identity) })
    }

    /// The token for somebody who has been granted a room.
    pub(super) fn sign(
        &self,
        identity: &VerifiedIdentity,
        grant: &Grant,
        now: Timestamp,
    ) -> Result<MeetingToken, SigningError> {
        MeetingToken::sign(&self.meeting, &*self.signing_key(now)?, &self.pseudonyms, grant, identity, now)
    }

    /// The key that signs at `now`.
    ///
    /// # Errors
    /// [`SigningError::NoKey`] until the store has been reached for the first time.
    pub(super) fn signing_key(&self, now: Timestamp) -> Result<Arc<SigningKey>, SigningError> {
        self.keys.signing(now.as_second()).ok_or(SigningError::NoKey)
    }

    /// Where a logout ends: Jitsi's own page.
    pub(super) fn logged_out(&self) -> String {
        let page = self.meeting.url.join("static/logout.html");
        page.map_or_else(|_| self.meeting.url.to_string(), String::from)
    }
}

/// Where requests find the [`App`] of the moment.
pub struct Site {
    app: ArcSwap<App>,
    ready: AtomicBool,
}

impl Site {
    /// A site that serves `app` and is ready to.
    pub fn new(app: App) -> Self {
        Self { app: ArcSwap::from_pointee(app), ready: AtomicBool::new(true) }
    }

    /// Lets `app` take over from the next request on; those under way end with the one they began with.
    pub fn replace(&self, app: App) {
        self.app.store(Arc::new(app));
    }

    /// The one in charge.
    pub(super) fn app(&self) -> Arc<App> {
        self.app.load_full()
    }

    pub(super) fn is_ready(&self) -> bool {
        self.ready.load(Ordering::Acquire)
    }

    /// Sends no more visitors here, please.
    pub(super) fn end(&self) {
        self.ready.store(false, Ordering::Release);
    }
}

/// The [`App`] in charge when the request came.
pub(super) struct Current(Arc<App>);

impl Current {
    /// For what runs outside a handler.
    pub(super) fn of(request: &HttpRequest) -> Self {
        let site = request.app_data::<Data<Site>>().expect("routes are set up together with the site");
        Self(site.app())
    }
}

impl Deref for Current {
    type Target = App;

    fn deref(&self) -> &App {
        &self.0
    }
}

impl FromRequest for Current {
    type Error = std::convert::Infallible;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(request)))
    }
}
