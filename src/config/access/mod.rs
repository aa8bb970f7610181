//! The rules, `[[access]]`.

mod claims;
mod conditions;
mod doubts;
mod members;

use std::collections::BTreeSet;

use self::claims::ClaimConditions;
pub(super) use self::conditions::Domain;
pub(super) use self::conditions::Moment;
use self::conditions::{EmailAddress, Expression, FeatureName, GroupName, ProviderName, RoomPattern};
use super::period::TokenLifetime;
use super::read::{At, Field, List, OneOf, Reader, Spot, Word, keys};
use super::secret::PathText;
use crate::policy::{Outcome, Permit, Role, Rule, Window};
use crate::provider::ProviderId;
use crate::roster::{ClassRoom, RosterFile};

keys! {
    /// A rule, `[[access]]`: who may enter what, as what. Rules are read in order and the first that fits decides; whoever no rule
    /// fits is refused. Every kind of condition that is given must hold, and one value of its list is enough.
    AccessKeys {
        /// What the rule is called in audit and log. Default: `access[N]`, counted from 0.
        name: String,
        /// Rooms that the rule speaks of, as globs over the room as Prosody sees it; `tenant/room` within a tenant. `*` stands for
        /// any text without `/`, so that `*` is every room without a tenant and `*/*` every room with one. Required.
        #[schemars(extend("examples" = [["board", "board-*"]]))]
        rooms: List<RoomPattern>,
        /// Groups, as the provider names them; `ID:group` is the group of the provider with that id alone.
        groups: List<GroupName>,
        /// Addresses. An address counts only when the provider has verified it.
        emails: List<EmailAddress>,
        /// Domains of addresses. An address counts only when the provider has verified it.
        email_domains: List<Domain>,
        /// Ids of providers.
        providers: List<ProviderName>,
        /// Claims and the values they must have: a string, a number, `true` or `false`, or a list of these, of which one is
        /// enough. A claim that is a list fits if one of its members does. A claim is named, or found by a JSON pointer (`/a/b`).
        /// Unlike the values of one list, every claim named here must fit.
        #[schemars(extend("examples" = [{"department": "finance"}]))]
        claims: ClaimConditions,
        /// Path of a list of the only people that the rule fits: a CSV file with a row for each person and room, a folder of such
        /// files, or a folder with `users.csv`, `classes.csv` and `enrollments.csv` of OneRoster. It is read again when it changes.
        #[schemars(extend("examples" = ["roster.csv"]))]
        members_file: PathText,
        /// Which column of OneRoster's `classes.csv` is the name of a class's room: `class_code`, `title` or `sourced_id`.
        #[schemars(extend("default" = "class_code"))]
        class_room: OneOf<ClassRoom>,
        /// Whether the rule speaks of those who show a pass, and of nobody else. A pass takes of the role and the features that
        /// the rule gives, and never more. Who shows a pass does not have to log in, unless the pass is for one person or the rule
        /// has other conditions.
        #[schemars(extend("default" = false))]
        passes: bool,
        /// When the rule begins to hold, as RFC 3339 has it, with the offset from UTC.
        #[schemars(extend("examples" = ["2026-12-01T09:00:00+01:00"]))]
        from: Moment,
        /// When it ceases to hold, likewise; no token outlives it.
        #[schemars(extend("examples" = ["2026-12-01T12:00:00+01:00"]))]
        until: Moment,
        /// What else must hold: an expression in CEL over `provider`, `subject`, `email`, `groups`, `claims`, `guest`, `room`, `tenant`,
        /// `address` and `time`. One that has no result does not hold, and in a rule that denies it refuses.
        #[schemars(extend("examples" = ["address.within(\"10.0.0.0/8\") || claims.level >= 3"]))]
        when: Expression,
        /// What those who fit are in the meeting: `moderator` or `participant`. Required, unless the rule denies, or each row of
        /// `members_file` has a role of its own.
        role: OneOf<Role>,
        /// Features of Jitsi Meet that are on for them, as its tokens name them (`recording`, `livestreaming`, `transcription`,
        /// `outbound-call`, …): exactly these, and with `[]` none. Default: what Jitsi gives the role.
        features: List<FeatureName>,
        /// Longest life of their tokens, from `10s` to `1d`. Default: `meeting.token_lifetime`.
        token_lifetime: TokenLifetime,
        /// Whether those who fit are refused, with no look at later rules.
        #[schemars(extend("default" = false))]
        deny: bool,
    }
}

impl Word for ClassRoom {
    const WORDS: &'static [(&'static str, Self)] =
        &[("class_code", Self::ClassCode), ("title", Self::Title), ("sourced_id", Self::SourcedId)];
}

impl Word for Role {
    const WORDS: &'static [(&'static str, Self)] =
        &[("participant", Self::Participant), ("moderator", Self::Moderator)];
}

/// What the rules are checked against.
pub(super) struct Known<'a> {
    /// Ids of all providers; `None` if some could not be read, so that a name that is not among them may be right.
    pub(super) providers: Option<&'a [ProviderId]>,
    /// Ids of those that verify nobody.
    pub(super) guests: &'a [ProviderId],
}

/// Rules, and the lists of members that some of them have, each with the number of its rule.
#[derive(Default)]
pub(super) struct Checked {
    pub(super) rules: Vec<Rule>,
    pub(super) rosters: Vec<(usize, RosterFile)>,
}

