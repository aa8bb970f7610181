//! Roomkey as its users have it: the program, a file, a log.

use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// The secret that signs meeting tokens, which a test needs to check them.
pub const JITSI_SECRET: &str = "a-quiet-lake-mirrors-seven-unlit-lanterns";

/// A running Roomkey, stopped when dropped.
pub struct Roomkey {
    child: Child,
    pub url: String,
    pub management: SocketAddr,
    pub folder: Arc<tempfile::TempDir>,
    log: Arc<Mutex<String>>,
}

/// A port that nobody listens on.
pub fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}

impl Roomkey {
    /// Starts the program with the sections of `configuration` besides those that every test has alike.
    pub fn start(configuration: &str) -> Self {
        Self::start_at(free_port(), configuration)
    }

    /// The same, where the test has to know the address first.
    pub fn start_at(port: u16, configuration: &str) -> Self {
        let management = SocketAddr::from((Ipv4Addr::LOCALHOST, free_port()));
        let folder = Arc::new(tempfile::tempdir().unwrap());
        let url = format!("http://localhost:{port}");
        std::fs::write(folder.path().join("roomkey.toml"), whole(port, management, configuration)).unwrap();
        let (child, log) = spawn(folder.path());
        let mut roomkey = Self { child, url, management, folder, log };
        roomkey.wait_until_listening(port);
        roomkey
    }

    pub fn configuration(&self) -> PathBuf {
        self.folder.path().join("roomkey.toml")
    }

    /// Writes another file in place of the one it was started with.
    pub fn rewrite(&self, configuration: &str) {
        let port = self.url.rsplit_once(':').unwrap().1.parse().unwrap();
        std::fs::write(self.configuration(), whole(port, self.management, configuration)).unwrap();
    }

    /// What stands in the log so far.
    pub fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// Waits until a line of the log holds `text`, and gives that line.
    pub fn wait_for_log(&self, text: &str) -> String {
        let deadline = Instant::now() + Duration::from_secs(10);
        loop {
            let log = self.log();
            if let Some(line) = log.lines().find(|line| line.contains(text)) {
                return line.to_owned();
            }
            assert!(Instant::now() < deadline, "no line with `{text}` in:\n{log}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    pub fn signal(&self, signal: &str) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-s", signal, &pid]).status().unwrap().success());
    }

    /// Waits for the program to end by itself.
    pub fn wait(&mut self) -> std::process::ExitStatus {
        let deadline = Instant::now() + Duration::from_secs(40);
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(Instant::now() < deadline, "it does not end:\n{}", self.log());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    fn wait_until_listening(&mut self, port: u16) {
        let deadline = Instant::now() + Duration::from_secs(20);
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            let ended = self.child.try_wait().unwrap();
            assert!(ended.is_none() && Instant::now() < deadline, "it does not start:\n{}", self.log());
            std::thread::sleep(Duration::from_millis(3));
        }
    }
}

impl Drop for Roomkey {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Runs the program once in `folder`, with `arguments`.
pub fn run(folder: &Path, arguments: &[&str]) -> std::process::Output {
    program(folder).args(arguments).output().unwrap()
}

fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_roomkey"));
    command.current_dir(folder).env_remove("RUST_LOG");
    command
}

fn spawn(folder: &Path) -> (Child, Arc<Mutex<String>>) {
    let mut child = program(folder)
        .args(["serve", "--config", "roomkey.toml"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let log = Arc::new(Mutex::new(String::new()));
    let (lines, shared) = (BufReader::new(child.stderr.take().unwrap()).lines(), Arc::clone(&log));
    std::thread::spawn(move || {
        for line in lines.map_while(Result::ok) {
            let mut log = shared.lock().unwrap();
            log.push_str(&line);
            log.push('\n');
        }
    });
    (child, log)
}

/// A whole file: `extra` may hold `[[providers]]`, `[[access]]` and any section that is not here.
fn whole(port: u16, management: SocketAddr, extra: &str) -> String {
    let mut file = format!(
        "public_url = \"http://localhost:{port}\"\n\
         [server]\nlisten = \"127.0.0.1:{port}\"\nmanagement_listen = \"{management}\"\nworkers = 2\n"
    );
    let sections = [
        ("[session]", "[session]\nsecret = \"eleven-paper-boats-drift-past-the-mill\"\n"),
        ("[store]", "[store]\nurl = \"sqlite://roomkey.db\"\n"),
        ("[log]", "[log]\nformat = \"json\"\nlevel = \"debug\"\n"),
        ("[meeting]", "[meeting]\nurl = \"http://meet.localhost:9\"\napp_id = \"roomkey\"\naudience = \"jitsi\"\n"),
    ];
    for (name, section) in sections {
        if !extra.contains(name) {
            file.push_str(section);
        }
    }
    if !extra.contains("[meeting.signing]") {
        file.push_str(&format!("[meeting.signing]\nalgorithm = \"HS256\"\nsecret = \"{JITSI_SECRET}\"\n"));
    }
    file + extra
}
