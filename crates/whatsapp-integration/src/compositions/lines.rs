//! The stream of a composition: its lines as JSON, and a heartbeat every second in between.

use std::convert::Infallible;
use std::time::Duration;

use bytes::Bytes;
use domain::wire::ComposeLine;
use futures_util::{Stream, stream};
use tokio::sync::mpsc;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};

const HEARTBEAT: Duration = Duration::from_secs(1);

/// More lines than a composition has, so that telling one never waits for the reader.
const ROOM: usize = 8;

/// The composition's end of its stream.
pub(super) struct Teller(Option<mpsc::Sender<ComposeLine>>);

/// A stream and who tells it what to say. When the stream is dropped, the teller sees it closed.
pub(super) fn lines() -> (Teller, impl Stream<Item = Result<Bytes, Infallible>>) {
    let (tell, told) = mpsc::channel(ROOM);
    let mut heartbeat = interval_at(Instant::now() + HEARTBEAT, HEARTBEAT);
    heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let stream = stream::unfold((told, heartbeat), async |(mut told, mut heartbeat)| {
        let line = next(&mut told, &mut heartbeat).await?;
        Some((Ok(encode(&line)), (told, heartbeat)))
    });
    (Teller(Some(tell)), stream)
}

impl Teller {
    /// Says one line; nobody may be listening.
    pub(super) fn say(&self, line: ComposeLine) {
        if let Some(tell) = &self.0 {
            let _ = tell.try_send(line);
        }
    }

    /// Ends the stream after what was said.
    pub(super) fn end(&mut self) {
        self.0 = None;
    }

    /// Waits until nobody listens any more.
    pub(super) async fn deserted(&self) {
        match &self.0 {
            Some(tell) => tell.closed().await,
            None => std::future::pending().await,
        }
    }
}

async fn next(
    told: &mut mpsc::Receiver<ComposeLine>,
    heartbeat: &mut Interval,
) -> Option<ComposeLine> {
    tokio::select! {
        biased;
        line = told.recv() => line,
        _ = heartbeat.tick() => Some(ComposeLine::Heartbeat),
    }
}

fn encode(line: &ComposeLine) -> Bytes {
    // lines are maps of texts and always serialize
    let mut json = serde_json::to_vec(line).unwrap_or_default();
    json.push(b'\n');
    Bytes::from(json)
}
