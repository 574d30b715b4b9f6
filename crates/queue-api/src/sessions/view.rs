//! A session as people see it.

use chrono::{DateTime, Utc};
use domain::release::{Capping, CappingLevel, Lock, Outage, Refusal};
use domain::session::{SessionName, SessionProblem, SessionState};
use domain::waha_image;
use serde::Serialize;
use storage::SessionRow;
use utoipa::ToSchema;

use super::advice::advice;
use super::advice::{WarningView, warnings};
use super::budget::BudgetView;
use super::standing::Standing;
use crate::app::App;
use crate::auth::{Identity, Scope};
use crate::problem::Answer;
use crate::schemas;

/// One spouse's WhatsApp.
#[derive(Serialize, ToSchema)]
#[schema(as = Session)]
pub(super) struct SessionView {
    /// Its name.
    #[schema(value_type = String, example = "groom")]
    name: SessionName,
    /// What it can do at this moment.
    #[schema(value_type = schemas::SessionState)]
    state: SessionState,
    /// Since when.
    since: DateTime<Utc>,
    /// Why not more, or what is amiss.
    #[schema(value_type = Option<schemas::SessionProblem>)]
    problem: Option<SessionProblem>,
    /// What somebody should do now, in a sentence.
    advice: Option<String>,
    /// What is amiss although it is connected.
    warnings: Vec<WarningView>,
    /// The number it is logged in with; only shown to tokens with the scope `operate`.
    own_number: Option<String>,
    /// The name it shows on WhatsApp.
    own_name: Option<String>,
    /// When this number was first connected here: new numbers start slowly.
    first_connected_at: Option<DateTime<Utc>>,
    /// When WAHA was last asked.
    checked_at: Option<DateTime<Utc>>,
    /// WAHA's version and engine.
    server: Option<String>,
    /// The image that WAHA should move to, while the problem is `too_old`, `known_bad` or `client_outdated`. docs/waha.md names those for ARM.
    #[schema(example = "devlikeapro/waha:gows-2026.10.1")]
    waha_image: Option<String>,
    /// Set while nothing may be sent until somebody resumes.
    paused: Option<PauseView>,
    /// Set while a restriction by WhatsApp holds messages back.
    lock: Option<LockView>,
    /// Set while WhatsApp warns that the number sends too many messages, or caps them.
    capping: Option<CappingView>,
    /// Set while the last sends failed, no message being to blame.
    outage: Option<OutageView>,
    /// How much of the hour and the day is used.
    budget: Option<BudgetView>,
    /// Messages of which nobody can say whether they left: somebody should look.
    uncertain: u32,
}

/// The failed sends since the last success.
#[derive(Serialize, ToSchema)]
#[schema(as = Outage)]
struct OutageView {
    /// How the newest of them failed.
    #[schema(value_type = schemas::Refusal)]
    refusal: Refusal,
    /// When the first of them was tried.
    since: DateTime<Utc>,
    /// How many failed.
    failures: u32,
    /// How many messages ended failed or uncertain. After three, `…/try-again` sets it back to two.
    lost: u32,
    /// Since when nothing is sent but single tries; absent while sending goes on.
    stopped_at: Option<DateTime<Utc>>,
    /// When the next message is tried by itself; absent when that needs a restart of WAHA, a reconnect or `…/try-again`, and
    /// after three lost messages only `…/try-again` helps.
    next_try_at: Option<DateTime<Utc>>,
}

impl From<Outage> for OutageView {
    fn from(outage: Outage) -> Self {
        Self {
            refusal: outage.refusal,
            since: outage.since,
            failures: outage.failures,
            lost: outage.lost,
            stopped_at: outage.stopped_at,
            next_try_at: outage.next_try_at,
        }
    }
}

/// A pause.
#[derive(Serialize, ToSchema)]
#[schema(as = Pause)]
struct PauseView {
    /// By whom; or `operation` while the session is linked, restarted or logged out, `old_backlog` after more than a day without a connection, `restored_backup` when the database was restored.
    by: String,
    /// Since when.
    since: Option<DateTime<Utc>>,
}

