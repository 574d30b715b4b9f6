//! How a session is at this moment: what programs and pages show of it.

use chrono::TimeDelta;
use domain::Timestamp;
use domain::linking::{LinkStep, next_step};
use domain::number_change::NumberChange;
use domain::receipts::MissingReceipts;
use domain::release::{Lock, Outage, ReleaseRules};
use domain::session::{SessionName, SessionProblem, SessionState};
use domain::unread_chats::UnreadChats;
use storage::SessionRow;

use super::budget::BudgetView;
use crate::app::App;

/// A session with what is counted and computed for it.
pub(crate) struct Standing {
    /// As it is stored; but a lock or capping whose time has passed holds nothing, and is not here.
    pub(crate) row: SessionRow,
    /// It says that it is connected, but nothing confirms what it sends.
    pub(crate) missing_receipts: Option<MissingReceipts>,
    /// It says that it is connected, but WAHA refuses to read some of its chats.
    pub(crate) unread_chats: Option<UnreadChats>,
    /// A number that is new here was linked a short while ago.
    pub(crate) number_change: Option<NumberChange>,
    /// How much of the hour and the day is used.
    pub(crate) budget: Option<BudgetView>,
    /// Its own number is so new here that it may send only half.
    pub(crate) is_new_number: bool,
    /// Messages of which nobody can say whether they left.
    pub(crate) uncertain: u32,
    /// No worker has held it for a while.
    worker_away: bool,
}

/// So long after the end of its lease a session is said to have no worker: a restart is over by then.
const WORKER_AWAY_AFTER: TimeDelta = TimeDelta::minutes(2);

/// The session with its lock, unless the time of that lock has passed.
pub(crate) fn without_expired_lock(mut row: SessionRow, now: Timestamp) -> SessionRow {
    row.lock = row
        .lock
        .filter(|lock| !matches!(lock, Lock::Until(at) if *at <= now));
    row
}

/// The problem that decides what *link* does. A FAILED session whose number is locked may be banned.
pub(crate) fn link_problem(row: &SessionRow) -> Option<SessionProblem> {
    let other_cause = matches!(
        row.problem,
        Some(SessionProblem::CodesUsedUp | SessionProblem::ClientOutdated)
    );
    if row.state == SessionState::Failed && row.lock.is_some() && !other_cause {
        return Some(SessionProblem::Restricted);
    }
    row.problem
}

/// Whether the session is FAILED, and a press restarts it.
pub(crate) fn is_restarted_by_link(row: &SessionRow) -> bool {
    next_step(row.state, link_problem(row)) == LinkStep::Restart
}

/// Whether the session is FAILED, and nothing says why.
pub(crate) fn is_failed_untold(row: &SessionRow) -> bool {
    is_restarted_by_link(row) && row.problem != Some(SessionProblem::CodesUsedUp)
}

fn worker_is_away(row: &SessionRow, now: Timestamp) -> bool {
    let ends = row.lease_expires_at.unwrap_or(row.since);
    // At a time to come: the clock was set back, and no worker has renewed the lease since.
    let renewed = row.lease_renewed_at;
    ends + WORKER_AWAY_AFTER < now || renewed.is_some_and(|at| at > now + WORKER_AWAY_AFTER)
}

impl Standing {
    pub(crate) async fn of(
        app: &App,
        mut row: SessionRow,
        rules: &ReleaseRules,
    ) -> Result<Self, storage::Error> {
        let now = app.now();
        row = without_expired_lock(row, now);
        row.capping = row.capping.filter(|capping| capping.until > now);
        let facts = app.store.session_facts(&row.name, now).await?;
        let receipts = app.store.receipt_facts(&row.name, now).await?;
        // The rules halve the limits by the first connection of the number on any session.
        let first = facts.as_ref().and_then(|facts| facts.first_connected_at);
        Ok(Self {
            missing_receipts: receipts.and_then(|facts| facts.missing(rules.receipts, now)),
            unread_chats: row
                .unread_chats
                .filter(|_| row.state == SessionState::Connected),
            number_change: row
                .own_number
                .as_ref()
                .and_then(|_| NumberChange::told(row.number_since, row.first_connected_at, now)),
            budget: facts.map(|facts| BudgetView::of(&facts, rules, now)),
            is_new_number: first.is_some_and(|first| first + rules.new_number > now),
            uncertain: app.store.uncertain_count(&row.name).await?,
            worker_away: worker_is_away(&row, now),
            row,
        })
    }

    /// What is wrong with it, the first of: its number shared with another session, what keeps it from being connected, no worker, an
    /// outage of its sends, any other problem.
    pub(crate) fn problem(&self) -> Option<SessionProblem> {
        let sending = self.row.outage.as_ref().and_then(Outage::problem);
        match self.row.state {
            // It stops both sessions, whatever else is wrong.
            _ if self.row.problem == Some(SessionProblem::SameNumber) => self.row.problem,
            SessionState::Connected if self.worker_away => Some(SessionProblem::WorkerAway),
            SessionState::Connected => sending.or(self.row.problem),
            _ => link_problem(&self.row),
        }
    }

    pub(crate) const fn name(&self) -> &SessionName {
        &self.row.name
    }
}
