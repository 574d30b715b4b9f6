//! Every store method on the way of a message, of an inbound message, of a receipt and of a page, on a history of a million messages
//! and on one of a thousand.

use std::{io::Write as _, time::Duration};

use domain::{Timestamp, session::SessionName};
use storage::testing::{History, Observer, TestDatabase, Watched, Ways, reads_of};
use tokio::time::Instant;

use super::pair::{on_one_processor, opened_again};
use crate::{
    report::{Line, Section},
    statistics::{median, shown},
};

const SHORT: u32 = 1_000;
const LONG: u32 = 1_000_000;
const GUESTS: u32 = 250;
/// Of as many messages as the short history has one in five waits, in both.
const WAITING: u32 = SHORT / 5;
const ROUNDS: usize = 100;
/// Not counted: prepared statements and caches are being made.
const WARM_UP: usize = 10;
const PROMISED: f64 = 1.5;
/// The connection of the call before is given back by a task of its own. That is no part of the next call.
const GIVEN_BACK: Duration = Duration::from_millis(2);
/// A smaller difference is not judged: it is a page that was not in the cache, or one call of the scheduler.
const FLOOR: Duration = Duration::from_micros(50);

pub(super) async fn measure() -> anyhow::Result<Section> {
    let sqlite = on_one_processor(async || {
        compare([TestDatabase::sqlite().await, TestDatabase::sqlite().await]).await
    });
    let mut calls = sqlite.await?;
    let pair = [
        TestDatabase::postgres().await,
        TestDatabase::postgres().await,
    ];
    calls.extend(compare(pair).await?);
    for (_, plan) in &calls {
        writeln!(std::io::stdout(), "{plan}")?;
    }
    let kept = calls.iter().filter(|(line, _)| !line.holds);
    let kept: String = kept.map(|(_, plan)| plan.as_str()).collect();
    let lines = calls.into_iter().map(|(line, _)| line).collect();
    let how = format!(
        "Two databases side by side with {GUESTS} guests who have written: one with {SHORT} messages and as many rows of conversations, \
         with their events, slots, receipts, keys and logs, the other with {LONG} of each. In both {WAITING} wait. Half of all are the \
         first guest's. Each call is made on both in turn, in {ROUNDS} rounds, most calls several times in a round. Medians; a difference of less than {} µs is not judged. \
         A pass of retention is no part of it: it changes at most 500 rows of each table. SQLite's threads share one processor. The commits do \
         not wait for the disk here: that wait is the same for both and would hide a difference.{kept}",
        FLOOR.as_micros()
    );
    let title = "Each call after 1,000,000 messages";
    Ok(Section { title, how, lines })
}

/// Each call's line, and how the database ran its statement that read the most.
async fn compare([short, long]: [TestDatabase; 2]) -> anyhow::Result<Vec<(Line, String)>> {
    let mut ways = [filled(&short, SHORT).await?, filled(&long, LONG).await?];
    let mut times = [Seen::default(), Seen::default()];
    for round in 0..WARM_UP + ROUNDS {
        if round == WARM_UP {
            times = [Seen::default(), Seen::default()];
        }
        // neither always finds what the other left in the processor's cache
        let order = if round % 2 == 0 { [0, 1] } else { [1, 0] };
        for which in order {
            Box::pin(ways[which].round(&mut times[which])).await?;
        }
    }
    let mut plans = Seen::<Watched>::default();
    Box::pin(ways[1].round(&mut plans)).await?;
    let [short_times, long_times] = times;
    let calls = short_times.0.iter().zip(long_times.0).zip(plans.0);
    let lines = calls.map(
        |(((call, short_times), (_, long_times)), (_, statements))| {
            let line = line(short.kind(), call, median(short_times), median(&long_times));
            let plan = plan_of(&line.on, &statements);
            (line, plan)
        },
    );
    Ok(lines.collect())
}

fn line(kind: &str, call: &str, short: Duration, long: Duration) -> Line {
    let ratio = long.as_secs_f64() / short.as_secs_f64();
    let is_small = ratio > PROMISED && long.saturating_sub(short) < FLOOR;
    let judged = if is_small { ", not judged" } else { "" };
    Line {
        on: format!("{kind}, {call}"),
        promised: "at most 1.5 times 1,000",
        measured: format!(
            "{ratio:.2} times ({} and {}){judged}",
            shown(long),
            shown(short)
        ),
        holds: ratio <= PROMISED || is_small,
    }
}

fn plan_of(on: &str, statements: &[Watched]) -> String {
    let most = statements.iter().max_by_key(|one| one.read);
    most.map_or_else(String::new, |one| {
        let words: Vec<_> = one.statement.split_whitespace().collect();
        let (read, plan) = (one.read, one.plan.join("; "));
        format!("\n\n{on}: {read} read by `{}`: {plan}", words.join(" "))
    })
}

async fn filled(database: &TestDatabase, messages: u32) -> anyhow::Result<Ways> {
    // a weekday noon in Rome: no rule of the day stands in the way
    let now: Timestamp = "2026-11-23T11:00:00Z".parse()?;
    let session = &SessionName::parse("groom")?;
    database.connect(session, now).await?;
    let history = History {
        session,
        messages,
        waits_among: SHORT,
        guests: GUESTS,
        now,
    };
    database.fill_history(&history).await?;
    let store = opened_again(database).await?;
    Ok(Ways::open(&store, &history).await?)
}

/// What was seen of each call, in the order of the first round: how long it took, or its statements.
struct Seen<T>(Vec<(&'static str, Vec<T>)>);

impl<T> Default for Seen<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Seen<T> {
    fn add(&mut self, call: &'static str, seen: impl IntoIterator<Item = T>) {
        match self.0.iter_mut().find(|(known, _)| *known == call) {
            Some((_, all)) => all.extend(seen),
            None => self.0.push((call, seen.into_iter().collect())),
        }
    }
}

impl Observer for Seen<Duration> {
    async fn observe<T>(&mut self, call: &'static str, work: impl Future<Output = T>) -> T {
        tokio::time::sleep(GIVEN_BACK).await;
        let begun = Instant::now();
        let done = work.await;
        self.add(call, [begun.elapsed()]);
        done
    }
}

impl Observer for Seen<Watched> {
    async fn observe<T>(&mut self, call: &'static str, work: impl Future<Output = T>) -> T {
        let (done, statements) = reads_of(work).await;
        self.add(call, statements);
        done
    }
}
