//! In which language a visitor reads.

use actix_web::HttpRequest;
use actix_web::http::header::{
    ACCEPT_LANGUAGE, AcceptLanguage, HeaderValue, Preference, Quality, from_comma_delimited,
};
use fluent_templates::{LanguageIdentifier, langid};

use crate::room::{JoinRequest, MeetingOptions};

/// Longest `Accept-Language` that is read, in bytes; a longer one is no browser's.
const MAX_BYTES: usize = 1024;

/// Where Jitsi's link may name a language of the meeting.
const JITSI_OPTION: &str = "config.defaultLanguage";

/// A language that every page is written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Language {
    /// Also for whoever reads none of these.
    #[default]
    English,
    German,
    French,
    Spanish,
    Italian,
    Dutch,
    Polish,
    Portuguese,
    Turkish,
    Ukrainian,
    Arabic,
    Japanese,
}

impl Language {
    /// All of them.
    pub(super) const ALL: [Self; 12] = [
        Self::English,
        Self::German,
        Self::French,
        Self::Spanish,
        Self::Italian,
        Self::Dutch,
        Self::Polish,
        Self::Portuguese,
        Self::Turkish,
        Self::Ukrainian,
        Self::Arabic,
        Self::Japanese,
    ];

    /// For whoever sent `request` on the way to `meeting`.
    pub(super) fn of_reader(request: &HttpRequest, meeting: Option<&JoinRequest>) -> Self {
        Self::choose(request.headers().get(ACCEPT_LANGUAGE), meeting.map(|meeting| &meeting.options))
    }

    /// The language of the meeting if its link names one, else the first of the browser's (`Accept-Language`, RFC 9110,
    /// section 12.5.4) that there is, else English.
    pub(super) fn choose(accepted: Option<&HeaderValue>, meeting: Option<&MeetingOptions>) -> Self {
        meeting.and_then(Self::of_meeting).or_else(|| accepted.and_then(Self::accepted)).unwrap_or_default()
    }

    fn of_meeting(options: &MeetingOptions) -> Option<Self> {
        let (_, json) = options.iter().find(|(key, _)| *key == JITSI_OPTION)?;
        let tag: String = serde_json::from_str(json).ok()?;
        Self::of_tag(&tag)
    }

    fn accepted(header: &HeaderValue) -> Option<Self> {
        if header.len() > MAX_BYTES {
            return None;
        }
        let mut languages = AcceptLanguage(from_comma_delimited([header].into_iter()).ok()?);
        languages.retain(|language| language.quality > Quality::ZERO);
        languages.ranked().into_iter().find_map(|language| match language {
            Preference::Specific(tag) => Self::of_tag(tag.as_str()),
            Preference::Any => Some(Self::default()),
        })
    }

    /// By the primary subtag alone (RFC 5646, section 2.2.1): a page in German helps an Austrian reader.
    fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next()?;
        Self::ALL.into_iter().find(|language| language.tag().eq_ignore_ascii_case(primary))
    }

    /// Its tag (RFC 5646), for `lang`.
    pub(super) fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
            Self::French => "fr",
            Self::Spanish => "es",
            Self::Italian => "it",
            Self::Dutch => "nl",
            Self::Polish => "pl",
            Self::Portuguese => "pt",
            Self::Turkish => "tr",
            Self::Ukrainian => "uk",
            Self::Arabic => "ar",
            Self::Japanese => "ja",
        }
    }

    /// Which way it is written, for `dir`.
    pub(super) fn direction(self) -> &'static str {
        match self {
            Self::Arabic => "rtl",
            Self::English
            | Self::German
            | Self::French
            | Self::Spanish
            | Self::Italian
            | Self::Dutch
            | Self::Polish
            | Self::Portuguese
            | Self::Turkish
            | Self::Ukrainian
            | Self::Japanese => "ltr",
        }
    }

    /// As Fluent names it.
    pub(super) fn identifier(self) -> LanguageIdentifier {
        match self {
            Self::English => langid!("en"),
            Self::German => langid!("de"),
            Self::French => langid!("fr"),
            Self::Spanish => langid!("es"),
            Self::Italian => langid!("it"),
            Self::Dutch => langid!("nl"),
            Self::Polish => langid!("pl"),
            Self::Portuguese => langid!("pt"),
            Self::Turkish => langid!("tr"),
            Self::Ukrainian => langid!("uk"),
            Self::Arabic => langid!("ar"),
            Self::Japanese => langid!("ja"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::room::JitsiState;

    fn accepting(header: &'static str) -> Language {
        Language::choose(Some(&HeaderValue::from_static(header)), None)
    }

    #[test]
    fn the_first_language_that_there_is_wins_by_weight() {
        assert_eq!(accepting("de"), Language::German);
        assert_eq!(accepting("en;q=0.5, de-AT;q=0.9"), Language::German);
        assert_eq!(accepting("tlh, *;q=0.1"), Language::English);
        assert_eq!(accepting("tlh"), Language::English);
    }

    #[test]
    fn a_language_that_is_ruled_out_is_not_chosen() {
        assert_eq!(accepting("de;q=0, tlh"), Language::English);
    }

    #[test]
    fn an_unreadable_header_means_english() {
        assert_eq!(accepting(";;;, =, de;q=x"), Language::English);
        let huge = HeaderValue::from_str(&format!("de, {}", "x, ".repeat(MAX_BYTES))).unwrap();
        assert_eq!(Language::choose(Some(&huge), None), Language::English);
        assert_eq!(Language::choose(None, None), Language::English);
    }

    #[test]
    fn the_language_of_the_meeting_comes_first() {
        let state: JitsiState = r#"{"config.defaultLanguage":"de"}"#.parse().unwrap();
        let unknown: JitsiState = r#"{"config.defaultLanguage":"tlh"}"#.parse().unwrap();
        let english = HeaderValue::from_static("en");

        assert_eq!(Language::choose(Some(&english), Some(&state.options)), Language::German);
        assert_eq!(Language::choose(Some(&english), Some(&unknown.options)), Language::English);
    }
}
