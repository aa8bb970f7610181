//! One colour becomes those of both palettes, so that text on it and in it can be read.

use std::fmt;
use std::str::FromStr;

/// A colour of sRGB, written `#rrggbb`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Colour([u8; 3]);

/// What a text is that is no colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it is not `#` with six hexadecimal digits")]
pub struct NotAColour;

/// Least contrast of text with what is behind it (WCAG 2.2, criterion 1.4.3).
const LEAST_CONTRAST: f64 = 4.5;

const WHITE: Colour = Colour([255; 3]);
const BLACK: Colour = Colour([0; 3]);

/// What `static/roomkey.css` puts behind the accent and around text: `--card` and `--page`.
const LIGHT_GROUND: [Colour; 2] = [Colour([0xff, 0xff, 0xff]), Colour([0xee, 0xf1, 0xf6])];
const DARK_GROUND: [Colour; 2] = [Colour([0x1a, 0x20, 0x2b]), Colour([0x10, 0x14, 0x1b])];

/// `--soft` of both palettes: the text with the least contrast that can stand on the tint.
const LIGHT_SOFT: Colour = Colour([0x55, 0x61, 0x7a]);
const DARK_SOFT: Colour = Colour([0xa9, 0xb4, 0xc8]);

/// How much of the accent is in the tint, at most, in percent.
const MOST_TINT: u32 = 14;

/// The colours that stand for those of the style sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Palette {
    /// The operator's colour as it is, behind the words of buttons.
    pub button: Colour,
    /// Those words.
    pub on_button: Colour,
    /// Icons, outlines and links: as near to the operator's colour as can be read.
    pub accent: Colour,
    /// Behind icons and the choice under the pointer.
    pub tint: Colour,
}

impl Colour {
    /// For light pages.
    pub fn light(self) -> Palette {
        self.palette(&LIGHT_GROUND, BLACK, LIGHT_SOFT)
    }

    /// For dark pages.
    pub fn dark(self) -> Palette {
        self.palette(&DARK_GROUND, WHITE, DARK_SOFT)
    }

    /// Moves the colour towards `far`, which contrasts with the ground, until it can be read there; and tints the card as
    /// far as both it and the soft text can be read on that.
    fn palette(self, ground: &[Self; 2], far: Self, soft: Self) -> Palette {
        let readable = |text: Self, ground: Self| text.contrast(ground) >= LEAST_CONTRAST;
        let card = ground[0];
        let pair = |moved: u32| {
            let accent = self.mixed(far, moved);
            let tints = (0..=MOST_TINT).rev().map(|percent| card.mixed(accent, percent));
            let tint = tints.into_iter().find(|&tint| readable(soft, tint) && readable(accent, tint))?;
            ground.iter().all(|&ground| readable(accent, ground)).then_some((accent, tint))
        };
        let (accent, tint) = (0..=100).find_map(pair).unwrap_or((far, card));
        let on_button = if self.contrast(WHITE) >= self.contrast(BLACK) { WHITE } else { BLACK };
        Palette { button: self, on_button, accent, tint }
    }

    /// This colour with `percent` of another in it.
    fn mixed(self, other: Self, percent: u32) -> Self {
        let mix = |at: usize| {
            let sum = u32::from(self.0[at]) * (100 - percent) + u32::from(other.0[at]) * percent;
            u8::try_from((sum + 50) / 100).unwrap_or(u8::MAX)
        };
        Self([mix(0), mix(1), mix(2)])
    }

