//! Edits, deletions and reactions: in any order with their message, of guests' chats only, and never evidence.

use chrono::TimeDelta;
use domain::{chat_id::ChatId, message_status::MessageStatus, wire::ObservedMessage};
use storage::{InChat, Reaction, Recorded};

use super::stage::{Stage, chat, groom, inbound, lid, own};

const STORED: &str = "SELECT CAST(count(*) AS BIGINT) AS value FROM conversation_message";
const EARLY: &str = "SELECT CAST(count(*) AS BIGINT) AS value FROM early_change";
const BODY: &str = "SELECT body AS value FROM conversation_message";
const REVOKED: &str = "SELECT revoked_at AS value FROM conversation_message";

fn in_chat(chat: &ChatId) -> InChat<'_> {
    InChat { chat, alt: None }
}

impl Stage {
    /// The message with that raw id says this now.
    async fn edits(&self, message: &ObservedMessage, body: &str, secs: i64) -> bool {
        let edited = ObservedMessage {
            raw_id: "EDIT".to_owned(),
            body: Some(body.to_owned()),
            at: self.now + TimeDelta::seconds(secs),
            ..message.clone()
        };
        let now = self.now + TimeDelta::minutes(1);
        self.store()
            .record_edit(&groom(), &message.raw_id, &edited, now)
            .await
            .expect("an answer")
    }

    async fn revokes(&self, message: &ObservedMessage, secs: i64) -> bool {
        let at = self.now + TimeDelta::seconds(secs);
        let now = self.now + TimeDelta::minutes(1);
        self.store()
            .record_revoke(&groom(), in_chat(&message.chat), &message.raw_id, at, now)
            .await
            .expect("an answer")
    }

    async fn reacts(&self, chat: &ChatId, target: &str, emoji: &str, secs: i64) -> bool {
        let reaction = Reaction {
            target,
            emoji,
            from_me: false,
            at: self.now + TimeDelta::seconds(secs),
        };
        self.store()
            .record_reaction(
                &groom(),
                in_chat(chat),
                reaction,
                self.now + TimeDelta::minutes(1),
            )
            .await
            .expect("an answer")
    }
}

#[tokio::test]
async fn the_newest_text_counts_and_what_was_taken_back_is_gone() {
    for mut stage in Stage::each().await {
        stage.guest(1).await;
        let message = inbound(chat(1), "RAW", stage.now);
        stage.record(&message).await;
        assert!(stage.edits(&message, "Goodbye", 5).await);
        // An older text that comes late changes nothing.
        assert!(stage.edits(&message, "Good", 2).await);
        assert_eq!(stage.text(BODY).await.as_deref(), Some("Goodbye"));
        let later = stage.now + TimeDelta::seconds(9);
        assert!(stage.revokes(&message, 9).await);
        assert_eq!(stage.text(BODY).await, None);
        assert_eq!(stage.int(REVOKED).await, Some(later.timestamp_millis()));
        // Neither an edit nor the message itself, told again, brings it back.
        stage.edits(&message, "Back", 20).await;
        stage.record(&message).await;
        assert_eq!(stage.text(BODY).await, None);
        assert_eq!(
            (stage.int(STORED).await, stage.int(EARLY).await),
            (Some(1), Some(0))
        );
    }
}

#[tokio::test]
async fn an_edit_before_its_message_is_applied_when_it_comes() {
    for mut stage in Stage::each().await {
        let contact = stage.guest(1).await;
        let message = inbound(chat(1), "RAW", stage.now);
        let at = stage.now + TimeDelta::seconds(5);
        assert!(stage.edits(&message, "Goodbye", 5).await);
        assert!(stage.edits(&message, "Good", 2).await);
        assert_eq!(stage.int(STORED).await, Some(0));
        // An edit is never evidence: the message itself is.
        let queued = stage.queue(contact).await;
        assert!(stage.row(queued).await.wait.is_some());
        let recorded = stage.record(&message).await;
        assert_eq!(recorded, Recorded::Inbound { contact, new: true });
        assert!(stage.row(queued).await.wait.is_none());
        assert_eq!(stage.text(BODY).await.as_deref(), Some("Goodbye"));
        let edited = "SELECT edited_at AS value FROM conversation_message";
        assert_eq!(stage.int(edited).await, Some(at.timestamp_millis()));
        assert_eq!(stage.int(EARLY).await, Some(0));
    }
}

#[tokio::test]
async fn a_deletion_before_its_message_is_applied_when_it_comes() {
    for revoked_first in [true, false] {
        for mut stage in Stage::each().await {
            stage.guest(1).await;
            let message = inbound(chat(1), "RAW", stage.now);
            if revoked_first {
                assert!(stage.revokes(&message, 9).await);
            }
            assert!(stage.edits(&message, "Secret", 5).await);
            if !revoked_first {
                assert!(stage.revokes(&message, 9).await);
            }
            let kept = "SELECT body AS value FROM early_change";
            assert_eq!(stage.text(kept).await, None, "what is gone is kept");
            stage.record(&message).await;
            assert_eq!(stage.text(BODY).await, None);
            assert!(stage.int(REVOKED).await.is_some());
            assert_eq!(stage.int(EARLY).await, Some(0));
        }
    }
}

