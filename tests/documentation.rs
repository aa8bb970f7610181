//! What the documentation tells operators to write is taken by the program.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test ends where something unexpected happens")]

use std::fs;
use std::path::{Path, PathBuf};

use roomkey::config::{Config, Environment, LoadError, Loaded};

/// Where the examples expect secrets.
const FOLDERS: [&str; 3] = ["/run/credentials/roomkey.service", "/run/secrets", "/etc/roomkey/secrets"];

/// What stands around an example that shows one section alone.
const AROUND: &str = r#"
public_url = "https://sso.example.com"

[meeting]
url = "https://meet.example.com"

[session]
secret_file = "/run/secrets/session"
"#;

const SIGNING: &str = r#"
[meeting.signing]
algorithm = "HS256"
secret_file = "/run/secrets/jitsi"
"#;

const PROVIDER: &str = r#"
[[providers]]
id = "work"
kind = "oidc"
issuer = "https://id.example.com/realms/main"
client_id = "roomkey"
client_secret_file = "/run/secrets/work"
"#;

const RULE: &str = r#"
[[access]]
rooms = ["*"]
role = "participant"
"#;

/// Files of the repository whose examples are tried.
const PAGES: [&str; 31] = [
    "docs/audit.md",
    "docs/passes.md",
    "docs/sites/event.md",
    "docs/sites/practice.md",
    "docs/moving-in.md",
    "README.md",
    "docs/getting-started.md",
    "docs/jitsi.md",
    "docs/keys.md",
    "docs/rules.md",
    "docs/rosters.md",
    "docs/sites/school.md",
    "docs/sites/company.md",
    "docs/providers/generic-oidc.md",
    "docs/troubleshooting.md",
    "docs/branding.md",
    "docs/providers/keycloak.md",
    "docs/providers/authentik.md",
    "docs/providers/zitadel.md",
    "docs/providers/okta.md",
    "docs/providers/auth0.md",
    "docs/providers/gitlab.md",
    "docs/providers/nextcloud.md",
    "docs/providers/apple.md",
    "docs/providers/dex.md",
    "docs/providers/google.md",
    "docs/providers/entra.md",
    "docs/providers/github.md",
    "docs/providers/guest.md",
    "docs/providers/ldap.md",
    "docs/providers/saml.md",
];

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All blocks of a page that are marked as TOML.
fn examples(page: &str) -> Vec<String> {
    let text = fs::read_to_string(repository().join(page)).unwrap();
    let blocks = text.split("```toml\n").skip(1);
    blocks.map(|block| block.split_once("```").unwrap().0.to_owned()).collect()
}

/// A whole file around an example.
fn whole(example: &str) -> String {
    if example.contains("public_url") {
        return example.to_owned();
    }
    let provider = if example.contains("[[providers]]") { "" } else { PROVIDER };
    let rule = if example.contains("[[access]]") { "" } else { RULE };
    let signing = if example.contains("[meeting.signing]") { "" } else { SIGNING };
    format!("{AROUND}{signing}{provider}{example}{rule}")
}

/// Loads `text` with secrets where it expects them.
fn load(text: &str, environment: &Environment) -> Result<Loaded, LoadError> {
    let folder = tempfile::tempdir().unwrap();
    for (number, name) in ["jitsi", "session", "work", "jitsi.next"].iter().enumerate() {
        let secret = format!("{number}9f0c3b7e5d1a8462{number}b6d3e7f10a95c284\n");
        fs::write(folder.path().join(name), secret).unwrap();
    }
    fs::copy(repository().join("tests/data/keys/ec-p256.pem"), folder.path().join("apple.p8")).unwrap();
    fs::copy(repository().join("tests/data/saml/federation.pem"), folder.path().join("federation.pem")).unwrap();
    fs::copy(repository().join("tests/data/keys/rsa-2048-pkcs8.pem"), folder.path().join("jitsi.pem")).unwrap();
    fs::write(folder.path().join("roster.csv"), "email,room,role\nada@example.com,lab,teacher\n").unwrap();
    let school = folder.path().join("oneroster");
    fs::create_dir(&school).unwrap();
    fs::write(school.join("users.csv"), "sourcedId,email\nu,ada@example.com\n").unwrap();
    fs::write(school.join("classes.csv"), "sourcedId,title,classCode\nc,Maths,M\n").unwrap();
    fs::write(school.join("enrollments.csv"), "classSourcedId,userSourcedId,role\nc,u,teacher\n").unwrap();
    let text = FOLDERS.iter().fold(text.to_owned(), |text, place| text.replace(place, folder.path().to_str().unwrap()));
    let file: PathBuf = folder.path().join("roomkey.toml");
    fs::write(&file, text).unwrap();
    Config::load(&file, environment)
}

