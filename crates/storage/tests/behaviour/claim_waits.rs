//! Waits for a time: when a message is looked at again, and that no wait hides anybody else.

use chrono::TimeDelta;
use domain::{lane::Lane, session::SessionState, wait::WaitReason};

use super::stage::{Stage, even_pace, groom, text};

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
        let gap = "SELECT automatic_gap_until AS value FROM session_number WHERE session = 'groom'";
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
