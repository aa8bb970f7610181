//! Section `[branding]`.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::Path;

use url::Url;

use super::read::{At, Fault, Field, Reader, keys, text_type};
use super::secret::PathText;
use crate::branding::{BadText, Branding, Colour, Logo, MAX_LOGO_BYTES, MAX_TEXTS_BYTES, Support, Texts};

/// Longest text of `[branding]`, in characters: it has a line to itself, on a telephone too.
const MAX_CHARS: usize = 80;

keys! {
    /// Section `[branding]`: how the pages look and what they say.
    BrandingKeys {
        /// What the pages call this service.
        #[schemars(extend("default" = "Roomkey"))]
        product_name: ShortText,
        /// Path of a picture to stand beside the name: SVG, PNG or WebP, at most 256 KiB. Shown 40 pixels high.
        logo: PathText,
        /// Colour of buttons and icons, `#rrggbb`. Words on it are black or white, whichever can be read better; icons and outlines are
        /// made darker or, on dark pages, lighter, as far as they need it to be read.
        color: ColourText,
        /// Whom visitors can ask, shown on every page: a name, a telephone number, opening hours. At most 80 characters.
        support_text: ShortText,
        /// Where `support_text` leads: an address that begins with `https://`, `mailto:` or `tel:`.
        support_url: SupportUrl,
        /// Path of a folder with texts in place of Roomkey's own: one file for each language, called `en.ftl`, `de.ftl` and so on.
        texts_folder: PathText,
    }
}

/// A text of one line.
#[derive(Clone, Debug)]
pub(super) struct ShortText(String);

/// A colour.
#[derive(Clone, Copy, Debug)]
pub(super) struct ColourText(Colour);

/// Where help is.
#[derive(Clone, Debug)]
pub(super) struct SupportUrl(Url);

impl ShortText {
    fn parse(text: &str) -> Result<Self, Fault> {
        if text.trim().is_empty() || text.chars().any(char::is_control) || text.chars().count() > MAX_CHARS {
            let wrong = format!("is empty, has a control character, or more than {MAX_CHARS} characters");
            return Err(Fault::new(wrong, "shorten it to one line, or leave the key out"));
        }
        Ok(Self(text.to_owned()))
    }
}

impl ColourText {
    fn parse(text: &str) -> Result<Self, Fault> {
        let fault = |_| Fault::new(format!("`{}` is no colour", text.escape_debug()), "write it as in `#1f5fd0`");
        text.parse().map(Self).map_err(fault)
    }
}

impl SupportUrl {
    fn parse(text: &str) -> Result<Self, Fault> {
        match text.parse::<Url>() {
            Ok(url) if matches!(url.scheme(), "https" | "mailto" | "tel") => Ok(Self(url)),
            _ => {
                let wrong = format!("`{}` is no address that leads to help", text.escape_debug());
                Err(Fault::new(wrong, "begin it with `https://`, `mailto:` or `tel:`"))
            }
        }
    }
}

text_type!(ShortText, "ShortText", { "minLength": 1, "maxLength": MAX_CHARS });
text_type!(ColourText, "Colour", { "pattern": "^#[0-9A-Fa-f]{6}$", "examples": ["#1f5fd0"] });
text_type!(SupportUrl, "SupportUrl", { "pattern": "^(https://|mailto:|tel:)", "examples": ["mailto:help@example.com"] });

impl BrandingKeys {
    pub(super) fn check(self, reader: &Reader<'_>) -> Branding {
        let url_spot = self.support_url.spot().clone();
        let (text, link) = (self.support_text.given(), self.support_url.given());
        if text.is_none() && link.is_some() {
            reader.wrong(&url_spot, "has no words to stand on", "add `support_text = \"…\"`");
        }
        Branding {
            product_name: self.product_name.given().map_or(Branding::default().product_name, |ShortText(name)| name),
            logo: self.logo.at().and_then(|path| logo(reader, &path)),
            colour: self.color.given().map(|ColourText(colour)| colour),
            support: text.map(|ShortText(text)| Support { text, link: link.map(|SupportUrl(url)| url) }),
            texts: texts(reader, self.texts_folder),
        }
    }
}

fn logo(reader: &Reader<'_>, path: &At<PathText>) -> Option<Logo> {
    let file = reader.path(path.value.as_str());
    let shown = file.display();
    let logo = match limited(&file, MAX_LOGO_BYTES) {
        Ok(bytes) => Logo::try_from(bytes),
        Err(cause) => {
            let wrong = format!("cannot read {shown} ({cause})");
            reader.wrong(&path.spot, wrong, "check the path and that `roomkey` may read it");
            return None;
        }
    };
    let remedy = format!("give an SVG, PNG or WebP of at most {MAX_LOGO_BYTES} bytes");
    logo.map_err(|error| reader.wrong(&path.spot, format!("{shown} is no logo: {error}"), remedy)).ok()
}

/// Texts of every `*.ftl` in the folder; other files may lie beside them.
fn texts(reader: &Reader<'_>, folder: Field<PathText>) -> Texts {
    let mut texts = Texts::default();
    let Some(At { value, spot }) = folder.at() else { return texts };
    let folder = reader.path(value.as_str());
    let wrong_folder = |cause: io::Error| {
        let wrong = format!("cannot read {} ({cause})", folder.display());
        reader.wrong(&spot, wrong, "give a folder with files such as `en.ftl`, which `roomkey` may read");
    };
    let listed = fs::read_dir(&folder).and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect());
    let Ok(mut files): Result<Vec<_>, _> = listed.map_err(wrong_folder) else { return texts };
    files.retain(|file| file.extension().is_some_and(|extension| extension == "ftl"));
    // In the order of their names, so that a report is the same each time.
    files.sort();
    for file in files {
        let shown = file.display().to_string();
        let language = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let source = limited(&file, MAX_TEXTS_BYTES).and_then(|bytes| {
            String::from_utf8(bytes).map_err(|cause| io::Error::new(io::ErrorKind::InvalidData, cause))
        });
        match source {
            Ok(source) => {
                for bad in texts.add(&language, source).err().unwrap_or_default() {
                    reader.wrong(&spot, format!("{shown}: {bad}"), remedy(&bad));
                }
            }
            Err(cause) => reader.wrong(&spot, format!("cannot read {shown} ({cause})"), "write it in UTF-8"),
        }
    }
    texts
}

fn remedy(bad: &BadText) -> &'static str {
    match bad {
        BadText::TooLarge => "keep the texts that are to be other than Roomkey's own",
        BadText::OtherLanguage { .. } => "call it by a language that Roomkey has, such as `en.ftl`",
        BadText::Syntax { .. } => "see https://projectfluent.org/fluent/guide/ for how it is written",
        BadText::Unknown { .. } => "docs/branding.md lists the texts",
        BadText::Twice { .. } => "keep one of them",
        BadText::Reference { .. } => "refer to `$minutes` where Roomkey's own text does, and to nothing else",
    }
}

/// A file's bytes, and one more than `most` if there are more.
fn limited(path: &Path, most: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(most as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}
