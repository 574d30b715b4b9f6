//! A proof that comes late is used, whatever a person decided meanwhile.

use chrono::TimeDelta;
use domain::{
    ack::Ack, message_status::MessageStatus, outcome::FailureReason, outcome::SendAnswer,
    wait::WaitReason,
};
use storage::{Commit, Finished, PersonVerdict, Recheck, Recorded, Work};

use super::{
    clock_messages::Clock,
    stage::{Stage, accepted, chat, groom, own},
};

const TEXT: &str = "Save the date";

/// A message in doubt, before which the chat held the own message `BEFORE`.
async fn doubt(stage: &mut Stage) -> Work {
    let contact = stage.writer(1).await;
    stage.queue(contact).await;
    let work = stage.taken().await;
    let (store, snapshot) = (stage.store(), [String::from("BEFORE")]);
    let recorded = store.record_snapshot(stage.claimer(), work.attempt, &snapshot);
    assert!(recorded.await.expect("an answer"));
    stage.now += work.plan.total();
    stage.take_lease().await;
    assert_eq!(stage.commit(&work).await, Commit::Committed);
    let finished = stage.finish(work.attempt, SendAnswer::Unclear).await;
    assert_eq!(finished, Finished::Uncertain);
    work
}

/// The same message, which a person has had sent again; the cool-down is over.
async fn sent_again(stage: &mut Stage) -> Work {
    let work = doubt(stage).await;
    let (store, person) = (stage.store(), Stage::person());
    let settled =
        store.settle_by_person(work.message, PersonVerdict::SendAgain, &person, stage.now);
    settled.await.expect("settled");
    stage.later(TimeDelta::hours(2));
    stage.take_lease().await;
    work
}

async fn slots(stage: &Stage) -> i64 {
    stage
        .count("send_reservation WHERE state = 'committed'")
        .await
}

async fn phases(stage: &Stage, work: &Work) -> Vec<String> {
    let timeline = stage.store().timeline(work.message).await;
    let timeline = timeline.expect("a timeline");
    timeline.into_iter().map(|event| event.phase).collect()
}

#[tokio::test]
async fn the_first_copy_in_the_chat_cancels_the_second() {
    for mut stage in Stage::each().await {
        let work = sent_again(&mut stage).await;
        let seen = own(chat(1), "FIRST", TEXT, stage.now - TimeDelta::hours(1));
        let recorded = stage.record(&seen).await;
        let message = work.message;
        assert_eq!(recorded, Recorded::OwnFromQueue { message });
        let row = stage.row(message).await;
        assert_eq!(row.status, MessageStatus::Sent);
        assert_eq!(row.raw_id.as_deref(), Some("FIRST"));
        assert_eq!(slots(&stage).await, 1);
        let typed = stage.count("contact_session WHERE hand_typed_at IS NOT NULL");
        assert_eq!(typed.await, 0, "nobody typed it by hand");
        stage.idle().await;
        assert_eq!(stage.record(&seen).await, recorded);
    }
}

#[tokio::test]
async fn the_first_copy_stops_the_second_up_to_its_commit() {
    for mut stage in Stage::each().await {
        let work = sent_again(&mut stage).await;
        let again = stage.taken().await;
        let (store, snapshot) = (stage.store(), [String::from("FIRST")]);
        let recorded = store.record_snapshot(stage.claimer(), again.attempt, &snapshot);
        assert!(recorded.await.unwrap());
        stage.record(&own(chat(1), "FIRST", TEXT, stage.now)).await;
        assert_eq!(stage.recheck(&again).await, Recheck::Changed);
        stage.now += again.plan.total();
        stage.take_lease().await;
        assert_eq!(stage.commit(&again).await, Commit::Changed);
        assert_eq!(stage.status(work.message).await, MessageStatus::Sent);
        assert_eq!(slots(&stage).await, 1);
    }
}

#[tokio::test]
async fn what_cannot_be_the_first_copy_was_typed_by_hand() {
    for mut stage in Stage::each().await {
        let work = sent_again(&mut stage).await;
        let committed = stage.now - TimeDelta::hours(3);
        for (what, seen) in [
            (
                "in the chat before",
                own(chat(1), "BEFORE", TEXT, stage.now),
            ),
            (
                "another text",
                own(chat(1), "OTHER", "Save the dates", stage.now),
            ),
            ("before the commit", own(chat(1), "EARLY", TEXT, committed)),
        ] {
            let recorded = stage.record(&seen).await;
            assert!(
                matches!(recorded, Recorded::TypedByHand { new: true, .. }),
                "{what}: {recorded:?}"
            );
        }
        assert_eq!(stage.status(work.message).await, MessageStatus::Pending);
    }
}

