//! Short texts that callers give back to us: cursors of lists and of events, ids, names of sessions, lists of proxies.

use std::fmt::Display;
use std::net::IpAddr;
use std::str::FromStr;

use domain::ids::MessageId;
use domain::session::SessionName;
use domain::waha_server::Version;
use queue_api::config::TrustedProxies;
use storage::{Cursor, LiveCursor};

use crate::harness::Target;

const CURSORS: Target = Target {
    name: "cursors",
    words: &[
        b"-",
        b"+",
        b"_",
        b"=",
        b"/",
        b"A",
        b"AAAAAAAAAAAAAAAAAAAAAA",
        b"0-0",
        b"01920c4e-7b6d-7c3a-8f21-0a1b2c3d4e5f",
        b"{",
        b"}",
        b"urn:uuid:",
        b"groom",
        b"9223372036854775807",
        b"127.0.0.1",
        b"/12",
        b",",
        b"::1",
        b"::ffff:",
        b"2026.4.1",
        b".",
        b"-beta",
        b" ",
        b"\n",
        b"\0",
    ],
    round: 8_000,
};

#[test]
fn cursors() {
    CURSORS.run(check);
}

/// Asserts what holds for any text and returns which of the types accept it.
pub(crate) fn check(input: &[u8]) -> String {
    let text = String::from_utf8_lossy(input);
    let mut accepted = Vec::new();
    // one spelling for each place: a cursor is given back as it was printed
    if let Some(printed) = printed_again::<Cursor>(&text) {
        assert_eq!(printed, text, "a cursor has two spellings");
        accepted.push("cursor");
    }
    if let Some(printed) = printed_again::<LiveCursor>(&text) {
        assert_eq!(printed, text, "an event cursor has two spellings");
        accepted.push("event");
    }
    if let Some(printed) = printed_again::<SessionName>(&text) {
        assert_eq!(printed, text, "a session name changes");
        let safe = printed
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        assert!(
            safe && printed.len() <= 40,
            "a session name that no address can hold"
        );
        accepted.push("session");
    }
    // an id may be written in several forms of one UUID
    if printed_again::<MessageId>(&text).is_some() {
        accepted.push("id");
    }
    if let Some(version) = Version::parse(&text) {
        assert_eq!(
            Version::parse(&version.to_string()),
            Some(version),
            "a version reads back"
        );
        accepted.push("version");
    }
    accepted.extend(proxies(&text));
    accepted.join(" ")
}

fn printed_again<T: FromStr + Display + PartialEq>(text: &str) -> Option<String> {
    let value: T = text.parse().ok()?;
    let printed = value.to_string();
    let again = printed.parse::<T>().ok();
    assert!(again == Some(value), "{printed:?} does not read back");
    Some(printed)
}

fn proxies(text: &str) -> Option<&'static str> {
    let proxies: TrustedProxies = text.parse().ok()?;
    let stranger: IpAddr = "203.0.113.9".parse().unwrap();
    if text
        .bytes()
        .all(|byte| !byte.is_ascii_digit() && byte != b':')
    {
        assert!(
            !proxies.contain(stranger),
            "a list without an address trusts somebody"
        );
    }
    Some("proxies")
}
