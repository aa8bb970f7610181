//! How long visitors wait for an answer, by what they came for.

use std::time::Duration;

use super::exposition::{Family, label};
use crate::measure::{Counter, Histogram};

/// What a request turned out to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RequestKind {
    /// A link that leads to a provider, or to its form.
    Begin,
    /// A link that leads somebody who is signed in straight into the meeting.
    Join,
    /// Somebody coming back from a provider.
    Callback,
    /// A form with name and password, a guest's name, or a pass. Refusals of passwords are held back on purpose.
    Form,
    /// Jitsi's inline login asking for tokens.
    Token,
    /// Any other page or document.
    #[default]
    Page,
}

/// How long requests took, and how they were answered.
#[derive(Debug, Default)]
pub struct Requests {
    took: [Histogram; RequestKind::ALL.len()],
    answers: [Counter; CLASSES.len()],
}

/// Classes of status codes, by their first digit (RFC 9110, section 15).
const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

impl RequestKind {
    const ALL: [Self; 6] = [Self::Begin, Self::Join, Self::Callback, Self::Form, Self::Token, Self::Page];

    fn word(self) -> &'static str {
        match self {
            Self::Begin => "begin",
            Self::Join => "join",
            Self::Callback => "callback",
            Self::Form => "form",
            Self::Token => "token",
            Self::Page => "page",
        }
    }
}

impl Requests {
    /// One was answered, after so long, with this status.
    pub fn answered(&self, kind: RequestKind, took: Duration, status: u16) {
        self.took[kind as usize].add(took);
        if let Some(class) = self.answers.get(usize::from(status / 100).wrapping_sub(1)) {
            class.add();
        }
    }

    pub(super) fn families(&self) -> [Family; 2] {
        let took = RequestKind::ALL.iter().zip(&self.took);
        let took = took.map(|(kind, histogram)| (vec![label("kind", kind.word())], histogram.read()));
        let answers = CLASSES.iter().zip(&self.answers);
        let answers = answers.map(|(class, counter)| (vec![label("status", class)], counter.read()));
        [
            Family::histogram("roomkey_request", "Time to answer a visitor.", took.collect()),
            Family::counter("roomkey_answers", "Answers to visitors, by class of status.", answers.collect()),
        ]
    }
}
