//! Webhooks on their whole way: signature, event, queue-api, database. The first line of an input is the signature header,
//! where `{SIGNATURE}` stands for the right one; the rest is the body.

use axum::body::Body;
use http::{HeaderValue, Request, StatusCode};
use secrecy::ExposeSecret;
use waha::Signature;

use crate::harness::Target;
use crate::installation::{Installation, Listener, groom, webhook_secret};
use crate::webhooks::WORDS;

const WEBHOOK_DELIVERY: Target = Target {
    name: "webhook_delivery",
    words: WORDS,
    round: 1_000,
};

#[test]
fn webhook_delivery() {
    WEBHOOK_DELIVERY.run_rounds(Installation::new, check);
}

/// Posts the input and asserts who is let in, and that queue-api takes all that the integration makes of it.
pub(crate) fn check(installation: &mut Installation, input: &[u8]) -> String {
    let end = input
        .iter()
        .position(|byte| *byte == b'\n')
        .unwrap_or(input.len());
    let (first, body) = (&input[..end], input.get(end + 1..).unwrap_or_default());
    let right = Signature::of(&webhook_secret().signing_key(&groom()), body).to_string();
    let sent = String::from_utf8_lossy(first).replace("{SIGNATURE}", &right);
    let Ok(value) = HeaderValue::from_str(&sent) else {
        return "no header".to_owned();
    };
    let genuine = sent.trim().eq_ignore_ascii_case(&right);
    let path_part = webhook_secret().path_part(&groom());
    let mut request = Request::post(format!("/webhooks/groom/{}", path_part.expose_secret()));
    // an empty line: no header
    if !sent.is_empty() {
        request = request.header(Signature::HEADER, value);
    }
    let answer = installation.send(
        Listener::Webhooks,
        request.body(Body::from(body.to_vec())).unwrap(),
    );
    let expected = if genuine {
        StatusCode::OK
    } else {
        StatusCode::UNAUTHORIZED
    };
    assert_eq!(answer.status, expected, "{:?}", answer.json());
    let reports = installation.reports();
    assert!(
        genuine || reports.is_empty(),
        "an unsigned webhook is reported"
    );
    // any other 4xx would lose the event silently: the two services must read the same shapes
    let stored = reports.iter().all(StatusCode::is_success);
    assert!(stored, "queue-api answers {reports:?}");
    let kind = waha::Event::parse(body).map_or("unreadable".to_owned(), |event| match event.kind {
        waha::EventKind::Other(_) => "other".to_owned(),
        known => known.name().to_owned(),
    });
    format!("{} {} {kind}", answer.status.as_u16(), reports.len())
}
