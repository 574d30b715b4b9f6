//! Failed sends that are nobody's message: what they cost, what stops the session, and what lets it send again.

use chrono::TimeDelta;
use domain::{
    outcome::SendAnswer,
    release::{Outage, Refusal},
    session::SessionState,
    wait::{AwaitedPerson, Ends, Wait, WaitReason},
};
use storage::{Finished, Recheck, ReleaseReason, Work};

use super::stage::{Stage, accepted, groom, view};

impl Stage {
    /// The composition reaches its typing phase, if its plan has one. Whether it has.
    pub(super) async fn shows_typing(&self, work: &Work) -> bool {
        let types = work.plan.typing_ms > 0;
        if types {
            let (store, now) = (self.store(), self.now);
            let told = store.record_phase(work.attempt, work.message, "typing", now, None, None);
            told.await.expect("recorded");
        }
        types
    }
}

async fn outage(stage: &Stage) -> Option<Outage> {
    let row = stage.store().session(&groom()).await.unwrap();
    row.unwrap().outage
}

/// So many guests who wrote, a message for each.
async fn queue_for(stage: &mut Stage, guests: u64) {
    for n in 1..=guests {
        let contact = stage.writer(n).await;
        stage.queue(contact).await;
    }
}

/// The next message is tried, shown to its guest and answered so; the session is seen connected again.
async fn tried(stage: &mut Stage, answer: SendAnswer) -> Finished {
    let work = stage.taken().await;
    assert_eq!(stage.recheck(&work).await, Recheck::Go);
    stage.shows_typing(&work).await;
    stage.now += work.plan.total();
    stage.take_lease().await;
    assert_eq!(stage.commit(&work).await, storage::Commit::Committed);
    let finished = stage.finish(work.attempt, answer).await;
    pass(stage, TimeDelta::seconds(1)).await;
    finished
}

/// Time passes while the session stays connected.
async fn pass(stage: &mut Stage, time: TimeDelta) {
    stage.later(time);
    stage.take_lease().await;
    let now = stage.now;
    stage.sees(&groom(), SessionState::Connected, now).await;
}

async fn reconnects(stage: &mut Stage) {
    stage.later(TimeDelta::seconds(1));
    let now = stage.now;
    stage.sees(&groom(), SessionState::Connecting, now).await;
    pass(stage, TimeDelta::seconds(1)).await;
}

async fn waits_for(stage: &mut Stage) -> Wait {
    let (_, waiting) = stage.idle().await;
    waiting.expect("the session waits")
}

const TRY_AGAIN: Wait = Wait::person(WaitReason::SendsRefused, AwaitedPerson::TryAgain);

#[tokio::test]
async fn three_contacts_refused_alike_stop_the_session_and_one_probe_follows_each_back_off() {
    for answer in [
        SendAnswer::KeyRefused,
        SendAnswer::SessionAway,
        SendAnswer::SlowDown,
    ] {
        for mut stage in Stage::each().await {
            queue_for(&mut stage, 7).await;
            for _ in 0..3 {
                tried(&mut stage, answer.clone()).await;
            }
            let stopped = outage(&stage).await.expect("an outage");
            assert_eq!((stopped.failures, stopped.lost), (3, 0));
            for pause in [30, 120, 600, 3600] {
                let wait = waits_for(&mut stage).await;
                let Ends::At(until) = wait.ends else {
                    panic!("{wait:?}");
                };
                assert_eq!(wait.reason, WaitReason::SendsRefused);
                // one second has passed since the answer
                let failed_at = stage.now - TimeDelta::seconds(1);
                assert_eq!(until - failed_at, TimeDelta::seconds(pause), "{answer:?}");
                pass(&mut stage, TimeDelta::seconds(pause)).await;
                tried(&mut stage, answer.clone()).await;
            }
            pass(&mut stage, TimeDelta::hours(1)).await;
            assert_eq!(tried(&mut stage, accepted("RAW")).await, Finished::Sent);
            assert_eq!(outage(&stage).await, None);
            let held = "SELECT CAST(count(*) AS BIGINT) AS value FROM whatsapp_message_queue WHERE wait_reason = 'back_off'";
            assert_eq!(stage.int(held).await, Some(0), "woken by the success");
        }
    }
}

#[tokio::test]
async fn three_messages_are_lost_at_most_until_a_person_says_try_again() {
    for (answer, refusal) in [
        (SendAnswer::BadRequest, Refusal::BadRequest),
        (SendAnswer::Unclear, Refusal::Unclear),
    ] {
        for mut stage in Stage::each().await {
            queue_for(&mut stage, 6).await;
            for _ in 0..2 {
                tried(&mut stage, answer.clone()).await;
                pass(&mut stage, TimeDelta::minutes(10)).await;
            }
            assert_eq!(waits_for(&mut stage).await, TRY_AGAIN);
            reconnects(&mut stage).await;
            tried(&mut stage, answer.clone()).await;
            pass(&mut stage, TimeDelta::minutes(10)).await;
            // the third: no reconnect lets it go on any more
            reconnects(&mut stage).await;
            assert_eq!(waits_for(&mut stage).await, TRY_AGAIN);
            let lost = outage(&stage).await.expect("an outage");
            assert_eq!((lost.refusal, lost.lost), (refusal, 3));

            let store = stage.store();
            let person = Stage::person();
            assert!(store.try_again(&groom(), &person, stage.now).await.unwrap());
            assert_eq!(tried(&mut stage, accepted("RAW")).await, Finished::Sent);
            assert_eq!(outage(&stage).await, None);
            let audit = store.audit(None, 1).await.unwrap();
            assert_eq!(audit.items[0].action, "session.try_again");
        }
    }
}

