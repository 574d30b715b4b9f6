//! Which of several messages goes first: send-now, replies, priorities, age; and who may interrupt whom.

use chrono::TimeDelta;
use domain::{
    lane::Lane,
    message_status::MessageStatus,
    session::SessionState,
    wait::{AwaitedEvent, Wait, WaitReason},
};
use storage::{Claim, ReleaseReason};

use super::stage::{Stage, accepted, even_pace, groom, text};

#[tokio::test]
async fn send_now_goes_before_replies_before_priorities_before_age() {
    for mut stage in Stage::each().await {
        let mut expected = Vec::new();
        let contacts = [
            stage.writer(1).await,
            stage.writer(2).await,
            stage.guest(3).await,
            stage.writer(4).await,
            stage.writer(5).await,
        ];
        let oldest = stage.queue(contacts[0]).await;
        let urgent = stage.queue_with(contacts[1], |m| m.priority = 5).await;
        stage.writes(3, stage.now).await;
        let reply = stage
            .queue_with(contacts[2], |m| m.lane = Lane::Reply)
            .await;
        let now = stage.queue_with(contacts[3], |m| m.send_now = true).await;
        let newest = stage.queue(contacts[4]).await;
        expected.extend([now, reply, urgent, oldest, newest]);
        let mut order = Vec::new();
        for n in 0..expected.len() {
            let work = stage.taken().await;
            order.push(work.message);
            stage.now += work.plan.total();
            stage.take_lease().await;
            stage.commit(&work).await;
            stage
                .finish(work.attempt, accepted(&format!("RAW{n}")))
                .await;
            stage.later(TimeDelta::minutes(30));
            stage.take_lease().await;
            stage
                .sees(&groom(), SessionState::Connected, stage.now)
                .await;
        }
        assert_eq!(order, expected);
    }
}

#[tokio::test]
async fn a_reply_that_can_begin_soon_goes_before_an_automatic_message() {
    for mut stage in Stage::each().await {
        stage.pacing = even_pace();
        let (one, two) = (stage.guest(1).await, stage.writer(2).await);
        stage.writes(1, stage.now).await;
        stage.queue_with(one, |m| m.lane = Lane::Reply).await;
        stage.sent("RAW1").await;
        let reply = stage.queue_with(one, |m| m.lane = Lane::Reply).await;
        stage.queue(two).await;
        // The automatic one could begin now, and would still be typing when the reply can begin.
        let soon = (stage.now + TimeDelta::seconds(20)).timestamp_millis();
        stage
            .tamper(&format!(
                "UPDATE session_number SET automatic_gap_until = 1, reply_gap_until = {soon}"
            ))
            .await;
        let (next, waiting) = stage.idle().await;
        assert_eq!(waiting.unwrap().reason, WaitReason::Gap);
        stage.now = next.unwrap();
        assert_eq!(stage.taken().await.message, reply);
    }
}

#[tokio::test]
async fn a_reply_to_somebody_silent_for_a_day_waits_among_the_others() {
    for mut stage in Stage::each().await {
        let (silent, other) = (stage.writer(1).await, stage.writer(2).await);
        let first = stage.queue(other).await;
        let reply = stage.queue_with(silent, |m| m.lane = Lane::Reply).await;
        assert_eq!(stage.taken().await.message, first);
        let rank = format!("SELECT rank AS value FROM whatsapp_message_queue WHERE id = '{reply}'");
        assert_eq!(stage.int(&rank).await, Some(2));
        stage.writes(1, stage.now).await;
        assert_eq!(stage.int(&rank).await, Some(1));
    }
}

/// A longer text begins earlier: it must not overtake the message that was queued before it.
#[tokio::test]
async fn messages_to_one_contact_keep_their_order_whatever_their_length() {
    for mut stage in Stage::each().await {
        stage.pacing = even_pace();
        let contact = stage.writer(1).await;
        stage.queue(contact).await;
        stage.sent("RAW1").await;
        let short = stage.queue_with(contact, |m| m.text = text("1")).await;
        let long = stage
            .queue_with(contact, |m| m.text = text(&"1".repeat(120)))
            .await;
        stage.idle().await;
        let eligible = stage.row(long).await.eligible_at.unwrap();
        assert!(eligible < stage.row(short).await.eligible_at.unwrap());
        stage.now = eligible;
        stage.take_lease().await;
        let (next, _) = stage.idle().await;
        assert_eq!(
            stage.row(long).await.eligible_at,
            stage.row(short).await.eligible_at
        );
        stage.now = next.unwrap();
        stage.take_lease().await;
        assert_eq!(stage.taken().await.message, short);
    }
}

#[tokio::test]
async fn what_was_given_back_keeps_its_place() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let first = stage.queue(contact).await;
        let second = stage.queue(contact).await;
        let work = stage.taken().await;
        assert_eq!(work.message, first);
        stage.release(work.attempt, ReleaseReason::Stopping).await;
        assert_eq!(stage.taken().await.message, first);
        assert_eq!(stage.status(second).await, MessageStatus::Pending);
    }
}

