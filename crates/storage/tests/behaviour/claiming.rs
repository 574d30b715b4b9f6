//! Which message is taken next, and what the others wait for.

use std::time::Duration;

use chrono::TimeDelta;
use domain::{
    config::Pacing,
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

use super::stage::{Stage, accepted, groom, text};

/// Every step takes one second, so that plans can be reckoned with.
fn even_pace() -> Pacing {
    Pacing {
        reading_min_ms: 1_000,
        reading_max_ms: 1_000,
        reply_reading_min_ms: 1_000,
        reply_reading_max_ms: 1_000,
        typing_ms_per_char: 1_000,
        typing_cap_ms: 300_000,
        typing_spread_percent: 0,
        pause_min_ms: 1_000,
        pause_max_ms: 1_000,
    }
}

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
        assert_eq!(stage.idle().await, (None, None));
    }
}

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

/// A composition begins early by its length, so that it is committed when the wait is over.
#[tokio::test]
async fn a_wait_for_a_time_ends_early_by_the_length_of_the_composition() {
    for mut stage in Stage::each().await {
        stage.pacing = even_pace();
        let (one, two) = (stage.writer(1).await, stage.writer(2).await);
        stage.queue(one).await;
        stage.sent("RAW1").await;
        // The session's: the gap. Its end minus 1 + 8 + 1 seconds is when to look again.
        let message = stage.queue_with(two, |m| m.text = text("12345678")).await;
        let gap =
            "SELECT automatic_gap_until AS value FROM whatsapp_session_status WHERE name = 'groom'";
        let gap_ends = stage.int(gap).await.unwrap();
        let (next, waiting) = stage.idle().await;
        assert_eq!(waiting.unwrap().reason, WaitReason::Gap);
        assert_eq!(next.unwrap().timestamp_millis(), gap_ends - 10_000);
        // The message's own: the cool-down of its contact.
        let held = stage
            .queue_with(one, |m| {
                m.text = text("12345678");
                m.priority = 1;
            })
            .await;
        assert!(stage.idle().await.0.is_some());
        let row = stage.row(held).await;
        assert_eq!(row.wait.unwrap().reason, WaitReason::CoolDown);
        let last_out =
            "SELECT last_out_at AS value FROM contact_session WHERE last_out_at IS NOT NULL";
        let cool = stage.int(last_out).await.unwrap() + 3_600_000;
        assert_eq!(row.eligible_at.unwrap().timestamp_millis(), cool - 10_000);
        // At exactly that time it is looked at again, and the plan fits.
        stage.now = next.unwrap();
        stage.take_lease().await;
        assert_eq!(stage.taken().await.message, message);
    }
}

/// Held for its own reason now and by the night later, a message must not hide one that may go before the night.
#[tokio::test]
async fn a_wait_of_the_session_that_lies_behind_one_of_the_message_stops_nobody() {
    for mut stage in Stage::each().await {
        let (held, free) = (stage.writer(1).await, stage.writer(2).await);
        stage.now = "2026-11-23T19:10:00Z".parse().unwrap();
        stage
            .sees(&groom(), SessionState::Connected, stage.now)
            .await;
        stage.take_lease().await;
        stage.queue(held).await;
        stage.sent("RAW1").await;
        // The gap is over at 19:25, the cool-down at 20:11, the night begins at 20:00 (21:00 in Rome).
        stage.now = "2026-11-23T19:25:00Z".parse().unwrap();
        stage
            .sees(&groom(), SessionState::Connected, stage.now)
            .await;
        stage.take_lease().await;
        let first = stage.queue_with(held, |m| m.priority = 9).await;
        let second = stage.queue(free).await;
        assert_eq!(stage.taken().await.message, second);
        let wait = stage.row(first).await.wait.unwrap();
        assert_eq!(wait.reason, WaitReason::CoolDown);
    }
}

#[tokio::test]
async fn at_night_nothing_automatic_begins_but_a_fresh_reply_does() {
    for mut stage in Stage::each().await {
        let (one, two, three) = (
            stage.writer(1).await,
            stage.guest(2).await,
            stage.guest(3).await,
        );
        stage.now = "2026-11-23T21:30:00Z".parse().unwrap();
        stage
            .sees(&groom(), SessionState::Connected, stage.now)
            .await;
        stage.take_lease().await;
        let automatic = stage.queue(one).await;
        stage.writes(2, stage.now).await;
        stage.writes(3, stage.now).await;
        let stale = stage.queue_with(two, |m| m.lane = Lane::Reply).await;
        stage.later(TimeDelta::minutes(20));
        stage.take_lease().await;
        let fresh = stage.queue_with(three, |m| m.lane = Lane::Reply).await;
        // The older reply waits for the morning by itself and hides nobody.
        assert_eq!(stage.taken().await.message, fresh);
        let wait = stage.row(stale).await.wait.unwrap();
        assert_eq!(wait.reason, WaitReason::QuietHours);
        assert_eq!(stage.row(automatic).await.wait, None);
    }
}

#[tokio::test]
async fn a_reply_that_can_begin_soon_goes_before_an_automatic_message() {
    for mut stage in Stage::each().await {
        let (one, two) = (stage.guest(1).await, stage.writer(2).await);
        stage.writes(1, stage.now).await;
        stage.queue_with(one, |m| m.lane = Lane::Reply).await;
        stage.sent("RAW1").await;
        let reply = stage.queue_with(one, |m| m.lane = Lane::Reply).await;
        stage.queue(two).await;
        // Both pauses run; the automatic one is made to end first.
        let soon = (stage.now + TimeDelta::seconds(90)).timestamp_millis();
        stage.tamper(&format!("UPDATE whatsapp_session_status SET automatic_gap_until = 1, reply_gap_until = {soon}")).await;
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
        stage
            .store()
            .release(
                stage.claimer(),
                work.attempt,
                storage::ReleaseReason::Stopping,
                stage.now,
            )
            .await
            .unwrap();
        assert_eq!(stage.taken().await.message, first);
        assert_eq!(stage.status(second).await, MessageStatus::Pending);
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
async fn a_scheduled_message_is_looked_at_when_its_time_comes() {
    for mut stage in Stage::each().await {
        stage.pacing = even_pace();
        let contact = stage.writer(1).await;
        let at = stage.now + TimeDelta::hours(1);
        let message = stage
            .queue_with(contact, |m| {
                m.not_before = Some(at);
                m.text = text("12345678");
            })
            .await;
        let (next, waiting) = stage.idle().await;
        assert_eq!((next, waiting), (Some(at), None));
        stage.now = at;
        stage.take_lease().await;
        assert_eq!(stage.taken().await.message, message);
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
            stage
                .store()
                .release(
                    stage.claimer(),
                    work.attempt,
                    storage::ReleaseReason::Preempted,
                    stage.now,
                )
                .await
                .unwrap();
            work = stage.taken().await;
            assert_eq!(work.message, reply);
            // A reply is never pre-empted.
            assert!(!waiting(&stage).await);
            stage
                .store()
                .release(
                    stage.claimer(),
                    work.attempt,
                    storage::ReleaseReason::Stopping,
                    stage.now,
                )
                .await
                .unwrap();
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
        stage
            .store()
            .release(
                stage.claimer(),
                open.attempt,
                storage::ReleaseReason::Stopping,
                stage.now,
            )
            .await
            .unwrap();
        std::mem::swap(&mut bride, &mut stage.worker);
        assert!(matches!(stage.claim().await, Claim::Taken(work) if work.message == held));
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
