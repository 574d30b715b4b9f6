//! What a claim takes, and what it leaves alone.

use std::time::Duration;

use chrono::TimeDelta;
use domain::{
    lane::{Lane, ReleaseLane},
    message_status::MessageStatus,
    pacing::Plan,
    release::RefuseReason,
    session::SessionState,
    wait::{AwaitedEvent, AwaitedPerson, Ends, Wait, WaitReason},
};
use rand::{SeedableRng, rngs::StdRng};
use rstest::rstest;
use storage::{CancelReason, Claim};

use super::stage::{Stage, groom};

#[tokio::test]
async fn what_is_taken_is_composing_with_its_evidence_its_slot_and_its_plan() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let message = stage.queue(contact).await;
        let work = stage.taken().await;
        assert_eq!((work.message, work.contact), (message, contact));
        assert_eq!(work.lane, ReleaseLane::Automatic);
        assert_eq!(work.chat, super::stage::chat(1));
        assert!(work.plan.total() > Duration::from_secs(4));
        assert_eq!(work.answers, None);
        let row = stage.row(message).await;
        assert_eq!(row.status, MessageStatus::Composing);
        assert_eq!((row.attempt, row.attempts), (Some(work.attempt), 1));
        let evidence = "SELECT m.raw_id AS value FROM whatsapp_message_queue q JOIN conversation_message m ON m.id = q.evidence_id";
        let raw_id = stage.text(evidence).await.unwrap();
        assert!(raw_id.starts_with("IN1AT"), "{raw_id}");
        let slot = "SELECT state || ' ' || lane AS value FROM send_reservation";
        assert_eq!(stage.text(slot).await.as_deref(), Some("held automatic"));
        // While it is open, nothing else begins.
        let other = stage.writer(2).await;
        stage.queue(other).await;
        assert!(matches!(stage.claim().await, Claim::Open));
    }
}

#[tokio::test]
async fn who_has_not_written_is_not_written_to() {
    for mut stage in Stage::each().await {
        let contact = stage.guest(1).await;
        let message = stage.queue(contact).await;
        assert_eq!(stage.idle().await, (None, None));
        let wait = stage.row(message).await.wait.unwrap();
        assert_eq!(wait.reason, WaitReason::GuestHasNotWritten);
        assert_eq!(wait.ends, Ends::Event(AwaitedEvent::ContactWrites));
        // Also when it was set due by hand, and with a book that forgot about consent.
        stage
            .tamper(
                "UPDATE whatsapp_message_queue SET due = 1, wait_reason = NULL, wait_ends = NULL",
            )
            .await;
        stage.book = domain::release::Rulebook::without(domain::release::Rule::Consent);
        assert_eq!(stage.idle().await, (None, None));
        assert_eq!(stage.row(message).await.wait, Some(wait));
        stage.writes(1, stage.now).await;
        assert_eq!(stage.taken().await.message, message);
    }
}

#[tokio::test]
async fn any_number_of_waiting_messages_does_not_hide_one_that_may_go() {
    for mut stage in Stage::each().await {
        let silent = stage.guest(1).await;
        let mut waiting = Vec::new();
        for _ in 0..130 {
            let mut message = stage.new_message(silent);
            message.priority = 9;
            waiting.push(message);
        }
        stage.enqueue(&waiting).await;
        stage
            .tamper("UPDATE whatsapp_message_queue SET due = 1")
            .await;
        let contact = stage.writer(2).await;
        let message = stage.queue(contact).await;
        assert_eq!(stage.taken().await.message, message);
        let aside = "SELECT CAST(count(*) AS BIGINT) AS value FROM whatsapp_message_queue WHERE due = 0 AND status = 'pending'";
        assert_eq!(stage.int(aside).await, Some(130));
    }
}

#[tokio::test]
async fn a_wait_of_the_whole_session_leaves_the_rows_alone() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let message = stage.queue(contact).await;
        stage
            .store()
            .pause(&groom(), &Stage::person(), stage.now)
            .await
            .unwrap();
        let paused = Wait::person(WaitReason::SessionPaused, AwaitedPerson::Resume);
        assert_eq!(stage.idle().await, (None, Some(paused)));
        let row = stage.row(message).await;
        assert_eq!((row.wait, row.eligible_at, row.version), (None, None, 1));
        let due = "SELECT due AS value FROM whatsapp_message_queue";
        assert_eq!(stage.int(due).await, Some(1));
        stage
            .store()
            .resume(&groom(), &Stage::person(), stage.now)
            .await
            .unwrap();
        assert_eq!(stage.taken().await.message, message);
    }
}

