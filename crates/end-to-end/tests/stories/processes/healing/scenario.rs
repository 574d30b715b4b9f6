//! One system under load: faults, how each heals, and what holds at the end.

use std::time::Duration;

use chassis::Clock;
use domain::Timestamp;
use http::Method;
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use storage::testing::TestDatabase;
use tokio::time::{Instant, sleep, timeout};

use super::{
    super::{
        chaos::{Round, SESSIONS, word},
        system::System,
    },
    cluster::{Breaks, Cluster},
    ledger::{self, Ledger},
    load::Load,
    sabotage,
    table::{Counts, HEAD, Healed, Line},
    volume::Volume,
};

const LOOK: Duration = Duration::from_millis(50);
/// A full volume stays full until so many writes were refused.
const REFUSED: usize = 5;
const FULL_AT_MOST: Duration = Duration::from_mins(1);
const SWITCHES_WITHIN: Duration = Duration::from_secs(1);
/// How long a scenario waits for each way of writing.
const PATIENCE: Duration = Duration::from_secs(90);
/// As the worker takes and renews them.
const LEASE: Duration = Duration::from_secs(30);
/// WAHA repeats a refused webhook after 4, 8, 16, 32 and 64 s.
const WORDS_WITHIN: Duration = Duration::from_mins(4);

/// A system under load.
pub(super) struct Scenario {
    system: System,
    load: Load,
    lines: Vec<Line>,
    violations: Vec<String>,
    rng: StdRng,
    seed: u64,
}

/// The moment a fault began or ended, on both clocks.
#[derive(Clone, Copy)]
struct Moment {
    at: Instant,
    clock: Timestamp,
}

impl Moment {
    fn now() -> Self {
        Self {
            at: Instant::now(),
            clock: Clock::system().now(),
        }
    }
}

impl Scenario {
    /// Starts a system whose temporary files are on `tmp`, and its load.
    pub(super) async fn start(database: TestDatabase, tmp: &Volume, seed: u64) -> Self {
        let tmp = tmp.folder().display().to_string();
        let settings = vec![("TMPDIR", tmp), ("RUST_LOG", "info".to_owned())];
        let system = System::couple_with(database, settings).await;
        eprintln!("{HEAD}");
        Self {
            load: Load::start(&system, seed).await,
            system,
            lines: Vec::new(),
            violations: Vec::new(),
            rng: StdRng::seed_from_u64(seed),
            seed,
        }
    }

    /// Fills the volume, frees it, and waits until all writes work; they must within `within`.
    pub(super) async fn fill(&mut self, volume: &Volume, fault: &Fault<'_>, within: Duration) {
        self.work_for(2_000..4_000).await;
        let before = fault.breaks();
        let supervisor = fault.cluster.map(Cluster::supervise);
        let began = Moment::now();
        let least = self.draw(4_000..8_000);
        loop {
            volume.fill();
            self.use_up_log(fault, before).await;
            self.system.must_run();
            let lasted = began.at.elapsed();
            let refused: usize = self.refused_since(began).values().sum();
            if lasted >= least && (refused >= REFUSED || !fault.must_refuse)
                || lasted > FULL_AT_MOST
            {
                break;
            }
            sleep(LOOK).await;
        }
        volume.free();
        let ended = Moment::now();
        let healed = self.until_healed(ended).await;
        let starts = supervisor.map_or(0, |supervisor| supervisor.starts());
        let server = fault.server(before, starts);
        let line = self.line(fault.name.to_owned(), began, ended, healed, server);
        if fault.must_refuse == line.refused.is_empty() {
            let (round, expected) = (line.round, fault.must_refuse);
            let what = format!(
                "round {round}: refused writes: {:?}; expected some: {expected}",
                line.refused
            );
            self.violation(what);
        }
        self.note(line, within);
    }

    /// Lets PostgreSQL begin the next segment of its log of writes until it finds no room for one, which ends it.
    async fn use_up_log(&self, fault: &Fault<'_>, before: Breaks) {
        if !fault.uses_up_log || fault.breaks().panics > before.panics {
            return;
        }
        let switch = self.system.database.execute("SELECT pg_switch_wal()");
        // the server may have ended just now
        let _ = timeout(SWITCHES_WITHIN, switch).await;
    }

    /// Ends the server, starts it again after a moment, and waits until all writes work.
    pub(super) async fn end_server(&mut self, cluster: &Cluster, within: Duration) {
        self.work_for(2_000..5_000).await;
        let began = Moment::now();
        cluster.end().await;
        let away = self.draw(0..6_000);
        sleep(away).await;
        self.system.must_run();
        assert!(cluster.start_again().await, "the server starts");
        let ended = Moment::now();
        let healed = self.until_healed(ended).await;
        let server = "ended at once, started again".to_owned();
        let line = self.line("server ended".to_owned(), began, ended, healed, server);
        self.note(line, within);
    }

