//! A directory, Roomkey, and somebody who types.

use crate::support::roomkey::Roomkey;
use crate::support::slapd::{Authority, SERVICE_PASSWORD, SUFFIX, Slapd};
use crate::support::visitor::{Page, Visitor};

pub(crate) const ACCESS: &str = "[[access]]\nname = \"board\"\nrooms = [\"*\"]\ngroups = [\"board\"]\nrole = \"moderator\"\n\
     [[access]]\nname = \"all\"\nrooms = [\"*\"]\nrole = \"participant\"\n";

pub(crate) const WRONG: &str = "The user name or the password isn’t right.";

pub(crate) struct Stage {
    pub(crate) roomkey: Roomkey,
    pub(crate) slapd: Slapd,
    pub(crate) authority: Authority,
}

/// A provider of these servers, that looks for people by an account of its own.
pub(crate) fn provider(urls: &[String], authority: &Authority, more: &str) -> String {
    format!(
        "{}bind_dn = \"cn=roomkey,ou=services,{SUFFIX}\"\nbind_password = \"{SERVICE_PASSWORD}\"\n{more}\n",
        bare_provider(urls, authority)
    )
}

/// The same without that account.
pub(crate) fn bare_provider(urls: &[String], authority: &Authority) -> String {
    format!(
        "[[providers]]\nid = \"dir\"\nname = \"The directory\"\nkind = \"ldap\"\nurls = {urls:?}\nca_file = \"{}\"\n\
         base_dn = \"ou=people,{SUFFIX}\"\n",
        authority.file("ca.pem"),
    )
}

impl Stage {
    pub(crate) fn set(more: &str) -> Self {
        let authority = Authority::new();
        let slapd = Slapd::start(&authority);
        let roomkey = Roomkey::start(&format!("{}{ACCESS}", provider(&[slapd.tls_url()], &authority, more)));
        Self { roomkey, slapd, authority }
    }

    pub(crate) async fn log_in(&self, visitor: &mut Visitor, name: &str, password: &str) -> Page {
        log_in(&self.roomkey, visitor, name, password).await
    }
}

/// Opens a meeting link and fills the form.
pub(crate) async fn log_in(roomkey: &Roomkey, visitor: &mut Visitor, name: &str, password: &str) -> Page {
    let form = visitor.get(&format!("{}/room/standup", roomkey.url)).await;
    fill(roomkey, visitor, &form, name, password).await
}

/// Fills the form of a page that asks.
pub(crate) async fn fill(roomkey: &Roomkey, visitor: &mut Visitor, page: &Page, name: &str, password: &str) -> Page {
    let form = [("state", state(page)), ("name", name.to_owned()), ("password", password.to_owned())];
    let form: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    visitor.post(&format!("{}/login/dir", roomkey.url), &form).await
}

/// The hidden `state` of the page's form.
pub(crate) fn state(page: &Page) -> String {
    let (_, after) = page.body.split_once(r#"name="state" value=""#).unwrap_or_else(|| panic!("no form: {page:#?}"));
    after.split_once('"').unwrap().0.to_owned()
}

/// What became of it: the status, and the name that the meeting is told, or what the page says.
pub(crate) fn outcome(page: &Page) -> (u16, String) {
    let told = match page.status.as_u16() {
        303 => page.meeting_claims()["context"]["user"]["name"].as_str().unwrap_or_default().to_owned(),
        422 | 429 => {
            let (_, after) = page.body.split_once(r#"role="alert">"#).unwrap_or_else(|| panic!("{page:#?}"));
            after.split_once("</p>").unwrap().0.to_owned()
        }
        _ => page.heading(),
    };
    (page.status.as_u16(), told)
}

pub(crate) fn is_wrong(page: &Page) -> bool {
    let (status, told) = outcome(page);
    status == 422 && told.starts_with(WRONG)
}
