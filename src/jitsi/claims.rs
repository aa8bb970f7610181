//! The claims of a Jitsi token.
