//! Compositions that end before their commit, and what is told of them.

use chrono::TimeDelta;
use domain::{
    outcome::SendAnswer,
    release::Refusal,
    session::{SessionProblem, SessionState},
    wait::{AwaitedPerson, Ends, Wait, WaitReason},
    wire::CompositionEnd,
};
use storage::{Recheck, ReleaseOutcome, ReleaseReason};

use super::stage::{Stage, even_pace, groom, text};

/// Compositions that break off: each backs off longer, the third in a day waits for a person.
#[tokio::test]
async fn abandoned_compositions_back_off_and_end_with_a_person() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let message = stage.queue(contact).await;
        let ends = [
            ReleaseReason::Lost,
            ReleaseReason::CompositionEnded(CompositionEnd::Deadline),
            ReleaseReason::CompositionEnded(CompositionEnd::ReadyExpired),
        ];
        for (times, why) in (1..).zip(ends) {
            let work = stage.taken().await;
            let released = stage.release(work.attempt, why).await;
            let eligible_at = match times {
                1 => Some(stage.now + TimeDelta::seconds(30)),
                2 => Some(stage.now + TimeDelta::minutes(2)),
                _ => None,
            };
            assert_eq!(released, ReleaseOutcome::Pending { eligible_at }, "{times}");
            stage.later(TimeDelta::minutes(5));
            stage.take_lease().await;
        }
        let row = stage.row(message).await;
        let wait = row.wait.unwrap();
        assert_eq!(
            (wait.reason, wait.ends),
            (WaitReason::Abandoned, Ends::Person(AwaitedPerson::Review))
        );
        assert_eq!(row.attempts, 3);
        // Their writing does not end it: a person has to look.
        stage.writes(1, stage.now).await;
        assert_eq!(stage.row(message).await.wait, Some(wait));
        let slots = "SELECT CAST(count(*) AS BIGINT) AS value FROM send_reservation WHERE state = 'abandoned'";
        assert_eq!(stage.int(slots).await, Some(3));
    }
}

#[tokio::test]
async fn what_others_ended_is_not_counted_against_the_message() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let message = stage.queue(contact).await;
        let ends = [
            ReleaseReason::Preempted,
            ReleaseReason::Stopping,
            ReleaseReason::CompositionEnded(CompositionEnd::Cancelled),
            ReleaseReason::CompositionEnded(CompositionEnd::Stopping),
            ReleaseReason::Away(WaitReason::SessionAway),
        ];
        for why in ends {
            let work = stage.taken().await;
            let released = stage.release(work.attempt, why).await;
            let eligible_at = Some(stage.now);
            assert_eq!(released, ReleaseOutcome::Pending { eligible_at }, "{why:?}");
            assert_eq!(stage.row(message).await.attempts, 0, "{why:?}");
        }
        let (_, waiting) = stage.idle().await;
        assert_eq!(waiting.unwrap().reason, WaitReason::SessionAway);
    }
}

/// WAHA answers that the session is connected, and nothing else: the next claim must not fail alike at once, for ever.
#[tokio::test]
async fn a_session_that_does_not_answer_backs_off_and_stops_like_one_that_refuses_sends() {
    for mut stage in Stage::each().await {
        let mut messages = Vec::new();
        for guest in 1..=3 {
            let contact = stage.writer(guest).await;
            messages.push(stage.queue(contact).await);
        }
        for message in &messages {
            let work = stage.taken().await;
            assert_eq!(work.message, *message, "the one before backs off");
            let why = ReleaseReason::Refused(Refusal::SessionAway);
            let released = stage.release(work.attempt, why).await;
            let eligible_at = Some(stage.now + TimeDelta::seconds(30));
            assert_eq!(released, ReleaseOutcome::Pending { eligible_at });
            assert_eq!(stage.row(*message).await.attempts, 0);
        }
        let row = stage.store().session(&groom()).await.unwrap().unwrap();
        assert_eq!(row.state, SessionState::Connected);
        let problem = row.outage.and_then(|outage| outage.problem());
        assert_eq!(problem, Some(SessionProblem::SendingUnstable));
        let facts = stage.store().session_facts(&groom(), stage.now).await;
        let unsent = facts.unwrap().unwrap().unsent;
        assert_eq!(unsent.len(), 3, "each counts against the hour");
    }
}

