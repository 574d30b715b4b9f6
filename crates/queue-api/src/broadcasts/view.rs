//! A broadcast as people and programs see it.

use chrono::{DateTime, Utc};
use domain::broadcast::{BroadcastState, Template};
use domain::ids::{BroadcastId, MessageId};
use domain::session::SessionName;
use serde::Serialize;
use storage::{BroadcastCounts, BroadcastRow, Steered};
use utoipa::ToSchema;

use super::steering::Started;
use super::whom::Whom;
use crate::schemas;

/// One piece of news to many guests.
#[derive(Serialize, ToSchema)]
#[schema(as = Broadcast)]
pub(crate) struct BroadcastView {
    /// Its id: its copies are at `/messages?broadcast=ID`.
    #[schema(value_type = Uuid)]
    id: BroadcastId,
    /// What you call it.
    title: String,
    /// What it says, with places to be filled.
    #[schema(value_type = String)]
    template: Template,
    /// Which guests it is for.
    audience: Whom,
    /// Who writes to those who are nobody's guests and have written to nobody.
    #[schema(value_type = String)]
    session: SessionName,
    /// Not before this time.
    not_before: Option<DateTime<Utc>>,
    /// What has not left by then is cancelled.
    not_after: DateTime<Utc>,
    /// Where it is in its life.
    #[schema(value_type = schemas::BroadcastState)]
    state: BroadcastState,
    /// It was started, and every copy has come to an end.
    done: bool,
    /// Counts changes: pass it as `If-Match` to change or start only what you have seen.
    pub(super) version: i64,
    /// When it was first written.
    created_at: DateTime<Utc>,
    /// By whom.
    created_by: String,
    /// When it was started.
    started_at: Option<DateTime<Utc>>,
    /// By whom.
    started_by: Option<String>,
    /// When it was last paused, resumed or cancelled.
    steered_at: Option<DateTime<Utc>>,
    /// By whom.
    steered_by: Option<String>,
    /// How its copies stand.
    copies: CountsView,
}

/// How many copies are where in their life.
#[derive(Serialize, ToSchema)]
#[schema(as = CopyCounts)]
struct CountsView {
    /// All of them.
    all: u32,
    /// They wait in the queue.
    pending: u32,
    /// Of these, the ones whose contact has not written yet.
    not_written: u32,
    /// Being typed.
    composing: u32,
    /// Past the point of no return.
    sending: u32,
    /// Accepted by WhatsApp's side.
    sent: u32,
    /// Of these, the ones that reached a device.
    delivered: u32,
    /// Of these, the ones that were read.
    read: u32,
    /// Provably not delivered.
    failed: u32,
    /// Nobody can say: somebody has to look at the chat.
    uncertain: u32,
    /// They will never be sent.
    cancelled: u32,
}

/// A broadcast that is under way.
#[derive(Serialize, ToSchema)]
#[schema(as = StartedBroadcast)]
pub(super) struct StartedView {
    #[serde(flatten)]
    pub(super) broadcast: BroadcastView,
    /// Whether it is this request that started it: a second one does nothing.
    started_now: bool,
}

/// A broadcast that was paused, resumed or cancelled.
#[derive(Serialize, ToSchema)]
#[schema(as = SteeredBroadcast)]
pub(super) struct SteeredView {
    #[serde(flatten)]
    pub(super) broadcast: BroadcastView,
    /// Copies that were past the point of no return: they may still arrive.
    #[schema(value_type = Vec<Uuid>)]
    committed: Vec<MessageId>,
}

impl From<BroadcastRow> for BroadcastView {
    fn from(row: BroadcastRow) -> Self {
        Self {
            done: row.is_done(),
            id: row.id,
            title: row.title,
            template: row.template,
            audience: row.audience.into(),
            session: row.session,
            not_before: row.not_before,
            not_after: row.not_after,
            state: row.state,
            version: row.version,
            created_at: row.created_at,
            created_by: row.created_by,
            started_at: row.started_at,
            started_by: row.started_by,
            steered_at: row.steered_at,
            steered_by: row.steered_by,
            copies: row.counts.into(),
        }
    }
}

impl From<BroadcastCounts> for CountsView {
    fn from(counts: BroadcastCounts) -> Self {
        Self {
            all: counts.all(),
            pending: counts.pending,
            not_written: counts.not_written,
            composing: counts.composing,
            sending: counts.sending,
            sent: counts.sent,
            delivered: counts.delivered,
            read: counts.read,
            failed: counts.failed,
            uncertain: counts.uncertain,
            cancelled: counts.cancelled,
        }
    }
}

impl From<Started> for StartedView {
    fn from(Started { row, now }: Started) -> Self {
        Self {
            broadcast: row.into(),
            started_now: now,
        }
    }
}

impl From<Steered> for SteeredView {
    fn from(steered: Steered) -> Self {
        Self {
            broadcast: steered.row.into(),
            committed: steered.committed,
        }
    }
}
