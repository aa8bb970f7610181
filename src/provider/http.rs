//! The one way out: every call to a provider, with its limits of time, size and redirects.

/// The client for one worker's calls.
#[derive(Clone, Debug)]
pub struct Http;

/// Why a call gave nothing that can be used.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// No connection, or it broke.
    #[error("no connection")]
    Connection,
}
