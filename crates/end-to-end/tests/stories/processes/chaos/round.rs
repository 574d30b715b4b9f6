//! One round: messages, guests' words, misbehaviour and ten kills, drawn from a seed.

use std::time::Duration;

use chassis::Clock;
use http::{Method, StatusCode};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use serde_json::{Value, json};
use storage::testing::TestDatabase;
use tokio::time::{Instant, sleep};
use waha_simulator::{Misbehaviour, RecordedCall, Simulator};

use super::{super::system::System, tally::Tally, trouble};

/// Both spouses write to all of them.
pub(crate) const GUESTS: [&str; 4] = [
    "393470000001",
    "393470000002",
    "393470000003",
    "393470000004",
];
pub(crate) const SESSIONS: [&str; 2] = ["groom", "bride"];
/// What is killed, the first two twice as often.
pub(crate) const VICTIMS: [&str; 5] = [
    "worker",
    "integration",
    "queue-api",
    "waha-groom",
    "waha-bride",
];
/// What the message that is furthest on its way may be found in.
pub(crate) const STATES: [&str; 5] = [
    "sending",
    "composing",
    "uncertain",
    "pending",
    "nothing open",
];
/// Rounds in which the first message of each chat is not told by an event.
const SILENT_BEGINNINGS: f64 = 0.3;
/// A kill waits so long for a message in the state that was drawn.
const STATE_WITHIN: Duration = Duration::from_secs(4);
const ANSWERS_WITHIN: Duration = Duration::from_mins(1);
const AGAIN: Duration = Duration::from_millis(200);

/// A message that was queued.
pub(crate) struct Queued {
    pub(crate) id: String,
    pub(crate) session: &'static str,
    pub(crate) guest: &'static str,
    pub(crate) text: String,
}

/// A round under way.
pub(crate) struct Round {
    pub(crate) name: String,
    pub(crate) system: System,
    pub(crate) queued: Vec<Queued>,
    pub(crate) tally: Tally,
    rng: StdRng,
}

/// Plays round `round` of the campaign with `seed`, on one of the two databases in turn.
pub(crate) async fn play(seed: u64, round: u64, kills: u64) -> Tally {
    let database = if round.is_multiple_of(2) {
        TestDatabase::sqlite().await
    } else {
        TestDatabase::postgres().await
    };
    let name = format!("seed {seed}, round {round}");
    let seed = seed.wrapping_mul(1_000_003).wrapping_add(round);
    let mut round = Round::new(name, System::couple(database).await, seed);
    let silent = round.rng.random_bool(SILENT_BEGINNINGS);
    for session in SESSIONS {
        if silent {
            let lost = Misbehaviour::FirstMessageOfChatLost;
            round.waha(session).misbehave(lost.times(2));
        }
        for guest in GUESTS {
            round.waha(session).guest(guest).write("Ciao");
        }
    }
    while round.tally.kills() < kills {
        round.act().await;
    }
    round.end().await
}

impl Round {
    /// Nothing is queued yet.
    pub(crate) fn new(name: String, system: System, seed: u64) -> Self {
        Self {
            name,
            system,
            queued: Vec::new(),
            tally: Tally::default(),
            rng: StdRng::seed_from_u64(seed),
        }
    }

    pub(crate) fn waha(&self, session: &str) -> &Simulator {
        match session {
            "bride" => self.system.bride.as_ref().expect("a couple"),
            _ => &self.system.waha,
        }
    }

