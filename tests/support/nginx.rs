//! A real nginx in front of Roomkey, set up well or badly.

use std::fs;
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// A running nginx, stopped when dropped.
pub struct Nginx {
    process: Child,
    _folder: TempDir,
}

impl Nginx {
    /// Starts one at `port` whose only location has these `lines`.
    pub fn start(port: u16, lines: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let path = folder.path().to_str().unwrap();
        let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .iter()
            .map(|kind| format!("{kind}_temp_path {path}/{kind};\n"))
            .collect();
        let file = folder.path().join("nginx.conf");
        fs::write(
            &file,
            format!(
                "daemon off;\nmaster_process off;\npid {path}/pid;\nerror_log {path}/error.log;\nevents {{}}\n\
                 http {{\naccess_log off;\n{temporary}server {{\nlisten 127.0.0.1:{port};\n\
                 location / {{\nproxy_set_header Host $host:$server_port;\n{lines}\n}}\n}}\n}}\n"
            ),
        )
        .unwrap();
        let process = Command::new("nginx")
            .args(["-e", &format!("{path}/error.log"), "-c"])
            .arg(&file)
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("Debian's nginx is installed: scripts/test does it");
        let deadline = Instant::now() + Duration::from_secs(10);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            let log = fs::read_to_string(folder.path().join("error.log")).unwrap_or_default();
            assert!(Instant::now() < deadline, "nginx does not start: {log}");
            std::thread::sleep(Duration::from_millis(10));
        }
        Self { process, _folder: folder }
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
