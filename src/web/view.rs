//! What the templates are filled from.

use askama::Template;

use super::assets::{self, OwnAssets};
use super::text::Text;
use crate::branding::Support;
use crate::login::LoginId;
use crate::provider::Kind;

/// What stands around every page.
#[derive(Clone, Copy)]
pub(super) struct Frame<'a> {
    pub(super) text: Text<'a>,
    /// What the operator calls this service.
    pub(super) product: &'a str,
    /// Path of `public_url`, without a slash at its end.
    pub(super) root: &'a str,
    /// Logo and colours of the operator.
    pub(super) own: &'a OwnAssets,
    /// Whom visitors can ask.
    pub(super) support: Option<&'a Support>,
}

impl Frame<'_> {
    /// Where the operator's logo is, if they have one.
    fn logo(&self) -> Option<String> {
        self.own.logo_url().map(|url| format!("{}{url}", self.root))
    }

    /// Where the style sheet with the operator's colours is, if they have some.
    fn colours(&self) -> Option<String> {
        self.own.colours_url().map(|url| format!("{}{url}", self.root))
    }

    fn asset(&self, name: &str) -> String {
        format!("{}{}", self.root, assets::url(name))
    }
}

/// `problem.html`: what happened, and what to do.
#[derive(Template)]
#[template(path = "problem.html")]
pub(super) struct Problem<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) mark: Mark,
    /// The message whose attributes are the sentences of this page.
    pub(super) story: &'static str,
    /// Attributes of that message to list as advice.
    pub(super) advice: &'static [&'static str],
    /// The text that tells the way out, if not the message's own `next`.
    pub(super) next: Option<&'static str>,
    pub(super) again: Option<Again>,
    pub(super) facts: Vec<Fact>,
    pub(super) reference: LoginId,
    /// `$minutes` of the sentences.
    pub(super) minutes: u64,
}

/// The picture of a [`Problem`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    Barred,
    Clock,
    Cookie,
    Link,
    Loop,
    Shield,
    Sign,
    Tools,
    Unplugged,
}

/// A link that begins anew.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Again {
    pub(super) label: &'static str,
    pub(super) href: String,
}

/// A line beside the sentences.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fact {
    pub(super) label: &'static str,
    pub(super) value: String,
}

impl Problem<'_> {
    fn way_out(&self) -> String {
        self.next.map_or_else(|| self.part("next"), |next| self.frame.text.get(next))
    }

    fn part(&self, attribute: &str) -> String {
        self.frame.text.count(&format!("{}.{attribute}", self.story), "minutes", self.minutes)
    }
}

/// `relay.html`: a form that sends a cross-site response on from Roomkey's own origin.
#[derive(Template)]
#[template(path = "relay.html")]
pub(super) struct Relay<'a> {
    pub(super) frame: Frame<'a>,
    /// The text that says what is going on.
    pub(super) what: &'static str,
    pub(super) action: String,
    pub(super) fields: Vec<(&'static str, &'a str)>,
}

/// `guest.html`: asks for a name.
#[derive(Template)]
#[template(path = "guest.html")]
pub(super) struct AskName<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) action: String,
    pub(super) state: &'a str,
    pub(super) meeting: String,
    /// Longest name, in UTF-16 code units, by which `maxlength` counts too.
    pub(super) longest: usize,
    /// The text that says what was wrong with the last one.
    pub(super) wrong: Option<&'static str>,
}

/// `pass.html`: an invitation.
#[derive(Template)]
#[template(path = "pass.html")]
pub(super) struct Invitation<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) action: String,
    /// What makes the form this browser's.
    pub(super) token: String,
    /// For people to read, once it is known which meeting is meant.
    pub(super) meeting: Option<String>,
    /// For the form, if the pass is for several.
    pub(super) named: Option<&'a str>,
    /// Longest name, in UTF-16 code units, by which `maxlength` counts too.
    pub(super) longest: usize,
    /// Whoever is signed in wants to be somebody else.
    pub(super) other: bool,
    /// When it opens, if it has not yet.
    pub(super) opens: Option<Moment>,
    pub(super) ends: Moment,
    /// Until it opens, in seconds.
    pub(super) wait: u64,
    /// After so many seconds a browser without scripts loads the page again.
    pub(super) look_again: u64,
    pub(super) entrance: Entrance<'a>,
}

