//! Two cookies. One is a random secret that makes a browser known: the visitor's before they sign in, so that their forms are their own, and a
//! new one from then on. The other tells that an account was signed in in this browser; it does not sign in.

use axum::response::Response;
use http::{HeaderMap, HeaderName, HeaderValue, header};

const NAME: &str = "wedding_queue";
/// Longer than any browser stays signed in: the server decides.
const MAX_AGE_SECONDS: u32 = 90 * 24 * 60 * 60;

const SIGNED_IN_BEFORE: &str = "wedding_queue_before";
const YEAR_SECONDS: u32 = 365 * 24 * 60 * 60;
/// A browser takes a cookie of such a name over https only, for this host and all of it: no neighbour can plant one.
const OF_THIS_HOST: &str = "__Host-";
const SECURE: &str = "; Secure";

/// The secret that the browser presents.
pub(super) fn presented(headers: &HeaderMap, secure: bool) -> Option<String> {
    value_of(headers, NAME, secure)
}

/// The secret of a browser in which somebody was signed in before.
pub(super) fn signed_in_before(headers: &HeaderMap, secure: bool) -> Option<String> {
    value_of(headers, SIGNED_IN_BEFORE, secure)
}

fn value_of(headers: &HeaderMap, name: &str, secure: bool) -> Option<String> {
    let lines = headers.get_all(header::COOKIE).iter();
    let pairs = lines.flat_map(|line| line.to_str().unwrap_or_default().split(';'));
    let prefix = if secure { OF_THIS_HOST } else { "" };
    pairs
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(found, _)| found.strip_prefix(prefix) == Some(name))
        .map(|(_, value)| value.to_owned())
}

/// Gives the browser a secret. Not `Strict`: whoever follows a link from elsewhere is still signed in; their forms have tokens.
pub(super) fn set(response: &mut Response, secret: &str) {
    let cookie = cookie(NAME, secret, MAX_AGE_SECONDS);
    response.headers_mut().extend(cookie);
}

/// Gives the browser a secret to be known by after it is signed out, besides the one of [`set`].
pub(super) fn remember(response: &mut Response, secret: &str) {
    let cookie = cookie(SIGNED_IN_BEFORE, secret, YEAR_SECONDS);
    response.headers_mut().extend(cookie);
}

fn cookie(name: &str, secret: &str, seconds: u32) -> Option<(HeaderName, HeaderValue)> {
    let cookie = format!("{name}={secret}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}");
    let value = HeaderValue::try_from(cookie).ok()?;
    Some((header::SET_COOKIE, value))
}

/// Marks the cookies that a page has set: over https only.
pub(super) fn secure(response: &mut Response) {
    for (name, cookie) in response.headers_mut().iter_mut() {
        let text = cookie.to_str().unwrap_or_default();
        if name != header::SET_COOKIE || text.starts_with(OF_THIS_HOST) {
            continue;
        }
        if let Ok(secured) = HeaderValue::try_from(format!("{OF_THIS_HOST}{text}{SECURE}")) {
            *cookie = secured;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=b; c=d"));
        headers.append(
            header::COOKIE,
            HeaderValue::from_static("e=f;  wedding_queue=secret ; g=h"),
        );
        assert_eq!(presented(&headers, false).as_deref(), Some("secret"));
        assert_eq!(
            presented(&headers, true),
            None,
            "anybody can have planted it"
        );
        let own = HeaderValue::from_static("__Host-wedding_queue=own");
        headers.append(header::COOKIE, own);
        assert_eq!(presented(&headers, true).as_deref(), Some("own"));
        assert_eq!(presented(&HeaderMap::new(), false), None);
    }

    #[test]
    fn a_script_cannot_read_it_and_https_keeps_it_there() {
        let mut response = Response::default();
        set(&mut response, "x");
        remember(&mut response, "y");
        secure(&mut response);
        secure(&mut response);
        let cookies: Vec<_> = response
            .headers()
            .get_all(header::SET_COOKIE)
            .iter()
            .collect();
        assert_eq!(cookies.len(), 2);
        for cookie in cookies {
            let cookie = cookie.to_str().unwrap();
            assert!(cookie.contains("; HttpOnly; SameSite=Lax;"), "{cookie}");
            assert_eq!(cookie.matches("Secure").count(), 1, "{cookie}");
            assert!(cookie.starts_with("__Host-wedding_queue"), "{cookie}");
        }
    }
}
