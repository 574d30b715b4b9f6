//! Nobody can say whether the message left: from now on only a proof or a person moves it (design §5).

use domain::{
    Timestamp,
    ack::Ack,
    message_status::{MessageStatus, Verb},
};

use crate::{
    Error, Finished, Store,
    db::{Sql, Tx, args},
    locks,
    timeline::NewEvent,
};

use super::{
    queue_row::{self, QueueRow},
    waits,
};

const DOUBT: Sql = Sql::both(
    "UPDATE whatsapp_message_queue SET status = $2, uncertain_since = $3, looked = 0, next_look_at = $3
     WHERE id = $1",
);

// What may have arrived counts for the cool-down as if it had.
const MAY_HAVE_LEFT: Sql = Sql::both(
    "UPDATE contact_session SET last_out_at = $3
     WHERE contact_id = $1 AND session = $2 AND own_number = $4 AND (last_out_at IS NULL OR last_out_at < $3)",
);

// What is proven not to have left counts no more. Retention may have deleted the slots of what was sent before; the conversation still
// has the messages.
const NEVER_LEFT: Sql = Sql::both(
    "UPDATE contact_session
     SET last_out_at = COALESCE(
             (SELECT max(r.ended_at) FROM send_reservation r
              WHERE r.contact_id = $1 AND r.session = $2 AND r.own_number = $3 AND r.state = 'committed'),
             (SELECT max(m.at) FROM conversation_message m
              WHERE m.contact_id = $1 AND m.session = $2 AND m.own_number = $3 AND m.origin = 'queue'))
     WHERE contact_id = $1 AND session = $2 AND own_number = $3",
);

/// A late answer proves that a message was not sent: nothing of it counts for the contact any more, unless its slot does.
pub(super) async fn take_back(tx: &mut Tx, row: &QueueRow) -> Result<(), Error> {
    locks::take_turn(tx, row.contact).await?;
    let of = row.session_number();
    tx.execute(&NEVER_LEFT, args![row.contact, of.session, of.number])
        .await?;
    waits::fewer_unanswered(tx, row.contact).await
}

impl Store {
    /// Puts a committed row in doubt, and looks at once whether an own message or a receipt that was parked explains it.
    pub(super) async fn doubt(
        &self,
        tx: &mut Tx,
        row: &QueueRow,
        now: Timestamp,
    ) -> Result<Finished, Error> {
        locks::take_turn(tx, row.contact).await?;
        let args = args![row.message, row.after(Verb::Doubt)?, now];
        tx.execute_one(&DOUBT, args).await?;
        let of = row.session_number();
        tx.execute(
            &MAY_HAVE_LEFT,
            args![row.contact, of.session, now, of.number],
        )
        .await?;
        self.write_event(tx, row.message, NewEvent::new("uncertain", now))
            .await?;
        waits::wake_held_back(tx, row.contact, row.message).await?;
        let row = queue_row::by_id(tx, row.message).await?;
        // A receipt names the id that we chose; an own message may only have the same text.
        if !self.settle_from_receipts(tx, &row, Ack::Error, now).await? {
            self.explain_parked(tx, row.session_number(), row.contact, "event", now)
                .await?;
        }
        let status = queue_row::by_id(tx, row.message).await?.status;
        Ok(if status == MessageStatus::Sent {
            Finished::Sent
        } else {
            Finished::Uncertain
        })
    }
}
