//! A store for each test of the suite, whichever kind it is, and the people who log in.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, Weak, mpsc};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use secrecy::SecretSlice;

use super::postgres::Postgres;
use super::redis::Redis;
use crate::clock::Clock;
use crate::login::{LoginAttempt, NewAttempt, Sealer, SealingKeys};
use crate::provider::http::Http;
use crate::provider::testing::somebody_from;
use crate::provider::{
    AuthenticationRequest, AuthenticationResponse, Confirmation, Entry, Health, Kind, Login, Provider, ProviderError,
    RedirectProvider, Registry, ServiceProvider, Subject, Tether,
};
use crate::session::{Keeper, Lifetimes};
use crate::store::{Sessions, Store};

/// Where a test's sessions are kept.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kept {
    Sqlite,
    Postgres,
    Redis,
}

/// One store, and a keeper that stands for a replica.
pub(super) struct Stage {
    pub(super) keeper: Keeper,
    pub(super) clock: Clock,
    address: String,
    kept: Kept,
    _folder: tempfile::TempDir,
    _server: Option<Server>,
}

/// What ends with the last stage on it.
enum Server {
    Postgres(#[expect(dead_code, reason = "held")] Arc<Postgres>),
    Redis(#[expect(dead_code, reason = "held")] Arc<Redis>),
}

pub(super) const LIFETIMES: Lifetimes = Lifetimes {
    lifetime: Duration::from_hours(12),
    idle: Duration::from_hours(2),
    confirm: Duration::from_mins(15),
    grace: Duration::from_hours(1),
};

impl Stage {
    pub(super) fn new(kept: Kept) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (address, server) = match kept {
            Kept::Sqlite => (format!("sqlite://{}", folder.path().join("roomkey.db").display()), None),
            Kept::Postgres => {
                let (address, server) = database_in_postgresql();
                (address, Some(Server::Postgres(server)))
            }
            Kept::Redis => {
                let server = shared(&REDIS, Redis::start);
                (server.database(next()), Some(Server::Redis(server)))
            }
        };
        // Redis ends keys by its own clock, so the tests' clock must not be far from it.
        let clock = Clock::standing_at(Clock::system().now());
        let keeper = Keeper::new(sessions(kept, &address), Arc::new(sealer(&[1])), LIFETIMES, clock.clone());
        Self { keeper, clock, address, kept, _folder: folder, _server: server }
    }

    /// A keeper on the same store, with connections of its own: another replica.
    pub(super) fn replica(&self) -> Keeper {
        self.keeper_with(&[1])
    }

    /// A replica whose secrets are these, the current one first.
    pub(super) fn keeper_with(&self, secrets: &[u8]) -> Keeper {
        let sessions = sessions(self.kept, &self.address);
        Keeper::new(sessions, Arc::new(sealer(secrets)), LIFETIMES, self.clock.clone())
    }

    /// The same with its sessions at another address.
    pub(super) fn moved_to(mut self, address: &str) -> Self {
        address.clone_into(&mut self.address);
        self.keeper = self.replica();
        self
    }

    /// Lets time pass.
    pub(super) fn pass(&self, time: Duration) {
        self.clock.set(self.clock.now() + time);
    }
}

pub(super) fn sessions(kept: Kept, address: &str) -> Sessions {
    match kept {
        Kept::Sqlite | Kept::Postgres => Sessions::Store(Store::open(address).unwrap()),
        Kept::Redis => Sessions::in_redis(address).unwrap(),
    }
}

fn sealer(secrets: &[u8]) -> Sealer {
    let mut secrets = secrets.iter().map(|&secret| SecretSlice::from(vec![secret; 32]));
    Sealer::new(&SealingKeys { current: secrets.next().unwrap(), previous: secrets.collect() }).unwrap()
}

/// A database of its own, which ends with the last holder of the server.
pub(crate) fn database_in_postgresql() -> (String, Arc<Postgres>) {
    let server = shared(&POSTGRES, Postgres::start);
    (server.database(&format!("test{}", next())), server)
}

fn next() -> u32 {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

static POSTGRES: Mutex<Weak<Postgres>> = Mutex::new(Weak::new());
static REDIS: Mutex<Weak<Redis>> = Mutex::new(Weak::new());

/// The server that all stages of a time share, each in a database of its own.
fn shared<T: Send + Sync + 'static>(slot: &Mutex<Weak<T>>, start: fn() -> T) -> Arc<T> {
    let mut slot = slot.lock().unwrap();
    slot.upgrade().unwrap_or_else(|| {
        let server = Arc::new(on_a_lasting_thread(start));
        *slot = Arc::downgrade(&server);
        server
    })
}

/// Servers end with the thread that started them, which has to be that of no single test.
fn on_a_lasting_thread<T: Send + 'static>(start: fn() -> T) -> T {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        sender.send(start()).unwrap();
        loop {
            std::thread::park();
        }
    });
    receiver.recv().unwrap()
}

