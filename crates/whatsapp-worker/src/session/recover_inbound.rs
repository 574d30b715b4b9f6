//! Messages whose webhook was lost: all chats are read at start, at each reconnect and on a timer, with overlap.
//! Everything is recorded through the same function as webhooks, so that nothing is stored or counted twice.

use std::time::Duration;

use domain::wire::{AckFact, ObservedMessage, ReadChatsRequest};

use super::{SessionDesk, Stop};

/// Each reading reaches back this far beyond the last one (design §8).
const OVERLAP: Duration = Duration::from_hours(24);
/// The first reading after a start also reads receipts of so long ago again (design §8).
const FIRST: Duration = Duration::from_hours(72);
/// When WAHA cannot be read.
const TRY_AGAIN: Duration = Duration::from_secs(30);

/// Reads at once, then every so often and whenever the session came back; ends never.
pub(super) async fn keep_recovering(desk: &SessionDesk<'_>) {
    let mut since = desk.context.clock.now() - FIRST;
    loop {
        let began = desk.context.clock.now();
        forget(desk, began).await;
        let pause = match recover(desk, since).await {
            Ok(()) => {
                since = began - OVERLAP;
                desk.context.timings.recover
            }
            Err(Unread::Integration(error)) => {
                tracing::debug!(session = %desk.session, error = &error as &dyn std::error::Error, "chats could not be read");
                TRY_AGAIN
            }
            Err(Unread::Stop(stop)) => {
                tracing::warn!(session = %desk.session, error = &stop as &dyn std::error::Error, "what was read could not be recorded");
                TRY_AGAIN
            }
        };
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = desk.bells.reconnected.notified() => {}
        }
    }
}

/// Who wrote without being on the list is not remembered for long.
async fn forget(desk: &SessionDesk<'_>, now: domain::Timestamp) {
    if let Err(error) = desk.context.store.forget_unknown_writers(now).await {
        tracing::warn!(session = %desk.session, error = &error as &dyn std::error::Error, "unknown writers are not forgotten yet");
    }
}

enum Unread {
    Integration(crate::integration::IntegrationError),
    Stop(Stop),
}

async fn recover(desk: &SessionDesk<'_>, since: domain::Timestamp) -> Result<(), Unread> {
    let request = ReadChatsRequest { since };
    let messages = desk
        .context
        .integration
        .read_chats(desk.session, &request)
        .await
        .map_err(Unread::Integration)?;
    record(desk, &messages).await.map_err(Unread::Stop)
}

/// Records what is new in what was read: messages, and the receipts of our own. Oldest first: the newest inbound ends as
/// evidence. What waited for it is looked at at once, and so are chats that have become a guest's.
pub(super) async fn record(
    desk: &SessionDesk<'_>,
    messages: &[ObservedMessage],
) -> Result<(), Stop> {
    let store = &desk.context.store;
    let began = desk.context.clock.now();
    let mut oldest_first = store.unrecorded(desk.session, messages, began).await?;
    oldest_first.sort_by_key(|message| message.at);
    let anything = !oldest_first.is_empty();
    for message in oldest_first {
        let now = desk.context.clock.now();
        store.record_message(desk.session, message, now).await?;
        if let Some(ack) = message.ack.filter(|_| message.from_me) {
            let fact = AckFact {
                raw_id: message.raw_id.clone(),
                ack,
                at: now,
            };
            store.record_ack(desk.session, &fact).await?;
        }
    }
    if anything {
        desk.bells.work.notify_one();
        desk.bells.reading.notify_one();
    }
    Ok(())
}
