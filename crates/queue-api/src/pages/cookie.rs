//! The one cookie: a random secret that makes a browser known. It is the visitor's before they sign in, so that their forms
//! are their own, and a new one from then on.

use axum::response::Response;
use http::{HeaderMap, HeaderValue, Request, header};

use crate::client_address;
use crate::config::TrustedProxies;

const NAME: &str = "wedding_queue";
/// Longer than any browser stays signed in: the server decides.
const MAX_AGE_SECONDS: u32 = 90 * 24 * 60 * 60;

/// The secret that the browser presents.
pub(super) fn presented(headers: &HeaderMap) -> Option<String> {
    let lines = headers.get_all(header::COOKIE).iter();
    let pairs = lines.flat_map(|line| line.to_str().unwrap_or_default().split(';'));
    pairs
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == NAME)
        .map(|(_, value)| value.to_owned())
}

/// Gives the browser a secret. Not `Strict`: whoever follows a link from elsewhere is still signed in; their forms have tokens.
pub(super) fn set(response: &mut Response, secret: &str, secure: bool) {
    let secure = if secure { SECURE } else { "" };
    let cookie = format!(
        "{NAME}={secret}; Path=/; HttpOnly; SameSite=Lax; Max-Age={MAX_AGE_SECONDS}{secure}"
    );
    if let Ok(cookie) = HeaderValue::try_from(cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
}

const SECURE: &str = "; Secure";

/// Marks a cookie that a page has set: over https only.
pub(super) fn secure(response: &mut Response) {
    let Some(cookie) = response.headers().get(header::SET_COOKIE) else {
        return;
    };
    let text = cookie.to_str().unwrap_or_default();
    if text.ends_with(SECURE) {
        return;
    }
    if let Ok(cookie) = HeaderValue::try_from(format!("{text}{SECURE}")) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
}

/// Whether the browser came over https, as a proxy of ours says.
pub(super) fn is_https<B>(request: &Request<B>, proxies: &TrustedProxies) -> bool {
    let scheme = request.headers().get("x-forwarded-proto");
    client_address::came_by_proxy(request, proxies)
        && scheme.is_some_and(|scheme| scheme.as_bytes() == b"https")
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
        assert_eq!(presented(&headers).as_deref(), Some("secret"));
        assert_eq!(presented(&HeaderMap::new()), None);
    }

    #[test]
    fn a_script_cannot_read_it_and_https_keeps_it_there() {
        let mut response = Response::default();
        set(&mut response, "x", false);
        secure(&mut response);
        secure(&mut response);
        let cookie = response.headers()[header::SET_COOKIE].to_str().unwrap();
        assert!(cookie.contains("; HttpOnly; SameSite=Lax;"), "{cookie}");
        assert_eq!(cookie.matches("Secure").count(), 1, "{cookie}");
    }
}