    /// From 1 to 21 (WCAG 2.2, "contrast ratio").
    pub fn contrast(self, other: Self) -> f64 {
        let (one, other) = (self.luminance(), other.luminance());
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    /// WCAG 2.2, "relative luminance".
    fn luminance(self) -> f64 {
        let linear = |byte: u8| {
            let part = f64::from(byte) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        let [red, green, blue] = self.0.map(linear);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// The style sheet that puts this colour into the pages, in place of the colours of `static/roomkey.css`.
    pub fn style_sheet(self) -> String {
        let Palette { button, on_button, accent, tint } = self.light();
        let dark = self.dark();
        format!(
            ":root {{\n  --button: {button};\n  --on-button: {on_button};\n  --accent: {accent};\n  --tint: {tint};\n}}\n\n\
             @media (prefers-color-scheme: dark) {{\n  :root {{\n    --button: {};\n    --on-button: {};\n    \
             --accent: {};\n    --tint: {};\n  }}\n}}\n",
            dark.button, dark.on_button, dark.accent, dark.tint,
        )
    }
}

impl FromStr for Colour {
    type Err = NotAColour;

    fn from_str(text: &str) -> Result<Self, NotAColour> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6).ok_or(NotAColour)?;
        let bytes = data_encoding::HEXLOWER_PERMISSIVE.decode(digits.as_bytes()).map_err(|_| NotAColour)?;
        bytes.try_into().map(Self).map_err(|_| NotAColour)
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

impl fmt::Debug for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_colour_is_six_digits() {
        assert_eq!("#C8102e".parse::<Colour>().unwrap().to_string(), "#c8102e");
        for text in ["", "c8102e", "#c81", "#c8102", "#c8102e0", "#c8102g", "#é8102", "red", "#c8102e;}"] {
            assert_eq!(text.parse::<Colour>(), Err(NotAColour), "{text}");
        }
    }

    #[test]
    fn contrast_is_that_of_the_guidelines() {
        assert!((WHITE.contrast(BLACK) - 21.0).abs() < 1e-9);
        let gray: Colour = "#767676".parse().unwrap();
        assert!((gray.contrast(WHITE) - 4.54).abs() < 0.01);
    }

    #[test]
    fn a_colour_that_can_be_read_stays_as_it_is() {
        let blue: Colour = "#1f4fb0".parse().unwrap();

        let light = blue.light();

        assert_eq!((light.button, light.on_button, light.accent), (blue, WHITE, blue));
        assert_ne!(light.tint, WHITE);
    }

    #[test]
    fn the_grounds_are_those_of_the_style_sheet() {
        let sheet = include_str!("../../static/roomkey.css");
        let (light, dark) = sheet.split_once("@media (prefers-color-scheme: dark)").unwrap();
        let dark = dark.split_once("*,").unwrap().0;

        for (palette, [card, page], soft) in [(light, LIGHT_GROUND, LIGHT_SOFT), (dark, DARK_GROUND, DARK_SOFT)] {
            for line in [format!("--card: {card};"), format!("--page: {page};"), format!("--soft: {soft};")] {
                assert!(palette.contains(&line), "{line}");
            }
        }
    }

    proptest! {
        #[test]
        fn whatever_the_colour_text_can_be_read(bytes: [u8; 3]) {
            let colour = Colour(bytes);

            for (palette, ground, soft) in
                [(colour.light(), LIGHT_GROUND, LIGHT_SOFT), (colour.dark(), DARK_GROUND, DARK_SOFT)]
            {
                prop_assert!(palette.on_button.contrast(palette.button) >= LEAST_CONTRAST);
                prop_assert!(palette.accent.contrast(palette.tint) >= LEAST_CONTRAST);
                prop_assert!(soft.contrast(palette.tint) >= LEAST_CONTRAST);
                for ground in ground {
                    prop_assert!(palette.accent.contrast(ground) >= LEAST_CONTRAST);
                }
            }
        }

        #[test]
        fn a_colour_is_read_as_it_is_written(bytes: [u8; 3]) {
            prop_assert_eq!(Colour(bytes).to_string().parse(), Ok(Colour(bytes)));
        }

        #[test]
        fn no_text_breaks_the_parser(text: String) {
            if let Ok(colour) = text.parse::<Colour>() {
                prop_assert_eq!(colour.to_string(), text.to_ascii_lowercase());
            }
        }
    }
}