#[test]
fn every_example_of_the_guide_is_a_good_configuration() {
    let mut tried = 0;
    for page in PAGES {
        for example in examples(page) {
            match load(&whole(&example), &Environment::default()) {
                Ok(_) => tried += 1,
                Err(LoadError::Wrong(report)) => panic!("{page}:\n{example}\n{report}"),
                Err(error) => panic!("{page}: {error}"),
            }
        }
    }

    assert!(tried >= 24, "only {tried} examples were found");
}

#[test]
fn the_configuration_for_docker_is_good_with_its_variable() {
    let text = fs::read_to_string(repository().join("deploy/docker-jitsi-meet/roomkey.toml")).unwrap();
    let environment = Environment::from_iter([("JWT_APP_SECRET", "5b0de2f1c7a9483699c3d10b7fe8a264")]);

    let loaded = load(&text, &environment);
    let without = load(&text, &Environment::default());

    assert!(loaded.is_ok(), "{}", loaded.unwrap_err());
    assert!(matches!(without, Err(LoadError::Wrong(report)) if report.to_string().contains("JWT_APP_SECRET")));
}

#[test]
fn every_link_between_pages_leads_to_a_file() {
    for page in PAGES.into_iter().chain(["docs/README.md", "docs/configuration.md", "SECURITY.md"]) {
        let text = fs::read_to_string(repository().join(page)).unwrap();
        let folder = repository().join(page).parent().unwrap().to_owned();
        for link in text.split("](").skip(1).map(|rest| rest.split(')').next().unwrap()) {
            let file = link.split('#').next().unwrap();
            let is_local = !file.is_empty() && !link.starts_with("https://");
            assert!(!is_local || folder.join(file).exists(), "{page} links to {link}");
        }
    }
}

/// The lines of code of `folder` and below.
fn code_of(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let lines = entries.flat_map(|path| match path.is_dir() {
        true => code_of(&path),
        false => fs::read_to_string(path).unwrap().lines().map(str::to_owned).collect(),
    });
    lines.collect()
}

/// Whether `line` has each part of `quoted`, in which `…` stands for whatever is there.
fn is_quoted(line: &str, quoted: &str) -> bool {
    let parts = quoted.split('…').filter(|part| !part.is_empty());
    let rest = parts.into_iter().try_fold(line, |rest, part| rest.split_once(part).map(|(_, after)| after));
    rest.is_some()
}

/// The lines of the doctor's that the table under `heading` of `page` quotes, in that column.
fn quoted_lines(page: &str, heading: &str, column: usize) -> Vec<String> {
    let guide = fs::read_to_string(repository().join(page)).unwrap();
    let (_, table) = guide.split_once(heading).unwrap();
    let rows = table.split("\n\n").next().unwrap().lines().skip(2);
    let quoted = rows.map(|row| {
        let said = row.split('|').nth(column).unwrap().trim();
        said.strip_prefix('`').and_then(|said| said.strip_suffix('`')).unwrap_or_else(|| panic!("{row}")).to_owned()
    });
    quoted.collect()
}

#[test]
fn every_line_that_the_guide_quotes_of_the_doctor_is_one_of_the_doctors() {
    let code = code_of(&repository().join("src/doctor"));

    for (page, heading, column, least) in [
        ("docs/troubleshooting.md", "| symptom | the doctor says | |", 2, 25),
        ("docs/providers/saml.md", "| the doctor says | cause, and what to do |", 1, 15),
    ] {
        let lines = quoted_lines(page, heading, column);

        for quoted in &lines {
            assert!(code.iter().any(|line| is_quoted(line, quoted)), "the doctor does not say: {quoted}");
        }
        assert!(lines.len() >= least, "only {} rows were found in {page}", lines.len());
    }
    assert!(!code.iter().any(|line| is_quoted(line, "Prosody accepts … with gratitude")));
}
