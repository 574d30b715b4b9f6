//! The facts that `domain::release` decides on, read inside the caller's transaction.
//!
//! Shared by the claim, the commit and the explanations that people read: all of them must look at the same things.
//! Nothing is decided here.

use std::time::Duration;

use domain::{
    Timestamp,
    ids::{ContactId, MessageId},
    phone_number::PhoneNumber,
    release::{ContactFacts, Evidence, MessageFacts, PastSend, SessionFacts, UNANSWERED_WITHIN},
    session::{SessionName, SessionProblem},
};

use crate::{
    Error, clock_steps,
    db::{Row, Sql, Tx, args},
    release, send_outage,
    session_number::{self, SessionNumber, linked_number},
};

/// The long rolling window of design §6. Simulated runs have a shorter one, but older sends do them no harm.
pub(crate) const DAY: Duration = Duration::from_hours(24);

/// Whether another session is linked to the number of a row of `whatsapp_session_status`, and is not gone. One that was not seen connected
/// for a day (in milliseconds) is gone, or not configured any more, and keeps no other from sending. Shorter, a restart of WAHA would let
/// one of two send in between. It sends nothing itself before it is seen again.
macro_rules! shares_number {
    () => {
        concat!(
            "(SELECT CAST(count(*) AS BIGINT) FROM whatsapp_session_status o
              WHERE o.own_number = s.own_number AND o.linked = 1 AND s.linked = 1 AND o.name <> s.name
                AND o.last_connected_at > s.checked_at - 86400000)"
        )
    };
}
pub(crate) use shares_number;

const SESSION: Sql = Sql::both(concat!(
    "SELECT state, problem, paused_by, linked, own_number, clock_forward_ms, clock_set_at,
            ", shares_number!(), " AS shares_number,
            (SELECT min(n.first_connected_at) FROM session_number n WHERE n.number = s.own_number) AS first_connected_at
     FROM whatsapp_session_status s WHERE s.name = $1"
));

// Limits count by own number, whichever session sent. A send counts from its commit until one window after its end (domain, windows.rs). The index knows the commit only:
// one more window is far longer than any call to WAHA.
const SESSION_SENDS: Sql = Sql::both(
    "SELECT contact_id, lane, cold, ended_at FROM send_reservation
     WHERE own_number = $1 AND state = 'committed' AND committed_at > $2
       AND (ended_at IS NULL OR ended_at > $3)",
);

// They count in the hour, not in the day.
const SESSION_UNSENT: Sql = Sql::both(
    "SELECT contact_id, lane, CAST(0 AS BIGINT) AS cold, unsent_at AS ended_at FROM send_reservation
     WHERE own_number = $1 AND unsent_at > $2",
);

const HAND_TYPED: Sql = Sql::both(
    "SELECT at FROM conversation_message WHERE own_number = $1 AND origin = 'phone' AND at > $2",
);

/// The session's part, with what was sent in the last `rules_day`. `None`: there is no such session.
pub(crate) async fn session_facts(
    tx: &mut Tx,
    session: &SessionName,
    now: Timestamp,
    rules_day: Duration,
) -> Result<Option<SessionFacts>, Error> {
    let Some(row) = tx.first(&SESSION, args![session]).await? else {
        return Ok(None);
    };
    let since = now - rules_day;
    let own_number = row.opt_text("own_number")?.unwrap_or_default();
    let sends = tx
        .all(&SESSION_SENDS, args![&own_number, since - rules_day, since])
        .await?;
    let unsent = tx.all(&SESSION_UNSENT, args![&own_number, since]).await?;
    let holds = session_number::holds(tx, &own_number).await?;
    let of = SessionNumber::new(session, &own_number);
    let outage = send_outage::read(tx, of).await?;
    let hand_typed = tx.all(&HAND_TYPED, args![own_number, since]).await?;
    Ok(Some(SessionFacts {
        state: row.parsed("state")?,
        key_refused: row.opt_parsed("problem")? == Some(SessionProblem::KeyRefused),
        paused: row.opt_text("paused_by")?.is_some(),
        lock: holds.lock,
        replies_locked: holds.lock_replies,
        capping: holds.capping,
        own_number: linked_number_of(&row)?,
        shares_number: row.int("shares_number")? > 0,
        first_connected_at: row.opt_time("first_connected_at")?,
        outage,
        sends: sends.iter().map(past_send).collect::<Result<_, _>>()?,
        unsent: unsent.iter().map(past_send).collect::<Result<_, _>>()?,
        hand_typed: hand_typed
            .iter()
            .map(|row| row.time("at"))
            .collect::<Result<_, _>>()?,
        gaps: holds.gaps,
        clock_doubt: clock_steps::doubt(&row, now)?,
    }))
}

