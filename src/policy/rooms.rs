//! Finds the rules that speak of a room, without looking at each of their globs.

use super::RoomGlob;
use super::pattern::Pattern;

/// The globs of all rules, in the order of the rules.
///
/// Most rules speak of other rooms, and most of those by a name that begins otherwise: that much is told from a few
/// numbers that lie side by side.
#[derive(Debug, Default)]
pub(super) struct RoomIndex {
    gates: Vec<Gate>,
    /// For each gate, what it stands before: patterns of a tenant and of a room.
    patterns: Vec<(Option<Pattern>, Pattern)>,
}

/// What is to be seen of a glob at a glance.
#[derive(Debug)]
struct Gate {
    head: u128,
    mask: u128,
    rule: u32,
    of_tenant: bool,
    /// Whether it is `*` and nothing more is to be asked.
    any: bool,
}

impl RoomIndex {
    /// Adds the globs of a rule, which comes after all those that were added.
    pub(super) fn add(&mut self, rule: u32, globs: &[RoomGlob]) {
        for (tenant, room) in globs.iter().flat_map(RoomGlob::alternatives) {
            let (head, mask) = head_and_mask(room.head());
            let of_tenant = tenant.is_some();
            self.gates.push(Gate { head, mask, rule, of_tenant, any: !of_tenant && room.is_any() });
            self.patterns.push((tenant.clone(), room.clone()));
        }
    }

    /// The rules that speak of a room, by its decoded names, in order and each once.
    pub(super) fn rules_about<'a>(&'a self, room: &'a str, tenant: Option<&'a str>) -> impl Iterator<Item = u32> + 'a {
        let (head, _) = head_and_mask(room);
        let mut last = None;
        self.gates.iter().zip(&self.patterns).filter_map(move |(gate, patterns)| {
            let open = gate.of_tenant == tenant.is_some() && head & gate.mask == gate.head && last != Some(gate.rule);
            if open && (gate.any || matches(patterns, room, tenant)) {
                last = Some(gate.rule);
                return last;
            }
            None
        })
    }
}

/// Whether a room of a tenant, or of none, is one of those that the patterns describe.
pub(super) fn matches((wanted, pattern): &(Option<Pattern>, Pattern), room: &str, tenant: Option<&str>) -> bool {
    let right_tenant = match (wanted, tenant) {
        (None, None) => true,
        (Some(wanted), Some(tenant)) => wanted.matches(tenant),
        _ => false,
    };
    right_tenant && pattern.matches(room)
}

/// The first bytes of a text as a number, and where that number has them. No name has a NUL, which the rest is filled with.
fn head_and_mask(text: &str) -> (u128, u128) {
    let (mut head, mut mask) = ([0; 16], [0; 16]);
    let length = text.len().min(head.len());
    head[..length].copy_from_slice(&text.as_bytes()[..length]);
    mask[..length].fill(0xFF);
    (u128::from_le_bytes(head), u128::from_le_bytes(mask))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::room::{RoomName, Tenant};

    /// The rules whose globs match, each looked at by itself.
    fn one_by_one(rules: &[Vec<RoomGlob>], room: &RoomName, tenant: Option<&Tenant>) -> Vec<u32> {
        let numbered = (0..).zip(rules);
        numbered
            .filter(|(_, globs)| globs.iter().any(|glob| glob.matches(room, tenant)))
            .map(|(rule, _)| rule)
            .collect()
    }

    proptest! {
        #[test]
        fn the_index_finds_what_the_globs_match_and_nothing_else(
            rules in prop::collection::vec(
                prop::collection::vec("([abé*]{1,2}/)?(a{0,15}éa?|aaaaaaaaaaaaaaaé?|b)?[ab*?]{1,3}", 1..4), 0..6,
            ),
            room in "(a{0,15}éa?|a{14,17}é?)[ab]{0,3}|b[ab]{1,3}",
            tenant in prop::option::of("[abé]{1,2}"),
        ) {
            let parse = |globs: &Vec<String>| globs.iter().map(|glob| glob.parse().unwrap()).collect();
            let rules: Vec<Vec<RoomGlob>> = rules.iter().map(parse).collect();
            let mut index = RoomIndex::default();
            (0..).zip(&rules).for_each(|(rule, globs)| index.add(rule, globs));
            let room: RoomName = room.parse().unwrap();
            let tenant: Option<Tenant> = tenant.map(|tenant| tenant.parse().unwrap());

            let (decoded, decoded_tenant) = (room.decoded(), tenant.as_ref().map(Tenant::decoded));
            let found: Vec<u32> = index.rules_about(&decoded, decoded_tenant.as_deref()).collect();

            prop_assert_eq!(found, one_by_one(&rules, &room, tenant.as_ref()));
        }
    }
}
