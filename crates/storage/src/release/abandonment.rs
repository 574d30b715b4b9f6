//! Tries that ended without a send: each backs off longer; the third composition in a day that broke off waits for a person (design §6).
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

use super::queue_row::QueueRow;

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
    let times = count(tx, row, now).await?;
    Ok(if times >= GIVES_UP_FROM {
        Wait::person(WaitReason::Abandoned, AwaitedPerson::Review)
    } else {
        Wait::at(WaitReason::Abandoned, now + rules.back_off(times - 1))
    })
}

/// Counts a send that was refused; what the message waits for because of it.
pub(super) async fn refused(
    tx: &mut Tx,
    row: &QueueRow,
    rules: &ReleaseRules,
    now: Timestamp,
) -> Result<Wait, Error> {
    let times = count(tx, row, now).await?;
    let pause = rules.back_off(times - 1);
    Ok(Wait::at(WaitReason::BackOff, now + pause))
}

/// Counts one more try of this day; how many there were with it.
async fn count(tx: &mut Tx, row: &QueueRow, now: Timestamp) -> Result<u32, Error> {
    let since = row.abandoned_since.filter(|since| *since + DAY > now);
    let times = since.map_or(1, |_| row.abandoned + 1);
    tx.execute_one(&COUNT, args![row.message, times, since.unwrap_or(now)])
        .await?;
    u32::try_from(times).map_err(|_| Error::Corrupt {
        column: "abandoned",
    })
}
