//! From due to `composing`, with a worker that had nothing to do.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use chassis::{Clock, Dice};
use chrono::TimeDelta;
use rand::RngExt as _;
use serde_json::{Value, json};
use storage::testing::TestDatabase;
use tokio::time::{Instant, sleep};

use crate::{
    report::{Line, Section},
    statistics::{median, percentile, shown},
    system::{System, guest_of, sessions},
};

const MESSAGES: usize = 300;
const PROMISED: Duration = Duration::from_millis(100);
/// How often the row is looked at.
const LOOK_AGAIN: Duration = Duration::from_millis(1);
/// After a composition has ended the worker has nothing to do for this long, and up to as much again.
const IDLE_MS: u64 = 150;
/// How far ahead a message is scheduled.
const AHEAD: TimeDelta = TimeDelta::milliseconds(250);

pub(super) async fn measure() -> anyhow::Result<Section> {
    let mut lines = Vec::new();
    for database in TestDatabase::each().await {
        let system = System::start(&database, sessions(1)?).await?;
        let guests = system.invite().await?;
        system.let_guests_write(&guests).await?;
        let watcher = Watcher {
            system,
            dice: Dice::from_os(),
            clock: Clock::system(),
        };
        for (due, name) in [(Due::Enqueued, "enqueued"), (Due::ByTime, "scheduled")] {
            let times = watcher.times(due).await?;
            lines.push(line(&format!("{}, {name}", database.kind()), &times));
        }
        watcher.system.stop().await?;
    }
    let how = format!(
        "queue-api, integration and worker as processes, one session, simulated pace; the worker's interval is 60 s, so only \
         nudges and its own timer wake it. *Enqueued*: from before `POST /messages` until the row says `composing`, the \
         whole HTTP call included. *Scheduled*: from the row's `not_before` until then. The row is looked at every \
         millisecond from outside; the composition is cancelled and the worker left alone for {IDLE_MS} ms or more. \
         {MESSAGES} messages each."
    );
    let title = "From due to composing";
    Ok(Section { title, how, lines })
}

fn line(on: &str, times: &[Duration]) -> Line {
    let p99 = percentile(times, 99);
    Line {
        on: on.to_owned(),
        promised: "p99 under 100 ms",
        measured: format!("p99 {} (median {})", shown(p99), shown(median(times))),
        holds: p99 < PROMISED,
    }
}

/// How a message becomes due.
#[derive(Clone, Copy)]
enum Due {
    Enqueued,
    ByTime,
}

struct Watcher {
    system: System,
    dice: Dice,
    clock: Clock,
}

impl Watcher {
    async fn times(&self, due: Due) -> anyhow::Result<Vec<Duration>> {
        let mut times = Vec::new();
        for _ in 0..MESSAGES {
            let idle = IDLE_MS + self.dice.roll(|dice| dice.random_range(0..=IDLE_MS));
            sleep(Duration::from_millis(idle)).await;
            times.push(match due {
                Due::Enqueued => self.enqueued().await?,
                Due::ByTime => self.scheduled().await?,
            });
        }
        Ok(times)
    }

    async fn enqueued(&self) -> anyhow::Result<Duration> {
        let begun = Instant::now();
        let id = self.enqueue(&json!({})).await?;
        self.until_composing(true).await?;
        let time = begun.elapsed();
        self.cancel(&id).await?;
        Ok(time)
    }

    async fn scheduled(&self) -> anyhow::Result<Duration> {
        let at = self.clock.now() + AHEAD;
        let id = self.enqueue(&json!({ "not_before": at })).await?;
        self.until_composing(true).await?;
        let late = (self.clock.now() - at).to_std();
        self.cancel(&id).await?;
        late.context("a message was composed before it was due")
    }

    async fn enqueue(&self, more: &Value) -> anyhow::Result<String> {
        let mut body = json!({ "session": "groom", "to": guest_of(0), "text": "Ciao!" });
        if let (Some(body), Some(more)) = (body.as_object_mut(), more.as_object()) {
            body.extend(more.clone());
        }
        let message = self.system.api.post("/messages", &body).await?;
        Ok(message["id"].as_str().context("an id")?.to_owned())
    }

    /// Before it is sent: no limit is used up, and the next one finds an idle worker.
    async fn cancel(&self, id: &str) -> anyhow::Result<()> {
        let path = format!("/messages/{id}/cancel");
        let message = self.system.api.post(&path, &json!({})).await?;
        ensure!(
            message["status"] == "cancelled",
            "it was not cancelled: {message}"
        );
        self.until_composing(false).await
    }

    async fn until_composing(&self, wanted: bool) -> anyhow::Result<()> {
        let session = &self.system.sessions[0];
        let deadline = Instant::now() + Duration::from_secs(10);
        loop {
            let open = self.system.store.open_attempts(session).await?;
            if open.is_empty() != wanted {
                return Ok(());
            }
            ensure!(Instant::now() < deadline, "nothing is composed");
            sleep(LOOK_AGAIN).await;
        }
    }
}
