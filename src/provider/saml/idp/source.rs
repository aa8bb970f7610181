//! Where metadata come from: a file of the operator's, or an address. Either is read again while the service runs, which is why
//! files are read here and not with the configuration alone.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use http::header::{ACCEPT, ETAG, HeaderValue, IF_NONE_MATCH};
use http::{Request, StatusCode};
use url::Url;

use super::read::MAX_BYTES;
use crate::provider::FailedCheck;
use crate::provider::cache::FetchError;
use crate::provider::http::{Http, HttpError, Limits};

/// What an address may take: federations' documents have tens of megabytes.
const LIMITS: Limits = Limits { bytes: MAX_BYTES, time: Duration::from_mins(1) };

/// Where metadata come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MetadataSource {
    /// `idp_metadata_file`.
    File(PathBuf),
    /// `idp_metadata_url`.
    Url(Url),
}

/// By what a document is known to be the same as before, without reading it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stamp {
    File {
        modified: SystemTime,
        bytes: u64,
    },
    /// `ETag` (RFC 9110, section 8.8.3).
    Tag(HeaderValue),
    Unknown,
}

/// What a look at a source came to.
pub(super) enum Look {
    Same,
    New(Vec<u8>, Stamp),
}

impl MetadataSource {
    /// Has the document unless it is the one of stamp `known`.
    pub(super) async fn look(&self, http: &Http, known: Option<&Stamp>) -> Result<Look, FetchError> {
        match self {
            Self::File(path) => {
                let (path, known) = (path.clone(), known.cloned());
                let read = tokio::task::spawn_blocking(move || look_at_file(&path, known.as_ref())).await;
                read.map_err(io::Error::other).flatten().map_err(|cause| FetchError::Untrusted {
                    check: FailedCheck::Metadata,
                    detail: format!("`idp_metadata_file` cannot be read: {cause}"),
                })
            }
            Self::Url(url) => look_at_address(http, url, known).await,
        }
    }
}

fn look_at_file(path: &Path, known: Option<&Stamp>) -> io::Result<Look> {
    let about = fs::metadata(path)?;
    let stamp = Stamp::File { modified: about.modified()?, bytes: about.len() };
    if known == Some(&stamp) {
        return Ok(Look::Same);
    }
    let mut document = Vec::new();
    // One byte more than may be, by which whoever reads it knows.
    File::open(path)?.take(MAX_BYTES as u64 + 1).read_to_end(&mut document)?;
    Ok(Look::New(document, stamp))
}

async fn look_at_address(http: &Http, url: &Url, known: Option<&Stamp>) -> Result<Look, FetchError> {
    let mut request = Request::new(Vec::new());
    *request.uri_mut() =
        url.as_str().parse().map_err(|_| HttpError::Connection { cause: "unusable address".to_owned() })?;
    let accepted = HeaderValue::from_static("application/samlmetadata+xml, application/xml;q=0.9, */*;q=0.1");
    request.headers_mut().insert(ACCEPT, accepted);
    if let Some(Stamp::Tag(tag)) = known {
        request.headers_mut().insert(IF_NONE_MATCH, tag.clone());
    }
    let mut answer = http.look_within(LIMITS, request).await?;
    match answer.status {
        StatusCode::OK => {
            let stamp = answer.headers.remove(ETAG).map_or(Stamp::Unknown, Stamp::Tag);
            Ok(Look::New(answer.body, stamp))
        }
        StatusCode::NOT_MODIFIED if matches!(known, Some(Stamp::Tag(_))) => Ok(Look::Same),
        status if status.is_redirection() => Err(HttpError::Redirect(status.as_u16()).into()),
        status => Err(HttpError::Status(status.as_u16()).into()),
    }
}