/// Its retry comes after a pause: later news to the contact waits for it, and replies do not.
#[tokio::test]
async fn what_is_tried_again_keeps_its_place_among_automatic_messages() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let first = stage.queue(contact).await;
        let second = stage.queue(contact).await;
        let work = stage.taken().await;
        stage.release(work.attempt, ReleaseReason::Lost).await;
        let again = stage.row(first).await.eligible_at.unwrap();
        assert_eq!(stage.idle().await.0, Some(again));
        assert_eq!(
            stage.row(second).await.wait,
            Some(Wait::at(WaitReason::EarlierOpen, again))
        );
        stage.writes(1, stage.now).await;
        let reply = stage.queue_with(contact, |m| m.lane = Lane::Reply).await;
        let work = stage.taken().await;
        assert_eq!(work.message, reply);
        stage.release(work.attempt, ReleaseReason::Lost).await;
        let later_reply = stage.queue_with(contact, |m| m.lane = Lane::Reply).await;
        let work = stage.taken().await;
        assert_eq!(work.message, later_reply);
        stage.release(work.attempt, ReleaseReason::Lost).await;
        let both = format!(
            "UPDATE whatsapp_message_queue SET status = 'cancelled' WHERE id IN ('{reply}', '{later_reply}')"
        );
        stage.tamper(&both).await;
        stage.now = again;
        stage.take_lease().await;
        assert_eq!(stage.taken().await.message, first);
    }
}

#[tokio::test]
async fn a_contact_written_to_from_the_other_session_waits_for_that_end() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        stage.queue(contact).await;
        let open = stage.taken().await;
        let mut bride =
            super::stage::Worker::new(super::stage::bride(), stage.now, &mut stage.dice);
        std::mem::swap(&mut bride, &mut stage.worker);
        stage.take_lease().await;
        stage.writes(1, stage.now - TimeDelta::days(2)).await;
        let held = stage.queue(contact).await;
        stage.idle().await;
        let wait = stage.row(held).await.wait.unwrap();
        assert_eq!(
            wait,
            Wait::event(WaitReason::EarlierOpen, AwaitedEvent::EarlierEnds)
        );
        std::mem::swap(&mut bride, &mut stage.worker);
        stage.release(open.attempt, ReleaseReason::Stopping).await;
        std::mem::swap(&mut bride, &mut stage.worker);
        assert!(matches!(stage.claim().await, Claim::Taken(work) if work.message == held));
    }
}

#[tokio::test]
async fn a_reply_preempts_an_automatic_composition_twice_at_most() {
    for mut stage in Stage::each().await {
        let (one, two) = (stage.writer(1).await, stage.guest(2).await);
        stage.writes(2, stage.now).await;
        let automatic = stage.queue(one).await;
        let mut work = stage.taken().await;
        let waiting = async |stage: &Stage| {
            stage
                .store()
                .reply_waiting(stage.claimer(), stage.now)
                .await
                .unwrap()
        };
        assert!(!waiting(&stage).await);
        let reply = stage.queue_with(two, |m| m.lane = Lane::Reply).await;
        for _ in 0..2 {
            assert!(waiting(&stage).await);
            stage.release(work.attempt, ReleaseReason::Preempted).await;
            work = stage.taken().await;
            assert_eq!(work.message, reply);
            // A reply is never pre-empted.
            assert!(!waiting(&stage).await);
            stage.release(work.attempt, ReleaseReason::Stopping).await;
            stage
                .tamper(&format!(
                    "UPDATE whatsapp_message_queue SET due = 0 WHERE id = '{reply}'"
                ))
                .await;
            work = stage.taken().await;
            assert_eq!(work.message, automatic);
            stage
                .tamper(&format!(
                    "UPDATE whatsapp_message_queue SET due = 1 WHERE id = '{reply}'"
                ))
                .await;
        }
        assert!(!waiting(&stage).await);
    }
}

/// A reply that may not go itself is no reason to interrupt anybody.
#[tokio::test]
async fn a_reply_that_has_to_wait_preempts_nothing() {
    for mut stage in Stage::each().await {
        let (one, two) = (stage.writer(1).await, stage.guest(2).await);
        stage.writes(2, stage.now).await;
        stage.queue(one).await;
        stage.taken().await;
        let at = stage.now + TimeDelta::hours(1);
        let reply = stage
            .queue_with(two, |m| {
                m.lane = Lane::Reply;
                m.not_before = Some(at);
            })
            .await;
        stage
            .tamper(&format!(
                "UPDATE whatsapp_message_queue SET due = 1 WHERE id = '{reply}'"
            ))
            .await;
        assert!(
            !stage
                .store()
                .reply_waiting(stage.claimer(), stage.now)
                .await
                .unwrap()
        );
    }
}
