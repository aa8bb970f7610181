//! What is looked at on every page.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use fantoccini::Locator;
use serde_json::{Value, json};

use crate::support::chromium::{Chromium, Options};
use crate::title;

/// A browser and who sits in front of it.
pub(crate) struct Reader {
    pub(crate) browser: Chromium,
    language: &'static str,
    options: Options,
    looked_at: Mutex<BTreeSet<String>>,
}

impl Reader {
    pub(crate) async fn new(language: &'static str, options: Options) -> Self {
        let options = Options { language: Some(language), ..options };
        Self { browser: Chromium::start(options).await, language, options, looked_at: Mutex::default() }
    }

    /// The messages of all pages so far.
    pub(crate) fn looked_at(&self) -> BTreeSet<String> {
        self.looked_at.lock().unwrap().clone()
    }

    /// Waits for the page of this message, and looks at it.
    pub(crate) async fn look(&self, message: &str) {
        self.look_as(message, message).await;
    }

    /// The same for a page that is told by something else besides its message.
    pub(crate) async fn look_as(&self, message: &str, name: &str) {
        self.wait_for(&title(self.language, message)).await;
        self.looked_at.lock().unwrap().insert(message.to_owned());
        self.keep_picture(name).await;
        assert_eq!(barriers(&self.browser).await, json!([]), "`{name}` in `{}`", self.language);
        let size = "const { clientWidth, scrollWidth } = document.documentElement; return [clientWidth, scrollWidth]";
        let size = self.browser.client.execute(size, Vec::new()).await.unwrap();
        assert_eq!(size[0], size[1], "`{name}` in `{}` has to be scrolled sideways", self.language);
    }

    async fn wait_for(&self, title: &str) {
        let deadline = Instant::now() + Duration::from_secs(10);
        loop {
            let heading = self.browser.client.find(Locator::Css("h1")).await.unwrap().text().await;
            match heading {
                Ok(heading) if heading == title => return,
                other => assert!(Instant::now() < deadline, "{other:?} instead of `{title}`"),
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Keeps a picture of the page where somebody asks for pictures.
    async fn keep_picture(&self, name: &str) {
        let Some(folder) = std::env::var_os("PAGE_PICTURES") else { return };
        let (scheme, width) = (if self.options.dark { "dark" } else { "light" }, self.options.width);
        let path = std::path::Path::new(&folder).join(format!("{name}-{}-{scheme}-{width}.png", self.language));
        std::fs::write(path, self.browser.client.screenshot().await.unwrap()).unwrap();
    }
}

/// What axe-core finds, with what it could not decide of contrasts.
async fn barriers(browser: &Chromium) -> Value {
    let axe = std::fs::read_to_string("tests/support/axe/node_modules/axe-core/axe.min.js")
        .expect("scripts/test installs axe-core");
    let run = "const done = arguments[arguments.length - 1]; \
               const told = (result) => result.id + ': ' + result.nodes.map((node) => node.html).join(' | '); \
               axe.run(document).then((found) => done([...found.violations, \
               ...found.incomplete.filter((result) => result.id === 'color-contrast')].map(told)), \
               (error) => done([String(error)]));";
    browser.client.execute(&axe, Vec::new()).await.unwrap();
    browser.client.execute_async(run, Vec::new()).await.unwrap()
}