impl Invitation<'_> {
    fn signed_in_as(&self) -> Option<&str> {
        match &self.entrance {
            Entrance::SignedIn { name, .. } => *name,
            Entrance::Room { .. } | Entrance::Name { .. } | Entrance::Login { .. } => None,
        }
    }
}

/// What somebody has to give to get in.
pub(super) enum Entrance<'a> {
    /// Which of several meetings they mean.
    Room { typed: &'a str, is_wrong: bool },
    /// A name, and the text that says what was wrong with the last one.
    Name { wrong: Option<&'static str> },
    /// Nothing: the browser is signed in.
    SignedIn { name: Option<&'a str>, somebody_else: String },
    /// A login.
    Login { href: String },
}

/// `password.html`: asks for name and password.
#[derive(Template)]
#[template(path = "password.html")]
pub(super) struct AskPassword<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) action: String,
    pub(super) state: &'a str,
    /// What was typed the last time.
    pub(super) name: &'a str,
    pub(super) provider: &'a str,
    pub(super) meeting: String,
    pub(super) longest_name: usize,
    pub(super) longest_password: usize,
    /// The text that says what became of the last try, and its `$minutes`.
    pub(super) trouble: Option<&'static str>,
    pub(super) minutes: u64,
}

impl AskPassword<'_> {
    /// What became of the last try.
    fn told(&self) -> Option<String> {
        self.trouble.map(|trouble| self.frame.text.count(trouble, "minutes", self.minutes))
    }
}

/// `choose.html`: the providers that may open the meeting.
#[derive(Template)]
#[template(path = "choose.html")]
pub(super) struct Choose<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) meeting: String,
    pub(super) choices: Vec<Choice<'a>>,
}

/// `choose-idp.html`: the identity providers of a federation.
#[derive(Template)]
#[template(path = "choose-idp.html")]
pub(super) struct ChooseIdp<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) meeting: String,
    pub(super) choices: Vec<IdpChoice<'a>>,
    /// Not all that fit are shown.
    pub(super) more: bool,
    /// What was looked for.
    pub(super) sought: &'a str,
    /// Where the search leads, and the fields it takes along.
    pub(super) action: String,
    pub(super) hidden: Vec<(String, String)>,
    /// Most letters to look for.
    pub(super) longest: usize,
}

/// One of them.
pub(super) struct IdpChoice<'a> {
    pub(super) name: &'a str,
    pub(super) href: String,
    /// The browser used it last.
    pub(super) last_used: bool,
}

/// One of them.
pub(super) struct Choice<'a> {
    pub(super) name: &'a str,
    pub(super) kind: Kind,
    pub(super) href: String,
    /// The browser used it last.
    pub(super) last_used: bool,
    /// It has failed to answer a moment ago.
    pub(super) down: bool,
}

/// `logout.html`: asks before it logs anybody out.
#[derive(Template)]
#[template(path = "logout.html")]
pub(super) struct Logout<'a> {
    pub(super) frame: Frame<'a>,
    /// What makes the form this session's.
    pub(super) token: String,
}

/// `signed-in.html`: who is signed in, and where.
#[derive(Template)]
#[template(path = "signed-in.html")]
pub(super) struct SignedIn<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) token: String,
    pub(super) people: Vec<Person<'a>>,
    pub(super) places: Vec<Place>,
}

/// Whom the browser is signed in as.
pub(super) struct Person<'a> {
    pub(super) name: &'a str,
    pub(super) provider: &'a str,
}

/// A session of theirs.
pub(super) struct Place {
    pub(super) handle: String,
    /// Browser and system; empty if they are not known.
    pub(super) device: String,
    pub(super) since: Moment,
    pub(super) last_used: Moment,
    /// It is the one in which this page is read.
    pub(super) here: bool,
}

/// A time, for people and for machines to read.
pub(super) struct Moment {
    pub(super) shown: String,
    pub(super) exact: String,
}

/// `landing.html`: for whoever comes without a meeting.
#[derive(Template)]
#[template(path = "landing.html")]
pub(super) struct Landing<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) meetings: &'a str,
}
