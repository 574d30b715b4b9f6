//! Compositions that broke off by themselves: the second in a day backs off, the fifth waits for a person (design §5).
//!
//! What must not happen is a guest who sees "typing…" come and go for nothing, again and again.

use std::time::Duration;

use domain::{
    Timestamp,
    wait::{AwaitedPerson, Wait, WaitReason},
};

use crate::{
    Error,
    db::{Sql, Tx, args},
};

use super::queue_row::QueueRow;

const DAY: Duration = Duration::from_hours(24);
const BACK_OFF: Duration = Duration::from_mins(5);
const BACKS_OFF_FROM: i64 = 2;
const GIVES_UP_FROM: i64 = 5;

const COUNT: Sql = Sql::both(
    "UPDATE whatsapp_message_queue SET abandoned = $2, abandoned_since = $3 WHERE id = $1",
);

/// Counts one more; what the message waits for because of it.
pub(super) async fn count(
    tx: &mut Tx,
    row: &QueueRow,
    now: Timestamp,
) -> Result<Option<Wait>, Error> {
    let since = row.abandoned_since.filter(|since| *since + DAY > now);
    let times = since.map_or(1, |_| row.abandoned + 1);
    tx.execute_one(&COUNT, args![row.message, times, since.unwrap_or(now)])
        .await?;
    Ok(match times {
        GIVES_UP_FROM.. => Some(Wait::person(WaitReason::Abandoned, AwaitedPerson::Review)),
        BACKS_OFF_FROM.. => Some(Wait::at(WaitReason::Abandoned, now + BACK_OFF)),
        _ => None,
    })
}
