//! Directories, by LDAP (RFC 4511): somebody gives name and password, and the directory checks them.
//!
//! Somebody's entry is searched for and bound to with their password, or bound to at once where its DN follows from the name. The
//! password goes to the operator's servers alone; referrals are followed to those of them that the operator has named for that.

mod credentials;
mod directory;
mod dn;
mod entry;
mod filter;
mod groups;
mod probe;
mod referral;
mod server;
mod settings;
mod verdict;

pub use credentials::{LoginName, Password};
pub use dn::{DnTemplate, DnTemplateError, is_dn};
pub use entry::SubjectAttribute;
pub use filter::{Filter, FilterError, FilterTemplate, Place};
pub use probe::{Hitch, Probe};
pub use server::Account;
pub use settings::{CalledBy, Find, Groups, Settings, Transport};

use data_encoding::HEXLOWER;
use ldap3::Scope;
use serde_json::{Map, Value};

use self::directory::Directory;
use self::entry::Entry;
use self::groups::Looker;
use self::server::Search;
use self::verdict::Verdict;
use super::identity::Person;
use super::{Confirmation, Health, Leg, Login, ProviderError, Subject, Tether, VerifiedIdentity};
use crate::clock::Clock;

/// A directory.
#[derive(Debug)]
pub struct LdapProvider {
    inner: Inner,
    health: Health,
}

/// What asks the directory, and notes nothing of how it answers.
#[derive(Debug)]
struct Inner {
    settings: Settings,
    directory: Directory,
}

/// Whom a name may belong to.
pub struct Candidate {
    /// What a search found; `None`: nobody, several, or nothing is searched for.
    entry: Option<Entry>,
    /// Whom to bind as; `None`: nobody.
    dn: Option<String>,
}

impl Candidate {
    /// The account that the name belongs to, by a name that it has however it was found; `None`: none.
    pub fn account(&self) -> Option<&str> {
        self.dn.as_deref()
    }
}

impl LdapProvider {
    /// A directory with these settings. Nothing is asked yet.
    pub fn new(settings: Settings, clock: &Clock) -> Self {
        let directory = Directory::new(&settings, clock);
        Self { inner: Inner { settings, directory }, health: Health::new(clock) }
    }

    /// Whether it answers, as far as its last calls tell.
    pub fn health(&self) -> &Health {
        &self.health
    }

    /// Looks for somebody by what they typed. That there is nobody is not said before [`verify`](Self::verify).
    ///
    /// # Errors
    /// [`ProviderError::Unreachable`] and [`ProviderError::TurnedAway`]: the directory cannot be asked.
    pub async fn find(&self, name: &LoginName) -> Result<Candidate, ProviderError> {
        self.health.note(self.health.measure(Leg::Directory, Box::pin(self.inner.find(name))).await)
    }

    /// Checks a password.
    ///
    /// # Errors
    /// [`ProviderError::Refused`]: no such person, or another password. [`ProviderError::Barred`]: the password is right. Others: the
    /// directory cannot be asked.
    pub async fn verify(&self, candidate: Candidate, password: Password) -> Result<Login, ProviderError> {
        self.health.note(self.health.measure(Leg::Directory, Box::pin(self.inner.verify(candidate, &password))).await)
    }

    /// Looks whether somebody may still log in, and what the directory says of them now.
    ///
    /// # Errors
    /// [`ProviderError::Refused`]: their entry is gone or no longer fits. Others: the directory cannot be asked.
    pub async fn confirm(&self, subject: &Subject) -> Result<Confirmation, ProviderError> {
        self.health.note(self.health.measure(Leg::Directory, Box::pin(self.inner.confirm(subject))).await)
    }
}

impl Inner {
    async fn find(&self, name: &LoginName) -> Result<Candidate, ProviderError> {
        let template = match &self.settings.find {
            Find::Bind(template) => {
                let dn = template.fill(name.as_str());
                return Ok(Candidate { entry: None, dn: Some(dn) });
            }
            Find::Search(template) => template,
        };
        let mut found = self.directory.search(&self.people(template.fill(name.as_str()))).await?;
        let entry = match found.len() {
            1 => found.pop(),
            0 => None,
            _ => {
                tracing::warn!(
                    provider.id = %self.settings.id,
                    "`user_filter` of `{}` finds several entries for one name: nobody can log in by it", self.settings.id,
                );
                None
            }
        };
        let dn = entry.as_ref().map(|entry| entry.dn.clone()).filter(|dn| !dn.is_empty());
        Ok(Candidate { entry, dn })
    }

    /// A search for people: two are as many as have to be known.
    fn people(&self, filter: Filter) -> Search {
        let base = self.settings.base.clone();
        Search { base, scope: Scope::Subtree, filter, attributes: self.attributes(), limit: 2 }
    }

