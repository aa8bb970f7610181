//! Style sheet, icon and script, embedded, and logo and colours of the operator; all named by their content, so that
//! browsers may keep them for good.

use std::sync::LazyLock;

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use actix_web::web::Path;
use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::HEXLOWER;
use rust_embed::RustEmbed;

use super::app::Current;
use super::error::PageError;
use crate::branding::{Branding, Colour, Logo};

#[derive(RustEmbed)]
#[folder = "static/"]
struct Files;

/// A file as it is served.
struct Asset {
    /// As the templates know it: `roomkey.css`.
    name: String,
    /// Below `/static/`: `0a1b2c3d4e5f6071-roomkey.css`.
    path: String,
    content_type: String,
    bytes: actix_web::web::Bytes,
    /// `Content-Security-Policy` other than that of pages.
    policy: Option<&'static str>,
}

/// For a drawing that somebody opens by itself: it stays a picture, in an origin of its own, and can reach nothing.
pub(super) const JUST_A_PICTURE: &str =
    "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'";

static ASSETS: LazyLock<Vec<Asset>> =
    LazyLock::new(|| Files::iter().filter_map(|name| Asset::embedded(&name)).collect());

impl Asset {
    fn embedded(name: &str) -> Option<Self> {
        let file = Files::get(name)?;
        let hash = HEXLOWER.encode(&file.metadata.sha256_hash()[..8]);
        let charset = if file.metadata.mimetype().starts_with("text/") { "; charset=utf-8" } else { "" };
        Some(Self {
            name: name.to_owned(),
            path: format!("{hash}-{name}"),
            content_type: format!("{}{charset}", file.metadata.mimetype()),
            bytes: file.data.into_owned().into(),
            policy: None,
        })
    }

    fn made(name: &str, content_type: &str, bytes: Vec<u8>, policy: Option<&'static str>) -> Self {
        let hash = HEXLOWER.encode(&digest(&SHA256, &bytes).as_ref()[..8]);
        Self {
            name: name.to_owned(),
            path: format!("{hash}-{name}"),
            content_type: content_type.to_owned(),
            bytes: bytes.into(),
            policy,
        }
    }

    fn url(&self) -> String {
        format!("/static/{}", self.path)
    }
}

/// What the pages of one configuration have beside the embedded files.
pub(super) struct OwnAssets {
    logo: Option<Asset>,
    colours: Option<Asset>,
}

impl OwnAssets {
    pub(super) fn of(branding: &Branding) -> Self {
        let logo = |logo: &Logo| {
            let picture = logo.picture();
            let name = format!("logo.{}", picture.extension());
            Asset::made(&name, picture.media_type(), logo.bytes().to_vec(), Some(JUST_A_PICTURE))
        };
        let colours = |colour: Colour| {
            Asset::made("colours.css", "text/css; charset=utf-8", colour.style_sheet().into_bytes(), None)
        };
        Self { logo: branding.logo.as_ref().map(logo), colours: branding.colour.map(colours) }
    }

    pub(super) fn logo_url(&self) -> Option<String> {
        self.logo.as_ref().map(Asset::url)
    }

    pub(super) fn colours_url(&self) -> Option<String> {
        self.colours.as_ref().map(Asset::url)
    }
}

/// Where browsers find the file `name`, for a template.
pub(super) fn url(name: &str) -> String {
    let path = ASSETS.iter().find(|asset| asset.name == name).map_or(name, |asset| &asset.path);
    format!("/static/{path}")
}

/// `GET /static/{path}`
pub(super) async fn serve(path: Path<String>, app: Current) -> Result<HttpResponse, PageError> {
    let own = app.own.logo.iter().chain(&app.own.colours);
    let asset = ASSETS.iter().chain(own).find(|asset| asset.path == *path).ok_or(PageError::NoPage)?;
    Ok(answer(asset, "public, max-age=31536000, immutable"))
}