    fn one_of<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.rng.random_range(0..of.len())]
    }

    async fn act(&mut self) {
        let (session, guest) = (self.one_of(&SESSIONS), self.one_of(&GUESTS));
        match self.rng.random_range(0..100) {
            0..38 => self.enqueue(session, guest).await,
            38..61 => {
                self.waha(session).guest(guest).write("E allora?");
            }
            61..64 => {
                self.waha(session).type_by_hand(guest, "Ti chiamo io");
            }
            64..69 => self.cancel_a_message().await,
            69..71 => self.pause_and_resume(session).await,
            71..86 => self.misbehave(session, guest).await,
            _ => self.kill().await,
        }
        sleep(Duration::from_millis(self.rng.random_range(50..500))).await;
    }

    async fn cancel_a_message(&mut self) {
        if self.queued.is_empty() {
            return;
        }
        let index = self.rng.random_range(0..self.queued.len());
        let path = format!("/messages/{}/cancel", self.queued[index].id);
        let (status, _) = self.call(Method::POST, &path, None).await;
        if status.is_success() {
            self.tally.act("cancel");
        }
    }

    /// A person stops a session for a moment. After the answer nothing leaves but what it tells.
    async fn pause_and_resume(&mut self, session: &'static str) {
        let pause = format!("/sessions/{session}/pause");
        let answer = self.done(&pause).await;
        let since = Clock::system().now();
        sleep(Duration::from_millis(self.rng.random_range(200..1500))).await;
        for entry in self.waha(session).record() {
            if let RecordedCall::SendArrived { text, .. } = entry.what
                && entry.at > since
                && !self.is_told(&answer["committed"], session, &text)
            {
                let left = format!("{}: {text} of the {session} left in a pause", self.name);
                self.tally.violation(left);
            }
        }
        let resume = format!("/sessions/{session}/resume");
        self.done(&resume).await;
        self.tally.act("pause and resume");
    }

    /// An API call, repeated until it is carried out: the database may be busy.
    async fn done(&self, path: &str) -> Value {
        let deadline = Instant::now() + ANSWERS_WITHIN;
        loop {
            let (status, answer) = self.call(Method::POST, path, None).await;
            if status.is_success() {
                return answer;
            }
            assert!(Instant::now() < deadline, "{path}: {status} {answer}");
            sleep(AGAIN).await;
        }
    }

    fn is_told(&self, committed: &Value, session: &str, text: &str) -> bool {
        let committed = committed.as_array().into_iter().flatten();
        let ids: Vec<_> = committed.filter_map(Value::as_str).collect();
        let told = |message: &&Queued| ids.contains(&message.id.as_str());
        let mut told = self.queued.iter().filter(told);
        told.any(|message| message.session == session && message.text == text)
    }

    async fn enqueue(&mut self, session: &'static str, guest: &'static str) {
        let text = format!("Messaggio {} per te", self.queued.len());
        let body = json!({ "session": session, "to": format!("+{guest}"), "text": text });
        let key = format!("{session}-{}", self.queued.len());
        let deadline = Instant::now() + ANSWERS_WITHIN;
        let (status, answer) = loop {
            let call =
                self.system
                    .try_call(Method::POST, "/messages", Some(body.clone()), Some(&key));
            if let Some((status, answer)) = call.await
                && !status.is_server_error()
            {
                break (status, answer);
            }
            assert!(Instant::now() < deadline, "queue-api does not answer");
            sleep(AGAIN).await;
        };
        let taken = [StatusCode::CREATED, StatusCode::OK];
        assert!(taken.contains(&status), "{status} {answer}");
        let id = answer["id"].as_str().expect("an id").to_owned();
        self.queued.push(Queued {
            id,
            session,
            guest,
            text,
        });
    }

    async fn misbehave(&mut self, session: &str, guest: &str) {
        let waha = self.waha(session).clone();
        match self.rng.random_range(0..20) {
            0..4 => {
                let lost = trouble::lose_something(&waha, &mut self.rng);
                self.tally.misbehaviour(lost);
            }
            4 => {
                waha.misbehave(Misbehaviour::WebhooksHeldBack.always());
                waha.guest(guest).write("Ci sei?");
                sleep(Duration::from_millis(self.rng.random_range(500..3000))).await;
                waha.behave();
            }
            _ => waha.misbehave(trouble::draw(&mut self.rng)),
        }
    }

    async fn kill(&mut self) {
        let wanted = self.one_of(&["any", "composing", "sending"]);
        if wanted == "sending" {
            let slow = Misbehaviour::SlowToAnswer {
                delay: Duration::from_secs(2),
            };
            let session = self.one_of(&SESSIONS);
            self.waha(session).misbehave(slow);
        }
        let deadline = Instant::now() + STATE_WITHIN;
        let mut state = self.open_state().await;
        while wanted != "any" && state != wanted && Instant::now() < deadline {
            sleep(Duration::from_millis(20)).await;
            state = self.open_state().await;
        }
        let victims = [&VICTIMS[..2], &VICTIMS].concat();
        let victim = self.one_of(&victims);
        let away = Duration::from_millis(self.rng.random_range(0..1500));
        self.tally.kill(victim, state);
        let program = match victim {
            "worker" => &mut self.system.worker,
            "integration" => &mut self.system.integration,
            "queue-api" => &mut self.system.queue_api,
            waha => {
                let session = waha.trim_start_matches("waha-").to_owned();
                self.waha(&session).restart();
                return;
            }
        };
        program.kill();
        sleep(away).await;
        program.start_again();
    }

    /// The state of the message that is furthest on its way.
    async fn open_state(&self) -> &'static str {
        let sql = "SELECT status AS value FROM whatsapp_message_queue
                   WHERE status IN ('pending', 'composing', 'sending', 'uncertain')";
        let open = self.system.database.texts(sql).await;
        let found = STATES
            .into_iter()
            .find(|state| open.iter().flatten().any(|open| open == state));
        found.unwrap_or("nothing open")
    }

    /// One API call, repeated while queue-api does not answer.
    pub(crate) async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> (StatusCode, Value) {
        let deadline = Instant::now() + ANSWERS_WITHIN;
        loop {
            let call = self
                .system
                .try_call(method.clone(), path, body.clone(), None);
            if let Some(answer) = call.await {
                return answer;
            }
            assert!(Instant::now() < deadline, "queue-api does not answer");
            sleep(AGAIN).await;
        }
    }
}
