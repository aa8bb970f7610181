//! What presets take for granted, at a directory that has it: FreeIPA's attributes and lldap's names.

use crate::stage::{ACCESS, bare_provider, is_wrong, log_in, outcome};
use crate::support::roomkey::Roomkey;
use crate::support::slapd::{Authority, Manner, PASSWORD, SERVICE_PASSWORD, SUFFIX, Slapd, group, person};
use crate::support::visitor::{Page, Visitor};

/// Attributes that FreeIPA has and slapd's schemas lack.
const FREE_IPA: &str = "attributetype ( 2.16.840.1.113730.3.8.3.1 NAME 'ipaUniqueID' EQUALITY caseIgnoreMatch \
     SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )\n\
     attributetype ( 2.16.840.1.113730.3.1.610 NAME 'nsAccountLock' EQUALITY caseIgnoreMatch \
     SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )\n\
     objectclass ( 2.16.840.1.113730.3.8.4.1 NAME 'ipaObject' AUXILIARY MAY ( ipaUniqueID $ nsAccountLock ) )\n";

fn roomkey(slapd: &Slapd, authority: &Authority, preset: &str) -> Roomkey {
    let account = format!("bind_dn = \"cn=roomkey,ou=services,{SUFFIX}\"\nbind_password = \"{SERVICE_PASSWORD}\"\n");
    let provider = bare_provider(&[slapd.tls_url()], authority);
    let groups = format!("group_base_dn = \"ou=groups,{SUFFIX}\"\n");
    let session = "[session]\nsecret = \"eleven-paper-boats-drift-past-the-mill\"\nconfirm = \"1s\"\n";
    Roomkey::start(&format!("{session}{provider}{account}preset = \"{preset}\"\n{groups}{ACCESS}"))
}

fn is_moderator(page: &Page) -> bool {
    page.meeting_claims()["context"]["user"]["moderator"] == true
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn free_ipa_s_unique_id_is_the_subject_and_a_locked_account_ends_the_session() {
    let authority = Authority::new();
    let mary = person("mary", "displayName: Mary Midgley\nipaUniqueID: 5a1b-mary\n");
    let kinds = "objectClass: inetOrgPerson\n";
    let entries = mary.replace(kinds, &format!("{kinds}objectClass: ipaObject\n"));
    let slapd = Slapd::start_in(&authority, &Manner { global: FREE_IPA, entries });
    slapd.add(&group("board,ou=groups", &["uid=mary,ou=people"]));
    let roomkey = roomkey(&slapd, &authority, "freeipa");
    let mut visitor = Visitor::new();

    let entered = log_in(&roomkey, &mut visitor, "mary", PASSWORD).await;
    let without_id = log_in(&roomkey, &mut Visitor::new(), "ada", PASSWORD).await;
    slapd.modify(&format!(
        "dn: uid=mary,ou=people,{SUFFIX}\nchangetype: modify\nadd: nsAccountLock\nnsAccountLock: TRUE\n"
    ));
    tokio::time::sleep(std::time::Duration::from_millis(1200)).await;
    let locked = visitor.get(&format!("{}/room/later", roomkey.url)).await;

    assert_eq!(outcome(&entered), (303, "Mary Midgley".to_owned()), "{}", roomkey.log());
    assert!(is_moderator(&entered), "by `memberOf`");
    roomkey.wait_for_log("(`no-ipaUniqueID`)");
    assert_eq!(without_id.status, 502);
    assert_eq!((locked.status.as_u16(), locked.heading().as_str()), (200, "Log in"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lldap_s_people_are_known_by_name_and_by_address() {
    let authority = Authority::new();
    let slapd = Slapd::start(&authority);
    slapd.add(&group("board,ou=groups", &["uid=ada,ou=people"]));
    let roomkey = roomkey(&slapd, &authority, "lldap");
    let entered = (303, "Ada Lovelace".to_owned());

    for name in ["ada", "ada@example.com"] {
        let page = log_in(&roomkey, &mut Visitor::new(), name, PASSWORD).await;

        assert_eq!(outcome(&page), entered, "{name}\n{}", roomkey.log());
        assert!(is_moderator(&page), "by `memberOf`");
    }
    assert!(is_wrong(&log_in(&roomkey, &mut Visitor::new(), "Ada Lovelace", PASSWORD).await));
}
