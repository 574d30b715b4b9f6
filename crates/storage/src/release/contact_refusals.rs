//! Error 463 for one contact while the account was free. What a message that is accepted, or a word of the contact, takes back.

use domain::{Timestamp, release::ContactRefusal};

use super::queue_row::QueueRow;
use crate::{
    Error,
    db::{Row, Sql, Tx, args},
};

const COUNT: Sql = Sql::both(
    "UPDATE contact_session SET refused_at = $4, refusals = refusals + 1
     WHERE contact_id = $1 AND session = $2 AND own_number = $3 RETURNING refused_at, refusals",
);

/// Counts one more refusal. The caller holds the contact's turn.
pub(super) async fn count(
    tx: &mut Tx,
    row: &QueueRow,
    now: Timestamp,
) -> Result<ContactRefusal, Error> {
    let of = row.session_number();
    let args = args![row.contact, of.session, of.number, now];
    let counted = tx.first(&COUNT, args).await?;
    // A committed message has its evidence in that row.
    let counted = counted.ok_or(Error::UnexpectedRows { touched: 0 })?;
    read(&counted)?.ok_or(Error::UnexpectedRows { touched: 0 })
}

/// Reads `refused_at` and `refusals`.
pub(crate) fn read(row: &Row) -> Result<Option<ContactRefusal>, Error> {
    let Some(at) = row.opt_time("refused_at")? else {
        return Ok(None);
    };
    let times = row.count("refusals")?;
    Ok(Some(ContactRefusal { at, times }))
}

const ACCEPTED: Sql = Sql::both(
    "UPDATE contact_session SET refused_at = NULL, refusals = 0
     WHERE contact_id = $1 AND session = $2 AND own_number = $3 AND refused_at IS NOT NULL",
);

const WAKE: Sql = Sql::both(
    "UPDATE whatsapp_message_queue SET due = 1, eligible_at = NULL, wait_reason = NULL, wait_ends = NULL
     WHERE contact_id = $1 AND status = 'pending' AND due = 0 AND session = $2 AND wait_reason = 'contact_refused'",
);

/// A message to the contact was accepted: what waited because of the refusal is due. The caller holds the contact's turn.
pub(crate) async fn accepted(tx: &mut Tx, row: &QueueRow) -> Result<(), Error> {
    let of = row.session_number();
    let args = args![row.contact, of.session, of.number];
    if tx.execute(&ACCEPTED, args).await? > 0 {
        tx.execute(&WAKE, args![row.contact, of.session]).await?;
    }
    Ok(())
}
