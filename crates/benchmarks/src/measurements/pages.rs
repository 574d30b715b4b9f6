//! Open pages: what 200 of them cost at rest, and how soon one hears of a change.

use std::time::Duration;

use anyhow::Context as _;
use serde_json::json;
use storage::testing::TestDatabase;
use tokio::time::{Instant, sleep, timeout};

use super::live_page::{Page, sign_in};
use crate::{
    report::{Line, Section},
    statistics::{median, percentile, shown},
    system::{System, guest_of, sessions},
};

const PAGES: usize = 200;
const AT_REST: Duration = Duration::from_secs(30);
/// Percent of one core.
const PROMISED_COST: f64 = 5.0;
const CHANGES: usize = 100;
const PROMISED_DELAY: Duration = Duration::from_secs(1);

pub(super) async fn measure() -> anyhow::Result<Section> {
    let mut lines = Vec::new();
    for database in TestDatabase::each().await {
        let system = System::start(&database, sessions(1)?).await?;
        sign_in(&system).await?;
        lines.push(cost(database.kind(), &system).await?);
        lines.push(delay(database.kind(), &system).await?);
        system.stop().await?;
    }
    let how = format!(
        "{PAGES} streams of `GET /live` open at queue-api, nothing happens: its processor time over {} s, as a part of one \
         core. Then {CHANGES} messages are queued one by one while all of them listen: from before `POST /messages` until \
         one of the pages has its event.",
        AT_REST.as_secs()
    );
    let title = "Open pages";
    Ok(Section { title, how, lines })
}

async fn cost(kind: &str, system: &System) -> anyhow::Result<Line> {
    let mut pages = Vec::new();
    for _ in 0..PAGES {
        pages.push(Page::open(system.page).await?);
    }
    sleep(Duration::from_secs(2)).await;
    let before = system.queue_api.processor_time()?;
    sleep(AT_REST).await;
    let used = system.queue_api.processor_time()?.saturating_sub(before);
    let percent = used.as_secs_f64() / AT_REST.as_secs_f64() * 100.0;
    Ok(Line {
        on: format!("{kind}, {PAGES} pages at rest"),
        promised: "under 5 % of one core",
        measured: format!("{percent:.1} %"),
        holds: percent < PROMISED_COST,
    })
}

async fn delay(kind: &str, system: &System) -> anyhow::Result<Line> {
    let mut others = Vec::new();
    for _ in 1..PAGES {
        others.push(Page::open(system.page).await?);
    }
    let mut page = Page::open(system.page).await?;
    let mut times = Vec::new();
    for _ in 0..CHANGES {
        page.forget();
        let begun = Instant::now();
        let body = json!({ "session": "groom", "to": guest_of(0), "text": "Ciao!" });
        let queued = system.api.post("/messages", &body).await?;
        let id = queued["id"].as_str().context("an id")?;
        timeout(Duration::from_secs(10), page.hears_of(id))
            .await
            .context("a page hears nothing")??;
        times.push(begun.elapsed());
        sleep(Duration::from_millis(120)).await;
    }
    let p99 = percentile(&times, 99);
    Ok(Line {
        on: format!("{kind}, from a change to the page"),
        promised: "within 1 s",
        measured: format!("p99 {} (median {})", shown(p99), shown(median(&times))),
        holds: p99 < PROMISED_DELAY,
    })
}
