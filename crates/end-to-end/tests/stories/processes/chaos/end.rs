//! The end of a round: WAHA soon behaves, guests answer, and a person decides what only a person can; then the records are compared.

use std::{
    collections::{BTreeSet, HashMap},
    time::Duration,
};

use chassis::Clock;
use domain::ids::MessageId;
use http::Method;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use super::{
    round::{Queued, Round, SESSIONS},
    tally::{ENDS, Tally},
    trouble,
};

/// Most messages leave when the kills are over. What WAHA was asked to do wrong happens to them.
const MISBEHAVES_FOR: Duration = Duration::from_secs(45);
const ENDS_WITHIN: Duration = Duration::from_mins(8);
/// The system looks into the chat by itself at once and after 30 s; a person waits for that.
const PATIENCE: Duration = Duration::from_secs(45);
const LOOK_AGAIN: Duration = Duration::from_secs(2);
const GUESTS_ANSWER_EVERY: Duration = Duration::from_secs(10);
/// The database may be busy.
const ROWS_WITHIN: Duration = Duration::from_mins(1);
/// Going offline is repeated every 10 s.
const OFFLINE_WITHIN: Duration = Duration::from_secs(40);
/// A message may be stuck for a moment, while somebody else's transaction wakes it.
const STUCK_FOR_LOOKS: u32 = 3;

impl Round {
    pub(crate) async fn end(mut self) -> Tally {
        self.bring_to_an_end().await;
        self.behave();
        for session in SESSIONS {
            let misbehaved = self.waha(session).misbehaved();
            for kind in misbehaved.iter().filter_map(trouble::kind_of) {
                self.tally.misbehaviour(kind);
            }
        }
        self.accounts_are_offline().await;
        self.compare().await;
        self.tally
    }

    fn behave(&self) {
        for session in SESSIONS {
            self.waha(session).behave();
        }
    }

    async fn bring_to_an_end(&mut self) {
        let behaves_from = Instant::now() + MISBEHAVES_FOR;
        let deadline = behaves_from + ENDS_WITHIN;
        let mut open_since: HashMap<String, Instant> = HashMap::new();
        let mut answered = Instant::now();
        let mut stuck = HashMap::new();
        loop {
            self.nothing_is_stuck(&mut stuck).await;
            let rows = self.rows().await;
            let open: Vec<&Value> = rows
                .iter()
                .filter(|row| !ENDS.contains(&word(row, "status")))
                .collect();
            if open.is_empty() {
                return;
            }
            if Instant::now() > behaves_from {
                self.behave();
            }
            if Instant::now() > deadline {
                for row in open {
                    let asleep = format!("{}: asleep: {row}", self.name);
                    self.tally.violation(asleep);
                }
                return;
            }
            if answered.elapsed() > GUESTS_ANSWER_EVERY {
                answered = Instant::now();
                self.guests_answer();
            }
            for row in open {
                let waits = format!("{} {}", word(row, "id"), word(row, "status"));
                let since = open_since.entry(waits).or_insert_with(Instant::now);
                if since.elapsed() > PATIENCE {
                    *since = Instant::now();
                    self.decide(row).await;
                }
            }
            sleep(LOOK_AGAIN).await;
        }
    }

    /// No message waits for what has happened already: asked in every look; the worker runs without its sweep.
    async fn nothing_is_stuck(&mut self, before: &mut HashMap<MessageId, u32>) {
        let now = Clock::system().now();
        let store = self.system.database.store();
        let stuck = store.stuck_messages(now).await.expect("the database");
        let looks: HashMap<MessageId, u32> = stuck
            .iter()
            .map(|stuck| {
                let earlier = before.get(&stuck.message).copied().unwrap_or_default();
                (stuck.message, earlier + 1)
            })
            .collect();
        for stuck in stuck {
            if looks[&stuck.message] == STUCK_FOR_LOOKS {
                let asleep = format!("{}: nothing will look at it: {stuck:?}", self.name);
                self.tally.violation(asleep);
            }
        }
        *before = looks;
    }

    fn guests_answer(&self) {
        let chats = self.queued.iter();
        let chats: BTreeSet<_> = chats
            .map(|message| (message.session, message.guest))
            .collect();
        for (session, guest) in chats {
            self.waha(session).guest(guest).write("Va bene");
        }
    }

