//! A PostgreSQL server of the tests' own, from Debian's package, that ends with them.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A server on a free port with a folder of its own.
pub(crate) struct Postgres {
    programs: PathBuf,
    folder: tempfile::TempDir,
    port: u16,
    child: Child,
}

impl Postgres {
    /// Starts an empty one.
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let programs = programs();
        if is_root() {
            // PostgreSQL does not run as root: Debian's package made this user.
            run(Command::new("chown").arg("postgres").arg(folder.path()));
        }
        let mut initdb = as_postgres(&programs.join("initdb"));
        run(initdb.args(["-A", "trust", "-U", "postgres", "-N", "-E", "UTF8", "-D"]).arg(folder.path().join("data")));
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let child = serve(&programs, folder.path(), port);
        let server = Self { programs, folder, port, child };
        server.wait();
        server
    }

    /// The address of a new database.
    pub(crate) fn database(&self, name: &str) -> String {
        let mut createdb = self.client("createdb");
        run(createdb.arg(name));
        format!("postgres://postgres@127.0.0.1:{}/{name}", self.port)
    }

    /// Ends it at once and with all its connections, as `pg_ctl stop -m fast` does.
    pub(crate) fn stop(&mut self) {
        self.end("INT");
    }

    /// Ends it as a crash would: it has to recover when it starts again (`pg_ctl stop -m immediate`).
    pub(crate) fn crash(&mut self) {
        self.end("QUIT");
    }

    fn end(&mut self, signal: &str) {
        run(Command::new("kill").args(["-s", signal, &self.child.id().to_string()]));
        self.child.wait().unwrap();
    }

    /// What a query gives, as text.
    pub(crate) fn query(&self, database: &str, sql: &str) -> String {
        let output = self.client("psql").args(["-tAc", sql, database]).output().unwrap();
        assert!(output.status.success(), "{sql}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// Starts it again on the same port and data.
    pub(crate) fn start_again(&mut self) {
        self.child = serve(&self.programs, self.folder.path(), self.port);
        self.wait();
    }

    fn wait(&self) {
        let began = Instant::now();
        while !self.client("pg_isready").stdout(Stdio::null()).status().unwrap().success() {
            assert!(began.elapsed() < Duration::from_secs(30), "PostgreSQL starts");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn client(&self, program: &str) -> Command {
        let mut client = Command::new(self.programs.join(program));
        client.args(["-h", "127.0.0.1", "-U", "postgres", "-p", &self.port.to_string()]);
        client
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // Unlike a kill, this ends its other processes first: none writes into the folder while that is removed.
        let has_ended = !matches!(self.child.try_wait(), Ok(None));
        let quit = || Command::new("kill").args(["-s", "QUIT", &self.child.id().to_string()]).status();
        if !has_ended && !quit().is_ok_and(|status| status.success()) {
            self.child.kill().ok();
        }
        self.child.wait().ok();
    }
}

fn serve(programs: &Path, folder: &Path, port: u16) -> Child {
    as_postgres(&programs.join("postgres"))
        .args([
            "-F",
            "-h",
            "127.0.0.1",
            "-p",
            &port.to_string(),
            "-c",
            "unix_socket_directories=",
            "-c",
            "max_connections=300",
            "-D",
        ])
        .arg(folder.join("data"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// A command that runs as somebody other than root, and ends when the tests do.
fn as_postgres(program: &Path) -> Command {
    let mut command = Command::new("setpriv");
    if is_root() {
        command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]);
    }
    command.args(["--pdeathsig", "INT"]).arg(program).current_dir("/");
    command
}

/// Debian keeps one folder a version and puts none of it on the path.
fn programs() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").expect("Debian's postgresql is installed (scripts/test)");
    let newest = versions.map(|version| version.unwrap().path()).max().expect("a version is installed");
    newest.join("bin")
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().unwrap().stdout == b"0\n"
}

fn run(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}
