//! Chats that WAHA refuses to read, while it reads others: each is asked for again after a pause that doubles with every refusal.
//!
//! In this worker's memory only: a restart begins anew. The rule that must hold: a refused chat keeps nothing else from being read.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use domain::{
    Timestamp,
    chat_id::ChatId,
    unread_chats::UnreadChats,
    wire::{ObservedMessage, ReadChatRequest},
};

use super::SessionDesk;

const FIRST_PAUSE: Duration = Duration::from_secs(30);
const LONGEST_PAUSE: Duration = Duration::from_hours(1);
/// What nobody has asked for since so long after its pause, nobody wants any more.
const FORGOTTEN: Duration = Duration::from_hours(1);

/// The refused chats of one session.
#[derive(Default)]
pub(crate) struct RefusedChats(Mutex<HashMap<ChatId, Refusal>>);

struct Refusal {
    since: Timestamp,
    pause: Duration,
    again_at: Timestamp,
}

/// What came of asking for a chat.
pub(super) enum Asked {
    /// What it shows.
    Read(Vec<ObservedMessage>),
    /// WAHA refuses this one: again at that time.
    Refused(Timestamp),
    /// Nothing can be read now.
    Away,
}

impl RefusedChats {
    /// When the chat may be asked for again; `None`: now.
    pub(super) fn again_at(&self, chat: &ChatId, now: Timestamp) -> Option<Timestamp> {
        let known = self.known();
        known
            .get(chat)
            .map(|refusal| refusal.again_at)
            .filter(|at| *at > now)
    }

    /// It was refused; when it may be asked for again. Several who ask within one pause lengthen it once.
    pub(super) fn refuse(&self, chat: &ChatId, now: Timestamp) -> Timestamp {
        let mut known = self.known();
        let refusal = known.entry(chat.clone()).or_insert(Refusal {
            since: now,
            pause: FIRST_PAUSE / 2,
            again_at: now,
        });
        if refusal.again_at <= now {
            refusal.pause = (refusal.pause * 2).min(LONGEST_PAUSE);
            refusal.again_at = now + refusal.pause;
        }
        refusal.again_at
    }

    /// It can be read.
    pub(super) fn was_read(&self, chat: &ChatId) {
        self.known().remove(chat);
    }

    /// After nothing at all could be read it says little that these could not.
    pub(super) fn all_may_be_asked(&self) {
        self.known().clear();
    }

    /// What has been refused for too long.
    pub(super) fn unread(&self, now: Timestamp) -> Option<UnreadChats> {
        let mut known = self.known();
        known.retain(|_, refusal| refusal.again_at + FORGOTTEN > now);
        UnreadChats::of(known.values().map(|refusal| refusal.since), now)
    }

    fn known(&self) -> MutexGuard<'_, HashMap<ChatId, Refusal>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SessionDesk<'_> {
    /// Asks for more of a chat than one call shows, and keeps in mind when it is refused.
    pub(super) async fn ask_for_chat(&self, request: &ReadChatRequest) -> Asked {
        let read = self
            .context
            .integration
            .read_whole_chat(self.session, request);
        let error = match read.await {
            Ok(messages) => {
                self.refused.was_read(&request.chat);
                return Asked::Read(messages);
            }
            Err(error) => error,
        };
        let error_source = &error as &dyn std::error::Error;
        if !error.is_of_chat() {
            tracing::info!(session = %self.session, error = error_source, "a chat could not be read yet");
            return Asked::Away;
        }
        let again_at = self.refused.refuse(&request.chat, self.context.clock.now());
        tracing::info!(session = %self.session, error = error_source, %again_at, "WAHA refuses to read a chat");
        Asked::Refused(again_at)
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn the_pause_doubles_to_an_hour_and_begins_anew_once_it_was_read() {
        let start: Timestamp = "2026-11-23T11:00:00Z".parse().expect("a time");
        let (refused, chat) = (RefusedChats::default(), ChatId::Phone("39347".to_owned()));
        let mut now = start;
        let mut pauses = Vec::new();
        for _ in 0..9 {
            assert_eq!(refused.again_at(&chat, now), None);
            let again = refused.refuse(&chat, now);
            // somebody else asks at the same time
            assert_eq!(refused.refuse(&chat, now), again);
            assert_eq!(refused.again_at(&chat, now), Some(again));
            pauses.push((again - now).num_seconds());
            now = again;
        }
        assert_eq!(pauses, [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]);
        let unread = refused.unread(now).expect("it is refused for hours");
        assert_eq!((unread.since, unread.chats), (start, 1));
        refused.was_read(&chat);
        assert_eq!(refused.unread(now), None);
        assert_eq!(refused.refuse(&chat, now) - now, TimeDelta::seconds(30));
        assert_eq!(refused.unread(now), None, "not for long yet");
        assert_eq!(
            refused.unread(now + TimeDelta::hours(2)),
            None,
            "nobody asks"
        );
    }
}
