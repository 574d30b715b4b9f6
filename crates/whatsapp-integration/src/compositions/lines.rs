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

/// The sending end belongs to the composition; when the stream is dropped, it sees itself closed.
pub(super) fn lines() -> (mpsc::Sender<ComposeLine>, impl Stream<Item = Result<Bytes, Infallible>>) {
    let (tell, told) = mpsc::channel(ROOM);
    let mut heartbeat = interval_at(Instant::now() + HEARTBEAT, HEARTBEAT);
    heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let stream = stream::unfold((told, heartbeat), async |(mut told, mut heartbeat)| {
        let line = next(&mut told, &mut heartbeat).await?;
        Some((Ok(encode(&line)), (told, heartbeat)))
    });
    (tell, stream)
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
