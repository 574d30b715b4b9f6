//! The claim's last step: the message becomes a composition, with its evidence and its slot.

use domain::{
    Timestamp, ids::AttemptId, message_status::Verb, pacing::Plan, phone_number::PhoneNumber,
};

use crate::{
    AnsweredMessage, Claimer, Error, Store, Work,
    db::{Sql, Tx, args},
    timeline::NewEvent,
};

use super::{asking::Leave, queue_row::QueueRow, reservations};

// What an earlier attempt left behind is cleared: a message that goes again is another message to WhatsApp.
const TAKE: Sql = Sql::both(
    "UPDATE whatsapp_message_queue
     SET status = $2, attempt_id = $3, attempt_epoch = $4, evidence_id = $5, own_number = $6, attempts = attempts + 1,
         committed_at = NULL, client_raw_id = NULL, raw_id = NULL, snapshot = NULL, ack = NULL, last_error = NULL,
         sent_at = NULL, delivered_at = NULL, read_at = NULL, uncertain_since = NULL, looked = 0, next_look_at = NULL
     WHERE id = $1",
);

/// A guest who saw "typing…" so often without a message sees it no more until one was sent (design §6).
const MOST_SHOWN_IN_VAIN: u32 = 3;

const ANSWERED: Sql =
    Sql::both("SELECT full_id, raw_id FROM conversation_message WHERE id = $1 AND own_number = $2");

/// What a claim chose.
pub(super) struct Choice<'a> {
    pub(super) row: &'a QueueRow,
    pub(super) plan: Plan,
    pub(super) leave: Leave,
}

impl Store {
    pub(super) async fn take(
        &self,
        tx: &mut Tx,
        claimer: &Claimer<'_>,
        choice: Choice<'_>,
        attempt: AttemptId,
        now: Timestamp,
    ) -> Result<Work, Error> {
        let Choice { row, plan, leave } = choice;
        let plan = if reservations::shown_in_vain(tx, row.contact).await? < MOST_SHOWN_IN_VAIN {
            plan
        } else {
            plan.without_typing()
        };
        let args = args![
            row.message,
            row.after(Verb::Claim)?,
            attempt,
            claimer.epoch,
            leave.evidence.id,
            &leave.own_number
        ];
        tx.execute_one(&TAKE, args).await?;
        let reservation = self.ids.reservation(now);
        reservations::hold(tx, reservation, row, attempt, &leave, now).await?;
        let event = NewEvent {
            detail: leave.cold.then_some("contact_cold"),
            ..NewEvent::new("claimed", now)
        };
        self.write_event(tx, row.message, event).await?;
        Ok(Work {
            message: row.message,
            version: row.version,
            contact: row.contact,
            attempt,
            lane: leave.lane,
            text: row.text.clone(),
            chat: leave.evidence.chat,
            plan,
            answers: answered(tx, row, &leave.own_number).await?,
            own_number: leave.own_number,
            link_preview: row.link_preview,
            reservation,
            not_after: row.facts.not_after,
        })
    }
}

/// What it quotes: a message to another number is in none of this number's chats.
async fn answered(
    tx: &mut Tx,
    row: &QueueRow,
    own_number: &PhoneNumber,
) -> Result<Option<AnsweredMessage>, Error> {
    let Some(reply_to) = row.reply_to else {
        return Ok(None);
    };
    let found = tx.first(&ANSWERED, args![reply_to, own_number]).await?;
    found
        .map(|row| {
            Ok(AnsweredMessage {
                full_id: row.text("full_id")?,
                raw_id: row.text("raw_id")?,
            })
        })
        .transpose()
}
