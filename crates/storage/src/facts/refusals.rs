//! WhatsApp refused a message after accepting it (ack −1), and what takes that back.
//!
//! The rule that must hold: a refusal that something better contradicts, before or after it, is no failure and no sign of a
//! restriction.

use std::time::Duration;

use domain::{
    Timestamp,
    ack::Ack,
    message_status::{MessageStatus, Verb},
    outcome::FailureReason,
};

use crate::{
    AckRecorded, Error, Store,
    db::{Sql, Tx, args},
    release::{self, EarlierSend, QueueRow},
    timeline::NewEvent,
};

const REFUSALS_WITHIN: Duration = Duration::from_mins(30);

/// Two contacts that refused within half an hour are a restriction, not a coincidence (design §6, locks).
const REFUSALS_THAT_LOCK: u32 = 2;

const REFUSE: Sql =
    Sql::both("UPDATE whatsapp_message_queue SET status = $2, last_error = $3 WHERE id = $1");

const REFUSED: Sql = Sql::both(
    "INSERT INTO send_refusal (session, message_id, contact_id, at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (session, message_id) DO UPDATE SET at = excluded.at",
);

const TAKE_BACK: Sql =
    Sql::both("UPDATE whatsapp_message_queue SET status = $2, last_error = NULL WHERE id = $1");

// Of the number, whichever session sent.
const REFUSALS: Sql = Sql::both(
    "SELECT CAST(count(DISTINCT contact_id) AS BIGINT) AS contacts FROM send_refusal r
     WHERE session IN (SELECT name FROM whatsapp_session_status) AND at > $2
       AND (SELECT q.own_number FROM whatsapp_message_queue q WHERE q.id = r.message_id) = $1",
);

impl Store {
    /// A person had a message tried again, and now it shows that WhatsApp had it: sent again, it would arrive twice.
    pub(super) async fn ack_of_earlier(
        &self,
        tx: &mut Tx,
        earlier: EarlierSend,
        ack: Ack,
        at: Timestamp,
    ) -> Result<AckRecorded, Error> {
        let message = earlier.row.message;
        if ack.proves_arrival() {
            let sent = self.earlier_arrived(tx, earlier, "receipt", at, at).await?;
            if let Some(row) = sent {
                return self.fold_ack(tx, &row, ack, at).await;
            }
        }
        Ok(AckRecorded::Known(message))
    }

    /// A better receipt after a refusal: the message is sent again, and the refusal is no sign of a restriction any more.
    pub(super) async fn not_refused(
        &self,
        tx: &mut Tx,
        row: &QueueRow,
        at: Timestamp,
    ) -> Result<(), Error> {
        let status = row.after(Verb::AckBetter)?;
        tx.execute_one(&TAKE_BACK, args![row.message, status])
            .await?;
        let event = NewEvent {
            detail: Some("receipt"),
            ..NewEvent::new("sent", at)
        };
        self.write_event(tx, row.message, event).await?;
        release::forget_refusal(tx, &row.session, row.message).await?;
        Ok(())
    }

    /// The second contact that refuses within half an hour locks the number. A refusal that is told again changes nothing; it is
    /// answered again, for whoever looks at the account because of it may have been interrupted.
    pub(super) async fn refused(
        &self,
        tx: &mut Tx,
        row: &QueueRow,
        at: Timestamp,
    ) -> Result<AckRecorded, Error> {
        let new = row.status == MessageStatus::Sent;
        if new {
            let status = row.after(Verb::AckError)?;
            let reason = FailureReason::RefusedByWhatsapp;
            tx.execute_one(&REFUSE, args![row.message, status, reason])
                .await?;
            let event = NewEvent {
                detail: Some(reason.as_str()),
                ..NewEvent::new("failed", at)
            };
            self.write_event(tx, row.message, event).await?;
            self.refused_contact(tx, row, at).await?;
        }
        Ok(AckRecorded::Failed {
            message: row.message,
            session_errors_last_30min: refused_contacts(tx, row, at).await?,
        })
    }

    /// WhatsApp refused a message to this contact, while accepting or after. The second contact within half an hour locks the number.
    pub(crate) async fn refused_contact(
        &self,
        tx: &mut Tx,
        row: &QueueRow,
        at: Timestamp,
    ) -> Result<(), Error> {
        let args = args![&row.session, row.message, row.contact, at];
        tx.execute(&REFUSED, args).await?;
        if refused_contacts(tx, row, at).await? < REFUSALS_THAT_LOCK {
            return Ok(());
        }
        self.lock_after_refused_contacts(tx, row.session_number(), at)
            .await
    }
}

/// How many contacts refused the number's messages lately.
async fn refused_contacts(tx: &mut Tx, row: &QueueRow, at: Timestamp) -> Result<u32, Error> {
    let (of, since) = (row.session_number(), at - REFUSALS_WITHIN);
    let count = tx.first(&REFUSALS, args![of.number, since]).await?;
    count.map_or(Ok(0), |row| row.count("contacts"))
}
