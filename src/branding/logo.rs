//! A picture of the operator's, of a type that browsers show and that is told by its bytes, not by its name.

/// Largest logo, in bytes: it is loaded with the first page.
pub const MAX_LOGO_BYTES: usize = 256 * 1024;

/// A logo, as it is served.
#[derive(Clone, PartialEq, Eq)]
pub struct Logo {
    picture: Picture,
    bytes: Vec<u8>,
}

/// What kind of picture it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Picture {
    /// SVG, which can be drawn at any size; the only one that could hold a script.
    Svg,
    /// PNG.
    Png,
    /// WebP.
    WebP,
}

/// Why bytes are no logo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotALogo {
    /// Over [`MAX_LOGO_BYTES`].
    #[error("it is larger than {MAX_LOGO_BYTES} bytes")]
    TooLarge,
    /// Of no known type.
    #[error("it is no SVG, PNG or WebP")]
    OtherType,
    /// An SVG that does more than to be seen, or grows when it is read.
    #[error("the SVG has `{0}` in it")]
    NotJustAPicture(&'static str),
}

/// What a drawing has no need of (compared without regard to case). Browsers run no script of a picture; this keeps one
/// from those who open its address.
const NOT_JUST_A_PICTURE: [&str; 4] = ["<script", "<foreignobject", "<!entity", "javascript:"];

impl Logo {
    /// What kind it is.
    pub fn picture(&self) -> Picture {
        self.picture
    }

    /// The file as it is.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl TryFrom<Vec<u8>> for Logo {
    type Error = NotALogo;

    fn try_from(bytes: Vec<u8>) -> Result<Self, NotALogo> {
        if bytes.len() > MAX_LOGO_BYTES {
            return Err(NotALogo::TooLarge);
        }
        let picture = match bytes.as_slice() {
            // Signature and first chunk (PNG, third edition, sections 5.2 and 5.6).
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', _, _, _, _, b'I', b'H', b'D', b'R', ..] => Picture::Png,
            // RFC 9649, section 2.4.
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Picture::WebP,
            other => svg(other)?,
        };
        Ok(Self { picture, bytes })
    }
}

/// SVG has no signature: it is XML whose root is `svg` in its namespace, without which browsers show no picture.
fn svg(bytes: &[u8]) -> Result<Picture, NotALogo> {
    let text = std::str::from_utf8(bytes).map_err(|_| NotALogo::OtherType)?;
    let root = root(text.trim_start_matches('\u{feff}')).ok_or(NotALogo::OtherType)?;
    if !root.contains("http://www.w3.org/2000/svg") {
        return Err(NotALogo::OtherType);
    }
    let lower = text.to_ascii_lowercase();
    match NOT_JUST_A_PICTURE.into_iter().find(|found| lower.contains(found)) {
        Some(found) => Err(NotALogo::NotJustAPicture(found)),
        None => Ok(Picture::Svg),
    }
}

/// The root's tag, if it is `svg`, behind whatever may stand before it.
fn root(text: &str) -> Option<&str> {
    let mut rest = text.trim_start();
    loop {
        let end = match rest {
            _ if rest.starts_with("<?") => "?>",
            _ if rest.starts_with("<!--") => "-->",
            _ if rest.starts_with("<!") => ">",
            _ => break,
        };
        rest = rest.split_once(end)?.1.trim_start();
    }
    let tag = rest.split_once('>')?.0;
    let name = tag.strip_prefix('<')?.split(|c: char| c.is_whitespace() || c == '/').next()?;
    (name.rsplit(':').next() == Some("svg")).then_some(tag)
}

impl Picture {
    /// For `Content-Type`.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Svg => "image/svg+xml",
            Self::Png => "image/png",
            Self::WebP => "image/webp",
        }
    }

    /// What its name ends in.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Svg => "svg",
            Self::Png => "png",
            Self::WebP => "webp",
        }
    }
}

impl std::fmt::Debug for Logo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Logo").field("picture", &self.picture).field("bytes", &self.bytes.len()).finish()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SVG: &str = "<?xml version=\"1.0\"?>\n<!-- > --><!DOCTYPE svg>\n<svg xmlns=\"http://www.w3.org/2000/svg\"/>";

    fn read(bytes: &[u8]) -> Result<Picture, NotALogo> {
        Logo::try_from(bytes.to_vec()).map(|logo| logo.picture())
    }

    #[test]
    fn a_picture_is_known_by_its_bytes() {
        assert_eq!(read(b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0"), Ok(Picture::Png));
        assert_eq!(read(b"RIFF\x10\0\0\0WEBPVP8 "), Ok(Picture::WebP));
        assert_eq!(read(SVG.as_bytes()), Ok(Picture::Svg));
        assert_eq!(read(format!("\u{feff}{SVG}").as_bytes()), Ok(Picture::Svg));
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        for bytes in
            [&b""[..], b"\x89PNG", b"GIF89a", b"\xff\xd8\xff", b"RIFF\x10\0\0\0WAVE", b"<html><svg></svg></html>"]
        {
            assert_eq!(read(bytes), Err(NotALogo::OtherType), "{bytes:?}");
        }
        assert_eq!(read(b"<svg viewBox=\"0 0 1 1\"/>"), Err(NotALogo::OtherType), "without its namespace");
        assert_eq!(read(b"<!-- <svg xmlns=\"http://www.w3.org/2000/svg\"/>"), Err(NotALogo::OtherType));
    }

    #[test]
    fn a_drawing_that_does_more_than_to_be_seen_is_refused() {
        for more in ["<Script>1</Script>", "<foreignObject/>", "<a href=\"javascript:1\"/>"] {
            let svg = format!("<svg xmlns=\"http://www.w3.org/2000/svg\">{more}</svg>");
            assert!(matches!(read(svg.as_bytes()), Err(NotALogo::NotJustAPicture(_))), "{more}");
        }
    }

    #[test]
    fn a_logo_has_a_largest_size() {
        let png = |bytes| [&b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR"[..], &vec![0; bytes - 16]].concat();

        assert_eq!(read(&png(MAX_LOGO_BYTES)), Ok(Picture::Png));
        assert_eq!(read(&png(MAX_LOGO_BYTES + 1)), Err(NotALogo::TooLarge));
    }

    proptest! {
        #[test]
        fn no_bytes_break_the_reader(bytes: Vec<u8>, text in "[<>!?/ svg:=\"-]{0,40}") {
            let _ = read(&bytes);
            let _ = read(text.as_bytes());
        }
    }
}
