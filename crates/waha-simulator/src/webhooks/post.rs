//! One delivery: its bytes and headers, its attempts, its redirects, and the ways in which it can misbehave.

use std::time::Duration;

use bytes::Bytes;
use chassis::Outbound;
use hmac::{Hmac, KeyInit, Mac};
use http::header::{ACCEPT, CONTENT_TYPE, LOCATION, RETRY_AFTER, USER_AGENT};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, Uri};
use rand::RngExt as _;
use sha2::Sha512;
use tokio::sync::oneshot;

use super::envelope::Stamp;
use super::hooks::Hook;
use super::retries::Retries;
use crate::address::ChatId;
use crate::config::Delivery;
use crate::ids;
use crate::misbehaviour::Misbehaviour as M;
use crate::record::Posted;
use crate::waha::Waha;

/// WAHA sets no time limit on its receivers; this is only to end at all.
const PATIENCE: Duration = Duration::from_secs(24 * 3600);

/// Redirects followed within one attempt.
const MAX_REDIRECTS: usize = 21;

#[derive(Clone, Debug)]
pub(super) struct Letter {
    url: String,
    event: String,
    event_id: String,
    headers: HeaderMap,
    body: Bytes,
    retries: Retries,
}

impl Letter {
    pub(super) fn new(waha: &Waha, hook: &Hook, event: &str, stamp: &Stamp, body: &[u8]) -> Self {
        let options = waha.profile().has_webhook_options();
        let mut headers = HeaderMap::new();
        put(&mut headers, ACCEPT, "application/json, text/plain, */*");
        put(&mut headers, CONTENT_TYPE, "application/json");
        put(&mut headers, USER_AGENT, &format!("WAHA/{}", waha.profile().version()));
        if options {
            let request_id = waha.roll(ids::request_id);
            put(&mut headers, name("x-webhook-request-id"), &request_id);
            put(&mut headers, name("x-webhook-timestamp"), &stamp.timestamp.to_string());
        }
        for (header, value) in &hook.headers {
            if let Ok(header) = HeaderName::try_from(header) {
                put(&mut headers, header, value);
            }
        }
        if let Some(key) = &hook.hmac_key {
            put(&mut headers, name("x-webhook-hmac"), &sign(key, body));
            put(&mut headers, name("x-webhook-hmac-algorithm"), "sha512");
        }
        Self {
            url: hook.url.clone(),
            event: event.to_owned(),
            event_id: if waha.profile().is_2024() { String::new() } else { stamp.event_id.clone() },
            headers,
            body: Bytes::copy_from_slice(body),
            retries: hook.retries,
        }
    }
}

impl Waha {
    /// The letters that are really sent: one, or as many as the switches make of it.
    pub(super) fn copies(&self, mut letter: Letter, chat: Option<&ChatId>) -> Vec<Letter> {
        let event = letter.event.clone();
        let take = |wanted: fn(&M) -> bool| self.switches().take_for_event(chat, &event, wanted);
        if let Some(M::WebhooksLost { chance }) = take(|m| matches!(m, M::WebhooksLost { .. }))
            && self.roll(|rng| rng.random_bool(chance.clamp(0.0, 1.0)))
        {
            return Vec::new();
        }
        if take(|m| *m == M::WebhooksUnsigned).is_some() {
            letter.headers.remove("x-webhook-hmac");
            letter.headers.remove("x-webhook-hmac-algorithm");
        }
        if take(|m| *m == M::WebhooksBadlySigned).is_some() {
            put(&mut letter.headers, name("x-webhook-hmac"), &sign("another key", &letter.body));
        }
        let copies = if take(|m| *m == M::WebhooksDoubled).is_some() { 2 } else { 1 };
        vec![letter; copies]
    }

