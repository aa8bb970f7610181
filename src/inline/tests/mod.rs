//! Codes and refresh tokens on both databases, each seen by two replicas.

mod families;
mod one_live_token;

use std::sync::Arc;

use jiff::Timestamp;

use super::{Code, Draft, Issuer, Redeemed, RefreshToken, TokenError};
use crate::login::{Sealer, SealingKeys};
use crate::provider::testing::somebody_from;
use crate::room::{InlineRequest, JoinRequest};
use crate::session::tests::postgres::Postgres;
use crate::store::Store;

/// Runs each of these on both databases.
macro_rules! on_both_databases {
    ($($test:ident),+ $(,)?) => {
        $(mod $test {
            use crate::inline::tests::Stage;

            #[tokio::test]
            async fn in_sqlite() {
                super::$test(Stage::in_sqlite()).await;
            }

            #[tokio::test]
            async fn in_postgresql() {
                super::$test(Stage::in_postgresql()).await;
            }
        })+
    };
}
use on_both_databases;

/// RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// A database, and two replicas on it.
struct Stage {
    replicas: [Issuer; 2],
    address: String,
    _folder: tempfile::TempDir,
    _server: Option<Postgres>,
}

impl Stage {
    fn in_sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self::at(format!("sqlite://{}", folder.path().join("roomkey.db").display()), folder, None)
    }

    fn in_postgresql() -> Self {
        let server = Postgres::start();
        Self::at(server.database("roomkey"), tempfile::tempdir().unwrap(), Some(server))
    }

    fn at(address: String, folder: tempfile::TempDir, server: Option<Postgres>) -> Self {
        let replicas = [0, 1].map(|_| issuer(&address, 1));
        Self { replicas, address, _folder: folder, _server: server }
    }

    fn issuer(&self) -> &Issuer {
        &self.replicas[0]
    }

    /// A replica that seals by another secret.
    fn with_another_secret(&self) -> Issuer {
        issuer(&self.address, 2)
    }

    /// A code for Ada's session `s-1`, issued at second 0.
    async fn code(&self) -> String {
        self.code_for(Some("s-1")).await
    }

    async fn code_for(&self, session: Option<&str>) -> String {
        let draft = draft(&self.issuer().sealer);
        self.issuer().issue(draft, session.map(str::to_owned), at(0)).await.unwrap().expose()
    }

    async fn redeem(&self, code: &str) -> Result<Redeemed, TokenError> {
        self.issuer().redeem(code, VERIFIER, at(1)).await
    }

    /// The first refresh token of a family.
    async fn begin(&self, code: &str) -> String {
        let redeemed = self.redeem(code).await.unwrap();
        self.issuer().begin(redeemed, "s-1".to_owned(), at(3600)).await.unwrap().expose()
    }
}

/// Uses a refresh token at once.
async fn refresh(issuer: &Issuer, token: &str) -> Result<String, TokenError> {
    let family = issuer.open(token, at(2)).await?;
    issuer.rotate(family, at(3600)).await.map(|token| token.expose())
}

fn issuer(address: &str, secret: u8) -> Issuer {
    let keys = SealingKeys { current: vec![secret; 32].into(), previous: Vec::new() };
    Issuer::new(Store::open(address).unwrap(), Arc::new(Sealer::new(&keys).unwrap()))
}

fn draft(sealer: &Sealer) -> Draft {
    let inline = InlineRequest {
        state: "s".to_owned(),
        nonce: Some("n-1".to_owned()),
        code_challenge: CHALLENGE.parse().unwrap(),
    };
    let request = JoinRequest::from_link(Some("acme"), "standup", Some(r#"{"config.a":1}"#)).unwrap();
    Draft::new(&request, &inline, &somebody_from("work").with_name("Ada"), sealer)
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + seconds).unwrap()
}
