//! What a release can do, and whether it can be worked with.

use domain::waha_capabilities::{Capability, Support};
use domain::waha_image::lacks_passkey;
use domain::waha_server::ServerVersion;
use rstest::rstest;

fn server(version: &str, engine: &str) -> ServerVersion {
    ServerVersion::parse(&format!("{version} {engine}")).expect("a release")
}

#[rstest]
#[case("2026.4.1", "NOWEB", false)]
#[case("2026.4.3", "NOWEB", true)]
#[case("2026.10.1", "GOWS", true)]
#[case("2026.10.1", "WEBJS", false)]
#[case("2026.10.1", "NEXT", false)]
fn a_capability_needs_release_and_engine(
    #[case] version: &str,
    #[case] engine: &str,
    #[case] can: bool,
) {
    assert_eq!(
        server(version, engine).can(Capability::ChosenMessageIds),
        can
    );
}

#[rstest]
#[case("2024.10.8", "NOWEB", Support::TooOld)]
#[case("2026.3.9", "GOWS", Support::TooOld)]
#[case("2026.4.1", "GOWS", Support::Supported)]
#[case("2026.7.2", "GOWS", Support::Supported)]
#[case("2026.8.1", "GOWS", Support::KnownBad)]
#[case("2026.9.4", "GOWS", Support::KnownBad)]
#[case("2026.9.4", "NOWEB", Support::Supported)]
#[case("2026.10.1", "GOWS", Support::Supported)]
fn a_release_is_supported_or_named(
    #[case] version: &str,
    #[case] engine: &str,
    #[case] support: Support,
) {
    assert_eq!(server(version, engine).support(), support);
}

/// Nothing is said of a server that is not known.
#[rstest]
#[case("2026.7.0 GOWS", true)]
#[case("2026.7.1 GOWS", false)]
#[case("2026.10.1 NOWEB", true)]
#[case("", false)]
#[case("nightly GOWS", false)]
fn a_server_that_cannot_link_with_a_passkey_is_named(#[case] server: &str, #[case] lacks: bool) {
    assert_eq!(lacks_passkey(server), lacks);
    let read = ServerVersion::parse(server).map(|server| server.to_string());
    assert!(read.is_none_or(|read| read == server), "{server}");
}
