//! Makes a person of what GitHub's API says, and decides whether their organisations admit them.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::api::{Answers, User};
use crate::provider::ProviderError;
use crate::provider::identity::{Person, Subject};

/// Members of `GET /user` that rules can ask for; the others say nothing of who somebody is.
const CLAIMS: [&str; 4] = ["company", "location", "type", "site_admin"];

/// A person, known and admitted.
pub(super) struct Known {
    pub(super) subject: Subject,
    pub(super) person: Person,
    pub(super) claims: Map<String, Value>,
}

impl Answers {
    /// Admits the person if they are in one of `organizations`, or if there are none to be in.
    ///
    /// # Errors
    /// [`ProviderError::NotAdmitted`]: another account may fit. [`ProviderError::SignOnNeeded`]: perhaps this one, once the
    /// organisation shows its members.
    pub(super) fn admit(self, organizations: &[String]) -> Result<Known, ProviderError> {
        let groups = self.groups(organizations);
        if !organizations.is_empty() && groups.is_empty() {
            return Err(match self.is_partial {
                true => ProviderError::SignOnNeeded,
                false => ProviderError::NotAdmitted {
                    reason: "in none of the `organizations`, as GitHub shows them".to_owned(),
                },
            });
        }
        let primary = self.emails.into_iter().find(|email| email.primary);
        let User { id, login, name, avatar_url, more } = self.user;
        let mut claims: Map<_, _> = more.into_iter().filter(|(claim, _)| CLAIMS.contains(&claim.as_str())).collect();
        claims.insert("id".to_owned(), id.into());
        claims.insert("login".to_owned(), login.clone().into());
        let name = name.filter(|name| !name.trim().is_empty()).unwrap_or(login);
        Ok(Known {
            subject: Subject(id.to_string()),
            person: Person {
                name: Some(name),
                email_verified: primary.as_ref().is_some_and(|email| email.verified),
                email: primary.map(|email| email.email),
                avatar: avatar_url.filter(|address| !address.is_empty()),
                groups,
            },
            claims,
        })
    }

    /// `org` and `org/team`, of `organizations` in the operator's spelling, or of all if there are none. GitHub's names have no
    /// case.
    fn groups(&self, organizations: &[String]) -> Vec<String> {
        let spelt = |login: &str| match organizations {
            [] => Some(login.to_owned()),
            named => named.iter().find(|name| name.eq_ignore_ascii_case(login)).cloned(),
        };
        let active = self.memberships.iter().filter(|membership| membership.state == "active");
        let in_organizations: Vec<_> = active.filter_map(|membership| spelt(&membership.organization.login)).collect();
        let teams = self.teams.iter().filter_map(|team| {
            // Somebody can be invited into a team before they have accepted to be in its organisation.
            let organization = spelt(&team.organization.login).filter(|name| in_organizations.contains(name))?;
            Some(format!("{organization}/{}", team.slug))
        });
        let mut seen = HashSet::new();
        in_organizations.iter().cloned().chain(teams).filter(|group| seen.insert(group.clone())).collect()
    }
}

#[cfg(test)]
mod tests {
    use serde::de::DeserializeOwned;
    use serde_json::json;

    use super::*;

    fn read<T: DeserializeOwned>(value: Value) -> T {
        serde_json::from_value(value).unwrap()
    }

    fn answers() -> Answers {
        Answers {
            user: read(json!({
                "login": "Octocat", "id": 583231, "name": "The Octocat", "avatar_url": "https://avatars.example.com/u/583231",
                "company": "@github", "bio": "none of anybody's business", "type": "User",
            })),
            emails: read(json!([
                { "email": "old@example.com", "primary": false, "verified": true, "visibility": null },
                { "email": "octocat@example.com", "primary": true, "verified": true, "visibility": "public" },
            ])),
            memberships: read(json!([
                { "state": "active", "role": "member", "organization": { "login": "Example" } },
                { "state": "active", "role": "admin", "organization": { "login": "hobby" } },
                { "state": "pending", "role": "member", "organization": { "login": "invited" } },
            ])),
            teams: read(json!([
                { "slug": "board", "organization": { "login": "Example" } },
                { "slug": "all", "organization": { "login": "hobby" } },
                { "slug": "all", "organization": { "login": "invited" } },
            ])),
            is_partial: false,
        }
    }

    fn admitted(answers: Answers, organizations: &[&str]) -> Result<Known, ProviderError> {
        let organizations: Vec<_> = organizations.iter().map(|&name| name.to_owned()).collect();
        answers.admit(&organizations)
    }

    #[test]
    fn a_person_is_their_number_and_their_primary_address() {
        let known = admitted(answers(), &[]).unwrap();

        assert_eq!(known.subject.as_str(), "583231");
        assert_eq!(known.person.name.as_deref(), Some("The Octocat"));
        assert_eq!(known.person.email.as_deref(), Some("octocat@example.com"));
        assert!(known.person.email_verified);
        assert_eq!(known.person.groups, ["Example", "hobby", "Example/board", "hobby/all"]);
        let claims = json!({ "id": 583231, "login": "Octocat", "company": "@github", "type": "User" });
        assert_eq!(Value::from(known.claims), claims);
    }

    #[test]
    fn groups_are_those_of_the_organizations_in_the_operators_spelling() {
        let known = admitted(answers(), &["example", "other"]).unwrap();

        assert_eq!(known.person.groups, ["example", "example/board"]);
    }

    #[test]
    fn whoever_is_in_none_of_the_organizations_is_not_admitted() {
        assert!(matches!(admitted(answers(), &["other"]), Err(ProviderError::NotAdmitted { .. })));
        assert!(matches!(admitted(answers(), &["invited"]), Err(ProviderError::NotAdmitted { .. })));
    }

    #[test]
    fn an_organization_that_hides_behind_its_sign_on_is_not_taken_for_a_refusal() {
        let partial = Answers { is_partial: true, ..answers() };

        assert!(matches!(admitted(partial, &["other"]), Err(ProviderError::SignOnNeeded)));
        assert!(admitted(Answers { is_partial: true, ..answers() }, &["example"]).is_ok());
    }

    #[test]
    fn an_unverified_primary_address_is_not_verified_by_another() {
        let mut unverified = answers();
        unverified.emails[1].verified = false;

        let known = admitted(unverified, &[]).unwrap();

        assert_eq!(known.person.email.as_deref(), Some("octocat@example.com"));
        assert!(!known.person.email_verified);
    }

    #[test]
    fn without_a_name_the_login_is_shown() {
        let mut nameless = answers();
        nameless.user.name = None;

        assert_eq!(admitted(nameless, &[]).unwrap().person.name.as_deref(), Some("Octocat"));
    }
}