/// Reads `linked` and `own_number` of a session's row: the number that is linked to it; `None`: none is, as far as is known.
pub(crate) fn linked_number_of(row: &Row) -> Result<Option<PhoneNumber>, Error> {
    let number = row.opt_made("own_number")?;
    let linked = row.flag("linked")?;
    Ok(number.filter(|_| linked))
}

/// A query for [`assembled`]; `$which` picks the contacts, `$2` is the session.
macro_rules! contact_query {
    ($which:expr) => {
        // The contact is no condition for an index: PostgreSQL would read all that a contact ever wrote, for one message of theirs.
        // Somebody else's message, or one that went out, is no evidence, whoever put it there.
        concat!(
            "SELECT c.id AS contact_id, c.opted_out_at, c.suspended_at, c.identity_unconfirmed_since, s.hand_typed_at, s.refused_at, s.refusals,
                    e.id AS evidence_id, e.chat_id AS evidence_chat, s.last_in_at AS evidence_at,
                    (SELECT max(a.last_out_at) FROM contact_session a WHERE a.contact_id = c.id) AS last_out_at,
                    (SELECT max(r.ended_at) FROM send_reservation r
                     WHERE r.contact_id = c.id AND r.state = 'committed') AS last_ended_at
             FROM contact c
             LEFT JOIN contact_session s ON s.contact_id = c.id AND s.session = $2 AND s.contact_id ", $which, "
                 AND s.own_number = ", linked_number!("$2"), "
             LEFT JOIN conversation_message e
                 ON e.id = s.evidence_id AND e.session = s.session AND e.own_number = s.own_number
                     AND e.contact_id || '' = s.contact_id AND e.direction = 'inbound'
             WHERE c.id ",
            $which
        )
    };
}
pub(crate) use contact_query;

const CONTACT: Sql = Sql::both(contact_query!("= $1"));

/// On every session: limits are per contact (design §4).
macro_rules! contact_sends {
    ($which:expr) => {
        concat!(
            "SELECT contact_id, lane, cold, ended_at FROM send_reservation
             WHERE state = 'committed' AND committed_at > $2 AND (ended_at IS NULL OR ended_at > $3) AND contact_id ",
            $which
        )
    };
}
pub(crate) use contact_sends;

const CONTACT_SENDS: Sql = Sql::both(contact_sends!("= $1"));

/// When each message was sent that nothing has answered, since `$3`: by the number that is linked to the session `$2`, from whichever
/// session. A message that was sent twice counts once.
macro_rules! contact_unanswered {
    ($which:expr) => {
        concat!(
            "SELECT r.contact_id, max(r.ended_at) AS ended_at
             FROM (SELECT contact_id, own_number, max(COALESCE(answered_at, 0)) AS answered_at FROM contact_session
                   WHERE contact_id ", $which, " AND own_number = ", linked_number!("$2"), "
                   GROUP BY contact_id, own_number) a
             CROSS JOIN send_reservation r
             JOIN whatsapp_message_queue q ON q.id = r.message_id AND q.status = 'sent'
             WHERE r.contact_id = a.contact_id AND r.own_number = a.own_number AND r.state = 'committed'
               AND r.ended_at > CASE WHEN a.answered_at > $3 THEN a.answered_at ELSE $3 END
             GROUP BY r.contact_id, r.message_id"
        )
    };
}
pub(crate) use contact_unanswered;

const CONTACT_UNANSWERED: Sql = Sql::both(contact_unanswered!("= $1"));

// On every session: order is per contact (design §4).
const OTHERS_UNDER_WAY: Sql = Sql::both(
    "SELECT status, uncertain_since FROM whatsapp_message_queue
     WHERE contact_id = $1 AND status IN ('composing', 'sending', 'uncertain') AND id <> $2",
);

