//! The wall clock of the machine is set: each message keeps what was true of it.

use chrono::TimeDelta;
use domain::{
    ids::{ContactId, MessageId},
    lane::Lane,
    message_status::MessageStatus,
    outcome::SendAnswer,
    release::RefuseReason,
    wait::{Ends, WaitReason},
};
use storage::{CancelReason, ClockWatch, ContactDecision, Finished, Recorded, Settled};

use super::{
    clock_steps::Machine,
    inviting::says,
    stage::{Stage, chat, inbound, own},
};

const TEXT: &str = "Save the date";
const NO_ID: SendAnswer = SendAnswer::Accepted { raw_id: None };

/// A machine whose clock is followed.
pub(super) struct Clock {
    machine: Machine,
    watch: ClockWatch,
}

impl Clock {
    pub(super) async fn followed(stage: &Stage) -> Self {
        let (machine, watch) = (Machine::started(), ClockWatch::default());
        machine.holder(stage, &watch).await;
        Self { machine, watch }
    }

    /// The clock is set, and the holder of the lease follows it.
    pub(super) async fn set(&mut self, stage: &mut Stage, by: TimeDelta) {
        self.machine.set(stage, by);
        self.machine.holder(stage, &self.watch).await;
        stage.take_lease().await;
    }
}

#[tokio::test]
async fn settles_from_the_chat_what_became_uncertain_before_the_clock_was_set_right() {
    for hours in [2, 48] {
        for mut stage in Stage::each().await {
            let contact = stage.writer(1).await;
            let mut clock = Clock::followed(&stage).await;
            clock.set(&mut stage, TimeDelta::hours(hours)).await;
            let message = stage.queue(contact).await;
            let work = stage.doubted().await;
            let told_by_whatsapp = stage.now - TimeDelta::hours(hours);
            clock.set(&mut stage, TimeDelta::hours(-hours)).await;
            stage.later(TimeDelta::minutes(1));
            let seen = [own(chat(1), "RAW", TEXT, told_by_whatsapp)];
            let store = stage.store();
            let settled = store.settle_from_chat(work.attempt, &seen, stage.now);
            assert_eq!(settled.await.unwrap(), Settled::Sent, "after {hours} hours");
            assert_eq!(stage.status(message).await, MessageStatus::Sent);
        }
    }
}

#[tokio::test]
async fn settles_from_the_chat_while_the_clock_is_ahead() {
    for set_while_uncertain in [false, true] {
        for mut stage in Stage::each().await {
            let contact = stage.writer(1).await;
            let mut clock = Clock::followed(&stage).await;
            let ahead = TimeDelta::hours(2);
            if !set_while_uncertain {
                clock.set(&mut stage, ahead).await;
            }
            stage.queue(contact).await;
            let work = stage.doubted().await;
            if set_while_uncertain {
                clock.set(&mut stage, ahead).await;
            }
            let told_by_whatsapp = stage.now - ahead;
            stage.later(TimeDelta::minutes(1));
            let uncertain = stage.store().uncertain(&stage.session).await.unwrap();
            assert!(
                uncertain[0].committed_at <= told_by_whatsapp,
                "{uncertain:?}"
            );
            let seen = [own(chat(1), "RAW", TEXT, told_by_whatsapp)];
            let store = stage.store();
            let settled = store.settle_from_chat(work.attempt, &seen, stage.now);
            assert_eq!(settled.await.unwrap(), Settled::Sent);
        }
    }
}

#[tokio::test]
async fn settles_by_an_event_what_became_uncertain_before_the_clock_was_set_right() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let mut clock = Clock::followed(&stage).await;
        clock.set(&mut stage, TimeDelta::hours(2)).await;
        let message = stage.queue(contact).await;
        stage.doubted().await;
        let told_by_whatsapp = stage.now - TimeDelta::hours(2);
        clock.set(&mut stage, TimeDelta::hours(-2)).await;
        stage.later(TimeDelta::minutes(1));
        let seen = own(chat(1), "RAW", TEXT, told_by_whatsapp);
        let recorded = stage.record(&seen).await;
        assert_eq!(recorded, Recorded::OwnFromQueue { message });
        assert_eq!(stage.status(message).await, MessageStatus::Sent);
    }
}

#[tokio::test]
async fn knows_its_message_that_was_seen_before_the_clock_was_set() {
    for hours in [2, -2] {
        for mut stage in Stage::each().await {
            let contact = stage.writer(1).await;
            let mut clock = Clock::followed(&stage).await;
            let message = stage.queue(contact).await;
            let work = stage.committed().await;
            let seen = own(chat(1), "RAW", TEXT, stage.now);
            stage.later(TimeDelta::seconds(1));
            assert_eq!(stage.record(&seen).await, Recorded::Parked);
            clock.set(&mut stage, TimeDelta::hours(hours)).await;
            assert_eq!(stage.finish(work.attempt, NO_ID).await, Finished::Sent);
            let raw_id = stage.row(message).await.raw_id;
            assert_eq!(raw_id.as_deref(), Some("RAW"), "after {hours} hours");
        }
    }
}

