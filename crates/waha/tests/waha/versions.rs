//! Which server is this.

use domain::waha_server::{Engine, Version};
use waha::WahaError;

use crate::server::Server;

#[tokio::test]
async fn the_recorded_server_says_what_it_is() {
    let server = Server::playing(&["2026.4.1/version", "2026.4.1/ping"]);
    let told = server.waha.version().await.unwrap();
    assert_eq!(told.version.to_string(), "2026.4.1");
    assert_eq!(told.engine, Engine::NoWeb);
    server.waha.ping().await.unwrap();
    let lines: Vec<_> = server.asked().into_iter().map(|asked| asked.line).collect();
    assert_eq!(lines, ["GET /api/server/version", "GET /ping"]);
}

#[tokio::test]
async fn the_key_goes_along() {
    let server = Server::playing(&["2026.4.1/version"]);
    server.waha.version().await.unwrap();
    assert_eq!(server.asked_once().headers["x-api-key"], "groom-key");
}

#[tokio::test]
async fn a_refused_key_is_named() {
    let server = Server::playing(&["2026.4.1/unauthorized"]);
    assert_eq!(
        server.waha.version().await.unwrap_err(),
        WahaError::Unauthorized
    );
}

#[test]
fn versions_are_ordered_by_time() {
    let version = |text| Version::parse(text).unwrap();
    assert!(version("2025.12.3") < version("2026.1.4"));
    assert!(version("2026.4.1") < version("2026.4.3"));
    assert!(version("2026.9.1") < version("2026.10.1"));
    assert_eq!(version("2026.8.1-beta"), version("2026.8.1"));
    assert_eq!(Version::parse("latest"), None);
    assert_eq!(Version::parse("2026.8"), None);
}

#[test]
fn engines_are_read_by_name() {
    let engine = |name: &str| Engine::from(name.to_owned());
    assert_eq!(engine("GOWS"), Engine::Gows);
    assert_eq!(engine("WEBJS"), Engine::WebJs);
    assert_eq!(engine("WPP"), Engine::Wpp);
    assert_eq!(engine("NEXT"), Engine::Other("NEXT".to_owned()));
}
