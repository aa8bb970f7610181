//! What is allowed in a rule and yet probably not meant.

use super::conditions::{GroupName, ProviderName};
use super::{AccessKeys, Known};
use crate::config::read::{At, Field, List, Reader, Spot, nearest, quoted};
use crate::provider::ProviderId;

/// Rules seen so far.
#[derive(Default)]
pub(super) struct Doubts {
    /// The first rule without conditions that speaks of every room without a tenant, and of every room with one.
    every_room: Option<String>,
    every_tenant_room: Option<String>,
    names: Vec<String>,
}

impl Doubts {
    /// Warns of what is doubtful about the next rule.
    pub(super) fn look_at(&mut self, reader: &Reader<'_>, rule: &AccessKeys, spot: &Spot, known: &Known<'_>) {
        // One that fits everybody else passes guests over.
        if !names_guests(rule, known) {
            self.shadowed(reader, rule, spot);
        } else if asks_more_than_guests_say(rule, known) {
            let doubt = "fits nobody: its providers are guests, of whom no group, address or claim is known";
            reader.warn(spot, doubt, "leave its other conditions out, or name another provider too");
        }
        if let Field::Given(At { value, spot }) = &rule.name {
            if self.names.contains(value) {
                let doubt = "is the name of an earlier rule too, so that the log cannot tell them apart";
                reader.warn(spot, doubt, "give each rule a name of its own");
            }
            self.names.push(value.clone());
        }
        if let (Field::Given(At { value: List(groups), .. }), Some(providers)) = (&rule.groups, known.providers) {
            groups.iter().for_each(|group| unknown_prefix(reader, group, providers));
        }
    }

    /// A rule behind one that fits everybody in all of its rooms never decides anything.
    fn shadowed(&mut self, reader: &Reader<'_>, rule: &AccessKeys, spot: &Spot) {
        let Field::Given(At { value: List(rooms), .. }) = &rule.rooms else { return };
        let shadow = |text: &str| if text.contains('/') { &self.every_tenant_room } else { &self.every_room };
        let shadows: Option<Vec<_>> = rooms.iter().map(|room| shadow(&room.value.text).as_deref()).collect();
        if let Some(first) = shadows.as_ref().and_then(|shadows| shadows.first()) {
            let doubt = format!("never decides: `{first}` before it fits everybody in all of its rooms");
            reader.warn(spot, doubt, "move it up, or remove it");
            return;
        }
        if has_no_condition(rule) {
            let speaks_of = |wanted: &str| rooms.iter().any(|room| room.value.text == wanted);
            if speaks_of("*") {
                self.every_room.get_or_insert_with(|| spot.path.clone());
            }
            if speaks_of("*/*") {
                self.every_tenant_room.get_or_insert_with(|| spot.path.clone());
            }
        }
    }
}

fn of_guests(rule: &AccessKeys, known: &Known<'_>) -> impl Iterator<Item = bool> {
    let Field::Given(At { value: List(providers), .. }) = &rule.providers else { return Vec::new().into_iter() };
    let of_guests: Vec<_> =
        providers.iter().map(|At { value: ProviderName(id), .. }| known.guests.contains(id)).collect();
    of_guests.into_iter()
}

fn names_guests(rule: &AccessKeys, known: &Known<'_>) -> bool {
    of_guests(rule, known).any(|is_guest| is_guest)
}

fn asks_more_than_guests_say(rule: &AccessKeys, known: &Known<'_>) -> bool {
    let asks = !(rule.groups.is_absent()
        && rule.emails.is_absent()
        && rule.email_domains.is_absent()
        && rule.claims.is_absent()
        && rule.members_file.is_absent());
    asks && of_guests(rule, known).all(|is_guest| is_guest)
}

fn has_no_condition(rule: &AccessKeys) -> bool {
    rule.groups.is_absent()
        && rule.emails.is_absent()
        && rule.email_domains.is_absent()
        && rule.providers.is_absent()
        && rule.claims.is_absent()
        && rule.members_file.is_absent()
        && rule.when.is_absent()
        && rule.passes.is_absent()
        && rule.from.is_absent()
        && rule.until.is_absent()
}

/// `wrok:staff` is probably the group `staff` of the provider `work`, but may be a group of that very name.
fn unknown_prefix(reader: &Reader<'_>, At { value, spot }: &At<GroupName>, providers: &[ProviderId]) {
    /// What names with a colon begin with at many providers.
    const SCHEMES: [&str; 3] = ["urn", "http", "https"];
    let GroupName(group) = value;
    let Some((prefix, _)) = group.split_once(':') else { return };
    let Ok(id) = prefix.parse::<ProviderId>() else { return };
    if SCHEMES.contains(&prefix) || providers.contains(&id) {
        return;
    }
    let doubt = format!("no provider has the id `{id}`, so this is a group named {} in full", quoted(group));
    let remedy = match nearest(prefix, providers.iter().map(ProviderId::as_str)) {
        Some(near) => format!("did you mean `{near}:…`?"),
        None => "a provider's own group is written `ID:group`".to_owned(),
    };
    reader.warn(spot, doubt, remedy);
}
