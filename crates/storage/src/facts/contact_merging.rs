//! Two contacts turned out to be one person: everything of the one becomes the other's, in one transaction.
//!
//! The rule that must hold: nobody gets the same broadcast twice because they were two contacts before.

use domain::{
    Timestamp,
    ids::{ContactId, ConversationMessageId, MessageId},
    message_status::MessageStatus,
    release::ContactRefusal,
};

use crate::{
    Actor, CancelReason, Error, Store,
    audit::Deed,
    db::{Row, Sql, Tx, args},
    locks, release,
};

use super::{contact_households, wishes};

/// Which contact goes into which.
pub(super) struct Merge {
    pub(super) kept: ContactId,
    pub(super) gone: ContactId,
}

const SAME_BROADCASTS: Sql = Sql::both(
    "SELECT g.id AS gone_row, g.status AS gone_status, k.id AS kept_row, k.status AS kept_status
     FROM whatsapp_message_queue g
     JOIN whatsapp_message_queue k ON k.broadcast_id = g.broadcast_id AND k.contact_id = $1
     WHERE g.contact_id = $2",
);

const LEAVE_BROADCAST: Sql =
    Sql::both("UPDATE whatsapp_message_queue SET broadcast_id = NULL WHERE id = $1");

// Rows of the queue with evidence follow by the foreign key's cascade.
const REPOINT: [Sql; 17] = [
    // What an account has not read of one of them is unread.
    Sql::both(
        "DELETE FROM conversation_seen
         WHERE contact_id IN ($1, $2)
           AND EXISTS (SELECT 1 FROM conversation_message m
                       WHERE m.contact_id IN ($1, $2) AND m.contact_id <> conversation_seen.contact_id AND m.direction = 'inbound')
           AND NOT EXISTS (SELECT 1 FROM conversation_seen o
                           WHERE o.account_id = conversation_seen.account_id
                             AND o.contact_id IN ($1, $2) AND o.contact_id <> conversation_seen.contact_id)",
    ),
    Sql::both("UPDATE conversation_message SET contact_id = $1 WHERE contact_id = $2"),
    Sql::both("UPDATE whatsapp_message_queue SET contact_id = $1 WHERE contact_id = $2"),
    Sql::both("UPDATE send_reservation SET contact_id = $1 WHERE contact_id = $2"),
    Sql::both("UPDATE send_refusal SET contact_id = $1 WHERE contact_id = $2"),
    Sql::both("UPDATE message_reaction SET contact_id = $1 WHERE contact_id = $2"),
    Sql::both("UPDATE early_change SET contact_id = $1 WHERE contact_id = $2"),
    Sql::both("UPDATE unreadable_message SET contact_id = $1 WHERE contact_id = $2"),
    Sql::both("UPDATE guest SET contact_id = $1 WHERE contact_id = $2"),
    Sql::both("UPDATE guest_before SET contact_id = $1 WHERE contact_id = $2"),
    Sql::both("UPDATE contact_lid SET contact_id = $1 WHERE contact_id = $2"),
    // One phone has one seat of a code; that it is no guest's holds for both.
    Sql::both(
        "UPDATE invitation_phone
         SET tied_at = CASE WHEN o.tied_at < invitation_phone.tied_at THEN o.tied_at ELSE invitation_phone.tied_at END,
             push_name = COALESCE(invitation_phone.push_name, o.push_name),
             refused_at = COALESCE(invitation_phone.refused_at, o.refused_at)
         FROM invitation_phone o
         WHERE invitation_phone.contact_id = $1 AND o.contact_id = $2 AND o.invitation_id = invitation_phone.invitation_id",
    ),
    Sql::both(
        "DELETE FROM invitation_phone
         WHERE contact_id = $2 AND invitation_id IN (SELECT p.invitation_id FROM invitation_phone p WHERE p.contact_id = $1)",
    ),
    Sql::both("UPDATE invitation_phone SET contact_id = $1 WHERE contact_id = $2"),
    Sql::both(
        "DELETE FROM conversation_seen
         WHERE contact_id = $2 AND account_id IN (SELECT s.account_id FROM conversation_seen s WHERE s.contact_id = $1 AND s.seen_at <= conversation_seen.seen_at)",
    ),
    Sql::both(
        "DELETE FROM conversation_seen
         WHERE contact_id = $1 AND account_id IN (SELECT s.account_id FROM conversation_seen s WHERE s.contact_id = $2)",
    ),
    Sql::both("UPDATE conversation_seen SET contact_id = $1 WHERE contact_id = $2"),
];

const SESSIONS: Sql = Sql::both(
    "SELECT session, own_number, evidence_id, chat_id, last_in_at, last_out_at, answered_at, hand_typed_at, delivered_at,
            undelivered_seen_at, refused_at, refusals
     FROM contact_session WHERE contact_id IN ($1, $2) ORDER BY session, own_number",
);

const DROP_SESSIONS: Sql = Sql::both("DELETE FROM contact_session WHERE contact_id IN ($1, $2)");

