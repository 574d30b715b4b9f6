//! Tries that ended without a send. Each backs off longer. A send that was refused waits longer for every try of the day that counted
//! against the hour; only compositions that broke off by themselves count towards a person, who is waited for after the third in a day.
//!
//! What must not happen is a guest who sees "typing…" come and go for nothing, again and again.

use std::time::Duration;

use domain::{
    Timestamp,
    release::ReleaseRules,
    wait::{AwaitedPerson, Wait, WaitReason},
};

use crate::{
    Error,
    db::{Sql, Tx, args},
};

use super::{queue_row::QueueRow, reservations};

const DAY: Duration = Duration::from_hours(24);
const GIVES_UP_FROM: u32 = 3;

const COUNT: Sql = Sql::both(
    "UPDATE whatsapp_message_queue SET abandoned = $2, abandoned_since = $3 WHERE id = $1",
);

/// Counts a composition that broke off by itself; what the message waits for because of it.
pub(super) async fn broke_off(
    tx: &mut Tx,
    row: &QueueRow,
    rules: &ReleaseRules,
    now: Timestamp,
) -> Result<Wait, Error> {
    let since = row.abandoned_since.filter(|since| *since + DAY > now);
    let earlier = since.map_or(0, |_| row.abandoned);
    let args = args![row.message, earlier + 1, since.unwrap_or(now)];
    tx.execute_one(&COUNT, args).await?;
    let earlier = u32::try_from(earlier).map_err(|_| Error::Corrupt {
        column: "abandoned",
    })?;
    Ok(if earlier + 1 >= GIVES_UP_FROM {
        Wait::person(WaitReason::Abandoned, AwaitedPerson::Review)
    } else {
        Wait::at(WaitReason::Abandoned, now + rules.back_off(earlier))
    })
}

/// What the message waits for after a send that was refused, or a composition that ended with its session: longer after each try of the
/// last day that counted against the hour. The caller has not marked the slot of this try yet.
pub(super) async fn refused(
    tx: &mut Tx,
    row: &QueueRow,
    rules: &ReleaseRules,
    now: Timestamp,
) -> Result<Wait, Error> {
    let earlier = reservations::unsent_of(tx, row.message, now - DAY).await?;
    Ok(Wait::at(WaitReason::BackOff, now + rules.back_off(earlier)))
}
