//! Tests of `config/page_url.rs`, with its private items.

use rstest::rstest;

use super::*;

#[rstest]
#[case("https://noi.example.org", "noi.example.org", true, true)]
#[case("https://noi.example.org/", "NOI.example.org:443", true, true)]
#[case("https://noi.example.org", "noi.example.org:80", false, false)]
#[case("https://noi.example.org:8443", "noi.example.org:8443", true, true)]
#[case("https://noi.example.org:8443", "noi.example.org", false, false)]
#[case("http://192.168.1.20:8080", "192.168.1.20:8080", true, false)]
#[case("https://noi.example.org", "evil.example.org", false, false)]
#[case(
    "https://noi.example.org",
    "noi.example.org@evil.example.org",
    false,
    false
)]
#[case(
    "https://noi.example.org",
    "noi.example.org/evil.example.org",
    false,
    false
)]
#[case("https://noi.example.org", "", false, false)]
#[case("https://noi.example.org", "localhost:8080", true, false)]
#[case("", "localhost", true, false)]
#[case("", "127.0.0.1:8080", true, false)]
#[case("", "127.8.9.10", true, false)]
#[case("", "[::1]:8080", true, false)]
#[case("", "localhost.example.org", false, false)]
#[case("", "127.0.0.1.example.org", false, false)]
#[case("", "192.168.1.20:8080", false, false)]
#[case("", "0.0.0.0:8080", false, false)]
fn admits_its_own_host_and_loopback(
    #[case] url: &str,
    #[case] host: &str,
    #[case] admitted: bool,
    #[case] https: bool,
) {
    let url: PageUrl = url.parse().unwrap();
    assert_eq!((url.admits(host), url.is_https_at(host)), (admitted, https));
}

#[rstest]
#[case("noi.example.org")]
#[case("ftp://noi.example.org")]
#[case("https://noi.example.org/page")]
#[case("https://user:word@noi.example.org")]
#[case("https://noi.example.org/?a=b")]
#[case("https://")]
fn refuses_what_is_no_origin(#[case] text: &str) {
    assert_eq!(text.parse::<PageUrl>(), Err(BadPageUrl));
}

#[test]
fn links_begin_with_it() {
    let url: PageUrl = " https://Noi.example.org/ ".parse().unwrap();
    let link = url.link("/link/x");
    assert_eq!(link.as_deref(), Some("https://noi.example.org/link/x"));
    assert_eq!(PageUrl::default().link("/link/x"), None);
}
