//! Receipts. They come doubled, late, out of order, and before we know the message's id.
//!
//! The rule that must hold: whatever the order, the best receipt counts, and the message ends alike. A refusal counts only as long
//! as nothing better was seen: what comes better after it takes it back.

use std::time::Duration;

use domain::{
    Timestamp, ack::Ack, ids::MessageId, message_status::MessageStatus, receipts::READ_AGAIN,
    session::SessionName, wire::AckFact,
};

use crate::{
    Error, Store,
    db::{Sql, Tx, args},
    locks,
    release::{self, QueueRow, queue_rows},
    settling::Proof,
    timeline::NewEvent,
};

/// What a receipt meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AckRecorded {
    /// For this message.
    Known(MessageId),
    /// WhatsApp refused this message after accepting it.
    Failed {
        /// Which.
        message: MessageId,
        /// How many different contacts of that own number had such a refusal in the last 30 minutes, this one included.
        session_errors_last_30min: u32,
    },
    /// For a message whose id we do not know (yet): kept for three days.
    Unknown,
}

const KEPT: Duration = READ_AGAIN;

const BY_RAW_ID: Sql = queue_rows!("WHERE q.session = $1 AND q.raw_id = $2");

const IN_DOUBT: Sql =
    queue_rows!("WHERE q.session = $1 AND q.status = 'uncertain' AND q.client_raw_id = $2");

const PARK: Sql = Sql::both(
    "INSERT INTO ack_parking (session, raw_id, ack, at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (session, raw_id, ack) DO UPDATE SET at = excluded.at
     WHERE excluded.at < ack_parking.at",
);

const FORGET_OLD: Sql = Sql::both("DELETE FROM ack_parking WHERE at < $1");

// The best first: then an older refusal finds that it does not count.
const PARKED: Sql = Sql::both(
    "SELECT ack, at FROM ack_parking WHERE session = $1 AND raw_id = $2 ORDER BY ack DESC",
);

const UNPARK: Sql = Sql::both("DELETE FROM ack_parking WHERE session = $1 AND raw_id = $2");

const FOLD: Sql = Sql::both(
    "UPDATE whatsapp_message_queue SET ack = $2, delivered_at = $3, read_at = $4 WHERE id = $1",
);

const DELIVERED: Sql = Sql::both(
    "UPDATE contact_session SET delivered_at = $4
     WHERE contact_id = $1 AND session = $2 AND own_number = $3 AND (delivered_at IS NULL OR delivered_at < $4)",
);

impl Store {
    /// Folds a receipt into its message. One for the id that we chose for a message in doubt proves that it was sent.
    /// The session must exist: [`Error::UnexpectedRows`].
    pub async fn record_ack(
        &self,
        session: &SessionName,
        fact: &AckFact,
    ) -> Result<AckRecorded, Error> {
        let mut tx = self.db.write().await?;
        locks::lock_session(&mut tx, session)
            .await?
            .ok_or(Error::UnexpectedRows { touched: 0 })?;
        let recorded = if let Some(row) = self.acknowledged(&mut tx, session, fact).await? {
            self.fold_ack(&mut tx, &row, fact.ack, fact.at).await?
        } else if let Some(earlier) = release::earlier_send(&mut tx, session, &fact.raw_id).await? {
            self.ack_of_earlier(&mut tx, earlier, fact.ack, fact.at)
                .await?
        } else {
            park(&mut tx, session, &fact.raw_id, fact.ack, fact.at).await?;
            AckRecorded::Unknown
        };
        tx.commit().await?;
        Ok(recorded)
    }

    async fn acknowledged(
        &self,
        tx: &mut Tx,
        session: &SessionName,
        fact: &AckFact,
    ) -> Result<Option<QueueRow>, Error> {
        let args = args![session, &fact.raw_id];
        if let Some(row) = release::first(tx, &BY_RAW_ID, args).await? {
            // Its id stays with it until the next claim, but it is not the send that is waited for.
            return Ok(Some(row).filter(|row| !row.is_between_attempts()));
        }
        let args = args![session, &fact.raw_id];
        let Some(row) = release::first(tx, &IN_DOUBT, args).await? else {
            return Ok(None);
        };
        let proof = Proof {
            raw_id: Some(&fact.raw_id),
            at: fact.at,
            told_by: "receipt",
            took_ms: None,
        };
        self.mark_sent(tx, &row, proof, fact.at).await?;
        release::by_id(tx, row.message).await.map(Some)
    }

