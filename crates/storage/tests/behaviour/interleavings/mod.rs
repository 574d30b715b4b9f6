//! Two or three store calls about one contact at the same time, statement by statement in an order drawn from a seed, on PostgreSQL.
//!
//! All pairs of operations are tried. After each run the invariants hold, and no answer is contradicted by the rows, whatever the order
//! was. `make interleavings RUNS=… SEED=…`
//! makes more runs, from that seed on. A failed run names its seed, and `RUNS=1 SEED=…` with that seed repeats it.

#![expect(
    clippy::print_stdout,
    reason = "a person reads how often each pair of operations met"
)]

mod answer;
mod calls;
mod invariants;
mod operation;
mod preparing;
mod world;

use std::{collections::BTreeMap, sync::Mutex, thread};

use futures_util::future::join_all;
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use storage::testing::{LockMonitor, TestDatabase, Turns, TurnsTaken};

use operation::Operation;
use world::World;

/// Runs of `make test`.
const RUNS: u64 = 500;
/// Rows of earlier runs slow later ones down: after this many runs the database is a new one.
const RUNS_PER_DATABASE: usize = 50;

/// Threads that make runs, each with a database of its own.
const THREADS: u64 = 2;

/// What the runs of one pair of operations came to.
#[derive(Default)]
struct PairCount {
    runs: u64,
    /// Runs in which one of the pair ran a statement while the other one had a transaction open.
    overlapped: u64,
    /// Statements that waited for another call's lock.
    lock_waits: usize,
}

/// Draws which operations meet in the run of this seed. Consecutive seeds go through all pairs.
fn operations_of(seed: u64, rng: &mut StdRng) -> Vec<Operation> {
    let pairs: Vec<_> = pairs().collect();
    let at = usize::try_from(seed).expect("a small number") % pairs.len();
    let mut operations = vec![pairs[at].0, pairs[at].1];
    if rng.random_bool(0.25) {
        operations.push(Operation::ALL[rng.random_range(0..Operation::ALL.len())]);
    }
    operations
}

fn pairs() -> impl Iterator<Item = (Operation, Operation)> {
    let all = Operation::ALL;
    (0..all.len()).flat_map(move |one| (one..all.len()).map(move |other| (all[one], all[other])))
}

/// Makes the calls of one run meet. `Err`: what does not hold afterwards.
async fn run(
    db: &TestDatabase,
    monitor: &mut LockMonitor,
    seed: u64,
) -> Result<(Vec<Operation>, TurnsTaken), String> {
    let mut rng = StdRng::seed_from_u64(seed);
    let operations = operations_of(seed, &mut rng);
    let world = World::set_up(db, seed, &operations, &mut rng).await;
    let turns = Turns::of(operations.len());
    let calls = operations.iter().enumerate().map(|(index, operation)| {
        let call = operation.call(&world, StdRng::seed_from_u64(rng.random()));
        turns.call(index, call)
    });
    let calls = join_all(calls.collect::<Vec<_>>());
    let (answers, taken) = tokio::join!(calls, turns.give(monitor, &mut rng));
    let mut wrong = Vec::new();
    let mut given = Vec::new();
    for answer in answers {
        match answer {
            Ok(answer) => given.push(answer),
            Err(error) => wrong.push(error),
        }
    }
    // as before each worker's next claim
    for worker in 0..world.workers.len() {
        calls::sees_settings(&world, worker)
            .await
            .expect("its rows");
    }
    wrong.extend(answer::contradicted(&world, &operations, &given).await);
    wrong.extend(invariants::broken(&world).await);
    if wrong.is_empty() {
        return Ok((operations, taken));
    }
    Err(format!(
        "seed {seed}, {operations:?} {world:?} in the order {:?}:\n  {}",
        taken.order,
        wrong.join("\n  ")
    ))
}

fn number_from_environment(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().expect("a number"))
}

/// What all runs came to.
#[derive(Default)]
struct Summary {
    counts: BTreeMap<(Operation, Operation), PairCount>,
    /// Seeds of the runs that broke an invariant.
    violations: Vec<u64>,
}

impl Summary {
    fn add(&mut self, operations: &[Operation], taken: &TurnsTaken) {
        let count = self
            .counts
            .entry((operations[0], operations[1]))
            .or_default();
        count.runs += 1;
        count.overlapped += u64::from(taken.pair_overlaps > 0);
        count.lock_waits += taken.lock_waits;
    }

    fn never_overlapped(&self) -> usize {
        let never = |count: &&PairCount| count.overlapped == 0;
        self.counts.values().filter(never).count()
    }

    fn print(&self) {
        println!(
            "{:<26}{:>7}{:>12}{:>12}",
            "pair", "runs", "overlapped", "lock waits"
        );
        for ((one, other), count) in &self.counts {
            let pair = format!("{one:?} and {other:?}");
            let PairCount {
                runs,
                overlapped,
                lock_waits,
            } = count;
            println!("{pair:<26}{runs:>7}{overlapped:>12}{lock_waits:>12}");
        }
        println!(
            "{} runs, {} pairs, {} pairs that never overlapped, {} violations",
            self.counts.values().map(|count| count.runs).sum::<u64>(),
            self.counts.len(),
            self.never_overlapped(),
            self.violations.len()
        );
    }
}

/// Makes the runs of these seeds and adds what they came to.
async fn make_runs(mut seeds: impl Iterator<Item = u64>, summary: &Mutex<Summary>) {
    let mut next = seeds.next();
    while next.is_some() {
        let db = TestDatabase::postgres().await;
        let mut monitor = LockMonitor::connect(db.url()).await;
        for _ in 0..RUNS_PER_DATABASE {
            let Some(seed) = next else { break };
            next = seeds.next();
            let made = run(&db, &mut monitor, seed).await;
            let mut summary = summary.lock().expect("no panic");
            match made {
                Ok((operations, taken)) => summary.add(&operations, &taken),
                Err(wrong) => {
                    println!("{wrong}");
                    summary.violations.push(seed);
                    // The same rows would be found again after every later run.
                    break;
                }
            }
        }
        monitor.close().await;
    }
}

#[test]
fn no_order_of_statements_breaks_an_invariant() {
    let runs = number_from_environment("INTERLEAVINGS", RUNS);
    let first = number_from_environment("INTERLEAVINGS_SEED", 0);
    let summary = Mutex::default();
    thread::scope(|scope| {
        for thread in 0..THREADS {
            let seeds = (first..first + runs).filter(move |seed| seed % THREADS == thread);
            let summary = &summary;
            scope.spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build();
                runtime
                    .expect("a runtime")
                    .block_on(make_runs(seeds, summary));
            });
        }
    });
    let summary = summary.into_inner().expect("no panic");
    summary.print();
    assert!(
        summary.violations.is_empty(),
        "seeds: {:?}",
        summary.violations
    );
    let all = pairs().count();
    assert!(RUNS >= 2 * all as u64, "more operations need more runs");
    if usize::try_from(runs).is_ok_and(|runs| runs >= 2 * all) {
        assert_eq!((summary.counts.len(), summary.never_overlapped()), (all, 0));
    }
}
