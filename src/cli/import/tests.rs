use super::*;

fn variables(pairs: &[(&str, &str)]) -> Variables {
    Variables::read(&pairs.iter().copied().collect(), None).unwrap()
}

const OPENID: [(&str, &str); 7] = [
    ("JITSI_SECRET", "e3a5f0c9b1d74826af0e5c3d9b718264"),
    ("JITSI_URL", "https://meet.example.com"),
    ("JITSI_SUB", "meet.jitsi"),
    ("ISSUER_URL", "https://id.example.com/realms/main"),
    ("BASE_URL", "https://auth.meet.example.com"),
    ("CLIENT_ID", "meet \"1\""),
    ("CLIENT_SECRET", "what-they-gave-us"),
];

const ADAPTER: [(&str, &str); 3] = [
    ("OIDC_ISSUER_URL", "https://id.example.com/realms/main"),
    ("JWT_APP_ID", "app"),
    ("JWT_APP_SECRET", "e3a5f0c9b1d74826af0e5c3d9b718264"),
];

fn draft_of(base: &[(&str, &str)], more: &[(&str, &str)]) -> Draft {
    let all: Vec<_> = base.iter().chain(more).copied().collect();
    draft(None, &variables(&all), Some("https://meet.example.com")).unwrap_or_else(|error| panic!("{error}"))
}

/// The configuration that Roomkey reads out of a draft.
fn loaded(draft: &Draft, base: &[(&str, &str)]) -> Config {
    let text = draft.text(&SessionSecret::draw().unwrap().in_clear());
    let environment = base.iter().copied().collect();
    let loaded = Config::check_text(Path::new("roomkey.toml"), text.clone(), &environment);
    loaded.unwrap_or_else(|report| panic!("{text}\n{report}")).config
}

