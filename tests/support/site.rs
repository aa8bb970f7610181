//! A whole site as a page of the guide sets it up: the files that it shows, in an empty folder.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::Command;

use super::fake::{CLIENT_ID, CLIENT_SECRET, FakeProvider};
use super::roomkey::{JITSI_SECRET, Roomkey, free_port};

/// The files of a page: each block whose first line names one, as in "```toml roomkey.toml".
fn files_of(page: &str) -> Vec<(String, String)> {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(page)).unwrap();
    let blocks = text.split("```").skip(1).step_by(2);
    let file = |block: &str| {
        let (first, content) = block.split_once('\n')?;
        Some((first.split_once(' ')?.1.to_owned(), content.to_owned()))
    };
    blocks.filter_map(file).collect()
}

/// Writes the files of a page into an empty folder, with the addresses of this machine in place of the page's, and the secrets
/// that it tells to make.
pub fn lay_out(page: &str, provider: &FakeProvider) -> (tempfile::TempDir, u16, SocketAddr) {
    let (folder, port) = (tempfile::tempdir().unwrap(), free_port());
    let management = SocketAddr::from((Ipv4Addr::LOCALHOST, free_port()));
    for (name, content) in files_of(page) {
        let content = if name == "roomkey.toml" { here(&content, port, management, provider) } else { content };
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }
    let secrets = folder.path().join("secrets");
    std::fs::create_dir(&secrets).unwrap();
    let session = "thirteen-lanterns-lean-over-the-canal";
    for (name, secret) in [("jitsi", JITSI_SECRET), ("session", session)] {
        std::fs::write(secrets.join(name), secret).unwrap();
    }
    for name in ["school", "work", "practice", "patients"] {
        std::fs::write(secrets.join(name), CLIENT_SECRET).unwrap();
    }
    (folder, port, management)
}

/// Starts what [`lay_out`] has laid out.
pub fn start(page: &str, provider: &FakeProvider) -> Roomkey {
    let (folder, port, management) = lay_out(page, provider);
    Roomkey::run_in(folder, port, management, &[])
}

/// What a page tells to type: its command that begins so, with the lines that it goes on in.
pub fn command(page: &str, beginning: &str) -> String {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(page)).unwrap();
    let (_, rest) =
        text.split_once(&format!("\n    {beginning}")).unwrap_or_else(|| panic!("{page} has no {beginning}"));
    let mut command = beginning.to_owned();
    for line in rest.split('\n') {
        command.push_str(line);
        match command.strip_suffix('\\') {
            Some(goes_on) => command = goes_on.to_owned(),
            None => return command,
        }
    }
    command
}

/// Types a command into a shell in the folder, and gives what it prints.
pub fn type_in(folder: &Path, command: &str) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_roomkey")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
    let output = Command::new("sh").args(["-c", command]).current_dir(folder).env("PATH", path).output().unwrap();
    assert!(output.status.success(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The page's file with what differs from one site to the next.
fn here(file: &str, port: u16, management: SocketAddr, provider: &FakeProvider) -> String {
    let value = |line: &str| match line.split_once(" = ").map(|(key, _)| key) {
        Some("public_url") => Some(format!("\"http://localhost:{port}\"")),
        Some("listen") => Some(format!("\"127.0.0.1:{port}\"\nmanagement_listen = \"{management}\"")),
        Some("url") if line.contains("meet.") => Some("\"http://meet.localhost:9\"".to_owned()),
        Some("issuer") => Some(format!("\"{}\"", provider.issuer)),
        Some("client_id") => Some(format!("\"{CLIENT_ID}\"")),
        Some("acr_values") => Some("\"silver\"".to_owned()),
        _ => None,
    };
    let line = |line: &str| match (value(line), line.split_once(" = ")) {
        (Some(value), Some((key, _))) => format!("{key} = {value}\n"),
        _ => format!("{line}\n"),
    };
    let file: String = file.lines().map(line).collect();
    format!("{file}\n[log]\nformat = \"json\"\n")
}
