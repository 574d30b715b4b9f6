//! Whole requests to the listeners of the couple and of the guests: addresses, queries, headers, cookies, forms, uploads
//! and JSON. The first line of an input is `couple METHOD ADDRESS` or `guest METHOD ADDRESS`; then headers, an empty line and
//! the body follow.

use axum::body::Body;
use http::{HeaderName, HeaderValue, Method, Request, StatusCode, Uri, header};

use crate::harness::Target;
use crate::installation::{Answer, Installation, Listener};

const REQUESTS: Target = Target {
    name: "requests",
    words: &[
        b"couple ",
        b"guest ",
        b"GET ",
        b"POST ",
        b"PATCH ",
        b"PUT ",
        b"DELETE ",
        b"HEAD ",
        b"/api/v1/messages",
        b"/api/v1/guests",
        b"/api/v1/guests/import?dry_run=true",
        b"/api/v1/broadcasts",
        b"/api/v1/contacts",
        b"/api/v1/config",
        b"/api/v1/audit",
        b"/api/v1/tokens",
        b"/api/v1/households",
        b"/sessions/groom",
        b"/i/",
        b"/live",
        b"/guests",
        b"/queue",
        b"?",
        b"&",
        b"=",
        b"cursor=",
        b"limit=",
        b"search=",
        b"%00",
        b"%FF",
        b"%2e%2e%2f",
        b"+",
        b"authorization: Bearer {TOKEN}\n",
        b"cookie: wedding_queue={BROWSER}\n",
        b"content-type: application/json\n",
        b"content-type: application/x-www-form-urlencoded\n",
        b"content-type: multipart/form-data; boundary=X\n",
        b"idempotency-key: k1\n",
        b"if-match: \"1\"\n",
        b"last-event-id: 1-1\n",
        b"x-forwarded-for: 203.0.113.9, \n",
        b"x-forwarded-proto: https\n",
        b"accept-language: en;q=0.5, it\n",
        b"host: localhost\n",
        b"origin: null\n",
        b"csrf={FORM}",
        b"--X\r\n",
        b"--X--\r\n",
        b"\r\n\r\n",
        b"content-disposition: form-data; name=\"file\"",
        b"\n\n",
        b"\"",
        b"{",
        b"}",
        b",",
        b"\\u0000",
        b"\0",
        b"\xFF",
        b"K7M-Q4XR-P2W9",
        b"01920c4e-7b6d-7c3a-8f21-0a1b2c3d4e5f",
        b"W/",
        b"*",
    ],
    round: 1_200,
};

#[test]
fn requests() {
    REQUESTS.run_rounds(Installation::new, check);
}

/// Sends the input and asserts what holds for every answer.
pub(crate) fn check(installation: &mut Installation, input: &[u8]) -> String {
    let Some((to, request)) = parse(installation, input) else {
        return "no request".to_owned();
    };
    let what = Asked::of(installation, to, &request);
    let answer = installation.send(to, request);
    what.check(&answer);
    let json = answer.json().filter(|_| !answer.status.is_success());
    let code = json
        .as_ref()
        .and_then(|json| json["code"].as_str())
        .unwrap_or_default();
    let field = json
        .as_ref()
        .and_then(|json| json["errors"][0]["field"].as_str())
        .unwrap_or_default();
    let area: String = what
        .path
        .split('/')
        .take(4)
        .map(|part| if part.len() > 20 { "…" } else { part })
        .collect::<Vec<_>>()
        .join("/");
    let area = if answer.status == StatusCode::NOT_FOUND {
        ""
    } else {
        &area
    };
    format!(
        "{} {area} {} {code} {field}",
        what.method,
        answer.status.as_u16()
    )
}

/// What decides about an answer.
struct Asked {
    method: Method,
    path: String,
    api: bool,
    has_token: bool,
    has_browser: bool,
}

impl Asked {
    fn of(installation: &Installation, to: Listener, request: &Request<Body>) -> Self {
        let path = request.uri().path().to_owned();
        let carries = |name: HeaderName, secret: &str| {
            let mut lines = request.headers().get_all(name).iter();
            lines.any(|line| {
                line.as_bytes()
                    .windows(secret.len())
                    .any(|part| part == secret.as_bytes())
            })
        };
        Self {
            method: request.method().clone(),
            api: to == Listener::Couple && path.starts_with("/api/v1/"),
            has_token: carries(header::AUTHORIZATION, installation.mark("{TOKEN}")),
            has_browser: carries(header::COOKIE, installation.mark("{BROWSER}")),
            path,
        }
    }

    fn check(&self, answer: &Answer) {
        let status = answer.status;
        // the service behind this one is simulated, and its answers may not fit
        let neighbour = status == StatusCode::BAD_GATEWAY;
        assert!(
            !status.is_server_error() || neighbour,
            "{} {} is answered {status}: {:?}",
            self.method,
            self.path,
            answer.json()
        );
        if self.api
            && self.method != Method::HEAD
            && (status.is_client_error() || status.is_server_error())
        {
            let problem = answer
                .json()
                .unwrap_or_else(|| panic!("{status} is no JSON at {}", self.path));
            assert!(
                answer.content_type.starts_with("application/problem+json"),
                "{status} as {}",
                answer.content_type
            );
            assert_eq!(
                problem["status"],
                status.as_u16(),
                "the problem has another status"
            );
            let code = problem["code"].as_str().unwrap_or_default();
            let stable = !code.is_empty()
                && code
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
            assert!(stable, "a problem with the code {code:?}");
        }
        assert!(
            !self.api || self.has_token || !status.is_success(),
            "{} answers without a token",
            self.path
        );
        let page = self.path.starts_with("/guests")
            || self.path.starts_with("/queue")
            || self.path.starts_with("/settings");
        assert!(
            !page || self.has_browser || !status.is_success(),
            "{} is shown to a stranger",
            self.path
        );
    }
}

/// The request, when HTTP allows it at all.
fn parse(installation: &Installation, input: &[u8]) -> Option<(Listener, Request<Body>)> {
    let blank = input
        .windows(2)
        .position(|pair| pair == b"\n\n")
        .unwrap_or(input.len());
    let head = String::from_utf8_lossy(&input[..blank]);
    let head = installation.without_marks(&head);
    let body = input.get(blank + 2..).unwrap_or_default().to_vec();
    let mut lines = head.split('\n');
    let mut first = lines.next()?.splitn(3, ' ');
    let to = match first.next()? {
        "guest" => Listener::Public,
        _ => Listener::Couple,
    };
    let method: Method = first.next()?.parse().ok()?;
    let uri: Uri = first.next()?.parse().ok()?;
    // what no HTTP server passes on
    if !uri.path().starts_with('/') {
        return None;
    }
    let mut request = Request::builder().method(method).uri(uri);
    for line in lines {
        let (name, value) = line.split_once(':')?;
        let name: HeaderName = name.trim().parse().ok()?;
        request = request.header(name, HeaderValue::from_bytes(value.trim().as_bytes()).ok()?);
    }
    let body = match String::from_utf8(body) {
        Ok(text) => Body::from(installation.without_marks(&text)),
        Err(other) => Body::from(other.into_bytes()),
    };
    Some((to, request.body(body).ok()?))
}
