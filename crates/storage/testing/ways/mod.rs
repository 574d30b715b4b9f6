//! Every call on the way of a message, of an inbound message, of a receipt and of a page, made once in a round.
//!
//! A test watches what each call reads, a benchmark how long it takes. The rule that must hold: a method of the store that is on one
//! of these ways is called here.

use std::time::Duration;

use domain::{
    Timestamp,
    config::{GlobalConfig, Pacing},
    ids::{AccountId, ContactId, WorkerId},
    release::{ReleaseRules, Rulebook},
    session::{SessionName, SessionState},
    wire::{OwnAccount, SessionView},
};
use rand::{RngExt as _, SeedableRng, rngs::StdRng};

use crate::{
    Actor, Claimer, Error, Lease, Store,
    filling::{History, numbered},
    testing::TestDatabase,
};

mod broadcast;
mod inbound;
mod message;
mod page;

/// Sees each call: its name, and the work that it is.
#[expect(
    async_fn_in_trait,
    reason = "a test or a benchmark awaits it in its own task"
)]
pub trait Observer {
    /// Does the work, once.
    async fn observe<T>(&mut self, call: &'static str, work: impl Future<Output = T>) -> T;
}

/// A worker and a page at one database with a history.
pub struct Ways {
    store: Store,
    session: SessionName,
    owner: WorkerId,
    epoch: i64,
    now: Timestamp,
    dice: StdRng,
    book: Rulebook,
    rules: ReleaseRules,
    pacing: Pacing,
    actor: Actor,
    account: AccountId,
    /// How many guests have written; those after them never have.
    guests: u64,
    /// Distinguishes ids and keys of one round from those of the next.
    round: u64,
}

const LEASE: Duration = Duration::from_hours(3);
/// So that the limits of an hour and a day have room for the sends of each round.
const BETWEEN_ROUNDS: chrono::TimeDelta = chrono::TimeDelta::hours(2);

impl Ways {
    /// Takes a place at a database that [`TestDatabase::fill_history`] has filled. `store` reads and writes it.
    pub async fn open(store: &Store, history: &History<'_>) -> Result<Self, Error> {
        let History {
            session,
            guests,
            now,
            ..
        } = *history;
        let mut dice = StdRng::seed_from_u64(7);
        let config = GlobalConfig::default();
        let mut ways = Self {
            store: store.keeping_unknown_writers(),
            session: session.clone(),
            owner: WorkerId::new(now, &mut dice),
            epoch: 0,
            now,
            dice,
            book: Rulebook::default(),
            rules: ReleaseRules::from_config(&config),
            pacing: config.pacing,
            actor: Actor::new("anna"),
            account: numbered("8015", 0)?,
            guests: guests.into(),
            round: 0,
        };
        ways.take_lease().await?;
        Ok(ways)
    }

    /// Makes each call of the ways at least once.
    ///
    /// # Panics
    ///
    /// When a call does not do what it is made for: then it would be measured on another way.
    pub async fn round(&mut self, observer: &mut impl Observer) -> Result<(), Error> {
        self.round += 1;
        self.now += BETWEEN_ROUNDS;
        self.take_lease().await?;
        self.inbound(observer).await?;
        self.message(observer).await?;
        self.broadcast(observer).await?;
        self.first_word(observer).await?;
        self.looks_again(observer).await?;
        self.page(observer).await
    }

    async fn take_lease(&mut self) -> Result<(), Error> {
        let lease = self
            .store
            .take_lease(&self.session, self.owner, LEASE, self.now);
        if let Lease::Taken { epoch } = lease.await? {
            self.epoch = epoch;
        }
        Ok(())
    }

    fn claimer(&self) -> Claimer<'_> {
        Claimer {
            session: &self.session,
            owner: self.owner,
            epoch: self.epoch,
            book: &self.book,
            rules: &self.rules,
            pacing: &self.pacing,
        }
    }

    /// Dice of one call: it is awaited while others are drawn.
    fn dice(&mut self) -> StdRng {
        StdRng::seed_from_u64(self.dice.random())
    }

    /// The session as WAHA shows it while it is connected.
    fn connected(&self) -> SessionView {
        connected(self.now)
    }

    /// The n-th guest of the history. The first one got half of all messages.
    fn contact(n: u64) -> Result<ContactId, Error> {
        numbered("8001", n)
    }
}

fn connected(at: Timestamp) -> SessionView {
    SessionView {
        state: SessionState::Connected,
        problem: None,
        own: Some(OwnAccount {
            chat: domain::chat_id::ChatId::Phone("393330000001".to_owned()),
            lid: None,
            name: None,
        }),
        restriction: None,
        capping: None,
        server: None,
        at,
    }
}

impl TestDatabase {
    /// A session that has been connected for three years at `now`.
    pub async fn connect(&self, session: &SessionName, now: Timestamp) -> Result<(), Error> {
        let paired = now - chrono::TimeDelta::days(1_000);
        let names = std::slice::from_ref(session);
        self.store().ensure_sessions(names, paired).await?;
        for at in [paired, now - chrono::TimeDelta::minutes(1)] {
            self.store()
                .record_session(session, &connected(at), at)
                .await?;
        }
        Ok(())
    }
}
