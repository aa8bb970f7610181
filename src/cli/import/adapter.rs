//! jitsi-oidc-adapter's environment (its `src/config.ts`, and `src/adapter.ts` for what the variables do).

use std::net::{IpAddr, SocketAddr};

use url::Url;

use super::ImportError;
use super::draft::Draft;
use super::variables::Variables;

const PROGRAM: &str = "jitsi-oidc-adapter";

/// Longest life of a token in Roomkey, in seconds.
const LONGEST: u64 = 86_400;

pub(super) fn draft(variables: &Variables, meeting_url: Option<&str>) -> Result<Draft, ImportError> {
    let meeting_url = Url::parse(meeting_url.ok_or(ImportError::NoMeetingUrl)?);
    let meeting_url = meeting_url.map_err(|_| ImportError::BadMeetingUrl)?;
    // It answers on the host of the meetings, below `/oidc/`, and Jitsi's proxy passes on nothing else.
    let public_url = meeting_url.join("/oidc").map_err(|_| ImportError::BadMeetingUrl)?;
    let algorithm = variables.get("JWT_ALG").unwrap_or_else(|| "HS256".to_owned());
    if !algorithm.starts_with("HS") {
        return Err(ImportError::Wrong { name: "JWT_ALG", wrong: "is not HS256, HS384 or HS512" });
    }
    let missing = |name| ImportError::Missing { name, program: PROGRAM };
    let mut notes = vec![
        "tokens carry no lobby_bypass and no security_bypass: whoever needs not wait is told by role, not by token".to_owned(),
        "the provider is not told prompt=consent at each login; prompt = \"consent\" in [[providers]] does that".to_owned(),
        "an address goes into the token only if the provider says that it is verified; if it vouches for all of them, add \
         [providers.claims] with email_verified = true"
            .to_owned(),
    ];
    let listen = listen(variables, &mut notes)?;
    let token_lifetime = token_lifetime(variables, &mut notes)?;
    let hash = variables.get("JWT_HASH").unwrap_or_else(|| "SHA-256".to_owned());
    if hash.trim_start_matches("SHA-") != &algorithm[2..] {
        notes.push(format!(
            "JWT_HASH={hash} does not belong to {algorithm}: tokens are signed by {algorithm} as it is defined"
        ));
    }
    if variables.switch("AUTO_RETURN_TO_APP") != Some(true) {
        notes.push(
            "apps open by themselves, as with AUTO_RETURN_TO_APP=true: there is no page with a link to press"
                .to_owned(),
        );
    }
    if variables.switch("ALLOW_UNSECURE_CERT") == Some(true) {
        notes.push(
            "ALLOW_UNSECURE_CERT has no equivalent: add the provider's authority to the system's certificates"
                .to_owned(),
        );
    }
    let app_id = variables.required("JWT_APP_ID", PROGRAM)?;
    let scopes = match variables.words("OIDC_SCOPES") {
        scopes if scopes.is_empty() => ["openid", "profile", "email"].map(str::to_owned).to_vec(),
        scopes => scopes,
    };
    Ok(Draft {
        program: PROGRAM,
        compat: "jitsi_oidc_adapter",
        public_url: public_url.into(),
        listen,
        meeting_url: meeting_url.into(),
        audience: app_id.clone(),
        app_id,
        subject: None,
        group: None,
        skip_prejoin: false,
        token_lifetime,
        algorithm,
        signing_secret: variables.secret("JWT_APP_SECRET").ok_or_else(|| missing("JWT_APP_SECRET"))?,
        issuer: variables.required("OIDC_ISSUER_URL", PROGRAM)?,
        client_id: variables.get("OIDC_CLIENT_ID").unwrap_or_else(|| "jitsi".to_owned()),
        client_secret: variables.secret("OIDC_CLIENT_SECRET"),
        scopes,
        acr_values: Vec::new(),
        moderators: &[],
        notes,
    })
}

fn listen(variables: &Variables, notes: &mut Vec<String>) -> Result<String, ImportError> {
    let port = variables.get("PORT").map_or(Ok(9000), |port| port.parse());
    let port: u16 = port.map_err(|_| ImportError::Wrong { name: "PORT", wrong: "is no port" })?;
    let loopback = IpAddr::from([127, 0, 0, 1]);
    let address = match variables.get("HOSTNAME") {
        None => loopback,
        Some(host) => host.parse().unwrap_or_else(|_| {
            notes.push(
                "HOSTNAME is no IP address: Roomkey listens on 127.0.0.1; in a container give 0.0.0.0".to_owned(),
            );
            loopback
        }),
    };
    Ok(SocketAddr::new(address, port).to_string())
}

fn token_lifetime(variables: &Variables, notes: &mut Vec<String>) -> Result<Option<String>, ImportError> {
    let Some(seconds) = variables.get("JWT_EXP_SECOND") else {
        notes.push("tokens live for 5 minutes (meeting.token_lifetime), and no longer for 3 hours: for the way into the meeting".to_owned());
        return Ok(None);
    };
    let seconds: u64 =
        seconds.parse().map_err(|_| ImportError::Wrong { name: "JWT_EXP_SECOND", wrong: "is no number of seconds" })?;
    if seconds > LONGEST {
        notes.push(format!("JWT_EXP_SECOND={seconds} is longer than a token may live: it is a day now"));
    }
    Ok(Some(format!("{}s", seconds.min(LONGEST))))
}