    /// What a person does about a message that has not moved for a while.
    async fn decide(&mut self, row: &Value) {
        let (id, session) = (word(row, "id"), word(row, "session"));
        let reason = row["wait"]["reason"].as_str().unwrap_or_default();
        let (what, path, body) = match (word(row, "status"), reason) {
            ("uncertain", _) => {
                let shown = self.queued.iter().find(|message| message.id == id);
                let arrived = shown.is_some_and(|message| self.shown(message) > 0);
                let verdict = if arrived { "arrived" } else { "send_again" };
                let path = format!("/messages/{id}/settle");
                (verdict, path, Some(json!({ "verdict": verdict })))
            }
            (_, "sends_refused") => ("try again", format!("/sessions/{session}/try-again"), None),
            (_, "session_locked") => ("unlock", format!("/sessions/{session}/unlock"), None),
            (_, "session_paused") => ("resume", format!("/sessions/{session}/resume"), None),
            ("pending", "abandoned" | "contact_refused") => {
                ("send now", format!("/messages/{id}/send-now"), None)
            }
            _ => return,
        };
        let (status, _) = self.call(Method::POST, &path, body).await;
        if status.is_success() {
            self.tally.act(what);
        }
    }

    async fn accounts_are_offline(&mut self) {
        let deadline = Instant::now() + OFFLINE_WITHIN;
        for session in SESSIONS {
            while self.waha(session).is_online() && Instant::now() < deadline {
                sleep(LOOK_AGAIN).await;
            }
            if self.waha(session).is_online() {
                let online = format!("{}: the {session} is online", self.name);
                self.tally.violation(online);
            }
        }
    }

    async fn compare(&mut self) {
        let rows = self.rows().await;
        if rows.len() != self.queued.len() {
            let counts = (rows.len(), self.queued.len());
            let lost = format!("{}: rows and queued messages: {counts:?}", self.name);
            self.tally.violation(lost);
        }
        for message in std::mem::take(&mut self.queued) {
            let row = rows.iter().find(|row| word(row, "id") == message.id);
            let status = row.map_or("gone", |row| word(row, "status"));
            self.tally.end(status);
            let shown = self.shown(&message);
            let delivered = row.is_some_and(|row| row["delivered_at"].is_string());
            // WhatsApp accepted the message and put it on no phone. WAHA may not have reported the refusal yet, or never will.
            let swallowed = !delivered
                && self
                    .waha(message.session)
                    .swallowed()
                    .contains(&message.text);
            if status == "sent" && shown == 0 && swallowed {
                continue;
            }
            let expected = usize::from(status == "sent");
            let ended = ENDS.contains(&status);
            if shown != expected || !ended {
                let what = format!(
                    "{}: {:.40} of the {} is {status} and shown {shown} times",
                    self.name, message.text, message.session
                );
                self.tally.violation(what);
            }
        }
    }

    /// How often the guest's phone shows the message.
    fn shown(&self, message: &Queued) -> usize {
        let phone = self.waha(message.session).phone(message.guest);
        phone
            .iter()
            .filter(|shown| shown.text == message.text)
            .count()
    }

    /// All rows of the queue.
    pub(crate) async fn rows(&self) -> Vec<Value> {
        let (mut rows, mut cursor) = (Vec::new(), Value::Null);
        loop {
            let from = cursor.as_str().map(|cursor| format!("&cursor={cursor}"));
            let page = self.page(&from.unwrap_or_default()).await;
            rows.extend(page["items"].as_array().into_iter().flatten().cloned());
            cursor = page["next"].clone();
            if cursor.is_null() {
                return rows;
            }
        }
    }

    async fn page(&self, from: &str) -> Value {
        let deadline = Instant::now() + ROWS_WITHIN;
        loop {
            let path = format!("/messages?limit=200{from}");
            let (status, page) = self.call(Method::GET, &path, None).await;
            if page["items"].is_array() {
                return page;
            }
            assert!(Instant::now() < deadline, "no rows: {status} {page}");
            sleep(LOOK_AGAIN).await;
        }
    }
}

pub(crate) fn word<'a>(row: &'a Value, name: &str) -> &'a str {
    row[name].as_str().unwrap_or_default()
}