    /// Ends all connections but the one that asks for it, every second for a minute.
    pub(super) async fn terminate_connections(&mut self, within: Duration) {
        const TERMINATE: &str = "SELECT CAST(count(pg_terminate_backend(pid)) AS BIGINT) AS value
            FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
        let began = Moment::now();
        let mut terminated = 0;
        while began.at.elapsed() < Duration::from_mins(1) {
            let ended = self.system.database.ints(TERMINATE).await;
            terminated += ended.into_iter().flatten().sum::<i64>();
            self.work_for(1_000..1_001).await;
        }
        let ended = Moment::now();
        let gap = self.load.ledger().longest_gap_since(began.at);
        let healed = self.until_healed(ended).await;
        let server = format!(
            "{terminated} connections, at most {:.1} s without a write",
            gap.as_secs_f64()
        );
        let fault = "connections terminated every second".to_owned();
        let line = self.line(fault, began, ended, healed, server);
        self.note(line, within);
    }

    /// How long a fault lasts; every tenth outlasts a lease, which the worker then has to take anew.
    fn draw(&mut self, millis: std::ops::Range<u64>) -> Duration {
        let drawn = Duration::from_millis(self.rng.random_range(millis));
        let is_long = self.lines.len() % 10 == 9;
        drawn + if is_long { LEASE } else { Duration::ZERO }
    }

    async fn work_for(&mut self, millis: std::ops::Range<u64>) {
        let millis = self.rng.random_range(millis);
        sleep(Duration::from_millis(millis)).await;
        self.system.must_run();
    }

    fn refused_since(&self, since: Moment) -> Counts {
        self.load.ledger().refused_since(since.at)
    }

    fn line(
        &self,
        fault: String,
        began: Moment,
        ended: Moment,
        healed: Healed,
        server: String,
    ) -> Line {
        Line {
            round: 1 + u64::try_from(self.lines.len()).expect("few rounds"),
            database: self.system.database.kind(),
            fault,
            lasted: ended.at - began.at,
            refused: self.refused_since(began),
            webhooks: self.webhooks_refused_since(began),
            healed,
            server,
        }
    }

    fn note(&mut self, line: Line, within: Duration) {
        eprintln!("{line}");
        let healed = line.healed;
        for (what, after) in [
            ("API", healed.api),
            ("webhooks", healed.webhook),
            ("worker", healed.worker),
        ] {
            if after.is_none_or(|after| after > within) {
                let late = format!(
                    "round {}: the {what}: no write within {within:?}",
                    line.round
                );
                self.violation(late);
            }
        }
        // the caller must be told to try again: an internal error is a defect, and so is silence
        let codes = line.refused.keys().chain(line.webhooks.keys());
        for code in codes.filter(|code| !code.starts_with("503")) {
            self.violations
                .push(format!("round {}: refused with {code}", line.round));
        }
        self.lines.push(line);
    }

    fn violation(&mut self, what: String) {
        eprintln!("violation: {what}");
        self.violations.push(what);
    }

    async fn until_healed(&mut self, ended: Moment) -> Healed {
        let mut healed = Healed::default();
        while ended.at.elapsed() < PATIENCE {
            self.system.must_run();
            let first = self.load.ledger().first_taken_since(ended.at);
            healed.api = first.map(|at| at - ended.at);
            healed.webhook = self.webhook_after(ended);
            // while the database may be away it is not asked
            if healed.api.is_some() && healed.worker.is_none() {
                healed.worker = self.worker_after(ended).await;
            }
            if healed.api.and(healed.webhook).and(healed.worker).is_some() {
                break;
            }
            sleep(LOOK).await;
        }
        healed
    }

    /// When the first webhook with a message was taken.
    fn webhook_after(&self, since: Moment) -> Option<Duration> {
        let taken = self.messages_posted_since(since);
        let taken = taken.filter(|(_, answer)| answer.is_some_and(|status| status < 300));
        let first = taken.map(|(at, _)| at).min()?;
        (first - since.clock).to_std().ok()
    }

    fn webhooks_refused_since(&self, since: Moment) -> Counts {
        let mut refused = Counts::new();
        for (_, answer) in self.messages_posted_since(since) {
            if answer.is_none_or(|status| status >= 300) {
                let answer =
                    answer.map_or_else(|| "no answer".to_owned(), |status| status.to_string());
                *refused.entry(answer).or_default() += 1;
            }
        }
        refused
    }

