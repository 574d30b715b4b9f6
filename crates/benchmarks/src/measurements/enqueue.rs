//! One batch of 10,000 messages over HTTP.

use std::{fmt::Write as _, time::Duration};

use bytes::Bytes;
use chassis::Clock;
use serde_json::json;
use storage::testing::TestDatabase;
use tokio::time::Instant;

use crate::{
    report::{Line, Section},
    statistics::{highest, median, shown},
    system::{Api, Places, Program, sessions},
};

const BATCH: usize = 10_000;
const RUNS: usize = 9;
const PROMISED: Duration = Duration::from_secs(2);

pub(super) async fn measure() -> anyhow::Result<Section> {
    let mut lines = Vec::new();
    for database in TestDatabase::each().await {
        let times = on(&database).await?;
        lines.push(Line {
            on: database.kind().to_owned(),
            promised: "under 2 s",
            measured: format!(
                "{} (worst {})",
                shown(median(&times)),
                shown(highest(&times))
            ),
            holds: median(&times) < PROMISED,
        });
    }
    let how = format!(
        "`POST /messages/batch` to the queue-api process, {} kB of JSON, from the first byte sent to the whole answer read. \
         Every message goes to a phone number that was never seen before. Median of {RUNS} batches, each into the same queue.",
        batch(0)?.len() / 1_000,
    );
    let title = "One batch of 10,000 messages";
    Ok(Section { title, how, lines })
}

async fn on(database: &TestDatabase) -> anyhow::Result<Vec<Duration>> {
    let folder = tempfile::tempdir()?;
    let nobody = "127.0.0.1:9".parse()?;
    let places = Places::choose(sessions(2)?, nobody)?;
    let queue_api = Program::start("queue-api", places.queue_api(database.url()), folder.path())?;
    let api = Api::of(&queue_api, &places, database.url()).await?;
    let mut times = Vec::new();
    for run in 0..RUNS {
        let body = batch(run)?;
        let begun = Instant::now();
        let answer = api.post_bytes("/messages/batch", body).await?;
        times.push(begun.elapsed());
        let queued = answer["ids"].as_array().map_or(0, Vec::len);
        anyhow::ensure!(queued == BATCH, "{queued} of {BATCH} messages were queued");
    }
    Ok(times)
}

fn batch(run: usize) -> anyhow::Result<Bytes> {
    let tomorrow = Clock::system().now() + chrono::TimeDelta::days(1);
    let messages = (0..BATCH).map(|index| {
        let mut text = String::from("Dear friends, we meet on Saturday at four at the church. ");
        // writing to a String cannot fail
        let _ = write!(text, "Your table has the number {index}.");
        json!({
            "session": "groom",
            "to": format!("+39 347 {:07}", run * BATCH + index),
            "text": text,
            "not_after": tomorrow,
        })
    });
    let messages: Vec<_> = messages.collect();
    Ok(serde_json::to_vec(&json!({ "messages": messages }))?.into())
}
