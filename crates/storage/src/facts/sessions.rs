//! What a session was seen doing.
//!
//! The rule that must hold: views come out of order too; an older one changes nothing.

use chrono::TimeDelta;
use domain::{
    Timestamp,
    chat_id::ChatId,
    linking::cause_of_failure,
    session::{SessionName, SessionProblem, SessionState},
    wire::{OwnAccount, SessionView},
};

use crate::{
    Actor, Error, Store,
    audit::Deed,
    db::{Row, Sql, Tx, args},
    locks, release, send_outage,
    session_number::{self, SessionNumber},
    sessions::OLD_BACKLOG,
};

use super::other_number;

/// How a session changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionChange {
    /// Its state until now.
    pub before: SessionState,
    /// Its state now.
    pub after: SessionState,
    /// Another number than before is linked.
    pub another_number: bool,
}

/// After so long without a connection, what has been waiting for as long is a person's to release (design §6).
const LONG_AWAY: TimeDelta = TimeDelta::hours(24);

const KEEP: Sql = Sql::both(
    "UPDATE whatsapp_session_status
     SET state = $2, problem = $3, since = $4, checked_at = $5, server = COALESCE($6, server), last_connected_at = $7
     WHERE name = $1",
);

const FIRST_SEEN: Sql = Sql::both(
    "INSERT INTO session_number (session, number, first_connected_at) VALUES ($1, $2, $3)
     ON CONFLICT (session, number) DO NOTHING",
);

const OWN: Sql = Sql::both(
    "UPDATE whatsapp_session_status
     SET own_number = $2, own_name = $3, linked = 1, number_since = CASE WHEN own_number <> $2 THEN $4 ELSE number_since END,
         first_connected_at = (SELECT n.first_connected_at FROM session_number n
                               WHERE n.session = $1 AND n.number = $2)
     WHERE name = $1",
);

const LEARN_LID: Sql = Sql::both(
    "UPDATE session_number SET lid = $3 WHERE session = $1 AND number = $2 AND (lid IS NULL OR lid <> $3)",
);

const NOT_LINKED: Sql = Sql::both("UPDATE whatsapp_session_status SET linked = 0 WHERE name = $1");

const OLD_PENDING: Sql = Sql::both(
    "SELECT id FROM whatsapp_message_queue
     WHERE session = $1 AND status = 'pending' AND queued_at < $2 LIMIT 1",
);

const PAUSE: Sql = Sql::both(
    "UPDATE whatsapp_session_status SET paused_by = $2, paused_at = $3
     WHERE name = $1 AND (paused_by IS NULL OR paused_by = 'operation')",
);

impl Store {
    /// Keeps what the session does, since when, and with which number. A time-lock locks that number; a FAILED session that WAHA calls
    /// restricted or banned locks it until a person unlocks.
    ///
    /// Seen connected after more than a day without: what was queued before stays where it is until a person resumes.
    /// The session must exist: [`Error::UnexpectedRows`].
    pub async fn record_session(
        &self,
        session: &SessionName,
        view: &SessionView,
        now: Timestamp,
    ) -> Result<SessionChange, Error> {
        let mut tx = self.db.write().await?;
        let row = locks::lock_session(&mut tx, session)
            .await?
            .ok_or(Error::UnexpectedRows { touched: 0 })?;
        let before: SessionState = row.parsed("state")?;
        // One that is ahead of the clock is no later view: the clock was set back since.
        let checked_at = row.opt_time("checked_at")?.filter(|at| *at <= now);
        if checked_at.is_some_and(|at| at > view.at) {
            return Ok(SessionChange {
                before,
                after: before,
                another_number: false,
            });
        }
        let away = without_connection(&row, view)?;
        let another_number = links_another(&row, view)?;
        let problem = problem(&row, view)?;
        keep(&mut tx, session, &row, view, another_number, problem).await?;
        let seen = linked_account(view).map(|(number, _)| number.to_owned());
        let number = seen.or(row.opt_text("own_number")?).unwrap_or_default();
        let of = SessionNumber::new(session, &number);
        if view.state == SessionState::Connected && was_seen_away(&row)? {
            permit_try(&mut tx, of).await?;
        }
        if view.state == SessionState::Connected {
            self.time_lock_seen(&mut tx, of, view.restriction, now)
                .await?;
        }
        if problem == Some(SessionProblem::Restricted) && row.opt_parsed("problem")? != problem {
            self.lock_until_unlocked(&mut tx, of, now).await?;
        }
        if let Some(seen) = view.capping
            && session_number::keep_capping(&mut tx, of, seen.in_force).await?
        {
            release::announcements_are_free(&mut tx, session).await?;
        }
        if away.is_some_and(|away| away > LONG_AWAY) {
            self.pause_for_old_backlog(&mut tx, session, now).await?;
        }
        tx.commit().await?;
        Ok(SessionChange {
            before,
            after: view.state,
            another_number,
        })
    }

