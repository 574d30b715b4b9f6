//! 200 sessions on one worker.

use std::time::Duration;

use anyhow::Context as _;
use chassis::Clock;
use domain::{Timestamp, ids::MessageId};
use serde_json::json;
use storage::{Store, testing::TestDatabase};

use crate::{
    report::{Line, Section},
    statistics::{highest, median, percentile, shown},
    system::{System, guest_of, sessions},
};

const SESSIONS: usize = 200;
const RUNS: usize = 5;
/// More than two lives of a lease: whoever cannot keep it has lost it by then.
const WORK: Duration = Duration::from_secs(70);

pub(super) async fn measure() -> anyhow::Result<Section> {
    let mut lines = Vec::new();
    for database in TestDatabase::each().await {
        lines.push(on(&database).await?);
    }
    let how = format!(
        "One worker, one integration and one queue-api as processes, {SESSIONS} connected sessions, simulated pace. {RUNS} \
         times a batch puts one message on every session at once; all must become `sent`. The time is from before the batch is \
         posted until each message is claimed (its timeline), over all. {} s after the start every lease must still be of its \
         first epoch.",
        WORK.as_secs(),
    );
    let title = "200 sessions on one worker";
    Ok(Section { title, how, lines })
}

async fn on(database: &TestDatabase) -> anyhow::Result<Line> {
    let system = System::start(database, sessions(SESSIONS)?).await?;
    let guests = system.invite().await?;
    system.let_guests_write(&guests).await?;
    let lost_later = tokio::spawn(lost_leases(system.store.clone()));
    let mut times = Vec::new();
    for run in 0..RUNS {
        let begun = Clock::system().now();
        let ids = enqueue(&system, run).await?;
        let what = "every message is sent";
        system
            .until(what, async |system| all_sent(&system.store, &ids).await)
            .await?;
        times.extend(claimed_after(&system.store, begun, &ids).await?);
        // They answer: nobody is written to twice in a row without one. WhatsApp's times know no more than seconds, and an
        // answer must be later than what it answers.
        tokio::time::sleep(Duration::from_secs(1)).await;
        system.let_guests_write(&guests).await?;
    }
    let lost = lost_later.await??;
    let worker = system.worker.resident_mb()?;
    system.stop().await?;
    Ok(Line {
        on: database.kind().to_owned(),
        promised: "200 work",
        measured: format!(
            "{} of {} sent, {lost} leases lost; claimed after {} (p99 {}, worst {}); worker {worker:.1} MB",
            times.len(),
            RUNS * SESSIONS,
            shown(median(&times)),
            shown(percentile(&times, 99)),
            shown(highest(&times)),
        ),
        holds: lost == 0 && times.len() == RUNS * SESSIONS,
    })
}

async fn enqueue(system: &System, run: usize) -> anyhow::Result<Vec<MessageId>> {
    let message = |(index, session)| json!({ "session": session, "to": guest_of(index), "text": format!("Ciao {run}!") });
    let messages: Vec<_> = system.sessions.iter().enumerate().map(message).collect();
    let answer = system
        .api
        .post("/messages/batch", &json!({ "messages": messages }))
        .await?;
    Ok(serde_json::from_value(answer["ids"].clone())?)
}

async fn all_sent(store: &Store, ids: &[MessageId]) -> anyhow::Result<bool> {
    for id in ids {
        let row = store.message(*id).await?.context("a queued message")?;
        if row.sent_at.is_none() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// From `begun` until each message was claimed, by its timeline; this machine has one clock. A claim's time is when it began to wait
/// for its turn: one that began before the batch was there takes from it at once.
async fn claimed_after(
    store: &Store,
    begun: Timestamp,
    ids: &[MessageId],
) -> anyhow::Result<Vec<Duration>> {
    let mut times = Vec::new();
    for id in ids {
        let timeline = store.timeline(*id).await?;
        let mut events = timeline.iter();
        let claimed = events.find(|event| event.phase == "claimed");
        let after = claimed.context("a claim")?.at - begun;
        times.push(after.to_std().unwrap_or_default());
    }
    Ok(times)
}

/// How many sessions were taken again, or are held by nobody, after a while.
async fn lost_leases(store: Store) -> anyhow::Result<usize> {
    tokio::time::sleep(WORK).await;
    let rows = store.sessions().await?;
    let lost = |row: &&storage::SessionRow| row.lease_epoch != 1 || row.lease_owner.is_none();
    Ok(rows.iter().filter(lost).count())
}
