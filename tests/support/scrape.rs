//! What Prometheus sees of a Roomkey.

use std::collections::BTreeMap;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::roomkey::Roomkey;
use super::visitor::{Page, Visitor};

/// What Prometheus asks for.
pub const OPENMETRICS: &str =
    "application/openmetrics-text;version=1.0.0;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1";

/// Values by series, as they are written: name and labels.
pub struct Scrape(pub BTreeMap<String, f64>);

/// The whole answer, in the form that is accepted.
pub async fn answer(roomkey: &Roomkey, accept: &str) -> Page {
    let url = format!("http://{}/metrics", roomkey.management);
    let page = Visitor::new().get_with(&url, &[("accept", accept)]).await;
    assert_eq!(page.status, 200, "{}", page.body);
    page
}

/// The values of this moment.
pub async fn scrape(roomkey: &Roomkey) -> Scrape {
    let text = answer(roomkey, "text/plain").await.body;
    let series = text.lines().filter(|line| !line.starts_with('#')).map(|line| {
        let (series, value) = line.rsplit_once(' ').unwrap_or_else(|| panic!("no value: {line}"));
        (series.to_owned(), value.parse().unwrap_or_else(|_| panic!("no number: {line}")))
    });
    let mut all = BTreeMap::new();
    for (name, value) in series {
        assert!(all.insert(name.clone(), value).is_none(), "{name} stands there twice");
    }
    Scrape(all)
}

/// Scrapes until the values `fit`, which is told as `what` if they never do.
pub async fn wait_until(roomkey: &Roomkey, what: &str, fit: impl Fn(&Scrape) -> bool) -> Scrape {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let now = scrape(roomkey).await;
        if fit(&now) {
            return now;
        }
        assert!(Instant::now() < deadline, "not {what}: {:#?}", now.0);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

impl Scrape {
    /// The value of a series.
    pub fn of(&self, series: &str) -> f64 {
        *self.0.get(series).unwrap_or_else(|| panic!("no `{series}` in {:#?}", self.0.keys()))
    }

    /// The names of all series.
    pub fn series(&self) -> Vec<&str> {
        self.0.keys().map(String::as_str).collect()
    }
}

/// Runs Prometheus' own tool; gives what it says, if that is not that all is well.
pub fn promtool(arguments: &[&str], input: &str) -> Result<(), String> {
    use std::io::Write;
    let mut tool = Command::new("promtool")
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("scripts/test installs it");
    tool.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = tool.wait_with_output().unwrap();
    let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    if output.status.success() { Ok(()) } else { Err(said) }
}