const KEEP_SESSION: Sql = Sql::both(
    "INSERT INTO contact_session
         (contact_id, session, own_number, evidence_id, chat_id, last_in_at, last_out_at, answered_at, hand_typed_at, delivered_at,
          undelivered_seen_at, refused_at, refusals)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
);

// An opt-out or a suspension of either contact holds for the merged one. Where a person decided one of the two, WhatsApp's times are not
// compared.
const FACTS: Sql = Sql::both(
    "UPDATE contact
     SET opted_out_at = (SELECT max(b.opted_out_at) FROM contact b WHERE b.id IN ($1, $2)),
         suspended_at = (SELECT max(b.suspended_at) FROM contact b WHERE b.id IN ($1, $2)),
         opted_in_at = (SELECT max(b.opted_in_at) FROM contact b WHERE b.id IN ($1, $2)),
         opt_in_told_at = (SELECT max(b.opt_in_told_at) FROM contact b WHERE b.id IN ($1, $2)),
         assigned_at = (SELECT max(b.assigned_at) FROM contact b WHERE b.id IN ($1, $2)),
         identity_unconfirmed_since = (SELECT max(b.identity_unconfirmed_since) FROM contact b WHERE b.id IN ($1, $2)),
         wish_told_at = (SELECT CASE WHEN count(*) = count(b.wish_told_at) THEN max(b.wish_told_at) END FROM contact b
                         WHERE b.id IN ($1, $2) AND (b.opted_out_at IS NOT NULL OR b.suspended_at IS NOT NULL))
     WHERE id = $1",
);

// What they wrote last, under whichever identity.
const OPTED_IN_SINCE: Sql = Sql::both(
    "UPDATE contact SET opted_out_at = NULL, suspended_at = NULL, wish_told_at = NULL
     WHERE id = $1 AND wish_told_at < opt_in_told_at",
);

const DROP: Sql = Sql::both("DELETE FROM contact WHERE id = $1");

const NOT_A_GUESTS: Sql = Sql::both(
    "SELECT c.household_id FROM contact c
     WHERE c.id = $1 AND c.assigned_at IS NULL AND NOT EXISTS (SELECT 1 FROM guest g WHERE g.contact_id = c.id)
       AND EXISTS (SELECT 1 FROM invitation_phone p JOIN invitation i ON i.id = p.invitation_id
                   WHERE p.contact_id = c.id AND p.refused_at IS NOT NULL AND i.household_id = c.household_id)",
);

// What waited for one of them to write, or for room in one's share, is looked at again; not where neither has written.
const WAKE: Sql = Sql::both(
    "UPDATE whatsapp_message_queue
     SET due = 1, eligible_at = NULL, wait_reason = NULL, wait_ends = NULL
     WHERE contact_id = $1 AND status = 'pending' AND (wait_ends IS NULL OR wait_ends NOT LIKE 'person:%' OR wait_reason = 'contact_refused')
       AND (COALESCE(wait_reason, '') <> 'guest_has_not_written'
            OR EXISTS (SELECT 1 FROM contact_session s
                       JOIN whatsapp_session_status l ON l.name = s.session AND l.own_number = s.own_number
                       WHERE s.contact_id = $1 AND s.session = whatsapp_message_queue.session AND s.evidence_id IS NOT NULL))",
);

impl Store {
    /// Makes two contacts one; the one that stays. The caller holds every session's lock and the guest list's.
    pub(super) async fn merge_contacts(
        &self,
        tx: &mut Tx,
        merge: Merge,
        now: Timestamp,
    ) -> Result<ContactId, Error> {
        let Merge { kept, gone } = merge;
        // Enqueueing to either of them waits, and then finds no contact to write to rather than half of one.
        for contact in [kept.min(gone), kept.max(gone)] {
            locks::lock_contact(tx, contact).await?;
        }
        self.settle_same_broadcasts(tx, kept, gone, now).await?;
        merge_sessions(tx, kept, gone).await?;
        let left = contact_households::merge(tx, kept, gone).await?;
        for sql in &REPOINT {
            tx.execute(sql, args![kept, gone]).await?;
        }
        tx.execute_one(&FACTS, args![kept, gone]).await?;
        if tx.execute(&OPTED_IN_SINCE, args![kept]).await? == 1 {
            wishes::look_again(tx, kept).await?;
        }
        tx.execute_one(&DROP, args![gone]).await?;
        // A code had tied the one, and a person said that the other is no guest's: it holds, unless the phone is a guest's own.
        if let Some(row) = tx.first(&NOT_A_GUESTS, args![kept]).await? {
            self.take_out(tx, kept, row.parsed("household_id")?, now)
                .await?;
        }
        self.first_contact_anywhere(tx, kept, now).await?;
        tx.execute(&WAKE, args![kept]).await?;
        let left = left.map_or_else(String::new, |left| format!(", no more of household {left}"));
        let deed = Deed {
            action: "contact.merge",
            subject: &kept.to_string(),
            detail: Some(&format!("{gone}{left}")),
        };
        self.write_audit(tx, &Actor::new("facts"), deed, now)
            .await?;
        Ok(kept)
    }

