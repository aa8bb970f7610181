//! jitsi-openid's environment (its `src/cfg.rs`, and `src/routes.rs` for what the variables do).

use url::Url;

use super::ImportError;
use super::draft::Draft;
use super::variables::{Variables, ends_in_newline};

const PROGRAM: &str = "jitsi-openid";

/// The names of the variable that gives the issuer.
pub(super) const ISSUER: [&str; 2] = ["ISSUER_URL", "ISSUER_BASE_URL"];

/// It passes both claims on as they are, and Jitsi's `token_affiliation` makes moderators by them.
const MODERATORS: [(&str, &str); 2] = [
    ("moderators by affiliation", r#"{ affiliation = ["owner", "moderator", "teacher"] }"#),
    ("moderators by claim", "{ moderator = true }"),
];

pub(super) fn draft(variables: &Variables) -> Result<Draft, ImportError> {
    let required = |name| variables.required(name, PROGRAM);
    let base_url = required("BASE_URL")?;
    let issuer = ISSUER.iter().find_map(|name| variables.get(name));
    let secret = |name: &'static str, other: &str| {
        let reference = variables.secret(name).or_else(|| variables.secret(other));
        reference.ok_or(ImportError::Missing { name, program: PROGRAM })
    };
    let signing_secret = secret("JITSI_SECRET", "JITSI_SECRET")?;
    let client_secret = secret("CLIENT_SECRET", "SECRET")?;
    let mut notes = vec![
        "tokens open the one room that was asked for, for 5 minutes (meeting.token_lifetime); those of jitsi-openid opened \
         every room for a day"
            .to_owned(),
        "context.user.id is a pseudonym, and no longer the login name".to_owned(),
        "an address goes into the token only if the provider says that it is verified; if it vouches for all of them, add \
         [providers.claims] with email_verified = true"
            .to_owned(),
        "a name is not put together from given_name, middle_name and family_name: without name, preferred_username is taken"
            .to_owned(),
    ];
    for (name, secret) in [("JITSI_SECRET", &signing_secret), ("CLIENT_SECRET", &client_secret)] {
        if ends_in_newline(secret) {
            notes.push(format!("the file of {name} ends in a newline, which jitsi-openid took for a part of the secret and Roomkey does not"));
        }
    }
    if let Some(verified) = variables.switch("VERIFY_ACCESS_TOKEN_HASH") {
        notes.push(format!(
            "VERIFY_ACCESS_TOKEN_HASH={verified} has no equivalent: at_hash is compared whenever the provider sends it, and may be left out"
        ));
    }
    let mut scopes = variables.words("SCOPES");
    if scopes.is_empty() {
        scopes = ["profile", "email"].map(str::to_owned).to_vec();
    }
    // The library that it is made with asks for `openid` by itself.
    if !scopes.iter().any(|scope| scope == "openid") {
        scopes.insert(0, "openid".to_owned());
    }
    Ok(Draft {
        program: PROGRAM,
        compat: "jitsi_openid",
        public_url: folder_of(&base_url)?,
        listen: variables.get("LISTEN_ADDR").unwrap_or_else(|| "127.0.0.1:3000".to_owned()),
        meeting_url: required("JITSI_URL")?,
        app_id: "jitsi".to_owned(),
        audience: "jitsi".to_owned(),
        subject: Some(required("JITSI_SUB")?),
        group: variables.get("GROUP"),
        skip_prejoin: variables.switch("SKIP_PREJOIN_SCREEN").unwrap_or(true),
        token_lifetime: None,
        algorithm: "HS256".to_owned(),
        signing_secret,
        issuer: issuer.ok_or(ImportError::Missing { name: "ISSUER_URL", program: PROGRAM })?,
        client_id: required("CLIENT_ID")?,
        client_secret: Some(client_secret),
        scopes,
        acr_values: variables.words("ACR_VALUES"),
        moderators: &MODERATORS,
        notes,
    })
}

/// The address below which `callback` stands: the name behind the last slash is not part of it (RFC 3986, section 5.2.3).
fn folder_of(base_url: &str) -> Result<String, ImportError> {
    let wrong = |_| ImportError::Wrong { name: "BASE_URL", wrong: "is no address" };
    let folder = Url::parse(base_url).and_then(|url| url.join(".")).map_err(wrong)?;
    Ok(folder.as_str().trim_end_matches('/').to_owned())
}
