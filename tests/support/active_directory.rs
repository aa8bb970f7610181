//! What Active Directory says to a bind, by the name that is bound: as much of LDAP as that takes (RFC 4511, section 4.2).

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// A server that takes binds, and knows nobody by the right password but accounts that cannot be used.
pub struct ActiveDirectory {
    port: u16,
}

impl ActiveDirectory {
    pub async fn start() -> Self {
        Self { port: answering(answer).await }
    }

    /// Its `[[providers]]` entry.
    pub fn configuration(&self) -> String {
        format!(
            "[[providers]]\nid = \"directory\"\nkind = \"ldap\"\npreset = \"active_directory\"\nurls = \"ldap://localhost:{}\"\n\
             base_dn = \"dc=example\"\nuser_dn = \"cn={{name}},dc=example\"\n",
            self.port
        )
    }
}

/// `expired` and `disabled` are people; whatever their password is, it is right.
fn answer(request: &[u8]) -> Vec<u8> {
    let holds = |name: &[u8]| request.windows(name.len()).any(|part| part == name);
    let data = if holds(b"cn=expired,") {
        "532"
    } else if holds(b"cn=disabled,") {
        "533"
    } else {
        "52e"
    };
    let text = format!("80090308: LdapErr: DSID-0C090446, comment: AcceptSecurityContext error, data {data}, v4563");
    // SEQUENCE { messageID, [APPLICATION 1] { resultCode invalidCredentials, matchedDN "", diagnosticMessage } }
    let id =
        request.iter().position(|&byte| byte == 0x02).map(|at| &request[at..at + 2 + usize::from(request[at + 1])]);
    let result = [&[0x0a, 1, 49, 0x04, 0, 0x04, u8::try_from(text.len()).unwrap()], text.as_bytes()].concat();
    let response = [id.unwrap_or(&[0x02, 1, 0]), &[0x61, u8::try_from(result.len()).unwrap()], &result].concat();
    [&[0x30, u8::try_from(response.len()).unwrap()], response.as_slice()].concat()
}

/// A server that answers whatever comes by `answer` alone; its port.
pub async fn answering(answer: impl Fn(&[u8]) -> Vec<u8> + Copy + Send + Sync + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        loop {
            let Ok((mut stream, _)) = listener.accept().await else { return };
            tokio::spawn(async move {
                let mut request = vec![0; 4096];
                while let Ok(length @ 1..) = stream.read(&mut request).await {
                    if stream.write_all(&answer(&request[..length])).await.is_err() {
                        return;
                    }
                }
            });
        }
    });
    port
}
