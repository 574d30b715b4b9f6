//! Runs a target: first its corpus as it is, then mutations of it. Every round is repeatable by its seed.

use std::cell::RefCell;
use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, Once};
use std::time::{Duration, Instant};

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};

use crate::mutation::Mutation;

/// The seed of the run in `make test`.
const SHORT_SEED: u64 = 1;
/// An execution that takes longer is a finding: an input is at most 64 KiB.
const LONGEST: Duration = Duration::from_secs(30);
/// So many times longer are the rounds of `make fuzz`: more inputs of a round start from those that had new outcomes.
const LONG_ROUND: u32 = 8;
/// Inputs with new outcomes that become seeds of a round.
const MOST_NEW_SEEDS: usize = 400;

/// A fuzz target.
pub(crate) struct Target {
    /// The folder of its corpus.
    pub(crate) name: &'static str,
    /// Words of its format that mutations insert.
    pub(crate) words: &'static [&'static [u8]],
    /// Executions of the only round in `make test`.
    pub(crate) round: u32,
}

impl Target {
    /// Runs `check` for as long as the environment says. A panic of `check` is a finding.
    pub(crate) fn run(&self, mut check: impl FnMut(&[u8]) -> String) {
        self.run_rounds(|| {}, |(), input| check(input));
    }

    /// Like [`Self::run`], with a fresh environment for each round.
    pub(crate) fn run_rounds<E>(
        &self,
        environment: impl Fn() -> E,
        mut check: impl FnMut(&mut E, &[u8]) -> String,
    ) {
        quiet_panics();
        let watchdog = Watchdog::start(self.name);
        let began = Instant::now();
        let (first_seed, lasts) = plan();
        let corpus = self.corpus();
        let mut seed = first_seed;
        let mut total = Totals::default();
        loop {
            let mut environment = environment();
            let round = Round {
                target: self,
                executions: self.round * if lasts.is_some() { LONG_ROUND } else { 1 },
                corpus: &corpus,
                watchdog: &watchdog,
            };
            round.run(seed, &mut total, &mut |input| {
                check(&mut environment, input)
            });
            if lasts.is_none_or(|lasts| began.elapsed() >= lasts) {
                break;
            }
            seed += 1;
        }
        eprintln!(
            "fuzz {}: {} executions in {:.0} s, seeds {first_seed} to {seed}, {} outcomes, longest execution {} ms, no finding; \
             go on with SEED={}",
            self.name,
            total.executions,
            began.elapsed().as_secs_f64(),
            total.outcomes.len(),
            total.longest.as_millis(),
            seed + 1,
        );
    }

    fn corpus(&self) -> Vec<Vec<u8>> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("corpus")
            .join(self.name);
        let mut files: Vec<PathBuf> = std::fs::read_dir(&folder)
            .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
            .map(|entry| entry.unwrap().path())
            .collect();
        files.sort();
        assert!(!files.is_empty(), "{} is empty", folder.display());
        files
            .iter()
            .map(|file| std::fs::read(file).unwrap())
            .collect()
    }
}

/// The first seed, and how long the run lasts; `None`: one round.
fn plan() -> (u64, Option<Duration>) {
    let number = |name: &str| {
        let text = std::env::var(name).ok().filter(|text| !text.is_empty())?;
        Some(
            text.parse::<u64>()
                .unwrap_or_else(|_| panic!("{name} is not a number: {text}")),
        )
    };
    let seed = number("FUZZ_SEED").unwrap_or(SHORT_SEED);
    (seed, number("FUZZ_SECONDS").map(Duration::from_secs))
}

#[derive(Default)]
struct Totals {
    executions: u64,
    outcomes: HashSet<String>,
    longest: Duration,
}

struct Round<'a> {
    target: &'a Target,
    executions: u32,
    corpus: &'a [Vec<u8>],
    watchdog: &'a Watchdog,
}

/// What changes during a round.
struct Progress {
    seeds: Vec<Vec<u8>>,
    outcomes: HashSet<String>,
    executions: u64,
    longest: Duration,
    /// The last input that failed, and how. After the first one, seeds stay as they are, so that shrinking repeats the case.
    failed: Option<(Vec<u8>, String)>,
}