fn oidc(config: Config) -> crate::provider::oidc::Settings {
    match config.providers.into_iter().next().unwrap().kind {
        crate::config::ProviderKind::Oidc(settings) => settings,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_least_of_each_environment_is_a_good_configuration() {
    let openid = loaded(&draft_of(&OPENID, &[]), &OPENID);
    let adapter = loaded(&draft_of(&ADAPTER, &[]), &ADAPTER);

    let meeting = &openid.meeting;
    assert_eq!([meeting.app_id.as_str(), &meeting.audience, &meeting.subject], ["jitsi", "jitsi", "meet.jitsi"]);
    assert_eq!((openid.server.listen.to_string().as_str(), meeting.skip_prejoin), ("127.0.0.1:3000", true));
    assert_eq!(openid.rules.len(), 3);
    let provider = oidc(openid);
    assert_eq!(provider.redirect_uri.as_str(), "https://auth.meet.example.com/callback");
    assert_eq!(
        (provider.client_id.as_str(), provider.scopes.join(" ").as_str()),
        ("meet \"1\"", "openid profile email")
    );
    let meeting = &adapter.meeting;
    assert_eq!([meeting.app_id.as_str(), &meeting.audience, &meeting.subject], ["app", "app", "meet.example.com"]);
    assert_eq!((adapter.server.listen.to_string().as_str(), meeting.skip_prejoin), ("127.0.0.1:9000", false));
    assert_eq!(adapter.public_url.to_string(), "https://meet.example.com/oidc");
    let provider = oidc(adapter);
    assert_eq!(provider.redirect_uri.as_str(), "https://meet.example.com/oidc/tokenize");
    assert!(matches!(provider.client_auth, crate::provider::oidc::ClientAuth::None), "without a secret it is public");
}

#[test]
fn every_variable_of_jitsi_openid_has_its_place() {
    let more = [
        ("ACR_VALUES", "silver gold"),
        ("SCOPES", "email jitsi"),
        ("VERIFY_ACCESS_TOKEN_HASH", "false"),
        ("SKIP_PREJOIN_SCREEN", "false"),
        ("GROUP", "example"),
        ("LISTEN_ADDR", "0.0.0.0:3001"),
    ];

    let draft = draft_of(&OPENID, &more);

    let config = loaded(&draft, &OPENID);
    assert_eq!((config.meeting.group.as_deref(), config.meeting.skip_prejoin), (Some("example"), false));
    assert_eq!(config.server.listen.to_string(), "0.0.0.0:3001");
    let provider = oidc(config);
    assert_eq!(
        (provider.acr_values.join(" "), provider.scopes.join(" ")),
        ("silver gold".into(), "openid email jitsi".into())
    );
    assert!(draft.notes.iter().any(|note| note.contains("VERIFY_ACCESS_TOKEN_HASH=false has no equivalent")));
}

#[test]
fn every_variable_of_jitsi_oidc_adapter_has_its_place() {
    let more = [
        ("OIDC_CLIENT_ID", "meetings"),
        ("OIDC_CLIENT_SECRET", "what-they-gave-us"),
        ("OIDC_SCOPES", "openid email"),
        ("JWT_ALG", "HS384"),
        ("JWT_HASH", "SHA-256"),
        ("JWT_EXP_SECOND", "3600"),
        ("HOSTNAME", "a1b2c3d4e5"),
        ("PORT", "9001"),
        ("AUTO_RETURN_TO_APP", "false"),
    ];
    let all: Vec<_> = ADAPTER.iter().chain(&more).copied().collect();

    let draft = draft_of(&ADAPTER, &more);

    let config = loaded(&draft, &all);
    assert_eq!(config.signing.algorithm(), crate::jitsi::Algorithm::Hs384);
    assert_eq!(config.meeting.token_lifetime.as_secs(), 3600);
    assert_eq!(config.server.listen.to_string(), "127.0.0.1:9001");
    let provider = oidc(config);
    assert_eq!((provider.client_id.as_str(), provider.scopes.join(" ").as_str()), ("meetings", "openid email"));
    assert!(matches!(provider.client_auth, crate::provider::oidc::ClientAuth::SecretBasic(_)));
    for told in ["JWT_HASH=SHA-256 does not belong to HS384", "HOSTNAME is no IP address", "AUTO_RETURN_TO_APP"] {
        assert!(draft.notes.iter().any(|note| note.contains(told)), "{told}");
    }
}

#[test]
fn no_secret_leaves_its_place() {
    let draft = draft_of(&OPENID, &[]);

    let text = draft.text("");

    assert!(text.contains("secret_env = \"JITSI_SECRET\"") && text.contains("client_secret_env = \"CLIENT_SECRET\""));
    assert!(!text.contains(OPENID[0].1) && !text.contains(OPENID[6].1));
}

#[test]
fn secrets_in_files_stay_there_and_other_values_are_read_from_theirs() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let (secret, id) = (file("secret", "e3a5f0c9b1d74826af0e5c3d9b718264\n"), file("id", "meetings\n"));
    let mut environment = OPENID.to_vec();
    environment.retain(|(name, _)| !["JITSI_SECRET", "CLIENT_ID"].contains(name));
    environment.extend([("JITSI_SECRET_FILE", secret.as_str()), ("CLIENT_ID_FILE", id.as_str())]);

    let draft = draft_of(&environment, &[]);

    assert!(draft.text("").contains(&format!("secret_file = \"{secret}\"")));
    assert_eq!(oidc(loaded(&draft, &environment)).client_id, "meetings");
    assert!(draft.notes.iter().any(|note| note.starts_with("the file of JITSI_SECRET ends in a newline")));
}

#[test]
fn a_base_url_counts_up_to_its_last_slash() {
    let public_url = |base_url| {
        let all: Vec<_> =
            OPENID.iter().map(|&(name, value)| (name, if name == "BASE_URL" { base_url } else { value })).collect();
        draft_of(&all, &[]).public_url
    };

    assert_eq!(public_url("https://a.example.com/"), "https://a.example.com");
    assert_eq!(public_url("https://a.example.com/sso/"), "https://a.example.com/sso");
    assert_eq!(public_url("https://a.example.com/sso"), "https://a.example.com");
}

#[test]
fn what_is_missing_is_named() {
    let told = |pairs: &[(&str, &str)], url| draft(None, &variables(pairs), url).err().unwrap().to_string();

    assert!(told(&[], None).starts_with("the environment is neither"));
    assert_eq!(told(&OPENID[1..], None), "`JITSI_SECRET` is not set, and jitsi-openid cannot do without it");
    assert!(told(&ADAPTER, None).ends_with("add `--meeting-url https://…`"));
    assert_eq!(
        told(&ADAPTER[..2], Some("https://a.example.com")),
        "`JWT_APP_SECRET` is not set, and jitsi-oidc-adapter cannot do without it"
    );
    let mut signed_by_rsa = ADAPTER.to_vec();
    signed_by_rsa.push(("JWT_ALG", "RS256"));
    assert_eq!(told(&signed_by_rsa, Some("https://a.example.com")), "`JWT_ALG` is not HS256, HS384 or HS512");
}

#[test]
fn a_file_of_variables_counts_before_the_process_and_its_lines_are_never_repeated() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(".env");
    let process: Environment = [("GROUP", "process"), ("CLIENT_ID", "process")].into_iter().collect();
    std::fs::write(&path, "# of Compose\nexport GROUP='from file'\nSCOPES=\"openid email\"\n").unwrap();

    let read = Variables::read(&process, Some(&path)).unwrap();

    let values = ["GROUP", "CLIENT_ID", "SCOPES"].map(|name| read.get(name).unwrap_or_default());
    assert_eq!(values, ["from file", "process", "openid email"]);
    std::fs::write(&path, "GROUP=a\nhunter2 is no variable\n").unwrap();
    let told = Variables::read(&process, Some(&path)).err().unwrap().to_string();
    assert!(told.ends_with(".env: what follows `GROUP` is no `NAME=value`"), "{told}");
}
