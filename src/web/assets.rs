//! Style sheet, icon and script, embedded and named by their content, so that browsers may keep them for good.

use std::sync::LazyLock;

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::web::Path;
use data_encoding::HEXLOWER;
use rust_embed::RustEmbed;

use super::error::PageError;

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
}

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
        })
    }
}

/// Where browsers find the file `name`, for a template.
pub(super) fn url(name: &str) -> String {
    let path = ASSETS.iter().find(|asset| asset.name == name).map_or(name, |asset| &asset.path);
    format!("/static/{path}")
}

/// `GET /static/{path}`
pub(super) async fn serve(path: Path<String>) -> Result<HttpResponse, PageError> {
    let asset = ASSETS.iter().find(|asset| asset.path == *path).ok_or(PageError::NoPage)?;
    Ok(answer(asset, "public, max-age=31536000, immutable"))
}

/// `GET /favicon.ico`, which browsers ask for on pages that name no icon of their own.
pub(super) async fn favicon() -> Result<HttpResponse, PageError> {
    let icon = ASSETS.iter().find(|asset| asset.name == "icon.svg").ok_or(PageError::NoPage)?;
    Ok(answer(icon, "public, max-age=86400"))
}

fn answer(asset: &Asset, cache: &'static str) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, asset.content_type.as_str()))
        .insert_header((CACHE_CONTROL, cache))
        .body(asset.bytes.clone())
}
