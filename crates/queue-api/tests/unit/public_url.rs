//! Tests of `config/public_url.rs`, with its private items.

use rstest::rstest;

use super::*;

fn parsed(text: &str) -> PublicUrl {
    let Ok(url) = text.parse();
    url
}

#[rstest]
#[case("https://nozze.example.org", "https://nozze.example.org/i/")]
#[case(" https://Nozze.Example.org/ ", "https://nozze.example.org/i/")]
#[case("https://example.org/nozze/", "https://example.org/nozze/i/")]
#[case("https://example.org:8443", "https://example.org:8443/i/")]
#[case("https://93.184.216.34", "https://93.184.216.34/i/")]
#[case("https://[2606:2800:220:1::1]", "https://[2606:2800:220:1::1]/i/")]
#[case("https://perché.example", "https://xn--perch-fsa.example/i/")]
fn a_public_address_makes_links(#[case] text: &str, #[case] link: &str) {
    let token: InvitationToken = "K7M-Q4XR-P2W9".parse().unwrap();
    let made = parsed(text).invitation(&token).unwrap();
    assert_eq!(made, format!("{link}K7M-Q4XR-P2W9"));
}

#[rstest]
#[case("", BadPublicUrl::Missing)]
#[case("  ", BadPublicUrl::Missing)]
#[case("nozze.example.org", BadPublicUrl::Unreadable)]
#[case("https://", BadPublicUrl::Unreadable)]
#[case("mailto:a@example.org", BadPublicUrl::Unreadable)]
#[case("https://me:secret@example.org", BadPublicUrl::Unreadable)]
#[case("https://example.org/?a=b", BadPublicUrl::Unreadable)]
#[case("https://example.org/#i", BadPublicUrl::Unreadable)]
#[case("http://nozze.example.org", BadPublicUrl::NotHttps)]
#[case("ftp://nozze.example.org", BadPublicUrl::NotHttps)]
#[case("https://localhost", BadPublicUrl::NotPublic)]
#[case("http://localhost:8090", BadPublicUrl::NotPublic)]
#[case("https://a.localhost.", BadPublicUrl::NotPublic)]
#[case("https://raspberrypi", BadPublicUrl::NotPublic)]
#[case("https://raspberrypi.local", BadPublicUrl::NotPublic)]
#[case("https://nas.fritz.home.arpa", BadPublicUrl::NotPublic)]
#[case("https://127.0.0.1", BadPublicUrl::NotPublic)]
#[case("https://2130706433", BadPublicUrl::NotPublic)]
#[case("https://0.0.0.0", BadPublicUrl::NotPublic)]
#[case("https://192.168.1.2", BadPublicUrl::NotPublic)]
#[case("https://10.0.0.1", BadPublicUrl::NotPublic)]
#[case("https://172.31.0.1", BadPublicUrl::NotPublic)]
#[case("https://169.254.1.1", BadPublicUrl::NotPublic)]
#[case("https://100.100.1.1", BadPublicUrl::NotPublic)]
#[case("https://[::1]", BadPublicUrl::NotPublic)]
#[case("https://[::ffff:192.168.1.2]", BadPublicUrl::NotPublic)]
#[case("https://[fe80::1]", BadPublicUrl::NotPublic)]
#[case("https://[fd00::1]", BadPublicUrl::NotPublic)]
fn what_no_guest_can_reach_is_a_problem(#[case] text: &str, #[case] problem: BadPublicUrl) {
    let token: InvitationToken = "K7M-Q4XR-P2W9".parse().unwrap();
    assert_eq!(parsed(text).problem(), Some(problem));
    assert_eq!(parsed(text).invitation(&token), Err(problem));
}
