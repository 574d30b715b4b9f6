//! Posting a delivery: its attempts, its retries and its redirects (WAHA §7.3).

use std::time::Duration;

use bytes::Bytes;
use chassis::Outbound;
use http::header::{CONTENT_TYPE, LOCATION, RETRY_AFTER};
use http::{Method, Request, Response, StatusCode, Uri};
use tokio::sync::oneshot;

use super::letter::Letter;
use crate::config::Delivery;
use crate::record::Posted;
use crate::waha::Waha;

/// WAHA sets no time limit on its receivers; this is only to end at all.
const PATIENCE: Duration = Duration::from_hours(24);

/// Redirects followed within one attempt.
const MAX_REDIRECTS: usize = 21;

impl Waha {
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
            if answer
                .as_ref()
                .is_some_and(|answer| answer.status().is_success())
            {
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
            let next = answer
                .headers()
                .get(LOCATION)
                .and_then(|place| place.to_str().ok());
            match (answer.status(), next) {
                (
                    StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND | StatusCode::SEE_OTHER,
                    Some(place),
                ) => {
                    method = Method::GET;
                    url = String::from(place);
                }
                (StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT, Some(place)) => {
                    url = String::from(place);
                }
                _ => return Some(answer),
            }
        }
        None
    }

    async fn call(&self, method: &Method, url: &str, letter: &Letter) -> Option<Response<Bytes>> {
        let (peer, path) = self.peer(url)?;
        let with_body = *method == Method::POST;
        let mut request = Request::new(if with_body {
            letter.body.clone()
        } else {
            Bytes::new()
        });
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
        let path = uri
            .path_and_query()
            .map_or("/", |path| path.as_str())
            .parse()
            .ok()?;
        let peer = match &self.config.delivery {
            Delivery::Network => self.network_peer(&origin)?,
            Delivery::InProcess(peers) => peers.find(&origin)?,
        };
        Some((peer, path))
    }

    /// One connection pool per receiver.
    fn network_peer(&self, origin: &str) -> Option<Outbound> {
        if let Some(peer) = self.receivers.find(origin) {
            return Some(peer);
        }
        let peer = Outbound::network(origin).ok()?;
        self.receivers.connect(origin, peer.clone());
        Some(peer)
    }
}

/// The wait the receiver asked for, in seconds.
fn retry_after(answer: &Response<Bytes>) -> Option<Duration> {
    let text = answer.headers().get(RETRY_AFTER)?.to_str().ok()?;
    text.parse().ok().map(Duration::from_secs)
}
