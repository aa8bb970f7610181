//! A real Prosody, with Jitsi's rules for tokens applied by modules of the tests' own (`tests/support/prosody/`).

use std::fs;
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use roomkey::doctor::bosh::Address;
use tempfile::TempDir;

use super::roomkey::free_port;

/// Its VirtualHost, and the host of its rooms.
pub const DOMAIN: &str = "meet.test";
pub const MUC: &str = "conference.meet.test";
const FOCUS: &str = "focus.meet.test";

/// What differs from test to test.
pub struct Settings {
    /// Lines of the VirtualHost: `authentication`, `app_id`, …
    pub host: String,
    /// Modules of the rooms.
    pub room_modules: Vec<&'static str>,
    /// Whether somebody stands in Jicofo's place.
    pub focus: bool,
}

pub struct Prosody {
    process: Child,
    folder: TempDir,
    port: u16,
}

impl Settings {
    /// Token authentication with `host` beside it, on rooms that check tokens and take their roles.
    pub fn token(host: &str) -> Self {
        let host = format!("authentication = \"token\"\n{host}");
        Self { host, room_modules: vec!["token_verification", "token_affiliation"], focus: true }
    }
}

impl Prosody {
    /// Starts one and waits until it answers.
    pub fn start(settings: &Settings) -> Self {
        let folder = TempDir::new().unwrap();
        let port = free_port();
        let modules = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/prosody");
        let quoted: Vec<_> = settings.room_modules.iter().map(|module| format!("\"{module}\"")).collect();
        let components =
            if settings.focus { format!("Component \"{FOCUS}\" \"conference_focus\"\n") } else { String::new() };
        let text = fs::read_to_string(modules.join("prosody.cfg.lua")).unwrap();
        let text = text
            .replace("{{folder}}", folder.path().to_str().unwrap())
            .replace("{{modules}}", modules.join("modules").to_str().unwrap())
            .replace("{{port}}", &port.to_string())
            .replace("{{host}}", &settings.host)
            .replace("{{room_modules}}", &quoted.join(", "))
            .replace("{{components}}", &components);
        let file = folder.path().join("prosody.cfg.lua");
        fs::write(&file, text).unwrap();
        let output = fs::File::create(folder.path().join("output")).unwrap();
        let process = Command::new("prosody")
            .args(["-F", "--config"])
            .arg(&file)
            .stdin(Stdio::null())
            .stdout(output.try_clone().unwrap())
            .stderr(output)
            .spawn()
            .expect("Debian's prosody is installed: scripts/test does it");
        let prosody = Self { process, folder, port };
        let deadline = Instant::now() + Duration::from_secs(20);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < deadline, "Prosody does not start: {}", prosody.log());
            sleep(Duration::from_millis(20));
        }
        prosody
    }

    /// Where it answers.
    pub fn address(&self) -> Address {
        Address {
            bosh: format!("{}http-bind", self.origin()).parse().unwrap(),
            domain: DOMAIN.into(),
            muc: MUC.into(),
            focus: FOCUS.into(),
        }
    }

    /// The address of its web server.
    pub fn origin(&self) -> String {
        format!("http://127.0.0.1:{}/", self.port)
    }

    /// Everything that it has written.
    pub fn log(&self) -> String {
        let read = |name| fs::read_to_string(self.folder.path().join(name)).unwrap_or_default();
        read("prosody.log") + &read("output")
    }
}

impl Drop for Prosody {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
