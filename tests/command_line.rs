//! The program as it is called from a shell.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test ends where something unexpected happens")]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

/// A file that is right, on ports that are free.
const FILE: &str = r#"
public_url = "http://localhost:8080"
[server]
listen = "127.0.0.1:0"
management_listen = "127.0.0.1:0"
[meeting]
url = "https://meet.example.com"
[meeting.signing]
secret = "e3a5f0c9b1d74826af0e5c3d9b718264"
[session]
secret = "0b4d7a9c2e6f81530d9c7b5a3e1f8642"
[[providers]]
id = "work"
kind = "oidc"
issuer = "https://id.example.com"
client_id = "roomkey"
[[access]]
rooms = ["*"]
role = "participant"
"#;

fn program(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_roomkey"));
    command.current_dir(folder).args(arguments).env_clear();
    command
}

fn run(folder: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    program(folder, arguments).envs(variables.iter().copied()).output().unwrap()
}

/// Exit status, standard output and standard error.
fn told(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

fn folder_with(name: &str, text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(name), text).unwrap();
    folder
}

#[test]
fn a_file_that_is_right_is_summed_up() {
    let folder = folder_with("roomkey.toml", FILE);

    let output = run(folder.path(), &["config", "check"], &[]);

    let summary = "roomkey.toml: right. http://localhost:8080 for https://meet.example.com/, \
                   tokens signed with HS256 (kid `tL9m3TQ8VC6Tk05ydx5LwA`), 1 provider, 1 rule.\n";
    assert_eq!(told(&output), (0, summary.to_owned(), String::new()));
}

#[test]
fn what_is_doubtful_is_told_and_is_no_mistake() {
    let folder = folder_with("roomkey.toml", &format!("{FILE}[[access]]\nrooms = [\"board\"]\nrole = \"moderator\"\n"));

    let (status, summary, warnings) = told(&run(folder.path(), &["config", "check"], &[]));

    assert_eq!(status, 0);
    assert!(summary.contains("2 rules"), "{summary}");
    assert_eq!(
        warnings,
        "warning: roomkey.toml:20:1: access[1]: never decides: `access[0]` before it fits everybody in all of its rooms; \
         move it up, or remove it\n"
    );
}

#[test]
fn mistakes_end_the_check_and_the_service_alike() {
    let folder = folder_with("roomkey.toml", &FILE.replace("role =", "rol ="));

    let checked = told(&run(folder.path(), &["config", "check"], &[]));
    let served = told(&run(folder.path(), &["serve"], &[]));

    let mistakes = "roomkey.toml:17:1: access[0].role: is missing; \
                    add `role = \"participant\"`, `role = \"moderator\"` or `deny = true`\n\
                    roomkey.toml:19:1: access[0].rol: is no key that Roomkey knows; did you mean `role`?\n\
                    2 mistakes in roomkey.toml\n";
    assert_eq!(checked, (2, String::new(), mistakes.to_owned()));
    assert_eq!(served, checked);
}

#[test]
fn the_file_is_found_by_argument_then_variable_then_folder() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["argument.toml", "variable.toml", "roomkey.toml"] {
        fs::write(folder.path().join(name), FILE).unwrap();
    }
    let variable = [("ROOMKEY_CONFIG", "variable.toml")];
    let gone = [("ROOMKEY_CONFIG", "gone.toml")];

    let outputs = [
        run(folder.path(), &["config", "check", "--config", "argument.toml"], &variable),
        run(folder.path(), &["config", "check"], &variable),
        run(folder.path(), &["config", "check"], &[]),
        run(folder.path(), &["config", "check"], &gone),
    ];

    let [argument, by_variable, by_folder, missing] = outputs.each_ref().map(told);
    assert!(argument.1.starts_with("argument.toml: right."), "{argument:?}");
    assert!(by_variable.1.starts_with("variable.toml: right."), "{by_variable:?}");
    assert!(by_folder.1.starts_with("roomkey.toml: right."), "{by_folder:?}");
    let cause = "no configuration: cannot read gone.toml: No such file or directory (os error 2)\n";
    assert_eq!(missing, (2, String::new(), cause.to_owned()));
}

#[test]
fn the_environment_overrides_the_file() {
    let folder = folder_with("roomkey.toml", FILE);
    let variables = [("ROOMKEY_MEETING__URL", "https://jitsi.example.com"), ("ROOMKEY_PORT", "tcp://10.0.0.1:80")];

    let (status, summary, _) = told(&run(folder.path(), &["config", "check"], &variables));

    assert_eq!(status, 0);
    assert!(summary.contains("for https://jitsi.example.com/"), "{summary}");
}

#[test]
fn the_example_and_the_schema_are_printed_whole() {
    let folder = tempfile::tempdir().unwrap();

    let (example_status, example, _) = told(&run(folder.path(), &["config", "example"], &[]));
    let (schema_status, schema, _) = told(&run(folder.path(), &["config", "schema"], &[]));

    assert_eq!((example_status, schema_status), (0, 0));
    assert_eq!(example, include_str!("../roomkey.example.toml"));
    let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
    assert_eq!(schema["properties"]["public_url"]["format"], "uri");
}

/// A service that runs, killed at the end of the test.
struct Service(Child);

impl Service {
    fn start(folder: &Path, variables: &[(&str, &str)]) -> (Self, impl Iterator<Item = String>) {
        let mut child =
            program(folder, &["serve"]).envs(variables.iter().copied()).stderr(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
        (Self(child), lines)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

fn get(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nhost: localhost:8080\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn a_free_port_is_named_in_the_first_line_of_the_log() {
    let folder = folder_with("roomkey.toml", FILE);
    let (_service, mut lines) = Service::start(folder.path(), &[("ROOMKEY_LOG__FORMAT", "json")]);

    let line: serde_json::Value = serde_json::from_str(&lines.next().unwrap()).unwrap();
    let address = |field: &str| line[field].as_str().unwrap().to_owned();

    assert!(get(&address("server.listen"), "/").starts_with("HTTP/1.1 200"), "{line}");
    assert!(get(&address("server.management_listen"), "/health/ready").starts_with("HTTP/1.1 200"), "{line}");
    assert_eq!(line["message"], format!("listening on {} for http://localhost:8080", address("server.listen")));
}

#[test]
fn no_query_reaches_the_log_at_any_level_of_roomkeys_own() {
    let folder = folder_with("roomkey.toml", FILE);
    let (mut service, mut lines) = Service::start(folder.path(), &[("ROOMKEY_LOG__LEVEL", "trace")]);
    let first = lines.next().unwrap();
    let address = first.split("listening on ").nth(1).unwrap().split(' ').next().unwrap().to_owned();
    let paths = ["/room/standup?state=hunter2", "/callback/work?code=hunter2&state=hunter2", "/nowhere?token=hunter2"];

    let answers = paths.map(|path| get(&address, path));
    service.0.kill().unwrap();
    let log = lines.fold(first, |log, line| log + "\n" + &line);

    assert!(answers.iter().all(|answer| answer.starts_with("HTTP/1.1 ")), "{answers:?}");
    assert!(log.lines().count() > 1, "the failures are logged: {log}");
    assert!(!log.contains("hunter2"), "{log}");
}
