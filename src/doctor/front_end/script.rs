//! Reads the settings out of `config.js` without running it.
//!
//! Debian's packages write one object (`var config = { hosts: { domain: '…' } }`), docker-jitsi-meet many assignments
//! (`config.hosts.domain = '…';`), and both put texts together with variables (`'conference.' + subdomain + '…'`). That is
//! what is understood; the last value of a setting counts, as it does for a browser. Whatever else stands there is skipped.

use std::collections::BTreeMap;

/// The settings of a `config.js`, by their dotted paths below `config`.
#[derive(Debug, Default)]
pub struct Script(BTreeMap<String, Value>);

/// What a setting is set to.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Value {
    Text(String),
    Truth(bool),
    /// Something that only running the script would tell.
    Unknown,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Name(String),
    Text(String),
    Sign(char),
}

/// What a brace or bracket has opened.
enum Frame {
    /// The object at this path below `config`; empty for `config` itself.
    Settings(String),
    Other,
}

impl Script {
    /// Reads the text of a `config.js`; one that sets nothing of `config` gives an empty script.
    pub fn read(text: &str) -> Self {
        let tokens = tokens(text);
        let mut reader = Reader { tokens: &tokens, at: 0, frames: Vec::new(), variables: BTreeMap::new() };
        let mut script = Self::default();
        while reader.at < tokens.len() {
            reader.step(&mut script.0);
        }
        script
    }

    /// Whether nothing was set.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text that `path` is set to.
    pub fn text(&self, path: &str) -> Option<&str> {
        match self.0.get(path)? {
            Value::Text(text) => Some(text),
            Value::Truth(_) | Value::Unknown => None,
        }
    }

    /// Whether `path` is set to `true`.
    pub fn is_on(&self, path: &str) -> bool {
        self.0.get(path) == Some(&Value::Truth(true))
    }
}

struct Reader<'t> {
    tokens: &'t [Token],
    at: usize,
    frames: Vec<Frame>,
    variables: BTreeMap<&'t str, String>,
}

impl<'t> Reader<'t> {
    fn sign(&self, offset: usize) -> Option<char> {
        match self.tokens.get(self.at + offset)? {
            Token::Sign(sign) => Some(*sign),
            Token::Name(_) | Token::Text(_) => None,
        }
    }

    fn name(&self, offset: usize) -> Option<&'t str> {
        match self.tokens.get(self.at + offset)? {
            Token::Name(name) => Some(name),
            Token::Text(_) | Token::Sign(_) => None,
        }
    }

    /// Whether the sign at `offset` assigns, and does not compare.
    fn assigns(&self, offset: usize) -> bool {
        self.sign(offset) == Some('=') && self.sign(offset + 1) != Some('=')
    }

    fn step(&mut self, settings: &mut BTreeMap<String, Value>) {
        if let Some(path) = self.key_of_object() {
            self.at += 2;
            return self.set(path, settings);
        }
        if self.name(0).is_some() && self.sign_before() != Some('.') {
            let (path, length) = self.dotted();
            if self.assigns(length) {
                self.at += length + 1;
                return match path.split_once('.') {
                    _ if path == "config" => self.set(String::new(), settings),
                    Some(("config", below)) => self.set(below.to_owned(), settings),
                    Some(_) => {}
                    None => self.assign_variable(),
                };
            }
            self.at += length;
            return;
        }
        match self.sign(0) {
            Some('{' | '[' | '(') => self.frames.push(Frame::Other),
            Some('}' | ']' | ')') => drop(self.frames.pop()),
            _ => {}
        }
        self.at += 1;
    }

    fn sign_before(&self) -> Option<char> {
        match self.tokens.get(self.at.checked_sub(1)?)? {
            Token::Sign(sign) => Some(*sign),
            Token::Name(_) | Token::Text(_) => None,
        }
    }

    /// The path of the setting that begins here, directly within an object of settings.
    fn key_of_object(&self) -> Option<String> {
        let Some(Frame::Settings(prefix)) = self.frames.last() else { return None };
        let key = match self.tokens.get(self.at)? {
            Token::Name(key) | Token::Text(key) => key,
            Token::Sign(_) => return None,
        };
        let is_key = self.sign(1) == Some(':') && matches!(self.sign_before(), Some('{' | ','));
        is_key.then(|| if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") })
    }

    /// Names with dots between them, and how many tokens they are.
    fn dotted(&self) -> (String, usize) {
        let mut path = self.name(0).unwrap_or_default().to_owned();
        let mut length = 1;
        while self.sign(length) == Some('.')
            && let Some(name) = self.name(length + 1)
        {
            path.push('.');
            path.push_str(name);
            length += 2;
        }
        (path, length)
    }

    /// Takes the value that begins here.
    fn set(&mut self, path: String, settings: &mut BTreeMap<String, Value>) {
        if self.sign(0) == Some('{') {
            self.frames.push(Frame::Settings(path));
            self.at += 1;
            return;
        }
        let value = self.value();
        if !path.is_empty() {
            settings.insert(path, value);
        }
    }

    fn assign_variable(&mut self) {
        if let Some(name) = self.tokens.get(self.at.wrapping_sub(2))
            && let Token::Name(name) = name
            && let Value::Text(text) = self.value()
        {
            self.variables.insert(name, text);
        }
    }

    /// Texts and variables with `+` between them, or a truth value.
    fn value(&mut self) -> Value {
        let mut text = String::new();
        let mut is_text = false;
        loop {
            match self.tokens.get(self.at) {
                Some(Token::Text(part)) => {
                    text.push_str(part);
                    is_text = true;
                }
                Some(Token::Name(name)) if !is_text && (name == "true" || name == "false") => {
                    self.at += 1;
                    return Value::Truth(name == "true");
                }
                Some(Token::Name(name)) => match self.variables.get(name.as_str()) {
                    Some(value) => {
                        text.push_str(value);
                        is_text = true;
                    }
                    None => return Value::Unknown,
                },
                Some(Token::Sign(_)) | None => return Value::Unknown,
            }
            self.at += 1;
            if self.sign(0) != Some('+') {
                return Value::Text(text);
            }
            self.at += 1;
        }
    }
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        rest = if let Some(comment) = rest.strip_prefix("//") {
            comment.find('\n').map_or("", |end| &comment[end..])
        } else if let Some(comment) = rest.strip_prefix("/*") {
            comment.split_once("*/").map_or("", |(_, after)| after)
        } else if matches!(first, '\'' | '"' | '`') {
            let (text, after) = quoted(&rest[1..], first);
            tokens.push(Token::Text(text));
            after
        } else if is_of_name(first) {
            let end = rest.find(|c| !is_of_name(c)).unwrap_or(rest.len());
            tokens.push(Token::Name(rest[..end].to_owned()));
            &rest[end..]
        } else {
            if !first.is_whitespace() {
                tokens.push(Token::Sign(first));
            }
            &rest[first.len_utf8()..]
        };
    }
    tokens
}

fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$')
}

/// The text up to the closing quote, and what stands after it. A line's end closes it too, but for a template's.
fn quoted(text: &str, quote: char) -> (String, &str) {
    let mut content = String::new();
    let mut characters = text.char_indices();
    while let Some((at, c)) = characters.next() {
        match c {
            '\\' => content.extend(characters.next().map(|(_, escaped)| escaped)),
            '\n' if quote != '`' => return (content, &text[at..]),
            c if c == quote => return (content, &text[at + c.len_utf8()..]),
            c => content.push(c),
        }
    }
    (content, "")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// As Debian's packages write it, once nginx has filled in the subdomain.
    const DEBIAN: &str = r"
        var subdomain = '';
        if (subdomain) { subdomain = subdomain.substr(0, subdomain.length - 1).split('.').join('_') + '.'; }
        var subdir = '<!--# echo -->';
        subdir = '';
        var config = {
            // hosts: { domain: 'commented.example.com' },
            hosts: {
                domain: 'meet.example.com',
                muc: 'conference.' + subdomain + 'meet.example.com', /* focus: 'x' */
            },
            bosh: 'https://meet.example.com/' + subdir + 'http-bind',
            testing: { hosts: { domain: 'other' } },
            constraints: [{ bosh: 'no' }],
            enableWelcomePage: true,
        };
        config.tokenAuthUrl = 'https://sso.example.com/room/{room}?state={state}';
    ";

    /// As docker-jitsi-meet writes it.
    const DOCKER: &str = r"
        if (!config.hasOwnProperty('hosts')) config.hosts = {};
        config.hosts.domain = 'meet.jitsi';
        config.hosts.muc = 'muc.' + subdomain + 'meet.jitsi';
        if (config.bosh == 'x') { config.bosh = '/http-bind'; }
        config.tokenAuthUrlAutoRedirect = false;
        config.tokenAuthUrlAutoRedirect = true;
        other.tokenAuthUrl = 'no';
    ";

    #[test]
    fn an_object_is_read_with_its_variables() {
        let script = Script::read(DEBIAN);

        assert_eq!(script.text("hosts.domain"), Some("meet.example.com"));
        assert_eq!(script.text("hosts.muc"), Some("conference.meet.example.com"));
        assert_eq!(script.text("hosts.focus"), None);
        assert_eq!(script.text("bosh"), Some("https://meet.example.com/http-bind"));
        assert_eq!(script.text("tokenAuthUrl"), Some("https://sso.example.com/room/{room}?state={state}"));
        assert!(script.is_on("enableWelcomePage"));
    }

    #[test]
    fn assignments_are_read_and_the_last_counts() {
        let script = Script::read(&format!("var config = {{}}; var subdomain = ''; {DOCKER}"));

        assert_eq!(script.text("hosts.domain"), Some("meet.jitsi"));
        assert_eq!(script.text("hosts.muc"), Some("muc.meet.jitsi"));
        assert_eq!(script.text("bosh"), Some("/http-bind"));
        assert!(script.is_on("tokenAuthUrlAutoRedirect"));
        assert_eq!(script.text("tokenAuthUrl"), None);
    }

    #[test]
    fn what_only_running_would_tell_is_not_guessed() {
        let script = Script::read("config.bosh = location.host + '/http-bind'; config.hosts = { domain: name() };");

        assert_eq!((script.text("bosh"), script.text("hosts.domain")), (None, None));
        assert!(!script.is_empty());
    }

    #[test]
    fn what_is_no_script_sets_nothing() {
        assert!(Script::read("<!doctype html><title>404 Not Found</title>").is_empty());
    }

    proptest! {
        #[test]
        fn any_text_is_read_to_its_end(text in "(config|hosts|[a-z.'\"`{}()\\[\\]:=,+/*\\\\\n é]){0,200}") {
            Script::read(&text);
        }
    }
}