    /// Keeps that a person had the session logged out: no number is linked to it until one is seen connected, which shows also when
    /// WAHA did not do it. What its last number received still serves, should that number be linked again.
    pub async fn record_log_out(&self, session: &SessionName) -> Result<(), Error> {
        let mut tx = self.db.write().await?;
        tx.execute_one(&NOT_LINKED, args![session]).await?;
        tx.commit().await
    }

    async fn pause_for_old_backlog(
        &self,
        tx: &mut Tx,
        session: &SessionName,
        now: Timestamp,
    ) -> Result<(), Error> {
        let args = args![session, now - LONG_AWAY];
        if tx.first(&OLD_PENDING, args).await?.is_none() {
            return Ok(());
        }
        let args = args![session, OLD_BACKLOG, now];
        if tx.execute(&PAUSE, args).await? == 0 {
            return Ok(());
        }
        let deed = Deed {
            action: "session.pause",
            subject: session.as_str(),
            detail: Some(OLD_BACKLOG),
        };
        self.write_audit(tx, &Actor::worker(), deed, now).await
    }
}

/// Whether the last view was one of a session without a connection. A refused send sets the state too, after the last view.
fn was_seen_away(row: &Row) -> Result<bool, Error> {
    let away = row.parsed::<SessionState>("state")? != SessionState::Connected;
    let since = row.time("since")?;
    let checked_at = row.opt_time("checked_at")?;
    Ok(away && checked_at.is_none_or(|at| since <= at))
}

/// WAHA restarted or reconnected: one message may be tried, where none is by itself.
async fn permit_try(tx: &mut Tx, of: SessionNumber<'_>) -> Result<(), Error> {
    let Some(mut outage) = send_outage::read(tx, of).await? else {
        return Ok(());
    };
    if outage.permit_after_reconnect() {
        send_outage::keep(tx, of, &outage).await?;
    }
    Ok(())
}

/// The problem to store: for a FAILED session its cause, as far as it is known.
fn problem(row: &Row, view: &SessionView) -> Result<Option<SessionProblem>, Error> {
    if view.state != SessionState::Failed {
        return Ok(view.problem);
    }
    // A refused send stores QR as well. Only a view of the QR code ends the link to a number.
    let before = match row.parsed("state")? {
        SessionState::Qr if row.int("linked")? != 0 => SessionState::Connected,
        seen => seen,
    };
    Ok(cause_of_failure(
        view.problem,
        before,
        row.opt_parsed("problem")?,
        view.at - row.time("since")?,
    ))
}

/// How long the session, connected now, was not seen connected; `None`: it is not, or never was before.
fn without_connection(row: &Row, view: &SessionView) -> Result<Option<TimeDelta>, Error> {
    if view.state != SessionState::Connected {
        return Ok(None);
    }
    let last = row.opt_time("last_connected_at")?;
    Ok(last.map(|last| view.at - last))
}

async fn keep(
    tx: &mut Tx,
    session: &SessionName,
    row: &Row,
    view: &SessionView,
    another_number: bool,
    problem: Option<SessionProblem>,
) -> Result<(), Error> {
    let connected = view.state == SessionState::Connected;
    // With another number it is another connection.
    let changed = row.parsed::<SessionState>("state")? != view.state || another_number;
    let args = args![
        session,
        view.state,
        problem,
        if changed { view.at } else { row.time("since")? },
        view.at,
        view.server.clone(),
        if connected {
            Some(view.at)
        } else {
            row.opt_time("last_connected_at")?
        }
    ];
    tx.execute_one(&KEEP, args).await?;
    let Some((number, own)) = linked_account(view) else {
        if proves_no_link(view.state) {
            tx.execute_one(&NOT_LINKED, args![session]).await?;
        }
        return Ok(());
    };
    tx.execute(&FIRST_SEEN, args![session, number, view.at])
        .await?;
    tx.execute_one(&OWN, args![session, number, own.name.clone(), view.at])
        .await?;
    if let Some(ChatId::Lid(lid)) = &own.lid {
        tx.execute(&LEARN_LID, args![session, number, lid]).await?;
    }
    if another_number {
        other_number::wait_anew(tx, session, number).await?;
    }
    Ok(())
}

/// The number that a connected session is linked to, and its account.
fn linked_account(view: &SessionView) -> Option<(&str, &OwnAccount)> {
    let own = view.own.as_ref()?;
    let number = own.chat.phone_digits()?;
    (view.state == SessionState::Connected).then_some((number, own))
}

/// Whether the view shows another number than the one that was linked last.
fn links_another(row: &Row, view: &SessionView) -> Result<bool, Error> {
    let before = row.opt_text("own_number")?;
    let now = linked_account(view).map(|(number, _)| number);
    Ok(before.is_some() && now.is_some() && before.as_deref() != now)
}

/// Whether a session in that state is linked to no number, or to one that is not known. A session that is away for a while keeps its
/// number.
const fn proves_no_link(state: SessionState) -> bool {
    match state {
        SessionState::Connected | SessionState::Qr | SessionState::Failed => true,
        SessionState::Connecting | SessionState::Disconnected => false,
    }
}