#[tokio::test]
async fn a_late_not_sent_puts_an_uncertain_message_back_and_gives_its_slot_back() {
    for mut stage in Stage::each().await {
        let work = doubt(&mut stage).await;
        let finished = stage.finish(work.attempt, SendAnswer::SessionAway).await;
        assert_eq!(finished, Finished::PutBack(WaitReason::SessionAway));
        assert_eq!(stage.status(work.message).await, MessageStatus::Pending);
        assert_eq!(slots(&stage).await, 0);
        let counted = stage.count("contact_session WHERE last_out_at IS NOT NULL");
        assert_eq!(counted.await, 0, "nothing has left to this contact");
        assert_eq!(stage.store().uncertain(&groom()).await.unwrap().len(), 0);
    }
}

#[tokio::test]
async fn a_late_not_sent_counts_against_the_hour_of_the_send() {
    for mut stage in Stage::each().await {
        let work = doubt(&mut stage).await;
        let ended = stage.now;
        stage.later(TimeDelta::minutes(50));
        stage.take_lease().await;
        stage.finish(work.attempt, SendAnswer::SessionAway).await;
        let facts = stage.store().session_facts(&groom(), stage.now).await;
        let unsent = facts.unwrap().unwrap().unsent;
        let at: Vec<_> = unsent.iter().map(|send| send.at).collect();
        assert_eq!(at, [Some(ended)]);
    }
}

/// Retention keeps only the newest slot of a contact.
#[tokio::test]
async fn a_late_not_sent_keeps_what_was_sent_long_before() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        stage.queue(contact).await;
        let first = stage.sent("LONG AGO").await;
        let committed = stage.row(first.message).await.committed_at.unwrap();
        stage.later(TimeDelta::hours(2));
        stage.take_lease().await;
        stage.queue(contact).await;
        let work = stage.doubted().await;
        stage
            .tamper("DELETE FROM send_reservation WHERE raw_id = 'LONG AGO'")
            .await;
        stage.finish(work.attempt, SendAnswer::SessionAway).await;
        let last_out = "SELECT last_out_at AS value FROM contact_session";
        let last_out = stage.int(last_out).await;
        assert_eq!(last_out, Some(committed.timestamp_millis()));
    }
}

#[tokio::test]
async fn a_late_failure_ends_the_doubt() {
    for mut stage in Stage::each().await {
        let work = doubt(&mut stage).await;
        let finished = stage.finish(work.attempt, SendAnswer::NoLid).await;
        assert_eq!(finished, Finished::Failed(FailureReason::NotReachable));
        let row = stage.row(work.message).await;
        assert_eq!(row.status, MessageStatus::Failed);
        assert_eq!(row.last_error, Some(FailureReason::NotReachable));
        assert_eq!(slots(&stage).await, 0);
    }
}

#[tokio::test]
async fn a_late_not_sent_is_used_also_when_a_person_said_that_it_arrived() {
    for (answer, reason) in [
        (SendAnswer::SessionAway, FailureReason::NotSent),
        (SendAnswer::SlowDown, FailureReason::NotSent),
        (SendAnswer::BadRequest, FailureReason::BadRequest),
    ] {
        for mut stage in Stage::each().await {
            let work = doubt(&mut stage).await;
            let (store, person) = (stage.store(), Stage::person());
            let arrived = PersonVerdict::Arrived;
            let settled = store.settle_by_person(work.message, arrived, &person, stage.now);
            settled.await.expect("settled");
            let finished = stage.finish(work.attempt, answer.clone()).await;
            assert_eq!(finished, Finished::Failed(reason));
            let row = stage.row(work.message).await;
            assert_eq!(row.status, MessageStatus::Failed);
            assert_eq!(row.last_error, Some(reason));
            assert_eq!(slots(&stage).await, 0);
            let counted = "contact_session WHERE last_out_at IS NOT NULL";
            assert_eq!(stage.count(counted).await, 0, "nothing has left");
            stage.idle().await;
        }
    }
}