/// The integration ends it before the own message is stored; the next claim knows all the same.
#[tokio::test]
async fn a_composition_ended_by_hand_typing_waits_for_the_hold() {
    for mut stage in Stage::each().await {
        stage.pacing = even_pace();
        let contact = stage.writer(1).await;
        let message = stage
            .queue_with(contact, |m| m.text = text("12345678"))
            .await;
        let why = ReleaseReason::CompositionEnded(CompositionEnd::HandTyped);
        let work = stage.taken().await;
        stage.release(work.attempt, why).await;
        assert_eq!(stage.row(message).await.attempts, 0);
        stage.idle().await;
        // The next composition of 1 + 8 + 1 seconds is done when the hold is over.
        let starts = stage.now + TimeDelta::minutes(30) - TimeDelta::seconds(10);
        let wait = stage.row(message).await.wait.unwrap();
        assert_eq!(
            (wait.reason, wait.ends),
            (WaitReason::HandTyped, Ends::At(starts))
        );
    }
}

#[tokio::test]
async fn a_commit_that_never_led_to_a_call_counts_as_broken_off() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let message = stage.queue(contact).await;
        for _ in 0..2 {
            let work = stage.committed().await;
            assert_eq!(work.message, message);
            stage.finish(work.attempt, SendAnswer::NeverCalled).await;
            stage.backed_off().await;
        }
        let wait = stage.row(message).await.wait.unwrap();
        assert_eq!(wait.reason, WaitReason::Abandoned);
        let state = stage
            .store()
            .session(&groom())
            .await
            .unwrap()
            .unwrap()
            .state;
        assert_eq!(state, SessionState::Connected);
    }
}

/// Two refused sends and one composition that broke off are no three compositions: the message goes on by itself.
#[tokio::test]
async fn a_refused_send_does_not_count_as_a_composition_that_broke_off() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let message = stage.queue(contact).await;
        for pause in [TimeDelta::seconds(30), TimeDelta::minutes(2)] {
            let work = stage.committed().await;
            stage.finish(work.attempt, SendAnswer::SlowDown).await;
            let wait = Wait::at(WaitReason::BackOff, stage.now + pause);
            assert_eq!(stage.row(message).await.wait, Some(wait));
            stage.later(pause);
            stage.take_lease().await;
        }
        let work = stage.taken().await;
        stage.release(work.attempt, ReleaseReason::Lost).await;
        let first = Wait::at(WaitReason::Abandoned, stage.now + TimeDelta::seconds(30));
        assert_eq!(stage.row(message).await.wait, Some(first));
    }
}

/// A session that flaps would show its guest a composition at each reconnect.
#[tokio::test]
async fn a_composition_that_its_session_ended_counts_against_the_hour_and_backs_off() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let message = stage.queue(contact).await;
        let pauses = [30, 120, 600];
        for (times, seconds) in (1..).zip(pauses) {
            let work = stage.taken().await;
            stage.shows_typing(&work).await;
            stage.later(TimeDelta::seconds(1));
            let now = stage.now;
            stage.sees(&groom(), SessionState::Connecting, now).await;
            assert!(matches!(stage.recheck(&work).await, Recheck::Back(_)));
            let pause = TimeDelta::seconds(seconds);
            let wait = Wait::at(WaitReason::BackOff, stage.now + pause);
            let row = stage.row(message).await;
            assert_eq!((row.wait, row.attempts), (Some(wait), 0));
            let facts = stage.store().session_facts(&groom(), stage.now).await;
            assert_eq!(facts.unwrap().unwrap().unsent.len(), times);
            stage.later(pause);
            let now = stage.now;
            stage.sees(&groom(), SessionState::Connected, now).await;
            stage.take_lease().await;
        }
    }
}