/// A lock.
#[derive(Serialize, ToSchema)]
#[schema(as = Lock)]
struct LockView {
    /// Until when; absent when somebody has to unlock it.
    until: Option<DateTime<Utc>>,
    /// Why: `account_restricted`, a time-lock; `refused_messages`, several contacts were refused; `restricted`, WAHA says that the number
    /// is restricted or banned.
    reason: Option<String>,
    /// Whether replies to guests who wrote in the last 24 hours wait too.
    replies: bool,
    /// What still goes and what to do, in a sentence.
    sentence: &'static str,
}

/// What WhatsApp says of the messages that a number may still send.
#[derive(Serialize, ToSchema)]
#[schema(as = Capping)]
struct CappingView {
    /// How far it goes.
    #[schema(value_type = schemas::CappingLevel)]
    level: CappingLevel,
    /// When WhatsApp's count starts anew.
    until: DateTime<Utc>,
    /// What it does, in a sentence.
    sentence: &'static str,
}

impl SessionView {
    /// The session with its budget, as `reader` may see it.
    pub(super) async fn of(app: &App, row: SessionRow, reader: &Identity) -> Answer<Self> {
        let rules = app.rules().await?;
        let standing = Standing::of(app, row, &rules).await?;
        let (problem, warnings) = (standing.problem(), warnings(&standing));
        let row = standing.row;
        let own_number = row.own_number.filter(|_| reader.may(Scope::Operate));
        Ok(Self {
            name: row.name,
            state: row.state,
            since: row.since,
            problem,
            advice: advice(row.state, problem, row.server.as_deref()),
            waha_image: problem
                .filter(|problem| problem.needs_another_image())
                .map(|_| waha_image::instead_of(row.server.as_deref())),
            warnings,
            own_number: own_number.map(|number| number.international()),
            own_name: row.own_name,
            first_connected_at: row.first_connected_at,
            checked_at: row.checked_at,
            server: row.server,
            paused: row.paused_by.map(|by| PauseView {
                by,
                since: row.paused_at,
            }),
            lock: row
                .lock
                .map(|lock| LockView::of(lock, row.lock_reason, row.lock_replies)),
            capping: row.capping.map(CappingView::from),
            outage: row.outage.map(OutageView::from),
            budget: standing.budget,
            uncertain: standing.uncertain,
        })
    }
}

impl SessionView {
    /// What a person should do now.
    pub(super) fn advice(&self) -> Option<&str> {
        self.advice.as_deref()
    }

    /// How many messages are uncertain.
    pub(super) const fn uncertain(&self) -> u32 {
        self.uncertain
    }
}

impl LockView {
    fn of(lock: Lock, reason: Option<String>, replies: bool) -> Self {
        let until = match lock {
            Lock::Until(at) => Some(at),
            Lock::Person => None,
        };
        let sentence = if reason.as_deref() == Some("restricted") {
            "WhatsApp may have restricted or banned this number, so nothing is sent. Look at WhatsApp on the phone; when it works there again, unlock here."
        } else if replies {
            "Nothing is sent from this number. You can still write from the phone itself."
        } else {
            "Answers to guests who wrote in the last 24 hours still go; everything else waits. You can still write from the phone itself."
        };
        Self {
            until,
            reason,
            replies,
            sentence,
        }
    }
}

impl From<Capping> for CappingView {
    fn from(Capping { level, until }: Capping) -> Self {
        let sentence = match level {
            CappingLevel::Capped => {
                "WhatsApp has capped the messages of this number: announcements wait, and half as many other automatic messages go."
            }
            CappingLevel::FirstWarning | CappingLevel::SecondWarning => {
                "WhatsApp warned that this number sends too many messages: half as many automatic messages go."
            }
        };
        Self {
            level,
            until,
            sentence,
        }
    }
}
