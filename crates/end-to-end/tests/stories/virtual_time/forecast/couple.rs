//! A couple who queues messages at all hours to guests who have written: one by one, to many at once, as answers; and who types
//! by hand in between. What happens is drawn from a seed, and what is promised is written down.

use std::{ops::RangeInclusive, time::Duration};

use chrono::TimeDelta;
use domain::{
    config::GlobalConfig,
    ids::{BroadcastId, MessageId},
    release::{Band, Pace, ReleaseRules, Rulebook, forecast},
};
use http::{Method, StatusCode};
use rand::{Rng, RngExt, SeedableRng, rngs::StdRng};
use serde_json::{Value, json};
use storage::testing::TestDatabase;

use super::promises::{Kept, Kind, Promise, held_against};
use crate::virtual_time::{setup::Setup, system::System};

/// What texts are cut from.
const WORDS: &str =
    "vi aspettiamo alle undici davanti alla chiesa e poi tutti insieme a pranzo in collina";
/// What was promised in the last days has so long to come true.
const AFTERWARDS: Duration = Duration::from_hours(48);

/// A life of so many days.
pub(super) struct Life {
    pub(super) begins: &'static str,
    pub(super) lasts: TimeDelta,
    pub(super) guests: usize,
    pub(super) seed: u64,
    /// Minutes between two happenings.
    pub(super) every: RangeInclusive<u64>,
    /// The number has been in use for weeks: it has its whole budget.
    pub(super) old_number: bool,
    /// A book of rules to make other promises by, which are to be worse.
    pub(super) torn: Rulebook,
}

pub(super) struct Couple {
    pub(super) system: System,
    dice: StdRng,
    /// Of their own: whether a message has a forecast hangs on moments, and must not change what happens next.
    dice_of_the_torn: StdRng,
    guests: usize,
    said: usize,
    torn: Rulebook,
    promises: Vec<Promise>,
}

fn number(guest: usize) -> String {
    format!("39346000{guest:04}")
}

/// Lives it; every promise, and whether it was kept.
pub(super) async fn live(database: TestDatabase, life: Life) -> Vec<Kept> {
    let setup = Setup {
        begins: life.begins.parse().expect("a time"),
        sessions: vec!["groom"],
        seed: life.seed,
        ..Setup::for_days()
    };
    let system = System::start(database, setup).await;
    if life.old_number {
        for sql in [
            "UPDATE session_number SET first_connected_at = first_connected_at - 8 * 86400000",
            "UPDATE whatsapp_session_status SET first_connected_at = first_connected_at - 8 * 86400000",
        ] {
            system.database.execute(sql).await.expect("the database");
        }
    }
    let mut couple = Couple {
        system,
        dice: StdRng::seed_from_u64(life.seed),
        dice_of_the_torn: StdRng::seed_from_u64(life.seed + 1),
        guests: life.guests,
        said: 0,
        torn: life.torn,
        promises: Vec::new(),
    };
    couple.everybody_writes().await;
    let ends = couple.system.world.now() + life.lasts;
    while couple.system.world.now() < ends {
        let minutes = couple.dice.random_range(life.every.clone());
        tokio::time::sleep(Duration::from_mins(minutes)).await;
        couple.something_happens().await;
    }
    tokio::time::sleep(AFTERWARDS).await;
    let phones = couple.system.waha("groom").all_deliveries();
    held_against(couple.promises, &phones)
}

impl Couple {
    async fn everybody_writes(&self) {
        for guest in 0..self.guests {
            let name = format!("Guest {guest}");
            self.system.on_the_list(&name, &number(guest)).await;
            self.writes(guest);
            tokio::time::sleep(Duration::from_secs(5)).await;
        }
    }

    fn writes(&self, guest: usize) {
        self.system
            .waha("groom")
            .guest(&number(guest))
            .write("E allora?");
    }

    async fn something_happens(&mut self) {
        let guest = self.dice.random_range(0..self.guests);
        match self.dice.random_range(0..20) {
            0..=7 => self.one_message(guest).await,
            8..=9 => {
                for guest in guest..guest + self.dice.random_range(2..5) {
                    self.one_message(guest % self.guests).await;
                }
            }
            10 => self.news_for_many().await,
            11..=13 => self.chat(guest).await,
            14 => {
                _ = self
                    .system
                    .waha("groom")
                    .type_by_hand(&number(guest), "A mano");
            }
            _ => self.writes(guest),
        }
    }

