//! Which groups somebody is in.

use std::collections::{BTreeMap, VecDeque};

use ldap3::Scope;

use super::directory::{Bound, Directory};
use super::dn::{first_value, is_below};
use super::entry::Entry;
use super::server::Search;
use super::settings::{CalledBy, Groups};
use crate::provider::{Leg, ProviderError};

/// Most groups of groups that are looked into, one after the other; somebody with more is not let in.
const MOST_LOOKS: usize = 64;

/// A look that finds as many may have found too few.
const MOST_GROUPS: usize = 1000;

/// Who looks.
pub(super) enum Looker<'a> {
    /// The service account.
    Directory(&'a Directory),
    /// The person, where there is no service account.
    Person(&'a Bound<'a>),
}

impl Looker<'_> {
    pub(super) async fn search(&self, search: &Search) -> Result<Vec<Entry>, ProviderError> {
        match self {
            Self::Directory(directory) => directory.search(search).await,
            Self::Person(bound) => bound.search(search).await,
        }
    }
}

impl Groups {
    /// The groups of the person at `dn`: those that their entry names (`named`), and those that are found.
    pub(super) async fn of(
        &self,
        looker: &Looker<'_>,
        dn: &str,
        named: &[String],
    ) -> Result<Vec<String>, ProviderError> {
        let mut names: Vec<String> = named.iter().filter_map(|group| self.name(group)).collect();
        for found in self.found(looker, dn, named).await? {
            names.extend(self.name(&found));
        }
        names.sort();
        names.dedup();
        Ok(names)
    }

    /// How rules call the group; `None` for one that does not count. What an entry names need not be a DN.
    fn name(&self, group: &str) -> Option<String> {
        let Some(first) = first_value(group) else {
            return self.base.is_none().then(|| group.to_owned());
        };
        if self.base.as_deref().is_some_and(|base| !is_below(group, base)) {
            return None;
        }
        Some(match self.called_by {
            CalledBy::Name => first,
            CalledBy::Dn => group.to_owned(),
        })
    }

    /// The DNs of groups that have the person, and with `nested` those that have these groups, and so on.
    async fn found(&self, looker: &Looker<'_>, dn: &str, named: &[String]) -> Result<Vec<String>, ProviderError> {
        let (Some(filter), Some(base)) = (&self.filter, &self.base) else { return Ok(Vec::new()) };
        let too_many = || ProviderError::TurnedAway { leg: Leg::Directory, code: "too-many-groups".to_owned() };
        let mut seen: BTreeMap<String, String> = BTreeMap::new();
        let mut members = VecDeque::from([dn.to_owned()]);
        if self.nested {
            members.extend(named.iter().filter(|group| is_below(group, base)).cloned());
        }
        for looks in 0.. {
            let Some(member) = members.pop_front() else { break };
            // A group that is left out could be one that a rule denies.
            if looks == MOST_LOOKS {
                return Err(too_many());
            }
            let search = Search {
                base: base.clone(),
                scope: Scope::Subtree,
                filter: filter.fill(&member),
                // No attribute at all (RFC 4511, section 4.5.1.8): the DN is enough.
                attributes: vec!["1.1".to_owned()],
                limit: i32::try_from(MOST_GROUPS).unwrap_or(i32::MAX),
            };
            let found = looker.search(&search).await?;
            if found.len() >= MOST_GROUPS {
                return Err(too_many());
            }
            for group in found {
                let is_new = seen.insert(group.dn.to_lowercase(), group.dn.clone()).is_none();
                if is_new && self.nested {
                    members.push_back(group.dn);
                }
            }
        }
        Ok(seen.into_values().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups(base: Option<&str>, called_by: CalledBy) -> Groups {
        Groups { base: base.map(str::to_owned), filter: None, nested: false, called_by }
    }

    #[test]
    fn a_group_is_called_by_its_name_or_its_whole_dn() {
        let board = "cn=board,ou=groups,dc=example,dc=com";

        let by_name = groups(None, CalledBy::Name).name(board);
        let by_dn = groups(None, CalledBy::Dn).name(board);

        assert_eq!((by_name.as_deref(), by_dn.as_deref()), (Some("board"), Some(board)));
        assert_eq!(groups(None, CalledBy::Name).name("board").as_deref(), Some("board"));
    }

    #[test]
    fn a_group_of_the_same_name_elsewhere_does_not_count() {
        let groups = groups(Some("ou=groups,dc=example,dc=com"), CalledBy::Name);

        let names = ["cn=board,OU=Groups,dc=example,dc=com", "cn=board,ou=forged,dc=example,dc=com", "board"]
            .map(|group| groups.name(group));

        assert_eq!(names, [Some("board".to_owned()), None, None]);
    }
}
