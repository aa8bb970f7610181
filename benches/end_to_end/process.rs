//! Roomkey as a process of its own, on a core of its own.

use std::io::Write;
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tokio::net::TcpStream;

/// A running Roomkey, killed when dropped.
pub(crate) struct Process {
    child: Child,
    address: SocketAddr,
    folder: tempfile::TempDir,
}

impl Process {
    /// Starts the program at `path` on core 0 with one worker, and waits for its first answer.
    pub(crate) async fn start(path: &str, issuer: &str) -> Self {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("roomkey.toml");
        std::fs::File::create(&file).unwrap().write_all(configuration(address, issuer).as_bytes()).unwrap();
        let child = Command::new("taskset")
            .args(["-c", "0", path, "serve", "--config"])
            .arg(&file)
            .current_dir(folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("taskset is there (util-linux)");
        let process = Self { child, address, folder };
        while TcpStream::connect(address).await.is_err() {
            tokio::time::sleep(Duration::from_micros(500)).await;
        }
        process
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Processor time charged so far, user and system, in ticks of 10 ms.
    pub(crate) fn cpu(&self) -> Duration {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap();
        let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
        let ticks: u64 = fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
        Duration::from_millis(ticks * 10)
    }

    /// Resident memory, in bytes.
    pub(crate) fn resident(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").trim().parse::<u64>().unwrap() * 1024
    }

    /// What the store takes of the disk with its log, in bytes.
    pub(crate) fn stored(&self) -> u64 {
        let files = std::fs::read_dir(self.folder.path()).unwrap().map(Result::unwrap);
        files
            .filter(|file| file.file_name().to_string_lossy().contains(".db"))
            .map(|file| file.metadata().unwrap().len())
            .sum()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Pins this process to one core, so that it takes none of Roomkey's.
pub(crate) fn pin_to(core: usize) {
    let pid = std::process::id().to_string();
    let status = Command::new("taskset").args(["-cp", &core.to_string(), &pid]).stdout(Stdio::null()).status();
    assert!(status.is_ok_and(|status| status.success()), "taskset is there (util-linux), and so is core {core}");
}

fn configuration(address: SocketAddr, issuer: &str) -> String {
    format!(
        r#"
public_url = "http://{address}"
[server]
listen = "{address}"
management_listen = ""
workers = 1
[meeting]
url = "http://127.0.0.1:9"
app_id = "roomkey"
audience = "jitsi"
[meeting.signing]
algorithm = "HS256"
secret = "Sixty-four-kinds-of-quiet-for-a-benchmark"
[session]
secret = "Nobody-else-would-write-this-down-in-a-bench"
[store]
url = "sqlite://roomkey.db"
[[providers]]
id = "bench"
kind = "oidc"
issuer = "{issuer}"
client_id = "roomkey"
client_secret = "bench-client-secret"
[[access]]
rooms = ["*"]
providers = ["bench"]
role = "participant"
"#
    )
}