#[rstest]
#[case(SessionState::Qr, WaitReason::SessionNeedsScan)]
#[case(SessionState::Failed, WaitReason::SessionNeedsScan)]
#[case(SessionState::Connecting, WaitReason::SessionConnecting)]
#[case(SessionState::Disconnected, WaitReason::SessionAway)]
#[tokio::test]
async fn nothing_begins_while_the_session_is_not_connected(
    #[case] state: SessionState,
    #[case] reason: WaitReason,
) {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        stage.queue(contact).await;
        stage.sees(&groom(), state, stage.now).await;
        let (next, waiting) = stage.idle().await;
        assert_eq!(
            (next, waiting.map(|wait| wait.reason)),
            (None, Some(reason))
        );
    }
}

#[tokio::test]
async fn what_expired_or_was_answered_is_cancelled_with_the_reason() {
    for mut stage in Stage::each().await {
        let (one, two) = (stage.writer(1).await, stage.writer(2).await);
        let soon = stage.now + TimeDelta::milliseconds(5);
        let expired = stage.queue_with(one, |m| m.not_after = Some(soon)).await;
        let opted_out = stage.queue(two).await;
        stage
            .tamper(&format!(
                "UPDATE contact SET opted_out_at = 1 WHERE id = '{two}'"
            ))
            .await;
        stage.later(TimeDelta::seconds(1));
        assert_eq!(stage.idle().await, (None, None));
        for (message, reason) in [
            (expired, RefuseReason::Expired),
            (opted_out, RefuseReason::OptedOut),
        ] {
            let row = stage.row(message).await;
            assert_eq!(row.status, MessageStatus::Cancelled);
            assert_eq!(row.cancel_reason, Some(CancelReason::Rule(reason)));
        }
    }
}

#[tokio::test]
async fn a_claim_promotes_a_bounded_number_of_rows() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let at = stage.now + TimeDelta::hours(1);
        let messages: Vec<_> = (0..700).map(|_| stage.new_message(contact)).collect();
        stage.enqueue(&messages).await;
        let scheduled = format!(
            "UPDATE whatsapp_message_queue SET due = 0, wait_reason = 'not_before', wait_ends = 'at', eligible_at = {}",
            at.timestamp_millis()
        );
        stage.tamper(&scheduled).await;
        stage.now = at;
        stage.take_lease().await;
        stage.sees(&groom(), SessionState::Qr, at).await;
        let (next, _) = stage.idle().await;
        let due = "SELECT CAST(sum(due) AS BIGINT) AS value FROM whatsapp_message_queue";
        assert_eq!((stage.int(due).await, next), (Some(500), Some(at)));
        stage.idle().await;
        assert_eq!(stage.int(due).await, Some(700));
    }
}

#[tokio::test]
async fn a_reply_quotes_the_message_it_answers() {
    for mut stage in Stage::each().await {
        let contact = stage.guest(1).await;
        stage.writes(1, stage.now).await;
        let answered = stage
            .text("SELECT id AS value FROM conversation_message")
            .await
            .unwrap();
        stage
            .queue_with(contact, |m| {
                m.lane = Lane::Reply;
                m.reply_to = Some(answered.parse().unwrap());
            })
            .await;
        let work = stage.taken().await;
        let answers = work.answers.unwrap();
        assert!(answers.raw_id.starts_with("IN1AT"));
        assert!(answers.full_id.starts_with("false_"));
        assert_eq!(work.lane, ReleaseLane::Reply);
    }
}

#[tokio::test]
async fn plans_are_drawn_from_the_dice_that_were_given() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        stage.queue(contact).await;
        stage.dice = StdRng::seed_from_u64(11);
        let mut same_dice = StdRng::seed_from_u64(11);
        let work = stage.taken().await;
        let expected = Plan::draw(
            &work.text,
            ReleaseLane::Automatic,
            &stage.pacing,
            &mut same_dice,
        );
        assert_eq!(work.plan, expected);
    }
}
