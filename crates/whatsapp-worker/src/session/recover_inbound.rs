//! Messages whose webhook was lost: all chats are read at start, at each reconnect and on a timer, with overlap.
//! Everything is recorded through the same function as webhooks, so that nothing is stored or counted twice.

use std::{collections::HashMap, time::Duration};

use domain::{
    Timestamp,
    chat_id::ChatId,
    receipts::READ_AGAIN,
    wire::{AckFact, ObservedMessage, ReadChatRequest, ReadChatsRequest},
};
use storage::AckRecorded;

use super::{SessionDesk, Stop, refused_chats::Asked};

/// Each reading reaches back this far beyond the last one (design §8).
const OVERLAP: Duration = Duration::from_hours(24);
/// The first reading after a start reaches back three days, and one this often after it: receipts of so long ago are read again
/// (design §8). In between the quieter chats are left alone.
const DEEP_EVERY: Duration = Duration::from_hours(1);
/// So many messages of a chat that was refused are made up for at most.
const MOST: u32 = 5_000;
/// When WAHA cannot be read.
const TRY_AGAIN: Duration = Duration::from_secs(30);

/// Chats that were refused, each with the time since when it is to be read.
type Missed = HashMap<ChatId, Timestamp>;

/// Reads at once, then every so often and whenever the session came back; ends never.
pub(super) async fn keep_recovering(desk: &SessionDesk<'_>) {
    let (mut reach, mut missed) = (Reach::default(), Missed::default());
    let mut failed = false;
    loop {
        let began = desk.context.clock.now();
        let since = reach.since(began);
        forget(desk, began).await;
        let pause = match recover(desk, since, &mut missed).await {
            Ok(()) => {
                if std::mem::take(&mut failed) {
                    can_be_read_again(desk);
                }
                reach.has_read(since, began);
                desk.context.timings.recover
            }
            Err(Unread::Integration(error)) => {
                tracing::debug!(session = %desk.session, error = &error as &dyn std::error::Error, "chats could not be read");
                failed = true;
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
            () = make_up(desk, &mut missed) => {}
        }
    }
}

/// What was refused meanwhile may have been for the same reason.
fn can_be_read_again(desk: &SessionDesk<'_>) {
    desk.refused.all_may_be_asked();
    desk.bells.reading.notify_one();
    desk.bells.settling.notify_one();
}

/// Reads what was refused, each chat when it may be asked for again; ends never.
async fn make_up(desk: &SessionDesk<'_>, missed: &mut Missed) {
    loop {
        let now = desk.context.clock.now();
        let due = |chat: &ChatId| desk.refused.again_at(chat, now).unwrap_or(now);
        let first = missed.keys().map(|chat| (due(chat), chat.clone())).min();
        let Some((at, chat)) = first else {
            return std::future::pending().await;
        };
        desk.context.clock.sleep_until(at).await;
        if !make_up_for(desk, missed, chat).await {
            // all are read again in a while
            return std::future::pending().await;
        }
    }
}

/// Whether others can be asked for.
async fn make_up_for(desk: &SessionDesk<'_>, missed: &mut Missed, chat: ChatId) -> bool {
    let request = ReadChatRequest {
        since: missed.get(&chat).copied(),
        limit: MOST,
        chat,
    };
    match desk.ask_for_chat(&request).await {
        Asked::Read(messages) => match record(desk, &messages).await {
            Ok(()) => missed.remove(&request.chat).is_some(),
            Err(stop) => {
                tracing::warn!(session = %desk.session, error = &stop as &dyn std::error::Error, "what was read could not be recorded");
                false
            }
        },
        Asked::Refused(_) => true,
        Asked::Away => false,
    }
}

/// Who wrote without being on the list is not remembered for long, nor is a number that was erased.
async fn forget(desk: &SessionDesk<'_>, now: domain::Timestamp) {
    let store = &desk.context.store;
    if let Err(error) = store.forget_unknown_writers(now).await {
        tracing::warn!(session = %desk.session, error = &error as &dyn std::error::Error, "unknown writers are not forgotten yet");
    }
    if let Err(error) = store.forget_erased_numbers(now).await {
        tracing::warn!(session = %desk.session, error = &error as &dyn std::error::Error, "erased numbers are not forgotten yet");
    }
}

/// How far back the chats were read.
#[derive(Default)]
struct Reach {
    /// When the last reading began.
    last: Option<Timestamp>,
    /// When the last one began that reached back three days.
    deep: Option<Timestamp>,
}

impl Reach {
    /// From when on a reading that begins now reads.
    fn since(&self, began: Timestamp) -> Timestamp {
        let deep = began - READ_AGAIN;
        // A reading that is ahead of the clock says nothing: the clock was set back since.
        let past = |at: Option<Timestamp>| at.filter(|at| *at <= began);
        match (past(self.last), past(self.deep)) {
            (Some(last), Some(before)) if before + DEEP_EVERY > began => last - OVERLAP,
            (Some(last), Some(_)) => deep.min(last - OVERLAP),
            _ => deep,
        }
    }

    fn has_read(&mut self, since: Timestamp, began: Timestamp) {
        self.last = Some(began);
        if since <= began - READ_AGAIN {
            self.deep = Some(began);
        }
    }
}

enum Unread {
    Integration(crate::integration::IntegrationError),
    Stop(Stop),
}

async fn recover(
    desk: &SessionDesk<'_>,
    since: Timestamp,
    missed: &mut Missed,
) -> Result<(), Unread> {
    let request = ReadChatsRequest {
        since,
        skip: missed.keys().cloned().collect(),
    };
    let read = desk
        .context
        .integration
        .read_chats(desk.session, &request)
        .await
        .map_err(Unread::Integration)?;
    let now = desk.context.clock.now();
    for chat in read.unread {
        desk.refused.refuse(&chat, now);
        missed.insert(chat, since);
    }
    record(desk, &read.messages).await.map_err(Unread::Stop)
}

/// Records what is new in what was read: messages, and the receipts of our own. Oldest first: the newest inbound ends as
/// evidence. What waited for it is looked at at once, and so are chats that have become a guest's.
pub(super) async fn record(
    desk: &SessionDesk<'_>,
    messages: &[ObservedMessage],
) -> Result<(), Stop> {
    desk.follow_clock().await?;
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
            let recorded = store.record_ack(desk.session, &fact).await?;
            if let AckRecorded::Failed { message, .. } = recorded {
                tracing::warn!(session = %desk.session, %message, "a chat shows that WhatsApp refused a message");
                desk.bells.watching.notify_one();
            }
        }
    }
    if anything {
        desk.bells.work.notify_one();
        // whoever became known may have written to the other spouse too
        for session in store.sessions_asked_to_read(began).await? {
            desk.nudges.ask_to_read(&session);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn a_reading_an_hour_reaches_back_three_days_the_others_a_day() {
        let mut reach = Reach::default();
        let start: Timestamp = "2026-11-23T11:00:00Z".parse().expect("a time");
        let mut reached = Vec::new();
        for minutes in (0..=120).step_by(20) {
            let now = start + TimeDelta::minutes(minutes);
            let since = reach.since(now);
            reached.push((now - since).num_hours());
            reach.has_read(since, now);
        }
        assert_eq!(reached, [72, 24, 24, 72, 24, 24, 72]);
    }

    #[test]
    fn what_could_not_be_read_is_made_up_for() {
        let mut reach = Reach::default();
        let start: Timestamp = "2026-11-23T11:00:00Z".parse().expect("a time");
        assert_eq!(reach.since(start), start - READ_AGAIN);
        // it failed: the next try reaches as far
        let later = start + TimeDelta::minutes(1);
        assert_eq!(reach.since(later), later - READ_AGAIN);
        reach.has_read(later - READ_AGAIN, later);
        let days_after = later + TimeDelta::days(5);
        assert_eq!(reach.since(days_after), later - OVERLAP);
    }
}