/// Also one whose guest has seen "typing…" often enough, so that it is only read for: the account is seen online each time.
#[tokio::test]
async fn a_composition_that_its_session_ended_before_it_typed_counts_and_backs_off() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let message = stage.queue(contact).await;
        for (times, seconds) in (1..).zip([30, 120, 600]) {
            let work = stage.taken().await;
            let (store, now) = (stage.store(), stage.now);
            let reads = store.record_phase(work.attempt, message, "reading", now, None, None);
            reads.await.unwrap();
            stage.sees(&groom(), SessionState::Connecting, now).await;
            assert!(matches!(stage.recheck(&work).await, Recheck::Back(_)));
            let pause = TimeDelta::seconds(seconds);
            let wait = Wait::at(WaitReason::BackOff, stage.now + pause);
            assert_eq!(stage.row(message).await.wait, Some(wait));
            let facts = store.session_facts(&groom(), stage.now).await;
            assert_eq!(facts.unwrap().unwrap().unsent.len(), times);
            stage.later(pause);
            let now = stage.now;
            stage.sees(&groom(), SessionState::Connected, now).await;
            stage.take_lease().await;
        }
    }
}

/// It may begin as soon as its session is back, however often that was away.
#[tokio::test]
async fn a_composition_that_nobody_saw_does_not_back_off_when_its_session_ends_it() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let message = stage.queue(contact).await;
        for _ in 0..2 {
            let work = stage.taken().await;
            let now = stage.now;
            stage.sees(&groom(), SessionState::Connecting, now).await;
            assert!(matches!(stage.recheck(&work).await, Recheck::Back(_)));
            assert_eq!(stage.row(message).await.wait, None);
            stage.later(TimeDelta::seconds(5));
            let now = stage.now;
            stage.sees(&groom(), SessionState::Connected, now).await;
            stage.take_lease().await;
        }
        let facts = stage.store().session_facts(&groom(), stage.now).await;
        assert_eq!(facts.unwrap().unwrap().unsent, []);
    }
}

#[tokio::test]
async fn a_composition_that_a_pause_ended_is_not_counted_and_does_not_back_off() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let message = stage.queue(contact).await;
        let work = stage.taken().await;
        stage.shows_typing(&work).await;
        let (store, person) = (stage.store(), Stage::person());
        store.pause(&groom(), &person, stage.now).await.unwrap();
        assert!(matches!(stage.recheck(&work).await, Recheck::Back(_)));
        assert_eq!(stage.row(message).await.wait, None);
        let facts = store.session_facts(&groom(), stage.now).await;
        assert_eq!(facts.unwrap().unwrap().unsent, []);
    }
}

#[tokio::test]
async fn phases_are_told_of_the_newest_attempt_only() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let message = stage.queue(contact).await;
        let work = stage.taken().await;
        let store = stage.store();
        store
            .record_phase(
                work.attempt,
                message,
                "typing",
                stage.now,
                Some(4_000),
                None,
            )
            .await
            .unwrap();
        let other = stage.writer(2).await;
        let another = stage.queue(other).await;
        store
            .record_phase(work.attempt, another, "typing", stage.now, None, None)
            .await
            .unwrap();
        let told = store.timeline(message).await.unwrap();
        let typing: Vec<_> = told
            .iter()
            .filter(|event| event.phase == "typing")
            .collect();
        assert_eq!(typing.len(), 1);
        assert_eq!(typing[0].duration_ms, Some(4_000));
        assert!(
            store
                .timeline(another)
                .await
                .unwrap()
                .iter()
                .all(|event| event.phase != "typing")
        );
    }
}
