//! Section `[session]`.

use std::time::Duration;

use secrecy::{ExposeSecret, SecretSlice};

use super::period::{Allowance, Period, Stay};
use super::read::{At, Reader, keys};
use super::secret::{DRAW_ONE, PathText, Secret, SecretKeys, SecretText, VariableName, weakness};
use crate::login::SealingKeys;
use crate::session::Lifetimes;

/// From the login on, unless the file says otherwise.
const LIFETIME: Duration = Duration::from_hours(12);

/// Since the last use, unless the file says otherwise.
const IDLE: Duration = Duration::from_hours(2);

/// Since the provider's last word, unless the file says otherwise.
const CONFIRM: Duration = Duration::from_mins(15);

/// While the provider cannot be asked, unless the file says otherwise.
const GRACE: Duration = Duration::from_hours(1);

/// Section `[session]`, checked.
pub struct Session {
    /// What cookies are sealed with.
    pub keys: SealingKeys,
    /// How long a session lasts, and when it is confirmed.
    pub lifetimes: Lifetimes,
}

keys! {
    /// Section `[session]`: logins under way and people who are signed in.
    SessionKeys {
        /// The secret from which the keys that seal cookies are derived: at least 32 bytes, the same on every replica, and another
        /// than the one that signs tokens. Better in a file or a variable than here. Required, in one of its three forms.
        secret: SecretText,
        /// A file that holds `secret` alone; a newline at its end does not count.
        secret_file: PathText,
        /// The name of an environment variable that holds `secret`.
        secret_env: VariableName,
        /// Secrets that were used before, one a line: what they have sealed is still opened, and nothing is sealed with them any
        /// more. Keep an old one here for as long as `lifetime`.
        previous_secrets: SecretText,
        /// A file that holds `previous_secrets`.
        previous_secrets_file: PathText,
        /// The name of an environment variable that holds `previous_secrets`.
        previous_secrets_env: VariableName,
        /// How long somebody stays signed in at most, counted from the login, from `1m` to `365d`.
        #[schemars(extend("default" = "12h"))]
        lifetime: Stay,
        /// How long somebody stays signed in after the last use, from `1m` to `365d`.
        #[schemars(extend("default" = "2h"))]
        idle: Stay,
        /// How long the provider's word holds before it is asked whether somebody may still log in, from `1s` to `365d`. Whoever is
        /// removed at the provider is out within this time.
        #[schemars(extend("default" = "15m"))]
        confirm: Period<1, 31_536_000>,
        /// How much longer its word holds while the provider cannot be asked, from `0s` to `365d`; after that, a login is needed.
        #[schemars(extend("default" = "1h"))]
        grace: Allowance,
    }
}

impl SessionKeys {
    /// `signing` are the secrets that sign tokens, which must be others.
    pub(super) fn check(self, reader: &Reader<'_>, signing: &[Secret]) -> Option<Session> {
        let current = SecretKeys { value: self.secret, file: self.secret_file, variable: self.secret_env };
        let previous = SecretKeys {
            value: self.previous_secrets,
            file: self.previous_secrets_file,
            variable: self.previous_secrets_env,
        };
        let idle_spot = self.idle.spot().clone();
        let is_default = self.idle.is_absent();
        let lifetime = self.lifetime.or(Period::of(LIFETIME)).0;
        let idle = self.idle.or(Period::of(IDLE)).0;
        let confirm = self.confirm.or(Period::of(CONFIRM)).0;
        let grace = self.grace.or(Period::of(GRACE)).0;
        if idle > lifetime && !is_default {
            reader.warn(&idle_spot, "is longer than `session.lifetime`, which ends the session first", "shorten it");
        }
        let previous =
            previous.read(reader, false).at().map_or_else(Vec::new, |secrets| previous_secrets(reader, &secrets));
        let current = current.read(reader, true).at()?;
        check_strength(reader, &current, "");
        if signing.iter().any(|signing| signing.value.expose_secret() == current.value.expose_secret()) {
            let wrong = "is the secret that signs tokens, which Prosody knows too";
            reader.wrong(&current.spot, wrong, DRAW_ONE);
        }
        Some(Session {
            keys: SealingKeys { current: current.value, previous },
            lifetimes: Lifetimes { lifetime, idle, confirm, grace },
        })
    }
}

fn previous_secrets(reader: &Reader<'_>, At { value, spot }: &Secret) -> Vec<SecretSlice<u8>> {
    let lines = value.expose_secret().split(|&byte| byte == b'\n');
    let lines = lines.map(|line| line.strip_suffix(b"\r").unwrap_or(line)).filter(|line| !line.is_empty());
    lines
        .enumerate()
        .map(|(index, line)| {
            let secret = At { value: SecretSlice::from(line.to_vec()), spot: spot.clone() };
            check_strength(reader, &secret, &format!("line {} ", index + 1));
            secret.value
        })
        .collect()
}

fn check_strength(reader: &Reader<'_>, secret: &Secret, which: &str) {
    if let Some(weakness) = weakness(secret.value.expose_secret()) {
        reader.wrong(&secret.spot, format!("{which}{weakness}"), DRAW_ONE);
    }
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session")
            .field("previous_secrets", &self.keys.previous.len())
            .field("lifetimes", &self.lifetimes)
            .finish_non_exhaustive()
    }
}