    async fn verify(&self, candidate: Candidate, password: &Password) -> Result<Login, ProviderError> {
        let refused = || ProviderError::Refused { code: "invalidCredentials".to_owned() };
        let Some(dn) = candidate.dn else {
            // The directory has as much to do for a name that it does not know.
            let (_, bound) = self.directory.bind(None, &self.nobody(), password.expose()).await?;
            bound.put_back();
            return Err(refused());
        };
        let at = candidate.entry.as_ref().and_then(|entry| entry.at);
        let (verdict, bound) = self.directory.bind(at, &dn, password.expose()).await?;
        let outcome = match verdict {
            Verdict::Right => {
                let looker = match (&self.settings.account, &self.settings.find) {
                    (None, Find::Bind(_)) => Looker::Person(&bound),
                    _ => Looker::Directory(&self.directory),
                };
                let entry = match candidate.entry {
                    Some(entry) => Some(entry),
                    None => looker.search(&self.own(&dn)).await?.pop(),
                };
                match entry {
                    Some(entry) => self.login(&looker, &entry).await,
                    None => Err(ProviderError::TurnedAway { leg: Leg::Directory, code: "no-entry".to_owned() }),
                }
            }
            Verdict::Barred(why) => Err(ProviderError::Barred { why }),
            Verdict::Wrong | Verdict::NotNow(_) | Verdict::TurnedAway(_) => Err(refused()),
        };
        bound.put_back();
        outcome
    }

    /// A search for the entry of this very DN.
    fn own(&self, dn: &str) -> Search {
        let attributes = self.attributes();
        Search { base: dn.to_owned(), scope: Scope::Base, filter: Filter::any(), attributes, limit: 1 }
    }

    /// The DN of nobody.
    fn nobody(&self) -> String {
        let mut random = [0; 12];
        // Without random bytes it is nobody's all the same.
        let _ = aws_lc_rs::rand::fill(&mut random);
        format!("cn={},{}", HEXLOWER.encode(&random), self.settings.base)
    }

    async fn confirm(&self, subject: &Subject) -> Result<Confirmation, ProviderError> {
        let gone = || ProviderError::Refused { code: "gone".to_owned() };
        let filter = match (&self.settings.find, &self.settings.account) {
            // Nobody may look but the person, whose password is not kept.
            (Find::Bind(_), None) => return Ok(Confirmation::NeedsBrowser),
            (Find::Bind(_), Some(_)) => None,
            (Find::Search(template), _) => Some(template.fill_with_any()),
        };
        let wanted = self.settings.subject.filter(subject.as_str()).ok_or_else(gone)?;
        let wanted = [filter.as_ref(), self.settings.active.as_ref()].into_iter().flatten().fold(wanted, Filter::and);
        let found = self.directory.search(&self.people(wanted)).await?;
        let [entry] = found.as_slice() else { return Err(gone()) };
        let login = self.login(&Looker::Directory(&self.directory), entry).await?;
        Ok(Confirmation::Confirmed(Box::new(login)))
    }

    /// The person whose entry this is: their password has been checked, or their login is being confirmed.
    async fn login(&self, looker: &Looker<'_>, entry: &Entry) -> Result<Login, ProviderError> {
        let Some(subject) = self.settings.subject.read(entry) else {
            let code = format!("no-{}", self.settings.subject.name());
            return Err(ProviderError::TurnedAway { leg: Leg::Directory, code });
        };
        if entry.is_cut() {
            return Err(ProviderError::TurnedAway { leg: Leg::Directory, code: "too-many-values".to_owned() });
        }
        let claims = entry.claims(&self.attributes());
        let mut person = self.person(entry, &claims);
        person.groups = self.settings.groups.of(looker, &entry.dn, &person.groups).await?;
        let identity = VerifiedIdentity::vouch(self.settings.id.clone(), Subject(subject), person, claims);
        Ok(Login { identity, tether: Tether::default(), once: None })
    }

    /// Of several values of an attribute, the first counts for a name or an address.
    fn person(&self, entry: &Entry, claims: &Map<String, Value>) -> Person {
        let first = claims.keys().filter_map(|name| Some((name.clone(), entry.texts(name).next()?.into())));
        let by_first = self.settings.claims.read(&first.collect());
        Person { groups: self.settings.claims.read(claims).groups, ..by_first }
    }

    /// Every attribute that is asked for.
    fn attributes(&self) -> Vec<String> {
        let Settings { claims, subject, attributes, .. } = &self.settings;
        let mut wanted: Vec<String> = claims.names().map(str::to_owned).collect();
        wanted.push(subject.name().to_owned());
        wanted.extend(attributes.iter().cloned());
        wanted.sort();
        wanted.dedup();
        wanted
    }
}

impl std::fmt::Debug for Candidate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Candidate([redacted])")
    }
}
