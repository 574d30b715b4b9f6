//! Watching which chats WAHA refuses to read. What is too long is `domain::unread_chats`' to say; people see it where they see the
//! session.

use domain::unread_chats::UnreadChats;

use super::SessionDesk;

/// What was written down last.
#[derive(Default)]
pub(super) struct UnreadWatch {
    /// Until something was, what stands there is of whoever held the session before.
    has_written: bool,
    written: Option<UnreadChats>,
}

impl UnreadWatch {
    /// Writes down what has changed, and tells the log when it begins and when it ends.
    pub(super) async fn look(&mut self, desk: &SessionDesk<'_>) {
        let unread = desk.refused.unread(desk.context.clock.now());
        if self.has_written && self.written == unread {
            return;
        }
        let store = &desk.context.store;
        match store.record_unread_chats(desk.session, unread).await {
            Ok(()) => {
                tell(desk, self.written, unread);
                (self.has_written, self.written) = (true, unread);
            }
            Err(error) => {
                tracing::warn!(session = %desk.session, error = &error as &dyn std::error::Error, "the chats that cannot be read were not written down");
            }
        }
    }
}

fn tell(desk: &SessionDesk<'_>, before: Option<UnreadChats>, now: Option<UnreadChats>) {
    match (before, now) {
        (None, Some(UnreadChats { since, chats })) => {
            tracing::warn!(session = %desk.session, code = UnreadChats::CODE, %since, chats, "{}", UnreadChats::SENTENCE);
        }
        (Some(_), None) => {
            tracing::info!(session = %desk.session, "every chat can be read again");
        }
        _ => {}
    }
}
