//! A provider that is wrong in one way at a time: the login ends with the right page and the right line in the log, and
//! the next login at the same provider, good again, succeeds. No secret and nothing of the person stands in any line.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    missing_docs,
    unreachable_pub,
    reason = "a test stops at the first thing amiss"
)]

#[path = "../support/mod.rs"]
mod support;

/// Logins that a script breaks: `name: script => the page, "what the log says", with "more keys of the provider";`
macro_rules! broken {
    ($($name:ident: $script:expr => $ending:expr, $cause:expr $(, with $more:literal)?;)*) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            let more = concat!("", $($more)?);
            crate::stage::breaks(more, $script, $ending, $cause).await;
        }
    )*};
}

/// Logins that succeed in spite of a script.
macro_rules! unbroken {
    ($($name:ident: $script:expr $(, with $more:literal)?;)*) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            let more = concat!("", $($more)?);
            crate::stage::survives(more, $script).await;
        }
    )*};
}

mod authorization_response;
mod discovery;
mod good;
mod id_token_claims;
mod id_token_signature;
mod key_roll_over;
mod key_set;
mod script;
mod slow;
mod stage;
mod token_endpoint;
mod user_info;
