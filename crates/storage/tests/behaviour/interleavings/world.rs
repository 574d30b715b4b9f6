//! What the calls of one run are about: a guest who wrote to both spouses, and messages of both to them.

use std::fmt;

use chrono::TimeDelta;
use domain::{
    Timestamp,
    chat_id::ChatId,
    config::GlobalConfig,
    ids::{AttemptId, ContactId, GuestId, MessageId, UnknownWriterId},
    lane::Lane,
    outcome::SendAnswer,
    phone_number::PhoneNumber,
    release::{ReleaseRules, Rule, Rulebook},
    session::{SessionName, SessionState},
    wire::{ObservedMessage, OutcomeFact, OwnAccount, SendReply, SessionView},
};
use rand::{RngExt as _, rngs::StdRng};
use storage::{
    Actor, Enqueued, GuestRow, Lease, NewGuest, NewMessage, Recipient, Store, Work,
    testing::TestDatabase,
};

use super::{
    super::stage::{TTL, Worker, lid, phone, text},
    operation::Operation,
};

/// Rules that only space messages out.
const SPACING: [Rule; 6] = [
    Rule::HourLimit,
    Rule::DayLimit,
    Rule::Gap,
    Rule::CoolDown,
    Rule::ContactHour,
    Rule::QuietHours,
];

/// The limits that the workers of a run keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Limits {
    All,
    /// One send of each lane in an hour of a number, and no other spacing that would hide it.
    NumberHour,
    /// One send in an hour to a contact, and no other spacing.
    ContactHour,
    /// Messages are not spaced out, so that more of them meet.
    Unanswered,
    None,
}

impl Limits {
    fn draw(rng: &mut StdRng) -> Self {
        match rng.random_range(0..10) {
            0..3 => Self::All,
            3 => Self::NumberHour,
            4 => Self::ContactHour,
            5..8 => Self::Unanswered,
            _ => Self::None,
        }
    }

    fn book(self) -> Rulebook {
        let book = Rulebook::default();
        let only = |kept: Option<Rule>| {
            let others = SPACING.into_iter().filter(|rule| Some(*rule) != kept);
            others.fold(book.clone(), Rulebook::and_without)
        };
        match self {
            Self::All => book,
            Self::NumberHour => only(Some(Rule::HourLimit)),
            Self::ContactHour => only(Some(Rule::ContactHour)),
            Self::Unanswered => only(None),
            Self::None => only(None).and_without(Rule::Unanswered),
        }
    }

    pub(super) const fn binds_after_one_send(self) -> bool {
        matches!(self, Self::NumberHour | Self::ContactHour)
    }

    /// What the calls keep to. What was prepared may have used it up.
    const fn tighten(self, rules: &mut ReleaseRules) {
        match self {
            Self::NumberHour => {
                rules.per_hour = 1;
                rules.replies_per_hour = 1;
            }
            Self::ContactHour => {
                rules.contact_per_hour = 1;
                rules.contact_replies_per_hour = 1;
            }
            Self::All | Self::Unanswered | Self::None => {}
        }
    }
}

/// An attempt that is open when the calls begin.
pub(super) struct OpenAttempt {
    pub(super) work: Work,
    pub(super) committed: bool,
    /// Which worker holds it.
    pub(super) worker: usize,
}

/// Everything that the calls of one run are about.
pub(super) struct World<'a> {
    pub(super) db: &'a TestDatabase,
    pub(super) store: Store,
    pub(super) person: Actor,
    pub(super) now: Timestamp,
    /// Numbers the guest, the sessions and the raw ids of this run.
    pub(super) run: u64,
    pub(super) workers: [Worker; 2],
    pub(super) guest: GuestRow,
    pub(super) contact: ContactId,
    /// Somebody who wrote under a hidden id and is on no list; for the operation that links them.
    pub(super) unknown: Option<UnknownWriterId>,
    pub(super) open: Option<OpenAttempt>,
    /// An attempt whose outcome is uncertain, and which worker made it.
    pub(super) uncertain: Option<(usize, Work)>,
    /// A message that failed.
    pub(super) failed: Option<MessageId>,
    pub(super) messages: Vec<MessageId>,
    pub(super) limits: Limits,
    /// The version of the settings that the workers decide by.
    pub(super) settings: i64,
    /// The attempts that were made before the calls.
    pub(super) earlier: Vec<String>,
    /// The contact becomes one with another.
    pub(super) merges: bool,
    /// Both sessions are linked to one number.
    pub(super) shares_number: bool,
}

/// What tells one failed run from another.
impl fmt::Debug for World<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let open = self.open.as_ref().map(|open| (open.worker, open.committed));
        f.debug_struct("World")
            .field("limits", &self.limits)
            .field("merges", &self.merges)
            .field("shares_number", &self.shares_number)
            .field("open", &open)
            .field("is_uncertain", &self.uncertain.is_some())
            .field("has_failed", &self.failed.is_some())
            .finish_non_exhaustive()
    }
}

