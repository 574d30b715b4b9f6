//! Edits, deletions and reactions: kept of stored messages only, and never evidence.

use chrono::TimeDelta;

use super::stage::{Stage, chat, groom, inbound};

const STORED: &str = "SELECT CAST(count(*) AS BIGINT) AS value FROM conversation_message";

// ---- small facts ---------------------------------------------------------------------------------------------

#[tokio::test]
async fn edits_deletions_and_reactions_are_kept_of_stored_messages_only() {
    for mut stage in Stage::each().await {
        stage.guest(1).await;
        let message = inbound(chat(1), "RAW", stage.now);
        stage.record(&message).await;
        let (store, session, now) = (stage.store(), groom(), stage.now);
        let mut edited = message.clone();
        edited.body = Some("Goodbye".to_owned());
        edited.at = now + TimeDelta::seconds(5);
        let later = now + TimeDelta::seconds(9);
        assert!(
            store
                .record_edit(&session, "RAW", &edited, later)
                .await
                .unwrap()
        );
        // An older text that comes late changes nothing.
        assert!(
            store
                .record_edit(&session, "RAW", &message, later)
                .await
                .unwrap()
        );
        let body = "SELECT body AS value FROM conversation_message";
        assert_eq!(stage.text(body).await.as_deref(), Some("Goodbye"));
        assert!(
            !store
                .record_edit(&session, "OTHER", &edited, later)
                .await
                .unwrap()
        );

        assert!(store.record_revoke(&session, "RAW", now).await.unwrap());
        assert!(!store.record_revoke(&session, "OTHER", now).await.unwrap());
        let revoked = "SELECT revoked_at AS value FROM conversation_message";
        assert_eq!(stage.int(revoked).await, Some(now.timestamp_millis()));

        let react = |target, emoji, secs| storage::Reaction {
            target,
            emoji,
            from_me: false,
            at: now + TimeDelta::seconds(secs),
        };
        assert!(
            store
                .record_reaction(&session, react("RAW", "👍", 2))
                .await
                .unwrap()
        );
        assert!(
            store
                .record_reaction(&session, react("RAW", "", 3))
                .await
                .unwrap()
        );
        assert!(
            store
                .record_reaction(&session, react("RAW", "👍", 2))
                .await
                .unwrap()
        );
        assert!(
            !store
                .record_reaction(&session, react("OTHER", "👍", 2))
                .await
                .unwrap()
        );
        let emoji = "SELECT emoji AS value FROM message_reaction";
        assert_eq!(stage.db.texts(emoji).await, [Some(String::new())]);

        assert!(store.record_waiting(&chat(1)).await.unwrap());
        assert!(!store.record_waiting(&chat(2)).await.unwrap());
        assert_eq!(stage.int(STORED).await, Some(1));
    }
}