/// A refused send marks the session as away. The next view of a connected session is no reconnect then.
#[tokio::test]
async fn a_session_that_was_only_taken_for_away_has_not_reconnected() {
    for mut stage in Stage::each().await {
        queue_for(&mut stage, 4).await;
        for _ in 0..2 {
            tried(&mut stage, SendAnswer::BadRequest).await;
        }
        stage
            .tamper(
                "UPDATE whatsapp_session_status SET state = 'disconnected', since = checked_at + 1 WHERE name = 'groom'",
            )
            .await;
        pass(&mut stage, TimeDelta::minutes(1)).await;
        assert_eq!(waits_for(&mut stage).await, TRY_AGAIN);
    }
}

#[tokio::test]
async fn a_guest_who_saw_typing_three_times_in_vain_sees_it_no_more_until_a_message_came() {
    for mut stage in Stage::each().await {
        queue_for(&mut stage, 1).await;
        let mut typed = Vec::new();
        for _ in 0..5 {
            let work = stage.taken().await;
            assert_eq!(stage.recheck(&work).await, Recheck::Go);
            typed.push(stage.shows_typing(&work).await);
            stage.now += work.plan.total();
            stage.take_lease().await;
            stage.release(work.attempt, ReleaseReason::Stopping).await;
        }
        assert_eq!(typed, [true, true, true, false, false]);
        tried(&mut stage, accepted("RAW")).await;
        pass(&mut stage, TimeDelta::hours(2)).await;
        let contact = stage.writer(1).await;
        stage.queue(contact).await;
        assert!(stage.taken().await.plan.typing_ms > 0);
    }
}

#[tokio::test]
async fn a_composition_that_ended_before_its_typing_was_not_seen_in_vain() {
    for mut stage in Stage::each().await {
        queue_for(&mut stage, 1).await;
        for _ in 0..3 {
            let work = stage.taken().await;
            assert_eq!(stage.recheck(&work).await, Recheck::Go);
            stage.release(work.attempt, ReleaseReason::Stopping).await;
        }
        assert!(stage.taken().await.plan.typing_ms > 0);
    }
}

#[tokio::test]
async fn what_was_shown_and_not_sent_counts_against_the_hour() {
    for mut stage in Stage::each().await {
        queue_for(&mut stage, 3).await;
        tried(&mut stage, SendAnswer::SlowDown).await;
        // shown, then broken off
        let work = stage.taken().await;
        stage.recheck(&work).await;
        stage.shows_typing(&work).await;
        stage.release(work.attempt, ReleaseReason::Lost).await;
        // broken off before anything was shown
        let work = stage.taken().await;
        stage.recheck(&work).await;
        stage.release(work.attempt, ReleaseReason::Lost).await;
        let facts = stage.store().session_facts(&groom(), stage.now).await;
        let facts = facts.unwrap().unwrap();
        assert_eq!((facts.unsent.len(), facts.sends.len()), (2, 0));
    }
}

#[tokio::test]
async fn a_proof_of_an_older_send_does_not_end_an_outage_but_one_of_its_own_does() {
    for mut stage in Stage::each().await {
        queue_for(&mut stage, 4).await;
        let older = stage.doubted().await;
        let late = stage.outcome(older.attempt, accepted("LATE"));
        pass(&mut stage, TimeDelta::minutes(20)).await;
        stage.tamper("DELETE FROM send_outage").await;
        let doubted = stage.doubted().await;
        let own = stage.outcome(doubted.attempt, accepted("OWN"));
        assert_eq!(stage.finish_with(&late).await, Finished::Sent);
        assert_eq!(outage(&stage).await.map(|outage| outage.lost), Some(1));
        assert_eq!(stage.finish_with(&own).await, Finished::Sent);
        assert_eq!(outage(&stage).await, None);
    }
}

#[tokio::test]
async fn an_outage_belongs_to_the_number_whose_sends_failed() {
    for mut stage in Stage::each().await {
        queue_for(&mut stage, 3).await;
        for _ in 0..2 {
            tried(&mut stage, SendAnswer::BadRequest).await;
        }
        let mut other = view(&groom(), SessionState::Connected, stage.now);
        let number = "393339999999".to_owned();
        other.own.as_mut().unwrap().chat = domain::chat_id::ChatId::Phone(number);
        for (seen, known) in [
            (other, false),
            (view(&groom(), SessionState::Connected, stage.now), true),
        ] {
            stage.later(TimeDelta::seconds(1));
            let seen = domain::wire::SessionView {
                at: stage.now,
                ..seen
            };
            let store = stage.store();
            store
                .record_session(&groom(), &seen, stage.now)
                .await
                .unwrap();
            assert_eq!(outage(&stage).await.is_some(), known);
        }
    }
}
