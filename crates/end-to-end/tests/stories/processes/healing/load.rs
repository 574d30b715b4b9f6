//! The load: messages are queued through the API, each repeated with its key until it is acknowledged, and guests write.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use http::{Method, StatusCode};
use rand::{Rng as _, RngExt as _, SeedableRng as _, rngs::StdRng};
use serde_json::json;
use tokio::{
    task::JoinSet,
    time::{Instant, sleep},
};
use tokio_util::sync::CancellationToken;
use waha_simulator::Simulator;

use super::{
    super::{
        chaos::{GUESTS, Queued, SESSIONS},
        system::{Api, System},
    },
    ledger::{Answered, Ledger, Word},
};

/// They have written to neither spouse, so what is queued for them waits. It is large: it needs room at once.
const SILENT: [&str; 4] = [
    "393479900001",
    "393479900002",
    "393479900003",
    "393479900004",
];
const SILENT_WRITERS: usize = 3;
/// Of a text for them, in bytes; half as many random ones, in hexadecimal digits, which compress badly.
const LARGE: usize = 4_000;
const LARGE_EVERY: Duration = Duration::from_millis(250);
/// Seldom enough that each spouse's limits let all of them go.
const SENT_EVERY: Duration = Duration::from_secs(3);
const WORDS_EVERY: Duration = Duration::from_millis(300);
/// After a refusal. A program would wait for `Retry-After`; this one measures when writes work again.
const AGAIN: Duration = Duration::from_millis(100);
/// Longer than any fault lasts.
const TAKEN_WITHIN: Duration = Duration::from_mins(3);

/// Tasks that write until they are stopped.
pub(super) struct Load {
    ledger: Arc<Mutex<Ledger>>,
    stop: CancellationToken,
    tasks: JoinSet<()>,
}

/// What one task writes with.
struct Writer {
    api: Api,
    ledger: Arc<Mutex<Ledger>>,
    stop: CancellationToken,
    rng: StdRng,
    name: String,
}

impl Load {
    /// Queues a message to each guest, because the words of a number that is on no list are not stored; then starts the tasks.
    pub(super) async fn start(system: &System, seed: u64) -> Self {
        let mut load = Self {
            ledger: Arc::default(),
            stop: CancellationToken::new(),
            tasks: JoinSet::new(),
        };
        let mut rng = StdRng::seed_from_u64(seed);
        let mut writer = |name: String| Writer {
            api: system.api(),
            ledger: Arc::clone(&load.ledger),
            stop: load.stop.clone(),
            rng: StdRng::seed_from_u64(rng.random()),
            name,
        };
        let first = writer("first".to_owned());
        for (number, guest) in (0..).zip(GUESTS) {
            let text = format!("Primo messaggio {number}");
            first.write(SESSIONS[0], guest, text, number).await;
        }
        for session in SESSIONS {
            let writer = writer(format!("a-{session}"));
            load.tasks.spawn(writer.write_to_guests(session));
        }
        for number in 0..SILENT_WRITERS {
            let writer = writer(format!("b-{number}"));
            load.tasks.spawn(writer.write_to_the_silent());
        }
        let bride = system.bride.clone().expect("a couple");
        let wahas = [system.waha.clone(), bride];
        let guests = writer("guests".to_owned());
        load.tasks.spawn(guests.write_as_guests(wahas));
        load
    }

    pub(super) fn ledger(&self) -> MutexGuard<'_, Ledger> {
        lock(&self.ledger)
    }

    /// Ends the load: each write that is under way is acknowledged first.
    pub(super) async fn end(mut self) -> Ledger {
        self.stop.cancel();
        while let Some(ended) = self.tasks.join_next().await {
            ended.expect("a task of the load ends");
        }
        std::mem::take(&mut self.ledger())
    }
}

fn lock(ledger: &Mutex<Ledger>) -> MutexGuard<'_, Ledger> {
    ledger.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Writer {
    /// Messages that go out: their guests write all the time.
    async fn write_to_guests(mut self, session: &'static str) {
        for number in 0.. {
            let guest = GUESTS[self.rng.random_range(0..GUESTS.len())];
            let text = format!("Messaggio {number} per te");
            self.write(session, guest, text, number).await;
            if self.stopped_within(SENT_EVERY).await {
                return;
            }
        }
    }

    async fn write_to_the_silent(mut self) {
        for number in 0.. {
            let session = SESSIONS[self.rng.random_range(0..SESSIONS.len())];
            let guest = SILENT[self.rng.random_range(0..SILENT.len())];
            let mut bytes = [0; LARGE / 2];
            self.rng.fill_bytes(&mut bytes);
            let text = format!("{} {number} {}", self.name, hex::encode(bytes));
            self.write(session, guest, text, number).await;
            if self.stopped_within(LARGE_EVERY).await {
                return;
            }
        }
    }

    async fn write_as_guests(mut self, wahas: [Simulator; 2]) {
        for number in 0.. {
            let which = self.rng.random_range(0..wahas.len());
            let guest = GUESTS[self.rng.random_range(0..GUESTS.len())];
            let text = format!("Parola {number}");
            wahas[which].guest(guest).write(&text);
            let session = SESSIONS[which];
            lock(&self.ledger).words.push(Word { session, text });
            if self.stopped_within(WORDS_EVERY).await {
                return;
            }
        }
    }

    /// Queues one message, and repeats the call until it is acknowledged.
    async fn write(&self, session: &'static str, guest: &'static str, text: String, number: u64) {
        let body = json!({ "session": session, "to": format!("+{guest}"), "text": text });
        let key = format!("{}-{number}", self.name);
        let deadline = Instant::now() + TAKEN_WITHIN;
        loop {
            let call = self
                .api
                .try_call(Method::POST, "/messages", Some(body.clone()), Some(&key));
            let answer = call.await;
            let at = Instant::now();
            let refused = match answer {
                Some((StatusCode::CREATED | StatusCode::OK, answer)) => {
                    let id = answer["id"].as_str().expect("an id").to_owned();
                    let mut ledger = lock(&self.ledger);
                    ledger.answers.push(Answered { at, refused: None });
                    ledger.acknowledged.push(Queued {
                        id,
                        session,
                        guest,
                        text,
                    });
                    return;
                }
                Some((status, answer)) => {
                    let code = answer["code"].as_str().unwrap_or("without a code");
                    format!("{} {code}", status.as_u16())
                }
                None => "no answer".to_owned(),
            };
            assert!(at < deadline, "{key} was never taken: {refused}");
            let refused = Some(refused);
            lock(&self.ledger).answers.push(Answered { at, refused });
            sleep(AGAIN).await;
        }
    }

    async fn stopped_within(&self, time: Duration) -> bool {
        let stopped = self.stop.cancelled();
        tokio::time::timeout(time, stopped).await.is_ok()
    }
}