/// The contact's part on `session`, for the own number that was linked to it last; `except_message` is not counted as another message under way.
///
/// A contact that does not exist is a corrupt reference: [`Error::Corrupt`].
pub(crate) async fn contact_facts(
    tx: &mut Tx,
    session: &SessionName,
    contact: ContactId,
    except_message: Option<MessageId>,
    now: Timestamp,
) -> Result<ContactFacts, Error> {
    let row = tx
        .first(&CONTACT, args![contact, session])
        .await?
        .ok_or(Error::Corrupt {
            column: "contact_id",
        })?;
    let since = now - DAY;
    let sends = tx
        .all(&CONTACT_SENDS, args![contact, since - DAY, since])
        .await?;
    let since = now - UNANSWERED_WITHIN;
    let unanswered = tx
        .all(&CONTACT_UNANSWERED, args![contact, session, since])
        .await?;
    // No message has the empty id: nothing is excepted.
    let except = except_message.map_or_else(String::new, |id| id.to_string());
    let under_way = tx.all(&OTHERS_UNDER_WAY, args![contact, except]).await?;
    assembled(&row, &sends, &unanswered, &under_way)
}

/// A contact's facts, from a row of [`contact_query`], its rows of [`contact_sends`] and [`contact_unanswered`], and `status` and `uncertain_since` of what
/// is under way to it.
pub(crate) fn assembled<'r>(
    row: &Row,
    sends: impl IntoIterator<Item = &'r Row>,
    unanswered: impl IntoIterator<Item = &'r Row>,
    under_way: impl IntoIterator<Item = &'r Row>,
) -> Result<ContactFacts, Error> {
    let (mut uncertain_since, mut open) = (None, false);
    for one in under_way {
        uncertain_since = uncertain_since.max(one.opt_time("uncertain_since")?);
        open |= one.text("status")? != "uncertain";
    }
    Ok(ContactFacts {
        contact: row.parsed("contact_id")?,
        evidence: evidence(row)?,
        identity_unconfirmed: row.opt_time("identity_unconfirmed_since")?.is_some(),
        opted_out_at: row.opt_time("opted_out_at")?,
        suspended_at: row.opt_time("suspended_at")?,
        refused: release::contact_refusal(row)?,
        unanswered: unanswered
            .into_iter()
            .map(|row| row.time("ended_at"))
            .collect::<Result<_, _>>()?,
        hand_typed_at: row.opt_time("hand_typed_at")?,
        sends: sends.into_iter().map(past_send).collect::<Result<_, _>>()?,
        last_out_at: row
            .opt_time("last_out_at")?
            .max(row.opt_time("last_ended_at")?),
        uncertain_since,
        open,
    })
}

/// Reads `evidence_id`, `evidence_chat` and `evidence_at`: a contact's newest direct message on a session.
pub(crate) fn evidence(row: &Row) -> Result<Option<Evidence>, Error> {
    let Some(id) = row.opt_parsed("evidence_id")? else {
        return Ok(None);
    };
    Ok(Some(Evidence {
        id,
        chat: row.made("evidence_chat")?,
        at: row.time("evidence_at")?,
    }))
}

fn past_send(row: &Row) -> Result<PastSend, Error> {
    Ok(PastSend {
        contact: row.parsed("contact_id")?,
        lane: row.parsed("lane")?,
        at: row.opt_time("ended_at")?,
        cold: row.flag("cold")?,
    })
}

/// The message's part, from a row of `whatsapp_message_queue` with the columns `lane`, `send_now`, `queued_at`,
/// `not_before`, `not_after`, `drop_if_answered`, `answers_at`: the `at` of the `conversation_message` that `reply_to` names, and
/// `broadcast_state`: the `state` of the `broadcast` that `broadcast_id` names, if it is one of ours.
pub(crate) fn message_facts(row: &Row) -> Result<MessageFacts, Error> {
    Ok(MessageFacts {
        lane: row.parsed("lane")?,
        send_now: row.flag("send_now")?,
        queued_at: row.time("queued_at")?,
        not_before: row.opt_time("not_before")?,
        not_after: row.opt_time("not_after")?,
        drop_if_answered: row.flag("drop_if_answered")?,
        answers_at: row.opt_time("answers_at")?,
        broadcast: row.opt_parsed("broadcast_state")?,
    })
}