#[tokio::test]
async fn does_not_take_its_message_for_hand_typed_when_the_clock_was_set_right_since() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let mut clock = Clock::followed(&stage).await;
        clock.set(&mut stage, TimeDelta::hours(2)).await;
        let message = stage.queue(contact).await;
        let work = stage.committed().await;
        assert_eq!(stage.finish(work.attempt, NO_ID).await, Finished::Sent);
        let told_by_whatsapp = stage.now - TimeDelta::hours(2);
        clock.set(&mut stage, TimeDelta::hours(-2)).await;
        let seen = own(chat(1), "RAW", TEXT, told_by_whatsapp);
        let recorded = stage.record(&seen).await;
        assert_eq!(recorded, Recorded::OwnFromQueue { message });
    }
}

/// They wrote an hour before it was queued, and not since.
#[tokio::test]
async fn drops_no_message_that_nobody_answered_when_the_clock_was_set_forward() {
    for mut stage in Stage::each().await {
        let contact = stage.guest(1).await;
        stage.writes(1, stage.now - TimeDelta::hours(1)).await;
        let message = stage
            .queue_with(contact, |m| m.drop_if_answered = true)
            .await;
        let mut clock = Clock::followed(&stage).await;
        clock.set(&mut stage, TimeDelta::hours(2)).await;
        assert_eq!(stage.taken().await.message, message);
    }
}

#[tokio::test]
async fn drops_what_was_answered_after_the_clock_was_set_right() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let mut clock = Clock::followed(&stage).await;
        clock.set(&mut stage, TimeDelta::hours(2)).await;
        let message = stage
            .queue_with(contact, |m| m.drop_if_answered = true)
            .await;
        clock.set(&mut stage, TimeDelta::hours(-2)).await;
        stage.later(TimeDelta::minutes(5));
        stage.writes(1, stage.now).await;
        let row = stage.row(message).await;
        let answered = CancelReason::Rule(RefuseReason::Answered);
        assert_eq!(row.cancel_reason, Some(answered), "{:?}", row.status);
    }
}

/// One that the claim looks at, and one to a guest who has not written: both may go until tomorrow.
async fn until_tomorrow(stage: &mut Stage) -> [MessageId; 2] {
    let (writer, silent) = (stage.writer(1).await, stage.guest(2).await);
    let tomorrow = stage.now + TimeDelta::days(1);
    let due = stage
        .queue_with(writer, |m| m.not_after = Some(tomorrow))
        .await;
    let unheard = stage
        .queue_with(silent, |m| m.not_after = Some(tomorrow))
        .await;
    [due, unheard]
}

#[tokio::test]
async fn cancels_nothing_as_expired_that_has_not_expired_once_the_clock_is_set_right() {
    for mut stage in Stage::each().await {
        let both = until_tomorrow(&mut stage).await;
        let mut clock = Clock::followed(&stage).await;
        clock.set(&mut stage, TimeDelta::days(2)).await;
        stage.idle().await;
        for message in both {
            assert_eq!(stage.status(message).await, MessageStatus::Pending);
        }
        clock.set(&mut stage, TimeDelta::days(-2)).await;
        assert_eq!(stage.taken().await.message, both[0]);
    }
}

/// The guest wrote an hour ago, at eleven. The clock told ten in the evening when the reply was looked at.
#[tokio::test]
async fn sends_a_reply_by_day_when_the_clock_that_told_night_was_set_right() {
    for mut stage in Stage::each().await {
        let contact = stage.guest(1).await;
        stage.writes(1, stage.now - TimeDelta::hours(1)).await;
        let message = stage.queue_with(contact, |m| m.lane = Lane::Reply).await;
        stage.later(TimeDelta::minutes(20));
        let mut clock = Clock::followed(&stage).await;
        clock.set(&mut stage, TimeDelta::hours(10)).await;
        stage.idle().await;
        let wait = stage.row(message).await.wait.map(|wait| wait.reason);
        assert_eq!(wait, Some(WaitReason::QuietHours));
        clock.set(&mut stage, TimeDelta::hours(-10)).await;
        assert_eq!(stage.taken().await.message, message);
    }
}

/// Queues a message under an id as the API and a broadcast take it.
async fn queue_next(stage: &mut Stage, contact: ContactId) -> MessageId {
    let ids = stage.store().message_ids(1, stage.now).await.unwrap();
    stage.queue_with(contact, |m| m.id = ids[0]).await
}

#[tokio::test]
async fn sends_in_the_order_of_the_queue_when_the_clock_was_set_back_between_two_messages() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let mut clock = Clock::followed(&stage).await;
        let first = queue_next(&mut stage, contact).await;
        clock.set(&mut stage, TimeDelta::hours(-1)).await;
        stage.later(TimeDelta::minutes(1));
        let second = queue_next(&mut stage, contact).await;
        stage.take_lease().await;
        assert!(first < second, "{first} {second}");
        assert_eq!(stage.taken().await.message, first);
    }
}