/// `GET /favicon.ico`, which browsers ask for on pages that name no icon of their own.
pub(super) async fn favicon() -> Result<HttpResponse, PageError> {
    let icon = ASSETS.iter().find(|asset| asset.name == "icon.svg").ok_or(PageError::NoPage)?;
    Ok(answer(icon, "public, max-age=86400"))
}

fn answer(asset: &Asset, cache: &'static str) -> HttpResponse {
    let mut answer = HttpResponse::Ok();
    answer.insert_header((CONTENT_TYPE, asset.content_type.as_str())).insert_header((CACHE_CONTROL, cache));
    if let Some(policy) = asset.policy {
        answer.insert_header((CONTENT_SECURITY_POLICY, policy));
    }
    answer.body(asset.bytes.clone())
}

#[cfg(test)]
mod tests {
    use crate::branding::{Branding, Logo, Support};
    use crate::clock::Clock;
    use crate::web::App;
    use crate::web::testing::{Answer, Browser, PUBLIC_URL, browser, noon, parts};

    const SVG: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\"/>";

    async fn branded() -> (Browser, Answer) {
        let mut parts = parts(PUBLIC_URL, &["work"], &Clock::standing_at(noon()));
        parts.branding = Branding {
            product_name: "Acme <Meet>".to_owned(),
            logo: Some(Logo::try_from(SVG.as_bytes().to_vec()).unwrap()),
            colour: Some("#c8102e".parse().unwrap()),
            support: Some(Support {
                text: "Help desk".to_owned(),
                link: Some("mailto:help@example.com".parse().unwrap()),
            }),
            texts: Default::default(),
        };
        let mut browser = browser(App::new(parts)).await;
        let page = browser.get("/").await;
        (browser, page)
    }

    fn address(page: &Answer, ending: &str) -> String {
        let of = |quoted: &&str| quoted.starts_with("/static/") && quoted.ends_with(ending);
        (*page.body.split('"').find(of).unwrap()).to_owned()
    }

    #[actix_web::test]
    async fn a_page_bears_the_operators_name_and_whom_to_ask() {
        let (_, page) = branded().await;

        assert!(page.body.contains("– Acme &#60;Meet&#62;</title>"), "{}", page.body);
        assert!(page.body.contains("<a href=\"mailto:help@example.com\"><bdi>Help desk</bdi></a>"), "{}", page.body);
    }

    #[actix_web::test]
    async fn a_logo_is_served_as_a_picture_and_nothing_else() {
        let (mut browser, page) = branded().await;

        let logo = browser.get(&address(&page, "-logo.svg")).await;

        assert_eq!((logo.status.as_u16(), logo.body.as_str()), (200, SVG));
        assert_eq!(logo.header("content-type"), "image/svg+xml");
        assert_eq!(logo.header("x-content-type-options"), "nosniff");
        assert!(logo.header("content-security-policy").starts_with("default-src 'none'; "));
        assert!(logo.header("content-security-policy").contains("; sandbox;"));
    }

    #[actix_web::test]
    async fn the_operators_colours_come_as_a_style_sheet_that_browsers_keep() {
        let (mut browser, page) = branded().await;

        let colours = browser.get(&address(&page, "-colours.css")).await;

        assert_eq!(colours.header("content-type"), "text/css; charset=utf-8");
        assert_eq!(colours.header("cache-control"), "public, max-age=31536000, immutable");
        assert!(colours.body.contains("--button: #c8102e;"), "{}", colours.body);
        assert!(page.body.find("-roomkey.css").unwrap() < page.body.find("-colours.css").unwrap());
    }

    #[actix_web::test]
    async fn a_file_is_found_by_the_hash_of_its_content_alone() {
        let (mut browser, page) = branded().await;

        let address = address(&page, "-colours.css").replace("/static/", "/static/0");

        assert_eq!(browser.get(&address).await.status.as_u16(), 404);
    }
}
