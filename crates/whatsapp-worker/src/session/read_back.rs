//! Reading chats back from their beginning: those that became a guest's after something was written there.
//!
//! Everything is recorded through the same function as webhooks. The rule that must hold: a chat stays asked for until all
//! that it shows is recorded; a WAHA that is away is asked again, and a chat that it refuses keeps no other from being read.

use std::time::Duration;

use domain::{Timestamp, wire::ReadChatRequest};
use storage::ChatToRead;

use super::{SessionDesk, Stop, recover_inbound, refused_chats::Asked};

/// So many messages are read back at most: more than two people write each other before a wedding.
const MOST: u32 = 5_000;
/// WAHA's clock is not ours: what was written so long before the pairing is read too, and judged when it is recorded.
const BEFORE_PAIRING: Duration = Duration::from_mins(10);
/// When WAHA cannot be read.
const TRY_AGAIN: Duration = Duration::from_secs(30);

/// Reads whenever a chat is asked for; ends never.
pub(super) async fn keep_reading_back(desk: &SessionDesk<'_>) {
    loop {
        let next = match pass(desk).await {
            Ok(next) => next,
            Err(stop) => {
                tracing::warn!(session = %desk.session, error = &stop as &dyn std::error::Error, "chats were not read back");
                Some(soon(desk))
            }
        };
        let latest = desk.context.clock.now() + desk.context.interval;
        tokio::select! {
            () = desk.context.clock.sleep_until(next.map_or(latest, |next| next.min(latest))) => {}
            () = desk.bells.reading.notified() => {}
        }
    }
}

fn soon(desk: &SessionDesk<'_>) -> Timestamp {
    desk.context.clock.now() + TRY_AGAIN
}

/// Reads every chat that is asked for; when to ask again for one that could not be read.
async fn pass(desk: &SessionDesk<'_>) -> Result<Option<Timestamp>, Stop> {
    let asked = desk.context.store.chats_to_read(desk.session).await?;
    if asked.is_empty() {
        return Ok(None);
    }
    let session = desk.context.store.session(desk.session).await?;
    // What a number received whose pairing we never saw proves nothing yet.
    let Some(paired) = session.and_then(|row| row.first_connected_at) else {
        return Ok(Some(soon(desk)));
    };
    let mut next = None;
    for chat in &asked {
        let now = desk.context.clock.now();
        let again = match desk.refused.again_at(&chat.chat, now) {
            Some(at) => Some(at),
            None => match read_back(desk, chat, paired).await? {
                Asked::Read(_) => None,
                Asked::Refused(at) => Some(at),
                // the others cannot be read either
                Asked::Away => return Ok(Some(soon(desk))),
            },
        };
        next = [next, again].into_iter().flatten().min();
    }
    Ok(next)
}

async fn read_back(
    desk: &SessionDesk<'_>,
    asked: &ChatToRead,
    paired: Timestamp,
) -> Result<Asked, Stop> {
    let request = ReadChatRequest {
        chat: asked.chat.clone(),
        limit: MOST,
        since: Some(paired - BEFORE_PAIRING),
    };
    let outcome = desk.ask_for_chat(&request).await;
    if let Asked::Read(messages) = &outcome {
        recover_inbound::record(desk, messages).await?;
        desk.context
            .store
            .chat_was_read(desk.session, asked)
            .await?;
        tracing::info!(session = %desk.session, messages = messages.len(), "a chat was read back");
    }
    Ok(outcome)
}
