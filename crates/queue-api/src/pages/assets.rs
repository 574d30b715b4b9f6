//! What a browser loads beside the page: one style, one script, one picture. The address names the content, so that it may
//! be kept for ever.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use chassis::Problem;
use http::{StatusCode, header};
use sha2::{Digest, Sha256};

use super::access::Access;
use super::refusal::Refused;
use super::registry::Pages;

struct Asset {
    name: &'static str,
    kind: &'static str,
    content: &'static str,
}

const STYLE: &str = concat!(
    include_str!("../../assets/style.css"),
    include_str!("../../assets/home.css"),
    include_str!("../../assets/queue.css"),
    include_str!("../../assets/conversations.css"),
    include_str!("../../assets/guests.css"),
    include_str!("../../assets/broadcasts.css"),
    include_str!("../../assets/settings.css"),
);

const ASSETS: [Asset; 3] = [
    Asset {
        name: "style.css",
        kind: "text/css; charset=utf-8",
        content: STYLE,
    },
    Asset {
        name: "page.js",
        kind: "text/javascript; charset=utf-8",
        content: concat!(
            include_str!("../../assets/page.js"),
            include_str!("../../assets/passkey.js"),
        ),
    },
    Asset {
        name: "icon.svg",
        kind: "image/svg+xml; charset=utf-8",
        content: include_str!("../../assets/icon.svg"),
    },
];

/// The same name for the same content, another one for another.
static ADDRESSES: LazyLock<Vec<(&'static str, String)>> = LazyLock::new(|| {
    let version = |content: &str| hex::encode(&Sha256::digest(content)[..6]);
    let address = |asset: &Asset| format!("/static/{}/{}", version(asset.content), asset.name);
    ASSETS
        .iter()
        .map(|asset| (asset.name, address(asset)))
        .collect()
});

pub(super) fn routes(pages: Pages) -> Pages {
    pages.get("/static/{version}/{name}", Access::Anyone, asset)
}

/// Where a browser finds it.
pub(super) fn address(name: &str) -> String {
    let found = ADDRESSES.iter().find(|(known, _)| *known == name);
    found.map_or_else(String::new, |(_, address)| address.clone())
}

async fn asset(Path((_, name)): Path<(String, String)>) -> Result<Response, Refused> {
    let asset = ASSETS.iter().find(|asset| asset.name == name);
    let asset = asset.ok_or_else(|| Problem::new(StatusCode::NOT_FOUND, "not_found"))?;
    let headers = [
        (header::CONTENT_TYPE, asset.kind),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    Ok((headers, asset.content).into_response())
}
