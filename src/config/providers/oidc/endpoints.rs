//! Endpoints of an OpenID provider given by hand.

use url::Url;

use crate::config::address::EndpointUrl;
use crate::config::read::{At, Field, Reader, Spot};
use crate::provider::oidc::Endpoints;

/// The endpoints given by hand: all that are needed, or none.
pub(super) struct EndpointKeys {
    pub(super) authorization: Field<EndpointUrl>,
    pub(super) token: Field<EndpointUrl>,
    pub(super) jwks: Field<EndpointUrl>,
    pub(super) userinfo: Field<EndpointUrl>,
    pub(super) end_session: Field<EndpointUrl>,
    pub(super) response_iss: Field<bool>,
}

impl EndpointKeys {
    pub(super) fn check(self, reader: &Reader<'_>, provider: &Spot) -> Option<Endpoints> {
        let needed = [
            ("authorization_endpoint", self.authorization.is_absent()),
            ("token_endpoint", self.token.is_absent()),
            ("jwks_uri", self.jwks.is_absent()),
        ];
        let others = [
            (!self.userinfo.is_absent()).then(|| self.userinfo.spot()),
            (!self.end_session.is_absent()).then(|| self.end_session.spot()),
            matches!(self.response_iss, Field::Given(At { value: true, .. })).then(|| self.response_iss.spot()),
        ];
        let missing: Vec<_> = needed.iter().filter(|(_, absent)| *absent).map(|(key, _)| *key).collect();
        if missing.len() == needed.len() {
            let wrong = "is given without the other endpoints";
            let remedy = "leave it to discovery, or give `authorization_endpoint`, `token_endpoint` and `jwks_uri` too";
            others.into_iter().flatten().for_each(|spot| reader.wrong(spot, wrong, remedy));
            return None;
        }
        for key in missing {
            let remedy = "endpoints are given by hand all together, or left to discovery";
            reader.wrong(&provider.below(key), "is missing", remedy);
        }
        let url = |EndpointUrl(url): EndpointUrl| -> Url { url };
        Some(Endpoints {
            authorization: self.authorization.given().map(url)?,
            token: self.token.given().map(url)?,
            jwks: self.jwks.given().map(url)?,
            userinfo: self.userinfo.given().map(url),
            end_session: self.end_session.given().map(url),
            response_iss: self.response_iss.or(false),
        })
    }
}
