//! How an operator makes the pages their own: name, colour, logo, whom to ask, and words.
//!
//! Takes what the operator's file says, gives values that can be shown as they are: a colour that everybody can read, a
//! picture of a known type, texts that stand in for Roomkey's own. Files are read by `config`; nothing here is HTTP.

mod colour;
mod logo;
mod texts;

pub use colour::{Colour, NotAColour, Palette};
pub use logo::{Logo, MAX_LOGO_BYTES, NotALogo, Picture};
pub(crate) use texts::BUILT_IN;
pub use texts::{BadText, MAX_TEXTS_BYTES, Texts};

/// Section `[branding]`, checked.
#[derive(Debug)]
pub struct Branding {
    /// What the pages call this service.
    pub product_name: String,
    /// Stands for Roomkey's own key.
    pub logo: Option<Logo>,
    /// Of buttons and icons.
    pub colour: Option<Colour>,
    /// Whom visitors can ask.
    pub support: Option<Support>,
    /// In place of Roomkey's own.
    pub texts: Texts,
}

impl Default for Branding {
    fn default() -> Self {
        Self { product_name: "Roomkey".to_owned(), logo: None, colour: None, support: None, texts: Texts::default() }
    }
}

/// Whom visitors can ask; shown on every page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Support {
    /// A name, a telephone number, opening hours.
    pub text: String,
    /// Where it leads: `https`, `mailto` or `tel`.
    pub link: Option<url::Url>,
}
