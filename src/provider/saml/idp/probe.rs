//! Has metadata for an operator who wants to know what is wrong: as a login has them, but with all that a log line leaves out.

use jiff::Timestamp;

use super::read::{Metadata, MetadataError, read};
use super::source::Look;
use super::{IdpMetadata, MetadataSettings, Mistake};
use crate::provider::cache::FetchError;
use crate::provider::http::{Http, HttpError};

/// What a source gives right now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// The identity providers that count: all that can be used, or the one of `idp_entity_id`.
    pub idps: Vec<IdpMetadata>,
    /// Those of them that are described wrongly in part, and those that cannot be used: entity ids, and what is wrong.
    pub doubtful: Vec<(String, Vec<Mistake>)>,
    /// When all of it ends.
    pub valid_until: Option<Timestamp>,
}

/// Why there are no metadata to log in by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoMetadata {
    /// The address gives no document.
    Unreachable(HttpError),
    /// The file cannot be read.
    File {
        /// What the system says.
        cause: String,
    },
    /// The document cannot be used.
    Unusable(MetadataError),
    /// It has others, but not the one of `idp_entity_id`.
    Missing {
        /// How many others.
        others: usize,
        /// What is wrong with that one, if it is there.
        mistakes: Vec<Mistake>,
    },
}

impl MetadataSettings {
    /// Has the metadata and reads them, whatever is known already.
    ///
    /// # Errors
    /// [`NoMetadata`]: nobody can log in.
    pub async fn probe(&self, http: &Http, now: Timestamp) -> Result<Probe, NoMetadata> {
        let document = match self.source.look(http, None).await {
            Ok(Look::New(document, _)) => document,
            Ok(Look::Same) => return Err(NoMetadata::Unreachable(HttpError::Status(304))),
            Err(FetchError::Http(cause)) => return Err(NoMetadata::Unreachable(cause)),
            Err(FetchError::Untrusted { detail, .. }) => return Err(NoMetadata::File { cause: detail }),
        };
        let trusted = self.signed_by.clone();
        let read = tokio::task::spawn_blocking(move || read(&document, &trusted, now)).await;
        let metadata = read.map_err(|broken| NoMetadata::File { cause: broken.to_string() })?;
        self.that_count(metadata.map_err(NoMetadata::Unusable)?)
    }

    fn that_count(&self, metadata: Metadata) -> Result<Probe, NoMetadata> {
        let Metadata { mut idps, mut doubtful, valid_until, .. } = metadata;
        if let Some(only) = &self.only {
            let others = idps.iter().filter(|idp| idp.entity_id != *only).count();
            idps.retain(|idp| idp.entity_id == *only);
            doubtful.retain(|(entity_id, _)| entity_id == only);
            if idps.is_empty() {
                let mistakes = doubtful.into_iter().flat_map(|(_, mistakes)| mistakes).collect();
                return Err(NoMetadata::Missing { others, mistakes });
            }
        }
        Ok(Probe { idps, doubtful, valid_until })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::saml::idp::MetadataSource;

    const FEDERATION: &str = include_str!("../../../../tests/data/saml/federation.xml");

    fn noon() -> Timestamp {
        "2026-12-01T12:00:00Z".parse().unwrap()
    }

    async fn probe(document: &str, only: Option<&str>) -> Result<Probe, NoMetadata> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("idp.xml");
        std::fs::write(&path, document).unwrap();
        let settings = MetadataSettings {
            provider: "uni".parse().unwrap(),
            source: MetadataSource::File(path),
            signed_by: Vec::new(),
            only: only.map(str::to_owned),
            discovery: None,
        };
        settings.probe(&Http::new().unwrap(), noon()).await
    }

    #[tokio::test]
    async fn one_that_is_picked_is_all_that_is_told_of() {
        let all = probe(FEDERATION, None).await.unwrap();
        let north = probe(FEDERATION, Some("https://north.example.edu/idp")).await.unwrap();

        assert_eq!((all.idps.len(), all.doubtful.len()), (2, 1));
        assert_eq!((north.idps.len(), north.doubtful.len()), (1, 0));
    }

    #[tokio::test]
    async fn one_that_is_there_and_wrong_is_told_from_one_that_is_not_there() {
        let wrong = probe(FEDERATION, Some("https://broken.example.edu/idp")).await;
        let absent = probe(FEDERATION, Some("https://evil.example.org")).await;

        let Err(NoMetadata::Missing { others: 2, mistakes }) = wrong else { panic!("{wrong:?}") };
        assert!(!mistakes.is_empty());
        assert_eq!(absent, Err(NoMetadata::Missing { others: 2, mistakes: Vec::new() }));
    }

    #[tokio::test]
    async fn a_document_that_is_none_says_why() {
        assert_eq!(probe("<html></html>", None).await, Err(NoMetadata::Unusable(MetadataError::NotMetadata)));
    }
}
