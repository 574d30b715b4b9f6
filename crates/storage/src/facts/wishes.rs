//! What a contact's own words ask of the queue: no more messages, messages again, or a person who looks.
//!
//! What words mean is `domain::opt_out`'s. The rules that must hold: an opt-out holds on every session; a message that comes
//! late does not undo what was asked after it, by WhatsApp's clock where two words meet; only the contact, or a person with a
//! reason, takes an opt-out back.

use domain::{
    Timestamp,
    ids::ContactId,
    opt_out::{self, Meaning},
    release::RefuseReason,
    wire::{MessageKind, ObservedMessage},
};

use crate::{
    Actor, CancelReason, Error, Store,
    audit::Deed,
    db::{Sql, Tx, args},
    release::{self, queue_rows},
};

/// What a contact asks for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wish {
    pub(super) meaning: Meaning,
    /// When they wrote it, by WhatsApp's clock.
    pub(super) told: Timestamp,
    /// By ours, at the latest: while our clock may be wrong, an opt-out counts as fresh.
    pub(super) at: Timestamp,
}

/// Whether no word of theirs for messages came after the one of $3, and no person's decision for them after $2. Of two in one second the
/// one against messages holds.
macro_rules! holds_still {
    () => {
        "(opt_in_told_at IS NULL OR opt_in_told_at <= $3) AND (opted_in_at IS NULL OR opted_in_at < $2)"
    };
}

const OPT_OUT: Sql = Sql::both(concat!(
    "UPDATE contact
     SET opted_out_at = $2, suspended_at = NULL, wish_told_at = CASE WHEN wish_told_at > $3 THEN wish_told_at ELSE $3 END
     WHERE id = $1 AND ", holds_still!(), " AND (opted_out_at IS NULL OR opted_out_at < $2)"
));

const SUSPEND: Sql = Sql::both(concat!(
    "UPDATE contact SET suspended_at = $2, wish_told_at = $3
     WHERE id = $1 AND opted_out_at IS NULL AND suspended_at IS NULL AND ",
    holds_still!()
));

// What holds already holds against words for messages that came before this one, and are found later.
const SUSPEND_STILL: Sql = Sql::both(concat!(
    "UPDATE contact SET wish_told_at = $3
     WHERE id = $1 AND COALESCE(wish_told_at < $3, opted_out_at < $2, suspended_at < $2) AND ",
    holds_still!()
));

const OPT_IN: Sql = Sql::both(
    "UPDATE contact SET opted_out_at = NULL, suspended_at = NULL, wish_told_at = NULL
     WHERE id = $1 AND (opted_out_at IS NOT NULL OR suspended_at IS NOT NULL)
       AND COALESCE(wish_told_at < $3,
                    (opted_out_at IS NULL OR opted_out_at < $2) AND (suspended_at IS NULL OR suspended_at < $2))",
);

// Also where there was nothing to undo: an opt-out that came before it may be found later.
const OPT_IN_TOLD: Sql = Sql::both(
    "UPDATE contact SET opt_in_told_at = $2 WHERE id = $1 AND (opt_in_told_at IS NULL OR opt_in_told_at < $2)",
);

// The first conditions are the index's own. What answers a word that came after the opt-out is left to the rules.
const REFUSED: Sql = queue_rows!(
    "JOIN contact c ON c.id = q.contact_id
     WHERE q.contact_id = $1 AND q.status IN ('pending', 'composing', 'sending', 'uncertain', 'failed')
       AND q.status IN ('pending', 'composing') AND c.opted_out_at IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM conversation_message a WHERE a.id = q.reply_to AND a.at > c.opted_out_at)
     ORDER BY q.id"
);

const LOOK_AGAIN: Sql = Sql::both(
    "UPDATE whatsapp_message_queue
     SET due = 1, eligible_at = NULL, wait_reason = NULL, wait_ends = NULL
     WHERE contact_id = $1 AND status = 'pending' AND wait_reason = 'contact_suspended'",
);

/// What a message asks for: only whole texts that a contact wrote are read.
pub(super) fn of(message: &ObservedMessage) -> Meaning {
    match &message.body {
        Some(body) if !message.from_me && message.kind == MessageKind::Text => opt_out::read(body),
        _ => Meaning::Nothing,
    }
}

impl Store {
    /// Does what the contact asked for. For an opt-out every session must be locked.
    pub(super) async fn heed(
        &self,
        tx: &mut Tx,
        contact: ContactId,
        wish: Wish,
        now: Timestamp,
    ) -> Result<(), Error> {
        let Wish { meaning, told, at } = wish;
        let (sql, at, action) = match meaning {
            Meaning::OptOut => (&OPT_OUT, at, "contact.opted_out"),
            // At the earliest: it must not undo what a person decided after it.
            Meaning::OptIn => (&OPT_IN, told, "contact.opted_in"),
            Meaning::Pause => (&SUSPEND, at, "contact.suspended"),
            Meaning::Nothing => return Ok(()),
        };
        let at = at.min(now);
        match meaning {
            Meaning::OptIn => tx.execute(&OPT_IN_TOLD, args![contact, told]).await?,
            Meaning::Pause => tx.execute(&SUSPEND_STILL, args![contact, at, told]).await?,
            Meaning::OptOut | Meaning::Nothing => 0,
        };
        if tx.execute(sql, args![contact, at, told]).await? == 0 {
            return Ok(());
        }
        match meaning {
            Meaning::OptOut => self.cancel_refused(tx, contact, now).await?,
            Meaning::OptIn => look_again(tx, contact).await?,
            Meaning::Pause | Meaning::Nothing => {}
        }
        let subject = contact.to_string();
        let deed = Deed {
            action,
            subject: &subject,
            detail: Some("by their own words"),
        };
        self.write_audit(tx, &Actor::contact(), deed, now).await
    }

    /// If the contact opted out: cancels what has not left to them, on every session.
    pub(crate) async fn cancel_refused(
        &self,
        tx: &mut Tx,
        contact: ContactId,
        now: Timestamp,
    ) -> Result<(), Error> {
        for row in release::all(tx, &REFUSED, args![contact]).await? {
            let reason = CancelReason::Rule(RefuseReason::OptedOut);
            self.cancel_by_rule(tx, &row, reason, now).await?;
        }
        Ok(())
    }
}

/// What waited for a decision about the contact is looked at again.
pub(crate) async fn look_again(tx: &mut Tx, contact: ContactId) -> Result<(), Error> {
    tx.execute(&LOOK_AGAIN, args![contact]).await?;
    Ok(())
}
