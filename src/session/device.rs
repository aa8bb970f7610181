//! What a browser calls itself, for its owner to tell it from others.

/// Browsers by what only they say of themselves; the first that is found counts, since each also names those it descends from.
const BROWSERS: [(&str, &str); 14] = [
    ("JitsiMeet", "Jitsi Meet"),
    ("Electron/", "Jitsi Meet"),
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Vivaldi/", "Vivaldi"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];

/// Systems, in the same way.
const SYSTEMS: [(&str, &str); 9] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("Mac OS X", "macOS"),
    ("FreeBSD", "FreeBSD"),
    ("Linux", "Linux"),
];

/// Longest `User-Agent` that is looked at, in bytes.
const MAX_BYTES: usize = 1024;

/// The family of a browser and of its system, out of a `User-Agent`: `Firefox, Linux`. Neither versions nor anything else that
/// tells one visitor from another is kept. Empty if neither is known.
pub fn device(user_agent: &str) -> String {
    let looked_at = user_agent.get(..MAX_BYTES).unwrap_or(user_agent);
    let find =
        |names: &[(&str, &'static str)]| names.iter().find(|(sign, _)| looked_at.contains(sign)).map(|&(_, name)| name);
    let known: Vec<_> = find(&BROWSERS).into_iter().chain(find(&SYSTEMS)).collect();
    known.join(", ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_browser_is_told_from_those_it_descends_from() {
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0";
        let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1";
        let chrome = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36";
        let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0";

        assert_eq!(device(edge), "Edge, Windows");
        assert_eq!(device(phone), "Safari, iPhone");
        assert_eq!(device(chrome), "Chrome, Android");
        assert_eq!(device(firefox), "Firefox, Linux");
        assert_eq!(device("curl/8.5.0"), "");
        assert_eq!(device(""), "");
    }

    proptest! {
        #[test]
        fn nothing_of_a_visitors_own_is_kept(user_agent in "\\PC{0,1200}") {
            let label = device(&user_agent);

            let known = |part: &str| BROWSERS.iter().chain(&SYSTEMS).any(|(_, name)| *name == part);
            prop_assert!(label.is_empty() || label.split(", ").all(known));
        }
    }
}
