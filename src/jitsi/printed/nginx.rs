//! The web server in front.

use std::fmt::Write;
use std::net::IpAddr;

use super::Printed;

/// What Roomkey has to know of a request, and how long it may take.
const PROXY: &str = r#"
    # Queries carry codes and Jitsi's state.
    access_log off;

    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_set_header Host $host;
    # Set, not added to: whatever the visitor sent under these names is worth nothing.
    proxy_set_header X-Forwarded-For $remote_addr;
    proxy_set_header X-Forwarded-Host $host;
    proxy_set_header X-Forwarded-Proto $scheme;
    proxy_set_header Forwarded "";
    # Roomkey gives up on a provider earlier than this.
    proxy_connect_timeout 5s;
    proxy_read_timeout 60s;
"#;

impl Printed<'_> {
    /// A location below Jitsi's own host, if Roomkey is there; else a server of its own.
    ///
    /// In docker-jitsi-meet, nginx is in the container `web`, and Roomkey in one that is called `roomkey`.
    pub fn nginx(&self, in_docker: bool) -> String {
        let path = self.public_url.path();
        let host = self.public_url.host_str().unwrap_or_default();
        if path == "/" { self.own_server(host) } else { self.location(path, host, in_docker) }
    }

    fn location(&self, path: &str, host: &str, in_docker: bool) -> String {
        let (place, pass) = if in_docker {
            (
                "Put it into nginx-custom/roomkey.conf in the folder that is mounted as /config of the container \"web\"."
                    .to_owned(),
                format!(
                    "    # By way of a variable, so that nginx starts without Roomkey and finds it again after it has moved.\n    \
                     set $roomkey http://roomkey:{};\n    proxy_pass $roomkey;\n",
                    self.listen.port()
                ),
            )
        } else {
            (
                format!(
                    "Put it into /etc/jitsi/meet/jaas/roomkey.conf, a folder that the nginx configuration of Jitsi's Debian\n\
                     # packages includes, or into the TLS server block of {host}."
                ),
                format!("    proxy_pass http://{};\n", self.upstream()),
            )
        };
        let name = path.trim_matches('/');
        format!(
            "# Roomkey at {}. {place}\n\
             # No meeting or tenant can be called \"{name}\" then.\n\n\
             location ^~ {path} {{\n    \
             # No path after the port: nginx would decode the room's name.\n{pass}{PROXY}}}\n",
            self.public_url,
        )
    }

    fn own_server(&self, host: &str) -> String {
        let mut text = format!(
            "# Roomkey on a host of its own, {}. Put it into /etc/nginx/sites-enabled/roomkey.conf.\n\n",
            self.public_url
        );
        let _ = write!(
            text,
            "server {{\n    listen 80;\n    listen [::]:80;\n    server_name {host};\n    \
             return 301 https://$host$request_uri;\n}}\n\n\
             server {{\n    listen 443 ssl http2;\n    listen [::]:443 ssl http2;\n    server_name {host};\n\n    \
             ssl_certificate /etc/letsencrypt/live/{host}/fullchain.pem;\n    \
             ssl_certificate_key /etc/letsencrypt/live/{host}/privkey.pem;\n    \
             ssl_protocols TLSv1.2 TLSv1.3;\n\n    \
             # Jitsi's state makes long addresses, and several logins at once make long Cookie lines.\n    \
             large_client_header_buffers 4 16k;\n    client_max_body_size 256k;\n\n    \
             location / {{\n        # No path after the port: nginx would decode the room's name.\n        \
             proxy_pass http://{};\n{}    }}\n}}\n",
            self.upstream(),
            indented(PROXY),
        );
        text
    }

    /// Where nginx on the same machine finds Roomkey.
    fn upstream(&self) -> String {
        let mut listen = self.listen;
        if listen.ip().is_unspecified() {
            listen.set_ip(IpAddr::from([127, 0, 0, 1]));
        }
        listen.to_string()
    }
}

fn indented(text: &str) -> String {
    text.lines().map(|line| if line.is_empty() { "\n".to_owned() } else { format!("    {line}\n") }).collect()
}
