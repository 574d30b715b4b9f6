//! Reading chats back from their beginning: those that became a guest's after something was written there.
//!
//! Everything is recorded through the same function as webhooks. The rule that must hold: a chat stays asked for until all
//! that it shows is recorded; a WAHA that is away is asked again.

use std::time::Duration;

use domain::{Timestamp, wire::ReadChatRequest};
use storage::ChatToRead;

use super::{SessionDesk, Stop, recover_inbound};

/// So many messages are read back at most: more than two people write each other before a wedding.
const MOST: u32 = 5_000;
/// WAHA's clock is not ours: what was written so long before the pairing is read too, and judged when it is recorded.
const BEFORE_PAIRING: Duration = Duration::from_mins(10);
/// When WAHA cannot be read.
const TRY_AGAIN: Duration = Duration::from_secs(30);

/// Reads whenever a chat is asked for; ends never.
pub(super) async fn keep_reading_back(desk: &SessionDesk<'_>) {
    loop {
        let pause = match pass(desk).await {
            Ok(true) => desk.context.interval,
            Ok(false) => TRY_AGAIN.min(desk.context.interval),
            Err(stop) => {
                tracing::warn!(session = %desk.session, error = &stop as &dyn std::error::Error, "chats were not read back");
                TRY_AGAIN
            }
        };
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = desk.bells.reading.notified() => {}
        }
    }
}

/// Reads every chat that is asked for. Whether all could be.
async fn pass(desk: &SessionDesk<'_>) -> Result<bool, Stop> {
    let asked = desk.context.store.chats_to_read(desk.session).await?;
    if asked.is_empty() {
        return Ok(true);
    }
    let session = desk.context.store.session(desk.session).await?;
    // What a number received whose pairing we never saw proves nothing yet.
    let Some(paired) = session.and_then(|row| row.first_connected_at) else {
        return Ok(false);
    };
    let mut all = true;
    for chat in &asked {
        all &= read_back(desk, chat, paired).await?;
    }
    Ok(all)
}

async fn read_back(
    desk: &SessionDesk<'_>,
    asked: &ChatToRead,
    paired: Timestamp,
) -> Result<bool, Stop> {
    let request = ReadChatRequest {
        chat: asked.chat.clone(),
        limit: MOST,
        since: Some(paired - BEFORE_PAIRING),
    };
    let messages = match desk
        .context
        .integration
        .read_whole_chat(desk.session, &request)
        .await
    {
        Ok(messages) => messages,
        Err(error) => {
            tracing::info!(session = %desk.session, error = &error as &dyn std::error::Error, "a chat could not be read back yet");
            return Ok(false);
        }
    };
    recover_inbound::record(desk, &messages).await?;
    desk.context
        .store
        .chat_was_read(desk.session, asked)
        .await?;
    tracing::info!(session = %desk.session, messages = messages.len(), "a chat was read back");
    Ok(true)
}
