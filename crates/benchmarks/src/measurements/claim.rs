//! Claiming the next message from a queue of a million, against one of a thousand.

use std::time::Duration;

use anyhow::bail;
use domain::{
    Timestamp,
    chat_id::ChatId,
    config::{GlobalConfig, Pacing},
    ids::WorkerId,
    release::{ReleaseRules, Rulebook},
    session::{SessionName, SessionState},
    wire::{OwnAccount, SessionView},
};
use rand::{SeedableRng, rngs::StdRng};
use storage::{
    Claim, Claimer, Lease, Options, ReleaseReason, Store,
    testing::{Filling, Standing, TestDatabase},
};
use tokio::time::Instant;

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

/// On one processor. SQLite's connections are threads: one that has to be woken on another processor takes twice as long for
/// every statement, and which of two that befalls is chance.
async fn on_sqlite(standing: Standing, name: &'static str) -> anyhow::Result<Line> {
    let measuring = std::thread::spawn(move || {
        let mut first = rustix::thread::CpuSet::new();
        first.set(0);
        // threads that are started from here on stay there, too
        rustix::thread::sched_setaffinity(None, &first)?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        runtime.block_on(async {
            let pair = [TestDatabase::sqlite().await, TestDatabase::sqlite().await];
            compare(pair, standing, name).await
        })
    });
    let joined = tokio::task::spawn_blocking(move || measuring.join()).await?;
    joined.unwrap_or_else(|panicked| std::panic::resume_unwind(panicked))
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
        connect(database.store(), &session, now).await?;
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

/// The store as a worker has it, who filled no database: what a million inserts leave behind in the memory of the
/// connection that made them would be measured with every claim.
async fn opened_again(database: &TestDatabase) -> anyhow::Result<Store> {
    database.store().close().await;
    let options = Options {
        durable: false,
        ..Options::default()
    };
    Ok(Store::open(database.url(), options).await?)
}

/// A session that has been connected for a month.
async fn connect(store: &Store, session: &SessionName, now: Timestamp) -> anyhow::Result<()> {
    let paired = now - chrono::TimeDelta::days(30);
    store
        .ensure_sessions(std::slice::from_ref(session), paired)
        .await?;
    for at in [paired, now - chrono::TimeDelta::minutes(1)] {
        let view = SessionView {
            state: SessionState::Connected,
            problem: None,
            own: Some(OwnAccount {
                chat: ChatId::Phone("393330000001".to_owned()),
                name: None,
            }),
            restriction: None,
            server: None,
            at,
        };
        store.record_session(session, &view, at).await?;
    }
    Ok(())
}
