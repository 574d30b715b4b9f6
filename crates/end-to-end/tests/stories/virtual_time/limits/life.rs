//! A random life of one session: guests write, news is queued, replies are written, the spouse types by hand, workers come
//! and go, the machine's clock is set. What happens is drawn from a seed.

use std::{ops::RangeInclusive, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use http::{Method, StatusCode};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use serde_json::json;
use storage::testing::TestDatabase;
use waha_simulator::Delivered;

use crate::virtual_time::system::{Setup, System};

/// What texts are cut from.
const WORDS: &str =
    "vi aspettiamo alle undici davanti alla chiesa e poi tutti insieme a pranzo in collina";

/// What can happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Happening {
    /// Some guest writes.
    GuestWrites,
    /// This guest writes.
    WritesAlways(usize),
    /// News for some guests, two pieces each.
    News,
    /// News for this guest.
    NewsFor(usize),
    /// Some guest writes, and is answered at once, so many times.
    Chat(usize),
    /// The spouse types to some guest by hand.
    ByHand,
    /// The spouse types to this guest by hand.
    ByHandTo(usize),
    /// The worker stops, in order or not, and starts again.
    Restart,
    /// A second worker starts; the older one stops a while later.
    TakeOver,
    /// The machine's clock is set by at most so many seconds, forward or back.
    ClockSet(i64),
    /// The couple pauses the session for an hour.
    Pause,
    /// Nothing, for two hours.
    Nothing,
}

/// What a life is made of.
pub(super) struct Life {
    pub(super) setup: Setup,
    pub(super) lasts: TimeDelta,
    /// Two more are on the list and never write.
    pub(super) guests: usize,
    /// Pieces of news for each guest at the beginning.
    pub(super) news: usize,
    /// Seconds between two happenings.
    pub(super) every: RangeInclusive<u64>,
    /// What happens, each as often as it stands here.
    pub(super) happenings: Vec<Happening>,
    pub(super) seed: u64,
    /// What is done to the database at the beginning, to see that it is noticed.
    pub(super) falsified: &'static [&'static str],
}

/// What was seen and done, by the clock of the world.
pub(super) struct Seen {
    pub(super) begins: DateTime<Utc>,
    /// All that the guests' phones showed, in order.
    pub(super) delivered: Vec<Delivered>,
    /// Who wrote when.
    pub(super) wrote: Vec<(String, DateTime<Utc>)>,
    /// Which reply was written when, by its text.
    pub(super) replied: Vec<(String, DateTime<Utc>)>,
    pub(super) paused: Vec<(DateTime<Utc>, DateTime<Utc>)>,
    /// The machine's clock was at most so far from the world's.
    pub(super) clock_off: TimeDelta,
}

pub(super) fn number(guest: usize) -> String {
    format!("39347000{guest:04}")
}

/// Lives it.
pub(super) async fn live(database: TestDatabase, life: Life) -> Seen {
    let Life {
        setup,
        lasts,
        guests,
        news,
        every,
        happenings,
        seed,
        falsified,
    } = life;
    let system = System::start(database, setup).await;
    for sql in falsified {
        system.database.execute(sql).await.expect("the database");
    }
    let mut living = Living::new(system, guests, seed);
    for guest in 0..guests + 2 {
        for _ in 0..news {
            living.news(guest).await;
        }
    }
    for guest in 0..guests {
        living.writes(guest);
    }
    let ends = living.system.world.now() + lasts;
    while living.system.world.now() < ends {
        let seconds = living.dice.random_range(every.clone());
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        let drawn = living.dice.random_range(0..happenings.len());
        living.happens(happenings[drawn]).await;
    }
    living.seen.delivered = living.system.waha("groom").all_deliveries();
    living.seen
}

struct Living {
    system: System,
    dice: StdRng,
    guests: usize,
    said: usize,
    seen: Seen,
    off: TimeDelta,
}