/// A login that a provider has proved; the person is `subject` there, and the refresh token names the round.
pub(super) fn login(provider: &str, subject: &str) -> Login {
    Login {
        identity: somebody_from(provider).with_subject(subject).with_name("Ada"),
        tether: Tether::for_tests(Some("refresh-0"), Some("sid-1")),
        once: None,
    }
}

/// The refresh tokens that a provider was sent, one for each time it was asked.
pub(super) type Asked = Arc<Mutex<Vec<Option<String>>>>;

/// A provider that answers by a script, and counts how often it is asked.
#[derive(Debug)]
struct Scripted {
    asked: Asked,
    answers: Mutex<VecDeque<Result<Answer, ProviderError>>>,
    takes: Duration,
}

/// What the provider says of somebody.
#[derive(Debug)]
pub(super) enum Answer {
    /// They may, with these groups and this next refresh token.
    MayStill(&'static [&'static str], &'static str),
    /// It cannot tell.
    NeedsBrowser,
}

impl RedirectProvider for Scripted {
    fn health(&self) -> &Health {
        panic!("nobody chooses here")
    }

    fn request<'a>(
        &'a self,
        _: &'a Http,
        _: &'a NewAttempt,
    ) -> BoxFuture<'a, Result<AuthenticationRequest, ProviderError>> {
        panic!("nobody logs in here")
    }

    fn verify<'a>(
        &'a self,
        _: &'a Http,
        _: LoginAttempt,
        _: AuthenticationResponse,
        _: Timestamp,
    ) -> BoxFuture<'a, Result<Login, ProviderError>> {
        panic!("nobody logs in here")
    }

    fn confirm<'a>(
        &'a self,
        _: &'a Http,
        tether: Tether,
        subject: &'a Subject,
        _: Timestamp,
    ) -> BoxFuture<'a, Result<Confirmation, ProviderError>> {
        self.asked.lock().unwrap().push(tether.refresh_token_for_tests().map(str::to_owned));
        async move {
            tokio::time::sleep(self.takes).await;
            let answer = self.answers.lock().unwrap().pop_front().expect("the provider is asked no more often");
            Ok(match answer? {
                Answer::NeedsBrowser => Confirmation::NeedsBrowser,
                Answer::MayStill(groups, next) => Confirmation::Confirmed(Box::new(Login {
                    identity: somebody_from("work").with_subject(subject.as_str()).with_groups(groups),
                    tether: Tether::for_tests(Some(next), Some("sid-1")),
                    once: None,
                })),
            })
        }
        .boxed()
    }

    fn federation(&self) -> Option<&std::sync::Arc<crate::provider::saml::idp::Idps>> {
        None
    }

    fn single_logout(&self) -> Option<&dyn crate::provider::SingleLogout> {
        None
    }

    fn service_provider(&self) -> Option<&dyn ServiceProvider> {
        None
    }
}

/// The provider `work`, which gives these answers, each after a while.
pub(super) fn work(
    takes: Duration,
    answers: impl IntoIterator<Item = Result<Answer, ProviderError>>,
) -> (Arc<Registry>, Asked) {
    let provider = Scripted { asked: Arc::default(), answers: Mutex::new(answers.into_iter().collect()), takes };
    let asked = Arc::clone(&provider.asked);
    let entry = Entry {
        id: "work".parse().unwrap(),
        name: "Work".to_owned(),
        kind: Kind::Oidc,
        provider: Provider::Redirect(Box::new(provider)),
    };
    (Arc::new(Registry::new(vec![entry])), asked)
}
