//! What a release can do, and whether it can be worked with.

use rstest::rstest;
use waha::{Capability, Engine, ServerVersion, Support, Version};

fn server(version: &str, engine: &str) -> ServerVersion {
    ServerVersion {
        version: Version::parse(version).unwrap(),
        engine: Engine::from(engine.to_owned()),
    }
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
