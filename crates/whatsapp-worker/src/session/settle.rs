//! Looking in the chats for uncertain messages (design §5). Finding one proves it was sent; not finding it proves nothing.

use std::time::Duration;

use domain::wire::ReadChatRequest;
use storage::{Settled, UncertainRow};

use super::{SessionDesk, Stop, recover_inbound};

/// A chat is read this far back before the commit: own messages of then are candidates or their rivals.
const BEFORE_COMMIT: Duration = Duration::from_mins(2);
const READ: u32 = 100;
/// When WAHA cannot be read: the look is made up for.
const TRY_AGAIN: Duration = Duration::from_secs(15);

/// Looks whenever a look is due; ends never.
pub(super) async fn keep_settling(desk: &SessionDesk<'_>) {
    loop {
        let next = match pass(desk).await {
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
async fn pass(desk: &SessionDesk<'_>) -> Result<Option<domain::Timestamp>, Stop> {
    let mut next = None;
    for row in desk.context.store.uncertain(desk.session).await? {
        let now = desk.context.clock.now();
        let due = match row.next_look_at {
            Some(at) if at <= now => look(desk, &row).await?,
            later => later,
        };
        next = [next, due].into_iter().flatten().min();
    }
    Ok(next)
}

async fn look(
    desk: &SessionDesk<'_>,
    row: &UncertainRow,
) -> Result<Option<domain::Timestamp>, Stop> {
    let since = Some(row.committed_at - BEFORE_COMMIT);
    let request = ReadChatRequest {
        chat: row.chat.clone(),
        limit: READ,
        since,
    };
    let messages = match desk
        .context
        .integration
        .read_chat(desk.session, &request)
        .await
    {
        Ok(messages) => messages,
        Err(error) => {
            tracing::info!(session = %desk.session, attempt = %row.attempt, error = &error as &dyn std::error::Error, "the chat could not be read yet");
            return Ok(Some(desk.context.clock.now() + TRY_AGAIN));
        }
    };
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
