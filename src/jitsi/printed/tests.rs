use super::*;
use crate::jitsi::testing::meeting;

fn meeting_of(subject: &str) -> Meeting {
    Meeting { subject: subject.to_owned(), url: "https://meet.example.com/".parse().unwrap(), ..meeting() }
}

fn printed<'a>(public_url: &'a Url, meeting: &'a Meeting) -> Printed<'a> {
    Printed {
        public_url,
        listen: ([0, 0, 0, 0], 8080).into(),
        meeting,
        algorithm: Algorithm::Hs256,
        secret: None,
        inline: None,
        guests: false,
    }
}

fn with<T>(act: impl FnOnce(Printed<'_>) -> T) -> T {
    let meeting = meeting_of("meet.example.com");
    act(printed(&"https://meet.example.com/sso/".parse().unwrap(), &meeting))
}

#[test]
fn the_secret_stands_there_only_if_it_is_given() {
    let (hidden, shown) = with(|plain| {
        let shown = Printed { secret: Some("seven-swans-a-swimming"), ..plain };
        ([plain.prosody(), plain.docker()], [shown.prosody(), shown.docker()])
    });

    assert!(hidden.iter().all(|text| text.contains(PLACEHOLDER)));
    assert!(shown.iter().all(|text| text.contains("seven-swans-a-swimming") && !text.contains(PLACEHOLDER)));
}

#[test]
fn public_keys_are_fetched_where_roomkey_has_them() {
    let (prosody, docker) = with(|plain| {
        let keys = Printed { algorithm: Algorithm::Rs256, ..plain };
        (keys.prosody(), keys.docker())
    });

    assert!(prosody.contains(r#"asap_key_server = "https://meet.example.com/sso/asap""#), "{prosody}");
    assert!(prosody.contains(r#"cache_keys_url = "https://meet.example.com/sso/.well-known/jwks.json""#), "{prosody}");
    assert!(docker.contains("JWT_ASAP_KEYSERVER=https://meet.example.com/sso/asap\n"), "{docker}");
    assert!(docker.contains("JWT_SIGN_TYPE=RS256\n"), "{docker}");
    assert!(!prosody.contains("app_secret") && !docker.contains("JWT_APP_SECRET"));
}

#[test]
fn either_door_has_its_own_address() {
    let (redirect, inline) =
        with(|plain| (plain.config_js(), Printed { inline: Some("jitsi meet"), ..plain }.config_js()));

    assert!(redirect.contains("config.tokenAuthUrl = 'https://meet.example.com/sso/room/{room}?state={state}';"));
    assert!(!redirect.contains("tokenAuthInline"));
    assert!(inline.contains("config.tokenAuthInline = true;"));
    assert!(inline.contains("/sso/oauth2/authorize?response_type=code&scope=openid&client_id=jitsi+meet&redirect_uri=https%3A%2F%2Fmeet.example.com%2Fstatic%2Fsso.html&state={state}&code_challenge={code_challenge}&code_challenge_method=S256'"), "{inline}");
    assert!(inline.contains("tokenService: 'meet.example.com/sso/oauth2', clientId: 'jitsi meet'"));
}

#[test]
fn guests_wait_for_a_host() {
    let (prosody, docker, config_js) = with(|plain| {
        let guests = Printed { guests: true, ..plain };
        (guests.prosody(), guests.docker(), guests.config_js())
    });

    assert!(prosody.contains("VirtualHost \"guest.meet.example.com\"\n    authentication = \"jitsi-anonymous\""));
    assert!(prosody.contains("\"muc_wait_for_host\"") && prosody.contains("\"persistent_lobby\""));
    assert!(
        docker.contains("ENABLE_GUESTS=1") && docker.contains("XMPP_MUC_MODULES=token_affiliation,muc_wait_for_host")
    );
    assert!(config_js.contains("config.hosts.anonymousdomain = 'guest.meet.example.com';"));
}

#[test]
fn nginx_passes_on_below_the_path_or_from_a_host_of_its_own() {
    let meeting = meeting_of("meet.jitsi");
    let (below, own) = ("https://meet.example.com/sso/".parse().unwrap(), "https://sso.example.com/".parse().unwrap());

    let same_host = printed(&below, &meeting).nginx(false);
    let in_docker = printed(&below, &meeting).nginx(true);
    let own = printed(&own, &meeting).nginx(false);

    assert!(same_host.contains("location ^~ /sso/ {") && same_host.contains("proxy_pass http://127.0.0.1:8080;"));
    assert!(in_docker.contains("set $roomkey http://roomkey:8080;"));
    assert!(own.contains("server_name sso.example.com;") && own.contains("location / {"));
}

#[test]
fn a_value_cannot_leave_its_quotes() {
    let meeting = Meeting { app_id: r#"a" b\'$c"#.to_owned(), ..meeting_of("meet.jitsi") };
    let public_url = "https://sso.example.com/".parse().unwrap();

    let printed = printed(&public_url, &meeting);

    assert!(printed.prosody().contains(r#"app_id = "a\" b\\'$c""#));
    assert!(printed.docker().contains(r#"JWT_APP_ID='a" b\\'$c'"#), "{}", printed.docker());
}
