//! Claiming the next message from a queue of a million, against one of a thousand.

use std::time::Duration;

use anyhow::bail;
use domain::{
    Timestamp,
    config::{GlobalConfig, Pacing},
    ids::WorkerId,
    release::{ReleaseRules, Rulebook},
    session::SessionName,
};
use rand::{SeedableRng, rngs::StdRng};
use storage::{
    Claim, Claimer, Lease, ReleaseReason, Store,
    testing::{Filling, Standing, TestDatabase},
};
use tokio::time::Instant;

use super::pair::{on_one_processor, opened_again};
use crate::{
    report::{Line, Section},
    statistics::{median, shown},
};

const SHORT: u32 = 1_000;
const LONG: u32 = 1_000_000;
const GUESTS: u32 = 250;
const CLAIMS: usize = 1_000;
/// Not counted: prepared statements and caches are being made.
const WARM_UP: usize = 50;
const PROMISED: f64 = 1.5;

const STANDINGS: [(Standing, &str); 4] = [
    (Standing::Due, "due"),
    (Standing::ForAnEvent, "waiting for an event"),
    (Standing::Scheduled, "scheduled"),
    (Standing::Mixed, "mixed"),
];

pub(super) async fn measure() -> anyhow::Result<Section> {
    let mut lines = Vec::new();
    for (standing, name) in STANDINGS {
        lines.push(on_sqlite(standing, name).await?);
        let pair = [
            TestDatabase::postgres().await,
            TestDatabase::postgres().await,
        ];
        lines.push(compare(pair, standing, name).await?);
    }
    let how = format!(
        "Two databases side by side, {GUESTS} guests who have written and {GUESTS} who have not, all messages pending on one \
         session; mixed is a quarter each of due, waiting for an event, scheduled and set aside. The worker's claim \
         (`Store::claim`, one transaction) in turn on both, {CLAIMS} times; what was taken is given back in between. Medians. SQLite's \
         threads share one processor. The commits do not wait for the disk here: that wait is the same for both and would hide a difference."
    );
    let title = "Claiming with 1,000,000 pending messages";
    Ok(Section { title, how, lines })
}

async fn on_sqlite(standing: Standing, name: &'static str) -> anyhow::Result<Line> {
    on_one_processor(async move || {
        let pair = [TestDatabase::sqlite().await, TestDatabase::sqlite().await];
        compare(pair, standing, name).await
    })
    .await
}

/// A short queue on the one database, a long one on the other.
async fn compare(
    [short, long]: [TestDatabase; 2],
    standing: Standing,
    name: &str,
) -> anyhow::Result<Line> {
    let mut desks = [
        Desk::open(&short, SHORT, standing).await?,
        Desk::open(&long, LONG, standing).await?,
    ];
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..WARM_UP + CLAIMS {
        for (desk, times) in desks.iter_mut().zip(&mut times) {
            times.push(desk.claim().await?);
        }
    }
    let [short_median, long_median] = times.map(|times| median(&times[WARM_UP..]));
    let ratio = long_median.as_secs_f64() / short_median.as_secs_f64();
    Ok(Line {
        on: format!("{}, {name}", short.kind()),
        promised: "at most 1.5 times 1,000",
        measured: format!(
            "{ratio:.2} times ({} and {})",
            shown(long_median),
            shown(short_median)
        ),
        holds: ratio <= PROMISED,
    })
}

/// A worker's place at one database.
struct Desk {
    store: Store,
    session: SessionName,
    owner: WorkerId,
    epoch: i64,
    now: Timestamp,
    dice: StdRng,
    standing: Standing,
    book: Rulebook,
    rules: ReleaseRules,
    pacing: Pacing,
}

impl Desk {
    async fn open(
        database: &TestDatabase,
        messages: u32,
        standing: Standing,
    ) -> anyhow::Result<Self> {
        // a weekday noon in Rome: no rule of the day stands in the way
        let now: Timestamp = "2026-11-23T11:00:00Z".parse()?;
        let session = SessionName::parse("groom")?;
        let mut dice = StdRng::seed_from_u64(7);
        let owner = WorkerId::new(now, &mut dice);
        database.connect(&session, now).await?;
        let filling = Filling {
            session: &session,
            messages,
            guests: GUESTS,
            standing,
            now,
        };
        database.fill(&filling).await?;
        let store = opened_again(database).await?;
        let lease = store.take_lease(&session, owner, Duration::from_hours(1), now);
        let Lease::Taken { epoch } = lease.await? else {
            bail!("nobody else works on this database");
        };
        let config = GlobalConfig::default();
        Ok(Self {
            store,
            session,
            owner,
            epoch,
            now,
            dice,
            standing,
            book: Rulebook::default(),
            rules: ReleaseRules::from_config(&config),
            pacing: config.pacing,
        })
    }

    /// One claim, timed; what it took is given back.
    async fn claim(&mut self) -> anyhow::Result<Duration> {
        let claimer = Claimer {
            session: &self.session,
            owner: self.owner,
            epoch: self.epoch,
            book: &self.book,
            rules: &self.rules,
            pacing: &self.pacing,
        };
        let begun = Instant::now();
        let claim = self.store.claim(claimer, self.now, &mut self.dice).await?;
        let time = begun.elapsed();
        let has_due = matches!(self.standing, Standing::Due | Standing::Mixed);
        match claim {
            Claim::Taken(work) if has_due => {
                let why = ReleaseReason::Stopping;
                self.store
                    .release(claimer, work.attempt, why, self.now)
                    .await?;
            }
            Claim::Idle { .. } if !has_due => {}
            other => bail!("a claim ended otherwise than it should: {other:?}"),
        }
        Ok(time)
    }
}
