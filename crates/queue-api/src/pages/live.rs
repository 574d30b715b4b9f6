//! `GET /live`: what happens, told to open pages over SSE. One task follows the database for all of them, and only while a
//! page is open; each page's stream continues from where its browser was, so that nothing is missed or told twice, however
//! transactions commit.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::{Query, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use domain::session::SessionName;
use futures_util::stream::{Stream, StreamExt as _, unfold};
use http::HeaderMap;
use serde::Deserialize;
use storage::{AccountRow, LiveCursor, LiveEvent, LiveKind, Store};
use tokio::sync::watch;
use tracing::warn;

use super::access::Access;
use super::refusal::Shown;
use super::registry::Pages;
use super::visitor::Visitor;
use crate::app::Shared;
use crate::auth::hash;

/// How often the database is looked at while a page is open: well within the second that is promised.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// After a failure.
const LOOK_AGAIN: Duration = Duration::from_secs(2);
/// How often it is asked whether the browser is still signed in, and with the same rights.
const KNOWN_AGAIN: Duration = Duration::from_secs(3);
/// So many events at once.
const BATCH: u32 = 500;

/// How far the follower has seen; pages wait for it to move.
pub(crate) struct Live {
    seen: watch::Sender<Seen>,
}

#[derive(Clone, Copy, Default)]
struct Seen {
    up_to: Option<LiveCursor>,
    /// The service stops: streams end, so that nobody waits for them.
    ended: bool,
}

impl Default for Live {
    fn default() -> Self {
        Self {
            seen: watch::Sender::new(Seen::default()),
        }
    }
}

pub(super) fn routes(pages: Pages) -> Pages {
    pages.get("/live", Access::SignedIn, live)
}

/// Follows what happens, while anybody is interested, for as long as it is polled.
pub(crate) async fn follow(app: Shared) {
    let _open = Open(&app.live);
    loop {
        if app.live.seen.receiver_count() == 0 {
            wait_for_a_page(&app).await;
        }
        let pause = match look(&app).await {
            Ok(()) => LOOK_EVERY,
            Err(error) => {
                warn!(error = %error, "open pages hear nothing, the database does not answer");
                LOOK_AGAIN
            }
        };
        tokio::time::sleep(pause).await;
    }
}

/// Ends all streams when nobody follows any more.
struct Open<'a>(&'a Live);

impl Drop for Open<'_> {
    fn drop(&mut self) {
        self.0.seen.send_modify(|seen| seen.ended = true);
    }
}

/// Nobody looks at a page: nothing to do until somebody does.
async fn wait_for_a_page(app: &Shared) {
    while app.live.seen.receiver_count() == 0 {
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

async fn look(app: &Shared) -> Result<(), storage::Error> {
    let newest = app.store.live_newest().await?;
    app.live.seen.send_if_modified(|seen| {
        let moved = newest > seen.up_to;
        if moved {
            seen.up_to = newest;
        }
        moved
    });
    Ok(())
}

#[derive(Deserialize)]
struct Since {
    from: Option<String>,
}

/// Where this browser is in what happens.
struct Follower {
    store: Store,
    seen: watch::Receiver<Seen>,
    at: LiveCursor,
    ready: std::vec::IntoIter<LiveEvent>,
    /// Whether messages and conversations are this visitor's to know of.
    reads_texts: bool,
    /// The spouse's own session: only they hear of unknown writers.
    own: Option<SessionName>,
}

async fn live(
    State(app): State<Shared>,
    visitor: Visitor,
    headers: HeaderMap,
    Query(Since { from }): Query<Since>,
) -> Shown {
    let resumed = headers.get("last-event-id");
    let resumed = resumed.and_then(|id| id.to_str().ok()).map(str::to_owned);
    let given = resumed.or(from).and_then(|text| text.parse().ok());
    let known = match given {
        Some(cursor) => app.store.live_is_kept(cursor).await?.then_some(cursor),
        None => None,
    };
    let lost = known.is_none();
    let at = match known {
        Some(cursor) => cursor,
        None => app.store.live_end().await?,
    };
    let account = visitor.known()?;
    let gone = no_longer(app.clone(), hash(visitor.secret()), account.clone());
    let follower = Follower {
        store: app.store.clone(),
        seen: app.live.seen.subscribe(),
        at,
        ready: Vec::new().into_iter(),
        reads_texts: account.reads_texts(),
        own: account.session().cloned(),
    };
    Ok(answer(follower, lost, gone))
}

/// Until the browser is signed out, or its account has lost or gained a right: then it comes again, or is turned away.
async fn no_longer(app: Shared, browser: String, account: AccountRow) {
    loop {
        tokio::time::sleep(KNOWN_AGAIN).await;
        // a database that is away tells this page nothing either
        let known = app.store.signed_in(&browser, app.now()).await;
        if known.is_ok_and(|known| known.as_ref() != Some(&account)) {
            return;
        }
    }
}

fn answer(
    follower: Follower,
    lost: bool,
    gone: impl Future<Output = ()> + Send + 'static,
) -> Response {
    let first = lost.then(|| {
        Event::default()
            .event("lost")
            .id(follower.at.to_string())
            .data("-")
    });
    let first = futures_util::stream::iter(first.map(Ok));
    let stream = first.chain(events(follower)).take_until(gone);
    Sse::new(stream)
        .keep_alive(KeepAlive::new().interval(Duration::from_secs(20)))
        .into_response()
}

fn events(follower: Follower) -> impl Stream<Item = Result<Event, Infallible>> {
    unfold(follower, |mut follower| async move {
        let event = follower.next().await?;
        let data = Event::default()
            .event(event.kind.as_str())
            .id(event.cursor.to_string())
            .data(&event.subject);
        Some((Ok(data), follower))
    })
}

impl Follower {
    /// The next event for this visitor; `None`: the service stops.
    async fn next(&mut self) -> Option<LiveEvent> {
        loop {
            while let Some(event) = self.ready.next() {
                self.at = event.cursor;
                if self.is_told(&event) {
                    return Some(event);
                }
            }
            // marked as seen before it is read: what comes meanwhile wakes it again
            if self.seen.borrow_and_update().ended {
                return None;
            }
            match self.store.live_after(self.at, BATCH).await {
                Ok(events) if events.is_empty() => self.seen.changed().await.ok()?,
                Ok(events) => self.ready = events.into_iter(),
                Err(error) => {
                    warn!(error = %error, "an open page hears nothing, the database does not answer");
                    tokio::time::sleep(LOOK_AGAIN).await;
                }
            }
        }
    }

    fn is_told(&self, event: &LiveEvent) -> bool {
        match event.kind {
            LiveKind::Session => true,
            LiveKind::Message | LiveKind::Contact => self.reads_texts,
            LiveKind::Writer => self
                .own
                .as_ref()
                .is_some_and(|own| own.as_str() == event.subject),
        }
    }
}
