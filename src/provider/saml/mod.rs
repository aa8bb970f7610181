//! Any SAML 2.0 identity provider.

pub mod idp;
