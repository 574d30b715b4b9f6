//! What guests write: stored once, evidence when newest, and nothing of anybody else.

use chrono::TimeDelta;
use domain::{
    message_status::MessageStatus, release::RefuseReason, session::SessionState, wire::MessageKind,
};
use storage::{CancelReason, Recorded};

use super::stage::{Stage, bride, chat, groom, inbound, lid, own};

const STORED: &str = "SELECT CAST(count(*) AS BIGINT) AS value FROM conversation_message";

const CONTACTS: &str = "SELECT CAST(count(*) AS BIGINT) AS value FROM contact";

const EVIDENCE: &str = "SELECT m.raw_id AS value FROM contact_session s JOIN conversation_message m ON m.id = s.evidence_id";

#[tokio::test]
async fn what_strangers_write_is_not_stored() {
    for mut stage in Stage::each().await {
        // A contact that is on the list no more is a stranger too.
        let contact = stage.guest(8).await;
        stage.tamper("DELETE FROM guest").await;
        for n in [8, 9] {
            let mut message = inbound(chat(n), "RAW", stage.now);
            message.alt = Some(lid(n));
            assert_eq!(stage.record(&message).await, Recorded::NotAGuest);
            message.from_me = true;
            assert_eq!(stage.record(&message).await, Recorded::NotAGuest);
        }
        assert_eq!(stage.int(STORED).await, Some(0));
        assert_eq!(stage.int(CONTACTS).await, Some(1));
        let lids = "SELECT CAST(count(*) AS BIGINT) AS value FROM contact_lid";
        assert_eq!(stage.int(lids).await, Some(0));
        // Somebody the queue writes to is known, on the list or not.
        stage.queue(contact).await;
        assert_eq!(
            stage.writes(8, stage.now).await,
            Recorded::Inbound { contact, new: true }
        );
    }
}

#[tokio::test]
async fn a_message_is_stored_once() {
    for mut stage in Stage::each().await {
        let contact = stage.guest(1).await;
        let message = inbound(chat(1), "RAW", stage.now);
        assert_eq!(
            stage.record(&message).await,
            Recorded::Inbound { contact, new: true }
        );
        stage
            .db
            .sent_to(contact, stage.now + TimeDelta::seconds(1))
            .await;
        assert_eq!(
            stage.record(&message).await,
            Recorded::Inbound {
                contact,
                new: false
            }
        );
        assert_eq!(stage.int(STORED).await, Some(1));
        assert_eq!(stage.unanswered().await, 1);
    }
}

#[tokio::test]
async fn the_newest_message_is_the_evidence_in_whatever_order_they_come() {
    for mut stage in Stage::each().await {
        stage.guest(1).await;
        let at = |minutes| stage.now - TimeDelta::minutes(minutes);
        for (raw_id, minutes) in [("B", 20), ("C", 10), ("A", 30)] {
            stage.record(&inbound(chat(1), raw_id, at(minutes))).await;
        }
        assert_eq!(stage.text(EVIDENCE).await.as_deref(), Some("C"));
        let last_in = "SELECT last_in_at AS value FROM contact_session";
        assert_eq!(stage.int(last_in).await, Some(at(10).timestamp_millis()));
        // A clock that runs ahead makes no message from the future.
        stage.record(&inbound(chat(1), "D", at(-60))).await;
        assert_eq!(stage.int(last_in).await, Some(stage.now.timestamp_millis()));
    }
}

/// Found late, a message answers only what was sent before it.
#[tokio::test]
async fn a_missed_message_answers_what_was_sent_before_it() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        stage.queue_with(contact, |m| m.send_now = true).await;
        stage.sent("RAW1").await;
        let between = stage.now + TimeDelta::seconds(30);
        stage.later(TimeDelta::minutes(1));
        stage.queue_with(contact, |m| m.send_now = true).await;
        // Send-now does not lift the cool-down.
        stage.rules.cool_down = std::time::Duration::ZERO;
        stage.take_lease().await;
        stage.sent("RAW2").await;
        assert_eq!(stage.unanswered().await, 2);
        stage.writes(1, between).await;
        assert_eq!(stage.unanswered().await, 1);
        stage.writes(1, stage.now).await;
        assert_eq!(stage.unanswered().await, 0);
    }
}

