//! Looking in the chats for uncertain messages (design §5). Finding one proves it was sent; not finding it proves nothing.

use std::{collections::HashMap, time::Duration};

use domain::{Timestamp, ids::AttemptId, wire::ReadChatRequest};
use storage::{Settled, UncertainRow};
use tokio::time::Instant;

use crate::integration::IntegrationError;

use super::{SessionDesk, Stop, recover_inbound};

/// A chat is read this far back before the commit: own messages of then are candidates or their rivals.
const BEFORE_COMMIT: Duration = Duration::from_mins(2);
const READ: u32 = 100;
/// When WAHA cannot be read: the look is made up for.
const TRY_AGAIN: Duration = Duration::from_secs(15);

/// A chat that WAHA refuses is asked for again after these pauses, and then after the last one again and again: as often as a
/// chat is looked at that can be read (design §5).
const REFUSED: [Duration; 3] = [
    Duration::from_secs(30),
    Duration::from_mins(2),
    Duration::from_mins(10),
];

/// Attempts whose chat was refused: how often, and when it may be asked for again, whatever the wall clock is set to.
type Refusals = HashMap<AttemptId, (usize, Instant)>;

/// Looks whenever a look is due; ends never.
pub(super) async fn keep_settling(desk: &SessionDesk<'_>) {
    let mut refusals = Refusals::new();
    loop {
        let next = match pass(desk, &mut refusals).await {
            Ok(next) => next,
            Err(stop) => {
                tracing::warn!(session = %desk.session, error = &stop as &dyn std::error::Error, "uncertain messages were not looked for");
                Some(desk.context.clock.now() + TRY_AGAIN)
            }
        };
        let latest = desk.context.clock.now() + desk.context.interval;
        tokio::select! {
            () = desk.context.clock.sleep_until(next.map_or(latest, |next| next.min(latest))) => {}
            () = desk.bells.settling.notified() => {}
        }
    }
}

/// One pass; when the next look is due.
async fn pass(desk: &SessionDesk<'_>, refusals: &mut Refusals) -> Result<Option<Timestamp>, Stop> {
    // A clock that was set forward would use up all looks at once.
    desk.follow_clock().await?;
    let rows = desk.context.store.uncertain(desk.session).await?;
    refusals.retain(|attempt, _| rows.iter().any(|row| row.attempt == *attempt));
    let mut next = None;
    for row in rows {
        let now = desk.context.clock.now();
        let again = refusals
            .get(&row.attempt)
            .map(|(_, again)| now + again.saturating_duration_since(Instant::now()));
        let due = match row
            .next_look_at
            .map(|at| again.map_or(at, |again| again.max(at)))
        {
            Some(at) if at <= now => look(desk, &row, refusals).await?,
            later => later,
        };
        next = [next, due].into_iter().flatten().min();
    }
    Ok(next)
}

async fn look(
    desk: &SessionDesk<'_>,
    row: &UncertainRow,
    refusals: &mut Refusals,
) -> Result<Option<Timestamp>, Stop> {
    let since = Some(row.committed_at - BEFORE_COMMIT);
    let request = ReadChatRequest {
        chat: row.chat.clone(),
        limit: READ,
        since,
    };
    let read = desk.context.integration.read_chat(desk.session, &request);
    let messages = match read.await {
        Ok(messages) => messages,
        Err(error) => {
            tracing::info!(session = %desk.session, attempt = %row.attempt, error = &error as &dyn std::error::Error, "the chat could not be read yet");
            return Ok(Some(look_again_at(desk, row, &error, refusals)));
        }
    };
    refusals.remove(&row.attempt);
    desk.refused.was_read(&row.chat);
    let now = desk.context.clock.now();
    let store = &desk.context.store;
    // Before the messages are recorded one by one: of two that could be it, neither may be taken for the only one.
    let settled = store.settle_from_chat(row.attempt, &messages, now).await?;
    recover_inbound::record(desk, &messages).await?;
    Ok(match settled {
        Settled::Sent => {
            tracing::info!(session = %desk.session, attempt = %row.attempt, "the chat shows that it was sent");
            desk.bells.work.notify_one();
            None
        }
        Settled::StillUncertain { next_look_at } => next_look_at,
        Settled::Gone => None,
    })
}

/// When to look again after a look that WAHA did not allow.
fn look_again_at(
    desk: &SessionDesk<'_>,
    row: &UncertainRow,
    error: &IntegrationError,
    refusals: &mut Refusals,
) -> Timestamp {
    let now = desk.context.clock.now();
    if !error.is_of_chat() {
        return now + TRY_AGAIN;
    }
    desk.refused.refuse(&row.chat, now);
    let (times, again) = refusals.entry(row.attempt).or_insert((0, Instant::now()));
    let pause = REFUSED[(*times).min(REFUSED.len() - 1)];
    *again = Instant::now() + pause;
    *times += 1;
    now + pause
}