#[tokio::test]
async fn a_late_not_sent_wakes_what_waits_for_an_answer() {
    for mut stage in Stage::each().await {
        let work = doubt(&mut stage).await;
        let contact = stage.row(work.message).await.contact;
        stage.db.sent_to(contact, stage.now).await;
        let (store, person) = (stage.store(), Stage::person());
        let settled =
            store.settle_by_person(work.message, PersonVerdict::Arrived, &person, stage.now);
        settled.await.expect("settled");
        let second = stage.queue(contact).await;
        stage.later(TimeDelta::hours(2));
        stage.take_lease().await;
        stage.idle().await;
        let waiting = stage.row(second).await.wait.map(|wait| wait.reason);
        assert_eq!(waiting, Some(WaitReason::UnansweredLimit));
        stage.finish(work.attempt, SendAnswer::SessionAway).await;
        assert_eq!(stage.row(second).await.wait, None);
    }
}

/// Their answer came after it, so it is not counted any more, whatever our clock was.
#[tokio::test]
async fn a_late_not_sent_takes_nothing_off_after_their_answer_when_the_clock_was_set_back() {
    for mut stage in Stage::each().await {
        let work = doubt(&mut stage).await;
        let mut clock = Clock::followed(&stage).await;
        let (store, person) = (stage.store(), Stage::person());
        let settled =
            store.settle_by_person(work.message, PersonVerdict::Arrived, &person, stage.now);
        settled.await.unwrap();
        stage.later(TimeDelta::minutes(5));
        stage.writes(1, stage.now).await;
        clock.set(&mut stage, TimeDelta::hours(-1)).await;
        let contact = stage.row(work.message).await.contact;
        stage.later(TimeDelta::seconds(10));
        stage.db.sent_to(contact, stage.now).await;
        stage.finish(work.attempt, SendAnswer::SessionAway).await;
        let known = stage.store().contact(contact).await.unwrap().unwrap();
        assert_eq!(known.sessions[0].unanswered, 1, "the one after it");
    }
}

#[tokio::test]
async fn a_late_acceptance_counts_also_when_the_second_try_was_cancelled() {
    for mut stage in Stage::each().await {
        let work = sent_again(&mut stage).await;
        let (store, person) = (stage.store(), Stage::person());
        let cancelled = store.cancel(work.message, &person, stage.now).await;
        cancelled.unwrap();
        assert_eq!(stage.status(work.message).await, MessageStatus::Cancelled);
        stage.finish(work.attempt, accepted("FIRST")).await;
        let row = stage.row(work.message).await;
        assert_eq!(row.status, MessageStatus::Sent);
        assert_eq!(row.cancel_reason, None);
        assert_eq!(row.raw_id.as_deref(), Some("FIRST"));
    }
}

#[tokio::test]
async fn the_timeline_tells_the_doubt_before_the_proof_that_ended_it() {
    for mut stage in Stage::each().await {
        let work = doubt(&mut stage).await;
        let committed = stage.row(work.message).await.committed_at.unwrap();
        stage.later(TimeDelta::minutes(2));
        let seen = own(chat(1), "FIRST", TEXT, committed);
        stage.record(&seen).await;
        let phases = phases(&stage, &work).await;
        assert_eq!(
            phases,
            ["queued", "claimed", "committed", "uncertain", "sent"]
        );
    }
}

/// WhatsApp refused them a day apart; that both are seen in one reading is no sign of a restriction.
#[tokio::test]
async fn refusals_that_a_chat_shows_are_dated_by_whatsapp() {
    for mut stage in Stage::each().await {
        for n in 1..=2 {
            let contact = stage.writer(n).await;
            stage.queue(contact).await;
            stage.sent(&format!("RAW{n}")).await;
            stage.later(TimeDelta::days(1));
            stage.take_lease().await;
        }
        let sent_at = "SELECT sent_at AS value FROM whatsapp_message_queue ORDER BY sent_at";
        let sent_at = stage.db.ints(sent_at).await;
        for (n, at) in (1..=2).zip(&sent_at) {
            let at = domain::Timestamp::from_timestamp_millis(at.unwrap()).unwrap();
            let mut seen = own(chat(n), &format!("RAW{n}"), TEXT, at);
            seen.ack = Some(Ack::Error);
            stage.record(&seen).await;
        }
        let refused = "SELECT at AS value FROM send_refusal ORDER BY at";
        assert_eq!(stage.db.ints(refused).await, sent_at);
        let session = stage.store().session(&groom()).await.unwrap().unwrap();
        assert_eq!(session.lock, None);
    }
}