#[tokio::test]
async fn nothing_from_before_the_pairing_is_stored_or_proves_anything() {
    for mut stage in Stage::each().await {
        stage.guest(1).await;
        let paired = stage.now - TimeDelta::days(30);
        let at = |secs| paired - TimeDelta::seconds(secs);
        assert_eq!(
            stage.record(&inbound(chat(1), "OLD", at(61))).await,
            Recorded::BeforePairing
        );
        assert_eq!(
            stage.record(&own(chat(1), "OWN", "Hi", at(61))).await,
            Recorded::BeforePairing
        );
        assert_eq!(stage.int(STORED).await, Some(0));
        assert!(matches!(
            stage.record(&inbound(chat(1), "NEW", at(60))).await,
            Recorded::Inbound { new: true, .. }
        ));
    }
}

#[tokio::test]
async fn a_session_that_was_never_paired_proves_nothing() {
    for mut stage in Stage::each().await {
        stage.guest(1).await;
        stage
            .tamper("UPDATE whatsapp_session_status SET first_connected_at = NULL")
            .await;
        assert_eq!(
            stage.record(&inbound(chat(1), "RAW", stage.now)).await,
            Recorded::BeforePairing
        );
    }
}

#[tokio::test]
async fn writing_to_one_spouse_is_no_consent_for_the_other() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let message = stage.queue_with(contact, |m| m.session = bride()).await;
        let wait = stage.row(message).await.wait;
        assert!(wait.is_some());
        stage.writes(1, stage.now).await;
        assert_eq!(stage.row(message).await.wait, wait);
        stage.worker.session = bride();
        stage
            .writes(1, stage.now + TimeDelta::milliseconds(1))
            .await;
        assert_eq!(stage.row(message).await.wait, None);
    }
}

#[tokio::test]
async fn an_answer_drops_what_was_to_be_dropped() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let dropped = stage
            .queue_with(contact, |m| m.drop_if_answered = true)
            .await;
        let kept = stage.queue(contact).await;
        stage.later(TimeDelta::seconds(1));
        let since = stage
            .queue_with(contact, |m| m.drop_if_answered = true)
            .await;
        // Older than both: it answers neither.
        stage.writes(1, stage.now - TimeDelta::days(1)).await;
        assert_eq!(stage.status(dropped).await, MessageStatus::Pending);
        stage
            .writes(1, stage.now - TimeDelta::milliseconds(500))
            .await;
        let row = stage.row(dropped).await;
        assert_eq!(row.status, MessageStatus::Cancelled);
        assert_eq!(
            row.cancel_reason,
            Some(CancelReason::Rule(RefuseReason::Answered))
        );
        for message in [kept, since] {
            assert_eq!(stage.status(message).await, MessageStatus::Pending);
        }
        let told = stage.store().timeline(dropped).await.unwrap();
        assert_eq!(told.last().unwrap().detail.as_deref(), Some("answered"));
    }
}

#[tokio::test]
async fn what_a_spouse_types_by_hand_counts_once() {
    for mut stage in Stage::each().await {
        let contact = stage.guest(1).await;
        let typed = own(chat(1), "RAW", "Ciao", stage.now - TimeDelta::minutes(1));
        assert_eq!(
            stage.record(&typed).await,
            Recorded::TypedByHand { contact, new: true }
        );
        assert_eq!(
            stage.record(&typed).await,
            Recorded::TypedByHand {
                contact,
                new: false
            }
        );
        let older = own(chat(1), "OLDER", "Ciao", stage.now - TimeDelta::hours(1));
        stage.record(&older).await;
        let at = "SELECT hand_typed_at AS value FROM contact_session";
        assert_eq!(stage.int(at).await, Some(typed.at.timestamp_millis()));
        let facts = stage
            .store()
            .session_facts(&groom(), stage.now)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(facts.hand_typed.len(), 2);
    }
}

/// What they send besides text is a message too; only its kind is kept.
#[tokio::test]
async fn a_photo_without_a_caption_is_evidence() {
    for mut stage in Stage::each().await {
        let contact = stage.guest(1).await;
        let mut photo = inbound(chat(1), "RAW", stage.now);
        (photo.kind, photo.body) = (MessageKind::Photo, None);
        assert_eq!(
            stage.record(&photo).await,
            Recorded::Inbound { contact, new: true }
        );
        stage.queue(contact).await;
        stage
            .sees(&groom(), SessionState::Connected, stage.now)
            .await;
        assert_eq!(stage.taken().await.contact, contact);
    }
}
