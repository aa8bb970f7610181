//! Roomkey as its users have it: the program, a file, a log.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

pub use super::visitor::JITSI_SECRET;

/// A running Roomkey, stopped when dropped.
pub struct Roomkey {
    child: Child,
    pub url: String,
    pub management: SocketAddr,
    pub folder: tempfile::TempDir,
    log: Log,
}

struct Log {
    text: Arc<Mutex<String>>,
    reader: Option<JoinHandle<()>>,
}

/// The one port of those below that Chromium refuses to open (`ERR_UNSAFE_PORT`).
const BLOCKED_BY_BROWSERS: u16 = 10_080;

/// A port that nobody listens on, and that nobody is given by chance before this test listens there: it is outside of the
/// range for outgoing connections, and each process counts on from a place of its own.
pub fn free_port() -> u16 {
    static TAKEN: AtomicU32 = AtomicU32::new(0);
    loop {
        let number = std::process::id().wrapping_mul(20).wrapping_add(TAKEN.fetch_add(1, Ordering::Relaxed));
        let port = 10_000 + u16::try_from(number % 22_000).unwrap();
        if port != BLOCKED_BY_BROWSERS && TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return port;
        }
    }
}

impl Roomkey {
    /// Starts the program with the sections of `configuration` besides those that every test has alike.
    pub fn start(configuration: &str) -> Self {
        Self::start_at(free_port(), configuration)
    }

    /// The same, where the test has to know the address first.
    pub fn start_at(port: u16, configuration: &str) -> Self {
        let management = SocketAddr::from((Ipv4Addr::LOCALHOST, free_port()));
        Self::run(port, management, &file(port, management, configuration))
    }

    /// The same, with more keys in `[server]`.
    pub fn start_with(server: &str, configuration: &str) -> Self {
        let (port, management) = (free_port(), SocketAddr::from((Ipv4Addr::LOCALHOST, free_port())));
        let file = file(port, management, configuration).replacen("[server]\n", &format!("[server]\n{server}"), 1);
        Self::run(port, management, &file)
    }

    /// Starts the program with a file as it is, but for the management address, and with these variables.
    pub fn start_imported(file: &str, variables: &[(&str, &str)]) -> Self {
        let management = SocketAddr::from((Ipv4Addr::LOCALHOST, free_port()));
        let listen = file.lines().find_map(|line| line.strip_prefix("listen = ")).unwrap();
        let port = listen.trim_matches('"').rsplit_once(':').unwrap().1.parse().unwrap();
        let file = file.replacen("[server]\n", &format!("[server]\nmanagement_listen = \"{management}\"\n"), 1);
        Self::run_with(port, management, &file, variables)
    }

    /// The same with a whole file.
    pub fn run(port: u16, management: SocketAddr, file: &str) -> Self {
        Self::run_with(port, management, file, &[])
    }

