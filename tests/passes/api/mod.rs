//! `/api/v1` as programs use it, each answer compared with what the OpenAPI document says of it.

mod keys;
mod once;
mod orders;

use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

use crate::after;
use crate::support::fake::FakeProvider;
use crate::support::roomkey::{Roomkey, run};

const RULE: &str =
    "[[access]]\nname = \"tickets\"\nrooms = [\"gala\", \"gala-*\"]\npasses = true\nrole = \"participant\"\n";

/// Every site here has one rule, for holders of passes.
pub(crate) async fn site() -> Roomkey {
    Roomkey::start(&format!("{}{RULE}", FakeProvider::start().await.configuration("")))
}

/// What `roomkey api-key` prints.
pub(crate) fn api_key(roomkey: &Roomkey, arguments: &[&str]) -> String {
    let output = run(roomkey.folder.path(), &[&["api-key"], arguments].concat());
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Id and text of a new key of `shop`.
pub(crate) fn new_key(roomkey: &Roomkey, scopes: &[&str]) -> (String, String) {
    let scopes = scopes.iter().flat_map(|scope| ["--scope", scope]).collect::<Vec<_>>();
    let printed = api_key(roomkey, &[&["create", "--name", "shop"], scopes.as_slice()].concat());
    let (id, key) = printed.trim().split_once("  ").unwrap();
    (id.to_owned(), key.to_owned())
}

/// A program with a key.
pub(crate) struct Program {
    http: Client,
    url: String,
    authorization: Option<String>,
    document: Value,
}

/// What a program is answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) text: String,
}

impl Program {
    /// One that may do everything.
    pub(crate) async fn new(roomkey: &Roomkey) -> Self {
        let (_, key) = new_key(roomkey, &["passes:read", "passes:write"]);
        Self::with(roomkey, Some(&format!("Bearer {key}"))).await
    }

    /// One that sends this `Authorization`.
    #[allow(clippy::disallowed_methods, reason = "a program is no provider")]
    pub(crate) async fn with(roomkey: &Roomkey, authorization: Option<&str>) -> Self {
        let http = Client::new();
        let document = http.get(format!("{}/api/v1/openapi.json", roomkey.url)).send().await.unwrap();
        assert_eq!(document.headers()["content-type"], "application/json");
        Self {
            http,
            url: roomkey.url.clone(),
            authorization: authorization.map(str::to_owned),
            document: serde_json::from_str(&document.text().await.unwrap()).unwrap(),
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], String::new()).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, &[], String::new()).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.post_with(path, &[], body).await
    }

    pub(crate) async fn post_with(&self, path: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
        let headers = [&[("content-type", "application/json")], headers].concat();
        self.send(Method::POST, path, &headers, body.to_string()).await
    }

    /// Sends a request, and compares the answer with the document.
    pub(crate) async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: String) -> Answer {
        let mut request = self.http.request(method.clone(), format!("{}/api/v1{path}", self.url)).body(body);
        if let Some(authorization) = &self.authorization {
            request = request.header("authorization", authorization);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = request.send().await.unwrap();
        let (status, headers) = (answer.status(), answer.headers().clone());
        let answer = Answer { status, headers, text: answer.text().await.unwrap() };
        self.compare(&method, path, &answer);
        answer
    }

    /// The document has this answer, of this kind, for this route; and one that is no success is a problem (RFC 9457).
    fn compare(&self, method: &Method, path: &str, answer: &Answer) {
        let content = answer.headers.get("content-type").map(|value| value.to_str().unwrap());
        if !answer.status.is_success() {
            assert_eq!(content, Some("application/problem+json"), "{answer:?}");
            assert_eq!(answer.json()["status"], answer.status.as_u16());
            assert_eq!(answer.json()["reference"].as_str().unwrap().len(), 8);
        }
        let path = path.split('?').next().unwrap();
        let path = match path.strip_prefix("/passes/") {
            Some(id) if id != "batch" => "/passes/{id}",
            _ => path,
        };
        let route = &self.document["paths"][format!("/api/v1{path}")][method.as_str().to_ascii_lowercase()];
        if matches!(answer.status, StatusCode::METHOD_NOT_ALLOWED) || path == "/nothing" {
            assert!(route.is_null(), "{method} {path} is in the document");
            return;
        }
        let told = &route["responses"][answer.status.as_str()];
        assert!(told.is_object(), "{method} {path} {} is not in the document", answer.status);
        match content {
            Some(content) => {
                assert!(told["content"][content].is_object(), "{method} {path}: {content} is not in {told}")
            }
            None => assert!(told["content"].is_null() && answer.text.is_empty(), "{answer:?}"),
        }
    }
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Status and what is wrong.
    pub(crate) fn refusal(&self) -> (u16, String) {
        (self.status.as_u16(), self.json()["detail"].as_str().unwrap().to_owned())
    }

    /// Members that are wrong, and what is.
    pub(crate) fn mistakes(&self) -> Vec<(String, String)> {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let json = self.json();
        json["errors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|wrong| (text(&wrong["member"]), text(&wrong["detail"])))
            .collect()
    }
}

/// A ticket for the gala.
pub(crate) fn ticket() -> Value {
    json!({ "rooms": ["gala"], "until": after(300), "people": 1, "note": "order 17" })
}
