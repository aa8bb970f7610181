//! Turns HTTP into the values of a login, and what becomes of them into redirects and pages.
//!
//! Handlers extract, call the steps in order, and answer. Whatever goes wrong becomes a [`PageError`]: its page is
//! written in the visitor's language, its cause goes to the log, and both bear the same reference number.

mod acs;
mod answer;
mod api;
mod app;
mod assets;
mod callback;
mod client;
mod cookies;
mod discovery;
mod enter;
mod error;
mod failure;
mod form;
mod forwarded;
mod guest;
mod headers;
mod health;
mod holder;
mod inline;
mod join;
mod kind;
mod landing;
mod language;
mod last_used;
mod link;
mod log;
mod login_form;
mod logout;
mod manners;
mod metrics;
mod onward;
mod pass;
mod pass_files;
mod password;
mod problem;
mod provider_logout;
mod published;
pub mod query;
mod record;
mod routes;
mod saml_logout;
mod serve;
mod tally;
#[cfg(test)]
mod testing;
mod text;
mod throttle;
mod view;
mod visitor;
mod welcome;

pub use app::{App, Parts, Site};
pub use error::{Ended, NoPass, PageError, RequestError, UnderWay};
pub use inline::{AuthorizeError, WrongClient};
pub use serve::{Listeners, run};