    fn messages_posted_since(
        &self,
        since: Moment,
    ) -> impl Iterator<Item = (Timestamp, Option<u16>)> {
        let bride = self.system.bride.as_ref().expect("a couple");
        let posted = self.system.waha.posted().into_iter().chain(bride.posted());
        posted
            .filter(move |posted| {
                posted.event.starts_with("message.any") && posted.at >= since.clock
            })
            .map(|posted| (posted.at, posted.answer))
    }

    /// When the worker had written for each session: a claim, or a renewed lease.
    async fn worker_after(&self, since: Moment) -> Option<Duration> {
        let mut latest = Duration::ZERO;
        for session in SESSIONS {
            let from = since.clock.timestamp_millis();
            let lease = LEASE.as_millis();
            let writes = format!(
                "SELECT lease_expires_at - {lease} AS value FROM whatsapp_session_status
                 WHERE name = '{session}' AND lease_expires_at - {lease} >= {from}
                 UNION ALL
                 SELECT e.at AS value FROM whatsapp_message_event e
                 JOIN whatsapp_message_queue q ON q.id = e.message_id
                 WHERE q.session = '{session}' AND e.phase = 'claimed' AND e.at >= {from}"
            );
            let written = timeout(PATIENCE, self.system.database.ints(&writes));
            let first = written.await.ok()?.into_iter().flatten().min()?;
            let after = u64::try_from(first - from).ok()?;
            latest = latest.max(Duration::from_millis(after));
        }
        Some(latest)
    }

    /// Ends the load, brings every message to its end and compares: nothing acknowledged is lost, nothing is there or sent twice.
    pub(super) async fn end(mut self) {
        let ledger = self.load.end().await;
        let database = &self.system.database;
        let counts = (ledger.acknowledged.len(), ledger.words.len());
        sabotage::harm(&self.system, &ledger).await;
        let lost_words = words_that_differ(database, &ledger).await;
        self.violations.extend(lost_words);
        let name = format!("seed {}", self.seed);
        let mut round = Round::new(name, self.system, self.seed);
        let rows = round.rows().await;
        let differences = ledger::differences(&ledger.acknowledged, &rows);
        self.violations.extend(differences);
        round.queued = ledger.acknowledged;
        for row in rows
            .iter()
            .filter(|row| row["wait"]["reason"] == "guest_has_not_written")
        {
            let path = format!("/messages/{}/cancel", word(row, "id"));
            round.call(Method::POST, &path, None).await;
        }
        let tally = round.end().await;
        self.violations.extend(tally.violations());
        eprintln!("\n{HEAD}");
        for line in &self.lines {
            eprintln!("{line}");
        }
        let ended = tally.in_one_line();
        eprintln!("acknowledged messages and guests' words: {counts:?}; {ended}");
        assert_eq!(self.violations, Vec::<String>::new());
        let sent = tally.sent();
        assert!(sent > 0, "nothing was sent, so nothing is shown");
    }
}

/// The differences that are left when every webhook was repeated.
async fn words_that_differ(database: &TestDatabase, ledger: &Ledger) -> Vec<String> {
    const STORED: &str =
        "SELECT body AS value FROM conversation_message WHERE direction = 'inbound'";
    let deadline = Instant::now() + WORDS_WITHIN;
    loop {
        let stored: Vec<_> = database.texts(STORED).await.into_iter().flatten().collect();
        let differ = ledger::words_that_differ(&ledger.words, &stored);
        if differ.is_empty() || Instant::now() > deadline {
            return differ;
        }
        sleep(Duration::from_secs(1)).await;
    }
}

/// What a full volume is to the database.
pub(super) struct Fault<'a> {
    pub(super) name: &'static str,
    /// Whether writes need room there. Without such a need none may be refused.
    pub(super) must_refuse: bool,
    /// The server whose volume it is.
    pub(super) cluster: Option<&'a Cluster>,
    /// Whether the server is to need room for its log of writes too.
    pub(super) uses_up_log: bool,
}

impl Fault<'_> {
    fn breaks(&self) -> Breaks {
        self.cluster.map(Cluster::breaks).unwrap_or_default()
    }

    fn server(&self, before: Breaks, starts: u32) -> String {
        if self.cluster.is_none() {
            return "–".to_owned();
        }
        let after = self.breaks();
        let panics = after.panics - before.panics;
        let by_itself = after.by_itself - before.by_itself;
        if panics + by_itself == 0 && starts == 0 {
            return "ran on".to_owned();
        }
        format!("{panics} PANICs, restarted itself {by_itself} times, supervisor {starts} times")
    }
}
