//! A SAML identity provider that is wrong in one way at a time: the login ends with the right page and the right line in the log, and
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

#[path = "../support/saml_login.rs"]
mod saml_login;

/// Logins that a change of the message breaks: `name: change => "what the log says", with "more keys of the provider";`
macro_rules! broken {
    ($($name:ident: $change:expr => $cause:expr $(, with $more:literal)?;)*) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            let more = concat!("", $($more)?);
            crate::stage::breaks(more, $change, crate::support::ending::UNTRUSTED, $cause).await;
        }
    )*};
}

/// Logins that succeed in spite of a change.
macro_rules! unbroken {
    ($($name:ident: $change:expr $(, with $more:literal)?;)*) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            let more = concat!("", $($more)?);
            crate::stage::survives(more, $change).await;
        }
    )*};
}

mod checks;
mod confirming;
mod documents;
mod encryption;
mod federation;
mod good;
mod logout;
mod metadata;
mod replay;
mod signatures;
mod stage;
mod wrapping;
mod written;
