//! OpenID Connect: the authorization code flow with `state`, `nonce` and PKCE (Core 1.0, section 3.1; RFC 7636; RFC 9700).

mod settings;

pub use settings::{ClientAuth, Endpoints, IdTokenAlgorithm, Settings};