/// A spouse edits on the phone what the queue or they themselves wrote; the events come in any order.
#[tokio::test]
async fn own_messages_are_edited_and_deleted_too() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let typed = own(chat(1), "TYPED", "By hand", stage.now);
        stage.edits(&typed, "By my hand", 5).await;
        stage.record(&typed).await;
        stage.later(TimeDelta::hours(1));
        stage.take_lease().await;
        stage.queue_with(contact, |m| m.send_now = true).await;
        let ours = own(chat(1), "OURS", "Save the date", stage.now);
        stage.revokes(&ours, 5).await;
        stage.sent("OURS").await;
        let own = "SELECT COALESCE(body, '-') AS value FROM conversation_message
                   WHERE direction = 'outbound' ORDER BY raw_id DESC";
        let shown = ["By my hand", "-"].map(|body| Some(body.to_owned()));
        assert_eq!(stage.db.texts(own).await, shown);
        assert_eq!(stage.int(EARLY).await, Some(0));
    }
}

#[tokio::test]
async fn the_newest_reaction_counts_also_before_its_message_and_to_our_own() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let emoji = "SELECT emoji AS value FROM message_reaction";
        for (text, secs) in [("👍", 2), ("", 3), ("👍", 2)] {
            assert!(stage.reacts(&chat(1), "OURS", text, secs).await);
        }
        assert_eq!(stage.db.texts(emoji).await, [Some(String::new())]);
        stage.queue(contact).await;
        stage.sent("OURS").await;
        assert!(stage.reacts(&chat(1), "OURS", "❤", 4).await);
        let shown = stage.store().conversation(contact, None, None, 9).await;
        let shown = shown.unwrap().unwrap();
        assert_eq!(shown.items[0].their_reaction.as_deref(), Some("❤"));
        // It answers, and is no evidence.
        assert_eq!(stage.unanswered().await, 0);
        let evidence =
            "SELECT raw_id AS value FROM conversation_message WHERE direction = 'inbound'";
        assert_eq!(stage.db.texts(evidence).await.len(), 1);
    }
}

#[tokio::test]
async fn nothing_of_strangers_is_kept() {
    for mut stage in Stage::each().await {
        stage.guest(1).await;
        let private = inbound(chat(77), "PRIVATE", stage.now);
        assert!(!stage.edits(&private, "Secret", 1).await);
        assert!(!stage.revokes(&private, 1).await);
        assert!(!stage.reacts(&chat(77), "PRIVATE", "❤", 1).await);
        assert!(!stage.reacts(&lid(77), "PRIVATE", "❤", 1).await);
        let reactions = "SELECT CAST(count(*) AS BIGINT) AS value FROM message_reaction";
        for count in [STORED, EARLY, reactions] {
            assert_eq!(stage.int(count).await, Some(0), "{count}");
        }
    }
}

#[tokio::test]
async fn what_waits_for_a_message_that_never_comes_is_forgotten_after_three_days() {
    for mut stage in Stage::each().await {
        stage.guest(1).await;
        let never = inbound(chat(1), "NEVER", stage.now);
        stage.edits(&never, "x", 1).await;
        stage.later(TimeDelta::days(3));
        stage
            .edits(&inbound(chat(1), "NEW", stage.now), "y", 1)
            .await;
        assert_eq!(stage.int(EARLY).await, Some(2));
        stage.later(TimeDelta::seconds(1));
        stage
            .edits(&inbound(chat(1), "NEWER", stage.now), "z", 1)
            .await;
        let left = "SELECT raw_id AS value FROM early_change ORDER BY raw_id";
        let kept = ["NEW", "NEWER"].map(|raw| Some(raw.to_owned()));
        assert_eq!(stage.db.texts(left).await, kept);
    }
}

/// Who makes "stop" of what they wrote means it, whether the message itself is here yet or not.
#[tokio::test]
async fn an_edit_that_says_stop_is_heeded_and_one_that_takes_it_back_is_not() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let queued = stage.queue(contact).await;
        let message = inbound(chat(1), "RAW", stage.now);
        stage.edits(&message, "STOP", 1).await;
        assert_eq!(stage.status(queued).await, MessageStatus::Cancelled);
        let opted_out = "SELECT opted_out_at AS value FROM contact";
        assert!(stage.int(opted_out).await.is_some());
        stage.edits(&message, "START", 30).await;
        assert!(
            stage.int(opted_out).await.is_some(),
            "an edit opted them in"
        );
    }
}
