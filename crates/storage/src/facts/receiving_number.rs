//! Which own number a message was written to or by.
//!
//! The rule that must hold: a message counts for the number that had it, and only when that was after the pairing of that number.

use std::time::Duration;

use domain::{phone_number::PhoneNumber, session::SessionName, wire::ObservedMessage};

use crate::{
    Error, clock_steps,
    db::{Row, Sql, Tx, args},
};

/// WAHA's times are whole seconds, and its clock is not ours. So much before the pairing still counts as after it; and so much after
/// another number was replaced may still be from before.
const PAIRING_TOLERANCE: Duration = Duration::from_mins(1);

const PAIRED: Sql =
    Sql::both("SELECT first_connected_at FROM session_number WHERE session = $1 AND number = $2");

// Another number of the session, linked for the first time after that moment.
const NEXT_PAIRED: Sql = Sql::both(
    "SELECT first_connected_at FROM session_number WHERE session = $1 AND first_connected_at > $2
     ORDER BY first_connected_at LIMIT 1",
);

/// The digits of the own number that the message is counted for; `None`: it is from before the pairing of that number.
/// `row`: the session's row.
pub(super) async fn receiving_number(
    tx: &mut Tx,
    session: &SessionName,
    row: &Row,
    message: &ObservedMessage,
) -> Result<Option<String>, Error> {
    let linked = row.opt_text("own_number")?;
    let told = message.own_number.as_ref();
    match told.filter(|told| linked.as_deref() != Some(told.digits())) {
        Some(told) => {
            let counts = is_of_earlier_number(tx, session, row, told, message).await?;
            Ok(counts.then(|| told.digits().to_owned()))
        }
        None if is_after_pairing(tx, session, row, message).await? => Ok(linked),
        None => Ok(None),
    }
}

/// Whether it is a late word to a number that was linked before. What a number has that the session was not seen with yet is
/// found again when the chats are read.
async fn is_of_earlier_number(
    tx: &mut Tx,
    session: &SessionName,
    row: &Row,
    number: &PhoneNumber,
    message: &ObservedMessage,
) -> Result<bool, Error> {
    let Some(replaced) = row.opt_time("number_since")? else {
        return Ok(false);
    };
    let paired = tx.first(&PAIRED, args![session, number]).await?;
    let paired = paired
        .map(|row| row.time("first_connected_at"))
        .transpose()?;
    let after = paired.is_some_and(|paired| message.at + PAIRING_TOLERANCE >= paired);
    Ok(after && message.at < replaced)
}

/// Whether the message is from after the number of this row was paired with its session, and, where only a chat shows it, surely from
/// no time at which another number was linked.
async fn is_after_pairing(
    tx: &mut Tx,
    name: &SessionName,
    session: &Row,
    message: &ObservedMessage,
) -> Result<bool, Error> {
    // A number whose pairing we never saw proves nothing: what it received is found again when the chats are read.
    let Some(paired) = session.opt_time("first_connected_at")? else {
        return Ok(false);
    };
    let doubt = clock_steps::doubt_of_pairing(session, paired)?;
    let is_after = |paired| message.at + doubt + PAIRING_TOLERANCE >= paired;
    let Some(replaced) = session.opt_time("number_since")? else {
        return Ok(is_after(paired));
    };
    if !message.read_in_chat {
        return Ok(is_after(replaced.max(paired)));
    }
    let other = tx.first(&NEXT_PAIRED, args![name, paired]).await?;
    let other = other
        .map(|row| row.time("first_connected_at"))
        .transpose()?;
    let before_another = other.is_some_and(|other| message.at + PAIRING_TOLERANCE < other);
    Ok(message.at >= replaced + PAIRING_TOLERANCE || before_another && is_after(paired))
}
