//! The least OpenID provider there can be: it signs what it is asked for, so that its own time stays small.

use std::cell::RefCell;
use std::rc::Rc;
use std::str::FromStr;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
    RsaPublicKeyComponents,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// How ID Tokens are signed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Algorithm {
    Rs256,
    Es256,
    EdDsa,
}

impl FromStr for Algorithm {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        match name {
            "RS256" => Ok(Self::Rs256),
            "ES256" => Ok(Self::Es256),
            "EdDSA" => Ok(Self::EdDsa),
            _ => Err(format!("{name} is none of RS256, ES256, EdDSA")),
        }
    }
}

enum Key {
    Rsa(RsaKeyPair),
    Ec(EcdsaKeyPair),
    Ed(Ed25519KeyPair),
}

/// A provider that serves until the benchmark ends.
pub(crate) struct Provider {
    issuer: String,
}

struct Shared {
    issuer: String,
    key: Key,
    buffer: RefCell<Vec<u8>>,
}

impl Provider {
    pub(crate) async fn start(algorithm: Algorithm) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let key = match algorithm {
            Algorithm::Rs256 => Key::Rsa(RsaKeyPair::generate(KeySize::Rsa2048).unwrap()),
            Algorithm::Es256 => Key::Ec(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap()),
            Algorithm::EdDsa => Key::Ed(Ed25519KeyPair::generate().unwrap()),
        };
        let shared = Rc::new(Shared { issuer: issuer.clone(), key, buffer: RefCell::default() });
        tokio::task::spawn_local(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                stream.set_nodelay(true).unwrap();
                tokio::task::spawn_local(serve(stream, Rc::clone(&shared)));
            }
        });
        Self { issuer }
    }

    pub(crate) fn issuer(&self) -> &str {
        &self.issuer
    }
}

async fn serve(mut stream: TcpStream, shared: Rc<Shared>) {
    let mut request = Vec::with_capacity(8192);
    loop {
        request.clear();
        let length = loop {
            if stream.read_buf(&mut request).await.unwrap_or(0) == 0 {
                return;
            }
            if let Some(length) = complete(&request) {
                break length;
            }
        };
        let answer = shared.answer(std::str::from_utf8(&request[..length]).unwrap());
        if stream.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}

/// The length of a request that has come in whole.
fn complete(request: &[u8]) -> Option<usize> {
    let head = request.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
    let text = std::str::from_utf8(&request[..head]).unwrap().to_ascii_lowercase();
    let body = text
        .lines()
        .find_map(|line| line.strip_prefix("content-length:"))
        .map_or(0, |length| length.trim().parse().unwrap());
    (request.len() >= head + body).then_some(head + body)
}

impl Shared {
    fn answer(&self, request: &str) -> String {
        let body = match request.split(' ').nth(1).unwrap() {
            "/.well-known/openid-configuration" => self.metadata(),
            "/jwks" => format!(r#"{{"keys":[{}]}}"#, self.jwk()),
            "/token" => self.tokens(request),
            other => panic!("nobody asks for {other}"),
        };
        format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}", body.len())
    }

    fn metadata(&self) -> String {
        let (issuer, alg) = (&self.issuer, self.alg());
        format!(
            r#"{{"issuer":"{issuer}","authorization_endpoint":"{issuer}/auth","token_endpoint":"{issuer}/token","jwks_uri":"{issuer}/jwks","response_types_supported":["code"],"subject_types_supported":["public"],"id_token_signing_alg_values_supported":["{alg}"]}}"#
        )
    }

    fn alg(&self) -> &'static str {
        match self.key {
            Key::Rsa(_) => "RS256",
            Key::Ec(_) => "ES256",
            Key::Ed(_) => "EdDSA",
        }
    }

    fn jwk(&self) -> String {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        match &self.key {
            Key::Rsa(pair) => {
                let RsaPublicKeyComponents { n, e } = RsaPublicKeyComponents::<Vec<u8>>::from(pair.public_key());
                format!(r#"{{"kty":"RSA","kid":"k","n":"{}","e":"{}"}}"#, text(&n), text(&e))
            }
            Key::Ec(pair) => {
                let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
                format!(r#"{{"kty":"EC","crv":"P-256","kid":"k","x":"{}","y":"{}"}}"#, text(x), text(y))
            }
            Key::Ed(pair) => {
                format!(r#"{{"kty":"OKP","crv":"Ed25519","kid":"k","x":"{}"}}"#, text(pair.public_key().as_ref()))
            }
        }
    }

    /// The code is `PERSON.NONCE`: nothing has to be remembered.
    fn tokens(&self, request: &str) -> String {
        let code = request.rsplit_once("code=").unwrap().1.split('&').next().unwrap();
        let (person, nonce) = code.split_once('.').unwrap();
        let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs();
        let header = format!(r#"{{"alg":"{}","typ":"JWT","kid":"k"}}"#, self.alg());
        let claims = format!(
            r#"{{"iss":"{}","sub":"person-{person}","aud":"roomkey","iat":{now},"exp":{},"nonce":"{nonce}","name":"Person {person}","preferred_username":"person{person}","email":"person{person}@example.com","email_verified":true,"groups":["staff","everybody"]}}"#,
            self.issuer,
            now + 300
        );
        let input = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
        let signature = self.sign(input.as_bytes());
        format!(
            r#"{{"access_token":"access-{person}","token_type":"Bearer","expires_in":300,"id_token":"{input}.{signature}"}}"#
        )
    }

    fn sign(&self, input: &[u8]) -> String {
        let mut buffer = self.buffer.borrow_mut();
        match &self.key {
            Key::Rsa(pair) => {
                buffer.resize(pair.public_modulus_len(), 0);
                pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), input, &mut buffer).unwrap();
                URL_SAFE_NO_PAD.encode(&*buffer)
            }
            Key::Ec(pair) => URL_SAFE_NO_PAD.encode(pair.sign(&SystemRandom::new(), input).unwrap()),
            Key::Ed(pair) => URL_SAFE_NO_PAD.encode(pair.sign(input)),
        }
    }
}