    /// Waits as long as the switches want a letter to be late.
    pub(super) async fn delay(&self, letter: &Letter, chat: Option<&ChatId>) {
        let late = self.switches().take_for_event(chat, &letter.event, |m| {
            matches!(m, M::WebhooksLate { .. } | M::WebhooksShuffled { .. })
        });
        match late {
            Some(M::WebhooksLate { delay }) => tokio::time::sleep(delay).await,
            Some(M::WebhooksShuffled { within }) => {
                let part: f64 = self.roll(|rng| rng.random_range(0.0..1.0));
                tokio::time::sleep(within.mul_f64(part)).await;
            }
            _ => {}
        }
        self.until(|waha| !waha.switches().is_on(&M::WebhooksHeldBack)).await;
    }

    /// Posts until somebody answers 2xx or the attempts are used up; then the event is lost.
    pub(super) async fn deliver(&self, letter: Letter, first: oneshot::Sender<()>) {
        let mut first = Some(first);
        for attempt in 1..=letter.retries.attempts.saturating_add(1) {
            let answer = self.attempt(&letter).await;
            self.note_post(Posted {
                at: self.now(),
                event: letter.event.clone(),
                event_id: letter.event_id.clone(),
                attempt,
                answer: answer.as_ref().map(|answer| answer.status().as_u16()),
            });
            if let Some(first) = first.take() {
                let _ = first.send(());
            }
            if answer.as_ref().is_some_and(|answer| answer.status().is_success()) {
                return;
            }
            if attempt <= letter.retries.attempts {
                let asked = answer.as_ref().and_then(retry_after);
                let wait = self.roll(|rng| letter.retries.wait(attempt, asked, rng));
                self.wait(wait).await;
            }
        }
        tracing::debug!(webhook.event = letter.event, "a webhook was given up");
    }

    /// One attempt with its redirects: 301, 302 and 303 become a GET without body, as recorded.
    async fn attempt(&self, letter: &Letter) -> Option<Response<Bytes>> {
        let mut url = letter.url.clone();
        let mut method = Method::POST;
        for _ in 0..=MAX_REDIRECTS {
            let answer = self.call(&method, &url, letter).await?;
            let next = answer.headers().get(LOCATION).and_then(|place| place.to_str().ok());
            match (answer.status(), next) {
                (
                    StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND | StatusCode::SEE_OTHER,
                    Some(place),
                ) => {
                    method = Method::GET;
                    url = place.to_owned();
                }
                (
                    StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT,
                    Some(place),
                ) => url = place.to_owned(),
                _ => return Some(answer),
            }
        }
        None
    }

    async fn call(&self, method: &Method, url: &str, letter: &Letter) -> Option<Response<Bytes>> {
        let (peer, path) = self.peer(url)?;
        let with_body = *method == Method::POST;
        let mut request = Request::new(if with_body { letter.body.clone() } else { Bytes::new() });
        *request.method_mut() = method.clone();
        *request.uri_mut() = path;
        *request.headers_mut() = letter.headers.clone();
        if !with_body {
            request.headers_mut().remove(CONTENT_TYPE);
        }
        peer.call(request, PATIENCE).await.ok()
    }

    fn peer(&self, url: &str) -> Option<(Outbound, Uri)> {
        let uri: Uri = url.parse().ok()?;
        let origin = format!("{}://{}", uri.scheme_str()?, uri.authority()?);
        let path = uri.path_and_query().map_or("/", |path| path.as_str()).parse().ok()?;
        let peer = match &self.config.delivery {
            Delivery::Network => Outbound::network(&origin).ok()?,
            Delivery::InProcess(peers) => peers.find(&origin)?,
        };
        Some((peer, path))
    }
}

/// The wait the receiver asked for, in seconds.
fn retry_after(answer: &Response<Bytes>) -> Option<Duration> {
    let text = answer.headers().get(RETRY_AFTER)?.to_str().ok()?;
    text.parse().ok().map(Duration::from_secs)
}

fn sign(key: &str, body: &[u8]) -> String {
    let Ok(mut mac) = Hmac::<Sha512>::new_from_slice(key.as_bytes()) else {
        return String::new();
    };
    mac.update(body);
    hex::encode(mac.finalize().into_bytes())
}

fn name(lower_case: &'static str) -> HeaderName {
    HeaderName::from_static(lower_case)
}

fn put(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}
