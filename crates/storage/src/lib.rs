//! The only crate that speaks SQL: what the business does to its data, one transaction for each fact.
//!
//! Not here: whether a message may go (crate `domain` decides, this crate brings it the facts) and anything over HTTP.
//! The rule that must hold: no transaction object leaves this crate, and nothing is half-written.

mod accounts;
mod added;
mod audit;
mod broadcasts;
mod chat_reading;
mod clock_steps;
mod clock_watch;
mod config;
mod db;
mod error;
mod facts;
mod facts_of_release;
mod leases;
mod live;
mod locks;
mod page;
mod people;
mod queue;
mod release;
mod retention;
mod row_ids;
mod sealing;
mod search_text;
mod send_outage;
mod session_number;
mod sessions;
mod settling;
mod stuck;
mod timeline;
mod tokens;
mod unknown_writers;
mod wait_columns;

// What only tests and benchmarks use stands beside the product; the hooks of `db` and `stuck` are built only for them.
#[cfg(feature = "scratch-databases")]
#[path = "../testing/filling/mod.rs"]
mod filling;
#[cfg(feature = "scratch-databases")]
#[path = "../testing/test_templates.rs"]
mod test_templates;
#[cfg(feature = "scratch-databases")]
#[path = "../testing/mod.rs"]
pub mod testing;
#[cfg(feature = "scratch-databases")]
#[path = "../testing/ways/mod.rs"]
mod ways;

pub use accounts::{
    AccountRow, EnablingBrowser, LinkPurpose, NewAccount, NewLink, Redeemed, SecondFactor,
    folded_name,
};
pub use added::Added;
pub use audit::{Actor, AuditRow};
pub use broadcasts::{
    BroadcastChanged, BroadcastCounts, BroadcastEdit, BroadcastPlan, BroadcastRow, BroadcastStart,
    BroadcastSteered, BroadcastTrial, NewBroadcast, OpenCopy, Steered, Trial,
};
pub use chat_reading::ChatToRead;
pub use clock_watch::ClockWatch;
pub use config::ConfigUpdate;
pub use db::{Migrate, Options};
pub use error::Error;
pub use facts::{AckRecorded, InChat, Reaction, Recorded, SessionChange, Unreadable};
pub use leases::Lease;
pub use live::{InvalidLiveCursor, LiveCursor, LiveEvent, LiveKind};
pub use page::{Cursor, InvalidCursor, Page};
pub use people::{
    BookCounts, BookGuest, BookHousehold, ContactDecision, ContactRow, ContactSessionRow,
    ConversationFilter, ConversationLine, ConversationRow, Erasable, Erased, GuestEdit, GuestField,
    GuestFilter, GuestRow, GuestState, HouseholdNaming, HouseholdPeople, HouseholdPhone,
    HouseholdRow, ImportLine, Imported, InvitationChange, InvitationRow, Invited, LinePlan,
    NewGuest, PhoneAssigned, PhoneOwner, Quoted, Recipient, RefusedLines, TiedContact,
};
pub use queue::{
    CancelReason, Changed, Edit, Enqueued, Explained, Idempotency, MessageFilter, MessageRow,
    NewMessage, PersonVerdict, QueueScene, Readdressed,
};
pub use release::{
    AnsweredMessage, Claim, Claimer, Commit, Finished, Recheck, ReleaseOutcome, ReleaseReason, Work,
};
pub use retention::{IDEMPOTENCY_KEYS, Pruned};
pub use sealing::{SealingKey, WeakSealingKey};
pub use sessions::{
    Attention, OLD_BACKLOG, OPERATION, OpenAttempt, PasskeyStep, PauseOutcome, RESTORED_BACKUP,
    SessionRow, Undelivered, needs_a_look,
};
pub use settling::{Settled, UncertainRow};
#[cfg(feature = "scratch-databases")]
pub use stuck::StuckMessage;
pub use timeline::TimelineEvent;
pub use tokens::{NewToken, TokenMaker, TokenRow};
pub use unknown_writers::{Member, Tied, UnknownWriterRow};

use db::{Db, WriteProbe};
use row_ids::RowIds;

/// The data, on SQLite or PostgreSQL. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    db: Db,
    ids: RowIds,
    write_probe: WriteProbe,
    /// Without one nobody is kept who wrote and is on no list.
    unknown_writers_key: Option<SealingKey>,
}

impl Store {
    /// Opens the database that `url` names: `sqlite://path` or `postgres://…`.
    pub async fn open(url: &str, options: Options) -> Result<Self, Error> {
        let store = Self {
            db: Db::open(url, &options).await?,
            ids: RowIds::new(options.dice_seed),
            write_probe: WriteProbe::default(),
            unknown_writers_key: options.unknown_writers_key,
        };
        if options.migrate == Migrate::Run {
            store.ensure_config().await?;
        }
        Ok(store)
    }

    /// Whether the database answers, and has room for writes: [`Error::Full`] if not. A write is tried at most once in five seconds.
    pub async fn ping(&self) -> Result<(), Error> {
        self.db.read().await?.commit().await?;
        self.write_probe.ask(&self.db).await
    }

    /// Closes all connections; what is under way is finished first.
    pub async fn close(&self) {
        self.db.close().await;
    }
}