impl Round<'_> {
    fn run(&self, seed: u64, total: &mut Totals, check: &mut dyn FnMut(&[u8]) -> String) {
        let check = RefCell::new(check);
        let progress = RefCell::new(Progress {
            seeds: self.corpus.to_vec(),
            outcomes: HashSet::new(),
            executions: 0,
            longest: Duration::ZERO,
            failed: None,
        });
        let execute = |input: &[u8]| self.execute(input, &progress, &mut **check.borrow_mut());
        let as_they_are = self.corpus.iter().try_for_each(|input| execute(input));
        let result = as_they_are.and_then(|()| self.mutate(seed, &progress, &execute));
        let progress = progress.into_inner();
        total.executions += progress.executions;
        total.longest = total.longest.max(progress.longest);
        total.outcomes.extend(progress.outcomes);
        if result.is_err() {
            let (input, message) = progress.failed.unwrap();
            let executions = total.executions;
            report_finding(
                self.target.name,
                &input,
                &message,
                &format!("seed {seed}, after {executions} executions"),
            );
            panic!("fuzz {}: {message}", self.target.name);
        }
    }

    fn mutate(
        &self,
        seed: u64,
        progress: &RefCell<Progress>,
        execute: &dyn Fn(&[u8]) -> Result<(), String>,
    ) -> Result<(), String> {
        let config = Config {
            cases: self.executions,
            failure_persistence: None,
            max_shrink_iters: 2_000,
            ..Config::default()
        };
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
        let case = (any::<Index>(), prop::collection::vec(Mutation::any(), 1..8));
        TestRunner::new_with_rng(config, rng)
            .run(&case, |(base, mutations)| {
                let input = {
                    let seeds = &progress.borrow().seeds;
                    let mut input = base.get(seeds).clone();
                    for mutation in mutations {
                        mutation.apply(&mut input, self.target.words, seeds);
                    }
                    input
                };
                execute(&input).map_err(TestCaseError::fail)
            })
            .map_err(|error| error.to_string())
    }

    fn execute(
        &self,
        input: &[u8],
        progress: &RefCell<Progress>,
        check: &mut dyn FnMut(&[u8]) -> String,
    ) -> Result<(), String> {
        self.watchdog.begins(input);
        let began = Instant::now();
        let result = quietly(|| check(input));
        let took = began.elapsed();
        self.watchdog.ended();
        let progress = &mut *progress.borrow_mut();
        progress.executions += 1;
        progress.longest = progress.longest.max(took);
        match result {
            Ok(outcome) => {
                let room = progress.seeds.len() < self.corpus.len() + MOST_NEW_SEEDS;
                if progress.outcomes.insert(outcome) && room && progress.failed.is_none() {
                    progress.seeds.push(input.to_vec());
                }
                Ok(())
            }
            Err(message) => {
                progress.failed = Some((input.to_vec(), message.clone()));
                Err(message)
            }
        }
    }
}

/// Saves the input and says where it is and what to do with it.
fn report_finding(target: &str, input: &[u8], message: &str, found: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../target/fuzz")
        .join(target);
    std::fs::create_dir_all(&folder).unwrap();
    let hash = <sha2::Sha256 as sha2::Digest>::digest(input);
    let file = folder.join(hex::encode(&hash[..8]));
    std::fs::write(&file, input).unwrap();
    let start = &input[..input.len().min(300)];
    eprintln!(
        "fuzz {target}: FINDING ({found}): {message}\n  input of {} bytes: {}\n  saved as {}\n  \
         Mend the defect, add a named test to findings.rs, and keep the input in crates/fuzz/corpus/{target}/.",
        input.len(),
        start.escape_ascii(),
        file.canonicalize().unwrap_or(file).display(),
    );
}

thread_local! {
    static QUIET: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// Shrinking panics hundreds of times: those messages are not printed.
fn quiet_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let print = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !QUIET.get() {
                print(info);
            }
        }));
    });
}

/// The result, or the message of the panic.
fn quietly<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    QUIET.set(true);
    let result = catch_unwind(AssertUnwindSafe(work));
    QUIET.set(false);
    result.map_err(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
            .unwrap_or_else(|| "a panic without a message".to_owned())
    })
}

/// Ends the process when one execution does not end.
struct Watchdog(Arc<Mutex<Running>>);

/// The execution in hand: since when, and its input.
type Running = Option<(Instant, Vec<u8>)>;

impl Watchdog {
    fn start(target: &'static str) -> Self {
        let current = Arc::new(Mutex::new(Running::None));
        let watched = Arc::downgrade(&current);
        std::thread::spawn(move || {
            while let Some(current) = watched.upgrade() {
                if let Some((since, input)) = &*current.lock().unwrap()
                    && since.elapsed() > LONGEST
                {
                    report_finding(
                        target,
                        input,
                        "the execution does not end",
                        "by the watchdog",
                    );
                    std::process::abort();
                }
                drop(current);
                std::thread::sleep(Duration::from_millis(500));
            }
        });
        Self(current)
    }

    fn begins(&self, input: &[u8]) {
        *self.0.lock().unwrap() = Some((Instant::now(), input.to_vec()));
    }

    fn ended(&self) {
        *self.0.lock().unwrap() = None;
    }
}