    /// Of two copies of one broadcast only one stays one; the other, if it has not gone, is cancelled.
    async fn settle_same_broadcasts(
        &self,
        tx: &mut Tx,
        kept: ContactId,
        gone: ContactId,
        now: Timestamp,
    ) -> Result<(), Error> {
        for pair in tx.all(&SAME_BROADCASTS, args![kept, gone]).await? {
            let twins = [
                (pair.parsed("kept_row")?, pair.parsed("kept_status")?),
                (pair.parsed("gone_row")?, pair.parsed("gone_status")?),
            ];
            let (message, status, cancel) = superfluous(twins);
            if cancel && can_be_cancelled(status) {
                let row = release::by_id(tx, message).await?;
                self.cancel_by_rule(tx, &row, CancelReason::Duplicate, now)
                    .await?;
            }
            tx.execute_one(&LEAVE_BROADCAST, args![message]).await?;
        }
        Ok(())
    }
}

const fn can_be_cancelled(status: MessageStatus) -> bool {
    matches!(status, MessageStatus::Pending | MessageStatus::Composing)
}

/// The copy that is one too many, and whether it must not go: not when the other one will never arrive.
fn superfluous([kept, gone]: [(MessageId, MessageStatus); 2]) -> (MessageId, MessageStatus, bool) {
    let never_arrives = |status| matches!(status, MessageStatus::Cancelled | MessageStatus::Failed);
    if never_arrives(kept.1)
        || (can_be_cancelled(kept.1) && !can_be_cancelled(gone.1) && !never_arrives(gone.1))
    {
        (kept.0, kept.1, !never_arrives(kept.1))
    } else {
        (gone.0, gone.1, true)
    }
}

/// One contact's part of a session, with one own number.
struct Part {
    session: String,
    number: String,
    evidence: Option<ConversationMessageId>,
    chat: Option<String>,
    last_in_at: Option<Timestamp>,
    last_out_at: Option<Timestamp>,
    answered_at: Option<Timestamp>,
    hand_typed_at: Option<Timestamp>,
    delivered_at: Option<Timestamp>,
    undelivered_seen_at: Option<Timestamp>,
    refused: Option<ContactRefusal>,
}

fn part(row: &Row) -> Result<Part, Error> {
    Ok(Part {
        session: row.text("session")?,
        number: row.text("own_number")?,
        evidence: row.opt_parsed("evidence_id")?,
        chat: row.opt_text("chat_id")?,
        last_in_at: row.opt_time("last_in_at")?,
        last_out_at: row.opt_time("last_out_at")?,
        answered_at: row.opt_time("answered_at")?,
        hand_typed_at: row.opt_time("hand_typed_at")?,
        delivered_at: row.opt_time("delivered_at")?,
        undelivered_seen_at: row.opt_time("undelivered_seen_at")?,
        refused: release::contact_refusal(row)?,
    })
}

/// The newest message is the evidence, on whichever identity; not one of which a person said that it permits none. The newest word ends
/// what was refused before.
fn merged(a: Part, b: Part) -> Part {
    let newness = |part: &Part| (part.evidence.is_some(), part.last_in_at);
    let (newer, older) = if newness(&a) >= newness(&b) {
        (a, b)
    } else {
        (b, a)
    };
    let last_in_at = newer.last_in_at.max(older.last_in_at);
    let refused = [newer.refused, older.refused].into_iter().flatten();
    let refused = refused
        .filter(|refused| last_in_at.is_none_or(|at| refused.at > at))
        .reduce(|a, b| ContactRefusal {
            at: a.at.max(b.at),
            times: a.times.max(b.times),
        });
    Part {
        refused,
        delivered_at: newer.delivered_at.max(older.delivered_at),
        undelivered_seen_at: newer.undelivered_seen_at.max(older.undelivered_seen_at),
        last_in_at,
        last_out_at: newer.last_out_at.max(older.last_out_at),
        answered_at: newer.answered_at.max(older.answered_at),
        hand_typed_at: newer.hand_typed_at.max(older.hand_typed_at),
        ..newer
    }
}

async fn merge_sessions(tx: &mut Tx, kept: ContactId, gone: ContactId) -> Result<(), Error> {
    let rows = tx.all(&SESSIONS, args![kept, gone]).await?;
    let parts = rows.iter().map(part).collect::<Result<Vec<_>, _>>()?;
    let one_each = parts.into_iter().fold(Vec::<Part>::new(), |mut all, next| {
        match all.pop_if(|last| last.session == next.session && last.number == next.number) {
            Some(last) => all.push(merged(last, next)),
            None => all.push(next),
        }
        all
    });
    tx.execute(&DROP_SESSIONS, args![kept, gone]).await?;
    for part in one_each {
        let args = args![
            kept,
            part.session,
            part.number,
            part.evidence,
            part.chat,
            part.last_in_at,
            part.last_out_at,
            part.answered_at,
            part.hand_typed_at,
            part.delivered_at,
            part.undelivered_seen_at,
            part.refused.map(|refused| refused.at),
            part.refused.map_or(0, |refused| i64::from(refused.times))
        ];
        tx.execute_one(&KEEP_SESSION, args).await?;
    }
    Ok(())
}
