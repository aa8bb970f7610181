//! Section `[compat]`.

use super::{LEAST, check, least_with};
use crate::config::{Config, ProviderKind};

fn config(lines: &str) -> Config {
    check(&least_with("compat", lines), &[]).unwrap_or_else(|report| panic!("{report}")).config
}

fn redirect_uri(config: Config) -> String {
    match config.providers.into_iter().next().unwrap().kind {
        ProviderKind::Oidc(settings) => settings.redirect_uri.into(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_provider_keeps_the_redirect_uri_of_the_program_before() {
    let openid = redirect_uri(config("jitsi_openid = \"work\""));
    let adapter = redirect_uri(config("jitsi_oidc_adapter = \"work\""));

    assert_eq!(openid, "https://sso.example.com/callback");
    assert_eq!(adapter, "https://sso.example.com/oidc/tokenize");
}

#[test]
fn who_cannot_have_a_former_redirect_uri_is_told() {
    let report = |lines: &str, more: &str| {
        let text = format!("{}{more}", least_with("compat", lines));
        let report = check(&text, &[]).map(|_| ()).unwrap_err();
        report.lines().map(|line| line.to_string().replacen("roomkey.toml:", "", 1)).collect::<Vec<_>>().join("\n")
    };
    let line = LEAST.lines().count() + 2;

    let unknown = report("jitsi_openid = \"school\"", "");
    let guest = report("jitsi_openid = \"guest\"", "[[providers]]\nid = \"guest\"\nkind = \"guest\"\n");
    let twice = report("jitsi_openid = \"work\"\njitsi_oidc_adapter = \"work\"", "");

    let school = "no provider has the id `school`; give the `id` of one of `[[providers]]`";
    assert_eq!(unknown, format!("{line}:16: compat.jitsi_openid: {school}"));
    let nobody = "nobody comes back from `guest`; name a provider where people log in";
    assert_eq!(guest, format!("{line}:16: compat.jitsi_openid: {nobody}"));
    let already =
        "`work` has the redirect URI of jitsi-openid already; keep the one that is registered at the provider";
    assert_eq!(twice, format!("{}:22: compat.jitsi_oidc_adapter: {already}", line + 1));
}