#[tokio::test]
async fn cancels_as_expired_what_is_past_its_last_moment_when_the_clock_is_believed() {
    for told_at_once in [true, false] {
        for mut stage in Stage::each().await {
            let both = until_tomorrow(&mut stage).await;
            let mut clock = Clock::followed(&stage).await;
            clock.set(&mut stage, TimeDelta::days(2)).await;
            let (_, waiting) = stage.idle().await;
            assert_eq!(waiting, None);
            let wait = stage.row(both[0]).await.wait.expect("it waits");
            assert_eq!(wait.reason, WaitReason::ClockUncertain);
            let Ends::At(certain) = wait.ends else {
                panic!("it waits for a time: {wait:?}");
            };
            // A fresh word agrees with the clock; or so much time has passed that it has expired whatever the clock was.
            if told_at_once {
                stage.writes(1, stage.now).await;
            } else {
                stage.now = certain + TimeDelta::minutes(1);
                stage.take_lease().await;
            }
            stage.idle().await;
            for message in both {
                let expired = CancelReason::Rule(RefuseReason::Expired);
                let row = stage.row(message).await;
                assert_eq!(row.cancel_reason, Some(expired), "{:?}", row.wait);
            }
        }
    }
}

#[tokio::test]
async fn gives_ids_in_the_order_in_which_they_are_asked_for() {
    for stage in Stage::each().await {
        let store = stage.store();
        let mut ids = store.message_ids(10_000, stage.now).await.unwrap();
        let earlier = stage.now - TimeDelta::hours(1);
        let next = store.message_ids(1, stage.now).await.unwrap();
        assert_eq!(store.message_ids(0, earlier).await.unwrap(), []);
        ids.extend(next);
        assert!(ids.is_sorted_by(|a, b| a < b));
    }
}

#[tokio::test]
async fn heeds_a_stop_that_comes_after_the_clock_was_set_right() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let mut clock = Clock::followed(&stage).await;
        clock.set(&mut stage, TimeDelta::hours(2)).await;
        for decision in [ContactDecision::OptOut, ContactDecision::OptIn] {
            let (store, by) = (stage.store(), Stage::person());
            let decided = store.decide_contact(contact, decision, "asked", &by, stage.now);
            assert!(decided.await.unwrap());
        }
        clock.set(&mut stage, TimeDelta::hours(-2)).await;
        stage.later(TimeDelta::minutes(5));
        let mut stop = inbound(chat(1), "STOP", stage.now);
        stop.body = Some("STOP".to_owned());
        stage.record(&stop).await;
        let known = stage.store().contact(contact).await.unwrap().unwrap();
        assert!(known.opted_out_at.is_some());
    }
}

/// The clock was two days behind and was set right. The opt-in is found in the chat when the opt-out that came after it is known.
#[tokio::test]
async fn an_opt_in_that_is_found_late_undoes_no_later_opt_out_while_the_clock_is_in_doubt() {
    for mut stage in Stage::each().await {
        stage.writer(1).await;
        let mut clock = Clock::followed(&stage).await;
        stage.later(TimeDelta::days(5));
        let stopped = (stage.now - TimeDelta::days(1)).timestamp_millis();
        let sql = format!("UPDATE contact SET opted_out_at = {stopped}");
        stage.tamper(&sql).await;
        let started = stage.now - TimeDelta::days(2);
        clock.set(&mut stage, TimeDelta::days(2)).await;
        stage
            .record(&says(chat(1), "START", "START", started))
            .await;
        let out = "contact WHERE opted_out_at IS NOT NULL";
        assert_eq!(stage.count(out).await, 1);
        // One that is later by WhatsApp's time too is heeded.
        let late = stage.now - TimeDelta::minutes(1);
        stage.record(&says(chat(1), "AGAIN", "START", late)).await;
        assert_eq!(stage.count(out).await, 0);
    }
}

/// Our clock is two days ahead, and their words come at once. What holds is what they wrote last.
#[tokio::test]
async fn the_last_of_their_words_holds_while_the_clock_is_ahead() {
    let ahead = TimeDelta::days(2);
    for (words, still_out) in [
        (["STOP", "START"], false),
        (["basta", "START"], false),
        (["START", "STOP"], true),
    ] {
        for mut stage in Stage::each().await {
            stage.writer(1).await;
            let mut clock = Clock::followed(&stage).await;
            clock.set(&mut stage, ahead).await;
            for word in words {
                stage.later(TimeDelta::hours(1));
                let told = stage.now - ahead;
                stage.record(&says(chat(1), word, word, told)).await;
            }
            let out = "contact WHERE opted_out_at IS NOT NULL OR suspended_at IS NOT NULL";
            assert_eq!(stage.count(out).await == 1, still_out, "{words:?}");
            clock.set(&mut stage, -ahead).await;
            assert_eq!(stage.count(out).await == 1, still_out, "{words:?}");
        }
    }
}