    /// Folds a receipt into a row; while the row's end is still to come, the receipt is parked. One for a send that a person has had
    /// tried again since belongs to [`Store::ack_of_earlier`].
    pub(super) async fn fold_ack(
        &self,
        tx: &mut Tx,
        row: &QueueRow,
        ack: Ack,
        at: Timestamp,
    ) -> Result<AckRecorded, Error> {
        if row.status == MessageStatus::Sending
            && let Some(raw_id) = &row.raw_id
        {
            park(tx, &row.session, raw_id, ack, at).await?;
            return Ok(AckRecorded::Known(row.message));
        }
        if row.status == MessageStatus::Pending {
            return Ok(AckRecorded::Known(row.message));
        }
        let folded = Ack::fold(row.ack, ack);
        let delivered_at = earliest(row.delivered_at, (ack >= Ack::Device).then_some(at));
        let read_at = earliest(row.read_at, (ack >= Ack::Read).then_some(at));
        tx.execute_one(&FOLD, args![row.message, folded, delivered_at, read_at])
            .await?;
        for (phase, before, after) in [
            ("delivered", row.delivered_at, delivered_at),
            ("read", row.read_at, read_at),
        ] {
            if let (None, Some(at)) = (before, after) {
                self.write_event(tx, row.message, NewEvent::new(phase, at))
                    .await?;
            }
        }
        if row.delivered_at.is_none()
            && let Some(at) = delivered_at
        {
            let of = row.session_number();
            let args = args![row.contact, of.session, of.number, at];
            tx.execute(&DELIVERED, args).await?;
        }
        if folded == Ack::Error {
            return self.refused(tx, row, at).await;
        }
        if folded.proves_arrival() && row.status == MessageStatus::Failed {
            self.not_refused(tx, row, at).await?;
        }
        Ok(AckRecorded::Known(row.message))
    }

    /// A receipt for the id that we chose came while nobody could know yet how the call would end. From `least` on it proves that the
    /// message was sent. Whether there was one.
    pub(crate) async fn settle_from_receipts(
        &self,
        tx: &mut Tx,
        row: &QueueRow,
        least: Ack,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let Some(chosen) = &row.client_raw_id else {
            return Ok(false);
        };
        let parked = tx.all(&PARKED, args![&row.session, chosen]).await?;
        let times: Vec<Timestamp> = parked
            .iter()
            .filter(|receipt| receipt.int("ack").is_ok_and(|ack| ack >= least.level()))
            .map(|receipt| receipt.time("at"))
            .collect::<Result<_, _>>()?;
        let Some(at) = times.into_iter().min() else {
            return Ok(false);
        };
        let proof = Proof {
            raw_id: Some(chosen),
            at,
            told_by: "receipt",
            took_ms: None,
        };
        self.mark_sent(tx, row, proof, now).await?;
        Ok(true)
    }

    /// Applies the receipts that came before the raw id was known.
    pub(crate) async fn apply_parked_acks(
        &self,
        tx: &mut Tx,
        row: &QueueRow,
        raw_id: &str,
    ) -> Result<(), Error> {
        if row.status == MessageStatus::Sending {
            return Ok(());
        }
        let parked = tx.all(&PARKED, args![&row.session, raw_id]).await?;
        for receipt in &parked {
            let ack =
                Ack::try_from(receipt.int("ack")?).map_err(|_| Error::Corrupt { column: "ack" })?;
            let row = release::by_id(tx, row.message).await?;
            self.fold_ack(tx, &row, ack, receipt.time("at")?).await?;
        }
        tx.execute(&UNPARK, args![&row.session, raw_id]).await?;
        Ok(())
    }
}

async fn park(
    tx: &mut Tx,
    session: &SessionName,
    raw_id: &str,
    ack: Ack,
    at: Timestamp,
) -> Result<(), Error> {
    tx.execute(&PARK, args![session, raw_id, ack, at]).await?;
    tx.execute(&FORGET_OLD, args![at - KEPT]).await?;
    Ok(())
}

fn earliest(a: Option<Timestamp>, b: Option<Timestamp>) -> Option<Timestamp> {
    a.into_iter().chain(b).min()
}