/// Checks all rules, in order.
pub(super) fn check(reader: &Reader<'_>, rules: Vec<At<AccessKeys>>, known: &Known<'_>) -> Checked {
    let mut doubts = doubts::Doubts::default();
    let mut checked = Checked::default();
    for (index, At { value, spot }) in rules.into_iter().enumerate() {
        doubts.look_at(reader, &value, &spot, known);
        if let Some((rule, roster)) = value.check(reader, index, &spot, known) {
            checked.rosters.extend(roster.map(|file| (checked.rules.len(), file)));
            checked.rules.push(rule);
        }
    }
    checked
}

impl AccessKeys {
    fn check(
        self,
        reader: &Reader<'_>,
        index: usize,
        spot: &Spot,
        known: &Known<'_>,
    ) -> Option<(Rule, Option<RosterFile>)> {
        let rooms = self.rooms.required_at(reader, r#"rooms = ["*"]"#).map(|rooms| rooms_of(reader, rooms));
        let window = window(reader, self.from, self.until);
        let providers = self.providers.at().map_or_else(Vec::new, |at| {
            at.value.0.iter().for_each(|provider| conditions::check_provider(reader, provider, known));
            some_values(reader, at)
        });
        let providers: Vec<_> = providers.into_iter().map(|ProviderName(id)| id).collect();
        let (denies, has_role) = (matches!(self.deny, Field::Given(At { value: true, .. })), !self.role.is_absent());
        let list =
            members::List { file: self.members_file, class_room: self.class_room, needs_role: !denies && !has_role };
        let list_gives_roles = list.is_given();
        let outcome = outcome(reader, spot, self.deny, self.role, self.features, self.token_lifetime, list_gives_roles);
        let (roster, members) = list.read(reader, &providers, known).unzip();
        let rule = Rule {
            name: name(reader, self.name, index),
            rooms: rooms?.into_iter().map(|RoomPattern { glob, .. }| glob).collect(),
            groups: condition(reader, self.groups).into_iter().map(|GroupName(group)| group).collect(),
            emails: condition(reader, self.emails).into_iter().map(|EmailAddress(email)| email).collect(),
            email_domains: condition(reader, self.email_domains).into_iter().map(|Domain(domain)| domain).collect(),
            providers,
            claims: self.claims.given().map(|ClaimConditions(claims)| claims).unwrap_or_default(),
            members,
            passes: self.passes.or(false),
            window,
            when: self.when.given().map(|Expression(when)| when),
            outcome: outcome?,
        };
        Some((rule, roster))
    }
}

fn rooms_of(reader: &Reader<'_>, At { value, spot }: At<List<RoomPattern>>) -> Vec<RoomPattern> {
    if value.0.is_empty() {
        reader.wrong(
            &spot,
            "is an empty list, so that the rule speaks of no room",
            "name some; `[\"*\"]` is every room",
        );
    }
    value.into_values()
}

fn name(reader: &Reader<'_>, field: Field<String>, index: usize) -> String {
    match field.at() {
        Some(At { value, spot }) => {
            if value.trim().is_empty() || value.chars().any(char::is_control) {
                reader.wrong(&spot, "is empty or has a control character", "name the rule, or leave the key out");
            }
            value
        }
        None => format!("access[{index}]"),
    }
}

/// A condition's values; none if it is absent. A list without values would be a condition that nobody fits.
fn condition<T>(reader: &Reader<'_>, field: Field<List<T>>) -> Vec<T> {
    field.at().map_or_else(Vec::new, |at| some_values(reader, at))
}

fn some_values<T>(reader: &Reader<'_>, At { value, spot }: At<List<T>>) -> Vec<T> {
    if value.0.is_empty() {
        reader.wrong(&spot, "is an empty list, which nobody fits", "fill it, or leave the key out");
    }
    value.into_values()
}

fn window(reader: &Reader<'_>, from: Field<Moment>, until: Field<Moment>) -> Window {
    let (from, until) = (from.given().map(|Moment(time)| time), until.at());
    if let (Some(from), Some(until)) = (from, &until)
        && from >= until.value.0
    {
        reader.wrong(&until.spot, "is not later than `from`, so that the rule never holds", "set it to a later time");
    }
    Window { from, until: until.map(|at| at.value.0) }
}

fn outcome(
    reader: &Reader<'_>,
    spot: &Spot,
    deny: Field<bool>,
    role: Field<OneOf<Role>>,
    features: Field<List<FeatureName>>,
    token_lifetime: Field<TokenLifetime>,
    list_gives_roles: bool,
) -> Option<Outcome> {
    if deny.or(false) {
        let written = [
            (!role.is_absent()).then(|| role.spot()),
            (!features.is_absent()).then(|| features.spot()),
            (!token_lifetime.is_absent()).then(|| token_lifetime.spot()),
        ];
        let remedy = "leave it out, or leave out `deny`";
        written
            .into_iter()
            .flatten()
            .for_each(|spot| reader.wrong(spot, "has no meaning in a rule that denies", remedy));
        return Some(Outcome::Deny);
    }
    if role.is_absent() && !list_gives_roles {
        let remedy = "add `role = \"participant\"`, `role = \"moderator\"` or `deny = true`";
        reader.wrong(&spot.below("role"), "is missing", remedy);
    }
    let features = features.given().map(|list| list.into_values().into_iter().map(|FeatureName(feature)| feature));
    Some(Outcome::Admit(Permit {
        role: match role {
            // Each row has its own.
            Field::Absent(_) if list_gives_roles => Role::Participant,
            role => role.given()?.0,
        },
        features: features.map(Iterator::collect::<BTreeSet<_>>),
        token_lifetime: token_lifetime.given().map(|period| period.0),
    }))
}
