//! The first evidence of a contact on a session releases what waited for it. Which of it leaves is `domain`'s to say.
//!
//! What waited is known by its reason: a row waits with `guest_has_not_written` only where there was no evidence. So the same words
//! hold whether the evidence came with a message, with a chat that was read back, or with a contact that turned out to be the same. A
//! number that is linked again has its evidence already: `other_number` then releases all that waits.

use chrono::TimeDelta;
use domain::{
    Timestamp,
    ids::ContactId,
    lane::Lane,
    release::{FirstContact, RefuseReason, WaitingNews, first_contact},
    session::SessionName,
    wait::{AwaitedPerson, Wait, WaitReason},
};

use crate::{
    CancelReason, Error, Store, clock_steps,
    db::{Sql, Tx, args},
    release::{self, QueueRow, queue_rows},
    timeline::NewEvent,
};

// The first conditions are the index's own.
const WAITED: Sql = queue_rows!(
    "WHERE q.contact_id = $1 AND q.session = $2 AND q.status = 'pending'
       AND q.lane = $3 AND q.wait_reason = $4
     ORDER BY q.id"
);

const HEARD: Sql = Sql::both(
    "SELECT s.session FROM contact_session s
     JOIN whatsapp_session_status l ON l.name = s.session AND l.own_number = s.own_number
     WHERE s.contact_id = $1 AND s.evidence_id IS NOT NULL ORDER BY s.session",
);

const OLDER_NEWS: Wait = Wait::person(WaitReason::PutAside, AwaitedPerson::Review);

impl Store {
    /// There is evidence of the contact on the session now: of the news that waited for it, the newest is left to go, the rest is put
    /// aside or has expired. To be called before what waits is set due. The caller holds the session's and the contact's lock.
    pub(super) async fn first_contact(
        &self,
        tx: &mut Tx,
        contact: ContactId,
        session: &SessionName,
        now: Timestamp,
    ) -> Result<(), Error> {
        let reason = WaitReason::GuestHasNotWritten;
        let args = args![contact, session, Lane::Broadcast, reason];
        let rows = release::all(tx, &WAITED, args).await?;
        let doubt = clock_steps::doubt_of(tx, session, now).await?;
        let news: Vec<_> = rows.iter().map(|row| waiting_news(row, doubt)).collect();
        for (row, fate) in rows.iter().zip(first_contact(&news, now)) {
            match fate {
                FirstContact::Goes => {}
                FirstContact::PutAside => {
                    release::set_aside(tx, row.message, OLDER_NEWS).await?;
                    let event = NewEvent {
                        detail: Some("newer_news"),
                        ..NewEvent::new("put_aside", now)
                    };
                    self.write_event(tx, row.message, event).await?;
                }
                FirstContact::Expired => {
                    let reason = CancelReason::Rule(RefuseReason::Expired);
                    self.cancel_by_rule(tx, row, reason, now).await?;
                }
            }
        }
        Ok(())
    }

    /// The same for a contact that turned out to be another one, on every session where either has written.
    pub(super) async fn first_contact_anywhere(
        &self,
        tx: &mut Tx,
        contact: ContactId,
        now: Timestamp,
    ) -> Result<(), Error> {
        for row in tx.all(&HEARD, args![contact]).await? {
            self.first_contact(tx, contact, &row.parsed("session")?, now)
                .await?;
        }
        Ok(())
    }
}

fn waiting_news(row: &QueueRow, doubt: TimeDelta) -> WaitingNews {
    WaitingNews {
        message: row.message,
        queued_at: row.facts.queued_at,
        not_before: row.facts.not_before,
        not_after: row.facts.not_after.map(|at| at + doubt),
        send_now: row.facts.send_now,
    }
}