    fn run_with(port: u16, management: SocketAddr, file: &str, variables: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("roomkey.toml"), file).unwrap();
        Self::run_in(folder, port, management, variables)
    }

    /// The same in a folder that has the file already, and what the file names.
    pub fn run_in(folder: tempfile::TempDir, port: u16, management: SocketAddr, variables: &[(&str, &str)]) -> Self {
        let (child, log) = spawn(folder.path(), variables);
        let mut roomkey = Self { child, url: format!("http://localhost:{port}"), management, folder, log };
        roomkey.wait_until_listening();
        roomkey
    }

    /// Starts the program anew once it has ended, with the same file and an empty log.
    pub fn restart(&mut self) {
        (self.child, self.log) = spawn(self.folder.path(), &[]);
        self.wait_until_listening();
    }

    /// Another process with the same file, but for where it listens.
    pub fn replica(&self) -> Self {
        let (port, management) = (free_port(), SocketAddr::from((Ipv4Addr::LOCALHOST, free_port())));
        let file = std::fs::read_to_string(self.configuration()).unwrap();
        let file =
            file.replace(&format!("listen = \"127.0.0.1:{}\"", self.port()), &format!("listen = \"127.0.0.1:{port}\""));
        Self::run(port, management, &file.replace(&self.management.to_string(), &management.to_string()))
    }

    fn port(&self) -> u16 {
        self.url.rsplit_once(':').unwrap().1.parse().unwrap()
    }

    pub fn configuration(&self) -> PathBuf {
        self.folder.path().join("roomkey.toml")
    }

    /// Writes another file in place of the one it was started with.
    pub fn rewrite(&self, configuration: &str) {
        std::fs::write(self.configuration(), file(self.port(), self.management, configuration)).unwrap();
    }

    /// What stands in the log so far.
    pub fn log(&self) -> String {
        self.log.text.lock().unwrap().clone()
    }

    /// Everything that it ever wrote, which ends it.
    pub fn whole_log(&mut self) -> String {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.log.reader.take().into_iter().for_each(|reader| reader.join().unwrap());
        self.log()
    }

    /// Waits until a line of the log holds `text`, and gives that line.
    pub fn wait_for_log(&self, text: &str) -> String {
        self.wait_for_line(text, |line| line.contains(text))
    }

    /// Waits until a line of the log `fits`, which is told as `what` if there is none.
    pub fn wait_for_line(&self, what: &str, fits: impl Fn(&str) -> bool) -> String {
        let deadline = Instant::now() + Duration::from_secs(10);
        loop {
            let log = self.log();
            if let Some(line) = log.lines().find(|line| fits(line)) {
                return line.to_owned();
            }
            assert!(Instant::now() < deadline, "no line with `{what}` in:\n{log}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits until its store has this version's tables.
    pub fn wait_until_ready(&self) {
        let request = b"GET /health/ready HTTP/1.1\r\nhost: health\r\nconnection: close\r\n\r\n";
        let deadline = Instant::now() + Duration::from_secs(20);
        let is_ready = || {
            let mut stream = TcpStream::connect(self.management).ok()?;
            stream.write_all(request).ok()?;
            let mut answer = String::new();
            stream.read_to_string(&mut answer).ok()?;
            Some(answer.ends_with("\r\n\r\nready\n"))
        };
        while is_ready() != Some(true) {
            assert!(Instant::now() < deadline, "it is not ready:\n{}", self.log());
            std::thread::sleep(Duration::from_millis(10));
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

    fn wait_until_listening(&mut self) {
        let deadline = Instant::now() + Duration::from_secs(20);
        while !self.log().contains("listening on ") {
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

/// Runs the program once in `folder`, with `arguments`. If it does not end by itself it is ended, with status 124.
pub fn run(folder: &Path, arguments: &[&str]) -> std::process::Output {
    let mut command = Command::new("timeout");
    command.args(["150", env!("CARGO_BIN_EXE_roomkey")]).args(arguments);
    command.current_dir(folder).env_remove("RUST_LOG").output().unwrap()
}

fn spawn(folder: &Path, variables: &[(&str, &str)]) -> (Child, Log) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_roomkey"))
        .current_dir(folder)
        .env_remove("RUST_LOG")
        .args(["serve", "--config", "roomkey.toml"])
        .envs(variables.iter().copied())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let text = Arc::new(Mutex::new(String::new()));
    let (lines, shared) = (BufReader::new(child.stderr.take().unwrap()).lines(), Arc::clone(&text));
    let reader = std::thread::spawn(move || {
        for line in lines.map_while(Result::ok) {
            let mut log = shared.lock().unwrap();
            log.push_str(&line);
            log.push('\n');
        }
    });
    (child, Log { text, reader: Some(reader) })
}

/// A whole file: `extra` may hold `[[providers]]`, `[[access]]` and any section that is not here.
pub fn file(port: u16, management: SocketAddr, extra: &str) -> String {
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