impl Living {
    fn new(system: System, guests: usize, seed: u64) -> Self {
        let seen = Seen {
            begins: system.world.now(),
            delivered: Vec::new(),
            wrote: Vec::new(),
            replied: Vec::new(),
            paused: Vec::new(),
            clock_off: TimeDelta::zero(),
        };
        Self {
            system,
            dice: StdRng::seed_from_u64(seed),
            guests,
            said: 0,
            seen,
            off: TimeDelta::zero(),
        }
    }

    async fn happens(&mut self, what: Happening) {
        let some = self.dice.random_range(0..self.guests);
        match what {
            Happening::GuestWrites => self.writes(some),
            Happening::WritesAlways(guest) => self.writes(guest),
            Happening::News => {
                let guest = self.dice.random_range(0..self.guests + 2);
                self.news(guest).await;
                self.news(guest).await;
            }
            Happening::NewsFor(guest) => self.news(guest).await,
            Happening::Chat(rounds) => self.chat(some, rounds).await,
            Happening::ByHand => self.by_hand(some),
            Happening::ByHandTo(guest) => self.by_hand(guest),
            Happening::Restart => {
                self.system.stop_worker().await;
                self.system.start_worker();
            }
            Happening::TakeOver => {
                self.system.start_worker();
                tokio::time::sleep(Duration::from_mins(20)).await;
                self.system.stop_oldest_worker().await;
            }
            Happening::ClockSet(seconds) => self.set_clock(seconds),
            Happening::Pause => self.pause().await,
            Happening::Nothing => tokio::time::sleep(Duration::from_hours(2)).await,
        }
    }

    fn writes(&mut self, guest: usize) {
        let number = number(guest);
        self.system.waha("groom").guest(&number).write("E allora?");
        self.seen.wrote.push((number, self.system.world.now()));
    }

    fn by_hand(&mut self, guest: usize) {
        self.system
            .waha("groom")
            .type_by_hand(&number(guest), "Scritto a mano");
    }

    /// A text of its own, of random length.
    fn text(&mut self, kind: &str) -> String {
        self.said += 1;
        let length = self.dice.random_range(0..WORDS.len());
        format!("{kind} {:05} {}", self.said, &WORDS[..length])
    }

    async fn news(&mut self, guest: usize) {
        let text = self.text("Notizia");
        self.system
            .enqueue("groom", &format!("+{}", number(guest)), &text)
            .await;
    }

    async fn chat(&mut self, guest: usize, rounds: usize) {
        for _ in 0..rounds {
            self.writes(guest);
            tokio::time::sleep(Duration::from_secs(self.dice.random_range(3..40))).await;
            let text = self.text("Risposta");
            let body = json!({
                "session": "groom", "to": format!("+{}", number(guest)), "text": text,
                "lane": "reply", "reply_to": self.newest_from(guest).await,
            });
            self.system.enqueue_with(body).await;
            self.seen.replied.push((text, self.system.world.now()));
        }
    }

    async fn newest_from(&self, guest: usize) -> String {
        let sql = format!(
            "SELECT m.id AS value FROM conversation_message m JOIN contact c ON c.id = m.contact_id
             WHERE m.direction = 'inbound' AND c.phone LIKE '%{}' ORDER BY m.recorded_at DESC, m.id DESC LIMIT 1",
            number(guest)
        );
        let rows = self.system.database.texts(&sql).await;
        rows[0].clone().expect("they wrote")
    }

    fn set_clock(&mut self, most: i64) {
        let off = TimeDelta::seconds(self.dice.random_range(-most..=most));
        self.system.clock_steps.step(off - self.off);
        self.off = off;
        self.seen.clock_off = self.seen.clock_off.max(off.abs());
    }

    async fn pause(&mut self) {
        self.session_call("pause").await;
        let from = self.system.world.now();
        tokio::time::sleep(Duration::from_hours(1)).await;
        let to = self.system.world.now();
        self.session_call("resume").await;
        self.seen.paused.push((from, to));
    }

    async fn session_call(&self, what: &str) {
        let path = format!("/api/v1/sessions/groom/{what}");
        let (status, answer) = self.system.call(Method::POST, &path, None).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
    }
}
