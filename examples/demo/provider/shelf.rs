//! Things kept for a while under a name that nobody can guess.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jiff::Timestamp;

/// Most things on one shelf: whoever loads the login page in a loop must not fill the memory.
const CAPACITY: usize = 1000;

/// Values of one kind, each under a random name, each for the same time.
pub(crate) struct Shelf<T> {
    lifetime: Duration,
    entries: Mutex<HashMap<String, (Timestamp, T)>>,
}

/// The shelf is full of things that are still good.
#[derive(Debug)]
pub(crate) struct Full;

impl<T> Shelf<T> {
    pub(crate) fn new(lifetime: Duration) -> Self {
        Self { lifetime, entries: Mutex::default() }
    }

    /// Puts `value` there from `now` on, and tells its name: 256 random bits.
    pub(crate) fn put(&self, value: T, now: Timestamp) -> Result<String, Full> {
        let mut entries = self.entries();
        if entries.len() >= CAPACITY {
            entries.retain(|_, (expires, _)| now < *expires);
        }
        if entries.len() >= CAPACITY {
            return Err(Full);
        }
        let name = random_name();
        entries.insert(name.clone(), (now + self.lifetime, value));
        Ok(name)
    }

    /// Takes the value off the shelf: a name is good once.
    pub(crate) fn take(&self, name: &str, now: Timestamp) -> Option<T> {
        self.entries().remove(name).filter(|(expires, _)| now < *expires).map(|(_, value)| value)
    }

    /// What `read` makes of the value, which stays.
    pub(crate) fn read<R>(&self, name: &str, now: Timestamp, read: impl FnOnce(&T) -> R) -> Option<R> {
        self.entries().get(name).filter(|(expires, _)| now < *expires).map(|(_, value)| read(value))
    }

    /// Throws away what `unwanted` says.
    pub(crate) fn drop_if(&self, unwanted: impl Fn(&T) -> bool) {
        self.entries().retain(|_, (_, value)| !unwanted(value));
    }

    /// The entries, whole even if another thread panicked: every change to them is a single step.
    fn entries(&self) -> MutexGuard<'_, HashMap<String, (Timestamp, T)>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn random_name() -> String {
    let mut bytes = [0; 32];
    aws_lc_rs::rand::fill(&mut bytes).expect("the operating system gives random bytes");
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_mins(1);
    const START: Timestamp = Timestamp::UNIX_EPOCH;

    #[test]
    fn a_name_is_good_once() {
        let shelf = Shelf::new(MINUTE);
        let name = shelf.put("code", START).unwrap();

        assert_eq!(shelf.take(&name, START), Some("code"));
        assert_eq!(shelf.take(&name, START), None);
    }

    #[test]
    fn a_name_is_good_for_its_time() {
        let shelf = Shelf::new(MINUTE);
        let (early, late) = (shelf.put("code", START).unwrap(), shelf.put("code", START).unwrap());

        assert_eq!(shelf.take(&early, START + Duration::from_secs(59)), Some("code"));
        assert_eq!(shelf.take(&late, START + MINUTE), None);
    }

    #[test]
    fn a_full_shelf_takes_more_only_when_something_has_expired() {
        let shelf = Shelf::new(MINUTE);
        for _ in 0..CAPACITY {
            shelf.put("code", START).unwrap();
        }

        assert!(shelf.put("code", START).is_err());
        assert!(shelf.put("code", START + MINUTE).is_ok());
    }
}