impl<'a> World<'a> {
    /// Two connected sessions and a guest who wrote to both; then what the operations need.
    pub(super) async fn set_up(
        db: &'a TestDatabase,
        run: u64,
        operations: &[Operation],
        rng: &mut StdRng,
    ) -> World<'a> {
        let now: Timestamp = "2026-11-23T11:00:00Z".parse().expect("a time");
        let now = now + TimeDelta::seconds(i64::try_from(run % 20_000).expect("a small number"));
        let store = db.store().keeping_unknown_writers();
        let names = ["groom", "bride"].map(|spouse| session(spouse, run));
        connect(&store, &names, run, now).await;
        let guest = NewGuest {
            id: GuestId::new(now, rng),
            name: format!("Guest {run}"),
            side: None,
            language: None,
            household: Some(format!("Household {run}")),
            phone: Some(phone(run)),
        };
        let guest = store.add_guest(&guest, now).await.expect("a guest");
        let limits = Limits::draw(rng);
        let workers = names.map(|name| Worker {
            book: limits.book(),
            ..Worker::new(name, now, rng)
        });
        let mut world = World {
            db,
            store,
            person: Actor::new("anna"),
            now,
            run,
            workers,
            contact: guest.contact.expect("with a number"),
            guest,
            unknown: None,
            open: None,
            uncertain: None,
            failed: None,
            messages: Vec::new(),
            limits,
            settings: 0,
            earlier: Vec::new(),
            merges: false,
            shares_number: false,
        };
        world.default_settings().await;
        world.take_leases().await;
        world.guest_wrote().await;
        world.prepare(operations, rng).await;
        let slots = "SELECT attempt_id AS value FROM send_reservation";
        world.earlier = db.texts(slots).await.into_iter().flatten().collect();
        for worker in &mut world.workers {
            limits.tighten(&mut worker.rules);
        }
        world
    }

    /// Whether the run's contact has kept to these limits.
    pub(super) fn keeps(&self, limits: Limits) -> bool {
        // A send that was uncertain may have come to count after the attempt was taken.
        let counted = limits != Limits::Unanswered || self.uncertain.is_none();
        // Of two sessions with one number, each keeps to what both have sent in the hour.
        let shared = self.shares_number && limits != Limits::NumberHour;
        self.limits == limits && !self.merges && !shared && counted
    }

    /// An earlier run in the same database may have raised the limits.
    async fn default_settings(&mut self) {
        let (config, version) = self.store.config().await.expect("settings");
        self.settings = version;
        let default = GlobalConfig::default();
        if config.limits != default.limits {
            let update = self
                .store
                .update_config(&default, version, &self.person, self.now);
            update.await.expect("an answer");
            self.settings += 1;
        }
    }

    pub(super) async fn take_leases(&mut self) {
        for worker in &mut self.workers {
            let lease = self
                .store
                .take_lease(&worker.session, worker.owner, TTL, self.now)
                .await;
            let Ok(Lease::Taken { epoch }) = lease else {
                panic!("no lease: {lease:?}");
            };
            worker.epoch = epoch;
        }
    }

    pub(super) fn hidden_chat(&self) -> ChatId {
        lid(self.run + 100_000)
    }

    pub(super) async fn record(&self, session: &SessionName, message: &ObservedMessage) {
        let recorded = self.store.record_message(session, message, self.now).await;
        recorded.expect("recorded");
    }

    pub(super) fn new_message(&self, worker: usize, to: Recipient, rng: &mut StdRng) -> NewMessage {
        let lanes = [Lane::Reply, Lane::Manual];
        NewMessage {
            id: MessageId::new(self.now, rng),
            session: self.workers[worker].session.clone(),
            to,
            text: text("Save the date"),
            lane: lanes[rng.random_range(0..2)],
            priority: 0,
            not_before: None,
            not_after: None,
            drop_if_answered: rng.random_bool(0.2),
            reply_to: None,
            send_now: false,
            broadcast: None,
            link_preview: false,
        }
    }

    pub(super) async fn enqueue(&mut self, message: NewMessage) {
        let id = message.id;
        let enqueued = self.store.enqueue(&[message], None, self.now).await;
        assert!(matches!(enqueued, Ok(Enqueued::New(_))), "{enqueued:?}");
        self.messages.push(id);
    }

    /// WAHA's answer, one second after the call.
    pub(super) fn outcome(&self, attempt: AttemptId, answer: SendAnswer) -> OutcomeFact {
        OutcomeFact {
            attempt,
            reply: SendReply {
                answer,
                started_at: self.now,
                answered_at: self.now + TimeDelta::seconds(1),
            },
        }
    }
}

fn session(spouse: &str, run: u64) -> SessionName {
    SessionName::parse(&format!("{spouse}-{run}")).expect("a name")
}

/// The number that this worker's session is linked to at first.
pub(super) fn own_number_of(worker: usize, run: u64) -> PhoneNumber {
    own_number(["393331", "393332"][worker], run)
}

pub(super) fn own_number(prefix: &str, run: u64) -> PhoneNumber {
    PhoneNumber::from_whatsapp(&format!("{prefix}{run:06}")).expect("a number")
}

/// A session that is connected as that number.
pub(super) fn connected(number: &PhoneNumber, at: Timestamp) -> SessionView {
    SessionView {
        state: SessionState::Connected,
        problem: None,
        own: Some(OwnAccount {
            chat: ChatId::Phone(number.digits().to_owned()),
            lid: None,
            name: None,
        }),
        restriction: None,
        capping: None,
        server: None,
        at,
    }
}

/// Both sessions, each paired with a number of its own a month ago.
async fn connect(store: &Store, names: &[SessionName; 2], run: u64, now: Timestamp) {
    let paired = now - TimeDelta::days(30);
    store
        .ensure_sessions(names, paired)
        .await
        .expect("sessions");
    for (worker, name) in names.iter().enumerate() {
        let number = own_number_of(worker, run);
        for at in [paired, now - TimeDelta::minutes(1)] {
            store
                .record_session(name, &connected(&number, at), at)
                .await
                .expect("recorded");
        }
    }
}