    /// A text of its own, of random length.
    fn text(&mut self, kind: Kind) -> String {
        self.said += 1;
        let length = self.dice.random_range(0..WORDS.len());
        format!("{kind:?} {:05} {}", self.said, &WORDS[..length])
    }

    fn draft(&mut self, guest: usize, kind: Kind, more: &Value) -> Value {
        let text = self.text(kind);
        let mut draft =
            json!({ "session": "groom", "to": format!("+{}", number(guest)), "text": text });
        let more = more.as_object().expect("an object").clone();
        draft.as_object_mut().expect("an object").extend(more);
        draft
    }

    async fn one_message(&mut self, guest: usize) {
        let draft = self.draft(guest, Kind::Manual, &json!({}));
        self.queue(draft, Kind::Manual).await;
    }

    async fn queue(&mut self, draft: Value, kind: Kind) {
        let call = (Method::POST, "/api/v1/messages", Some(draft));
        let (status, shown) = self.system.call(call.0, call.1, call.2).await;
        assert_eq!(status, StatusCode::CREATED, "{shown}");
        self.note(&shown, kind).await;
    }

    async fn news_for_many(&mut self) {
        let now = self.system.clock.now();
        let more = json!({
            "lane": "broadcast",
            "broadcast": BroadcastId::new(now, &mut self.dice),
            "not_after": now + TimeDelta::days(14),
        });
        let first = self.dice.random_range(0..self.guests);
        let many = self.dice.random_range(6..=14);
        let guests = (first..first + many).map(|guest| guest % self.guests);
        let drafts: Vec<_> = guests
            .collect::<Vec<_>>()
            .into_iter()
            .map(|guest| self.draft(guest, Kind::News, &more))
            .collect();
        let body = Some(json!({ "messages": drafts }));
        let (status, answer) = self
            .system
            .call(Method::POST, "/api/v1/messages/batch", body)
            .await;
        assert_eq!(status, StatusCode::CREATED, "{answer}");
        for id in answer["ids"].as_array().expect("ids") {
            let shown = self.system.message(id.as_str().expect("an id")).await;
            self.note(&shown, Kind::News).await;
        }
    }

    /// A guest writes and is answered, some times.
    async fn chat(&mut self, guest: usize) {
        for _ in 0..self.dice.random_range(1..4) {
            self.writes(guest);
            let seconds = self.dice.random_range(10..90);
            tokio::time::sleep(Duration::from_secs(seconds)).await;
            let reply = json!({ "lane": "reply", "reply_to": self.newest_from(guest).await });
            let draft = self.draft(guest, Kind::Reply, &reply);
            self.queue(draft, Kind::Reply).await;
        }
    }

    async fn newest_from(&self, guest: usize) -> String {
        let sql = format!(
            "SELECT m.id AS value FROM conversation_message m JOIN contact c ON c.id = m.contact_id
             WHERE m.direction = 'inbound' AND c.phone = '{}' ORDER BY m.recorded_at DESC, m.id DESC LIMIT 1",
            number(guest)
        );
        let rows = self.system.database.texts(&sql).await;
        rows[0].clone().expect("they wrote")
    }

    /// Writes down what is promised of a message that was just queued, if anything is.
    async fn note(&mut self, shown: &Value, kind: Kind) {
        let edge = |name: &str| shown["forecast"][name].as_str()?.parse().ok();
        let (Some(from), Some(to)) = (edge("from"), edge("to")) else {
            return;
        };
        let id: MessageId = shown["id"].as_str().expect("an id").parse().expect("an id");
        let torn = self.torn_promise(id).await;
        self.promises.push(Promise {
            text: shown["text"].as_str().expect("a text").to_owned(),
            kind,
            queued: self.system.clock.now(),
            band: Band { from, to },
            torn,
        });
    }

    async fn torn_promise(&mut self, id: MessageId) -> Option<Band> {
        let (config, now) = (GlobalConfig::default(), self.system.clock.now());
        let explained = self
            .system
            .store
            .explain(id, now)
            .await
            .expect("the database")?;
        let pace = Pace {
            book: &self.torn,
            rules: &ReleaseRules::from_config(&config),
            pacing: &config.pacing,
        };
        let scene = explained.scene.as_ref()?;
        let mut dice = StdRng::seed_from_u64(self.dice_of_the_torn.next_u64());
        let (message, ahead) = (explained.waiting(), explained.ahead);
        forecast(scene, &message, ahead, &pace, now, &mut dice)
    }
}
