//! One number is linked to two sessions: neither sends, until one of them is logged out or gone.

use chrono::TimeDelta;
use domain::{
    message_status::MessageStatus,
    outcome::SendAnswer,
    session::{SessionProblem, SessionState},
    wait::{AwaitedPerson, Wait, WaitReason},
};
use rand::{SeedableRng, rngs::StdRng};
use storage::{Commit, Finished, PersonVerdict, Recorded, testing::TestDatabase};

use super::{
    super::{
        meeting::meet,
        stage::{Stage, accepted, bride, chat, groom, inbound},
    },
    OLD,
};

/// Neither sends until one of the two is logged out; the other then goes on by itself.
#[tokio::test]
async fn sends_nothing_while_one_number_is_linked_to_two_sessions() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let message = stage.queue(contact).await;
        stage.linked(&bride(), OLD).await;
        let same = Some(SessionProblem::SameNumber);
        for name in [groom(), bride()] {
            let row = stage.store().session(&name).await.unwrap().unwrap();
            assert_eq!(row.problem, same, "{name}");
        }
        let (_, waiting) = stage.idle().await;
        assert_eq!(
            waiting,
            Some(Wait::person(WaitReason::SameNumber, AwaitedPerson::Unlink))
        );
        stage.store().record_log_out(&bride()).await.unwrap();
        assert_eq!(stage.groom_row().await.problem, None);
        assert_eq!(stage.taken().await.message, message);
    }
}

#[tokio::test]
async fn commits_nothing_when_the_number_is_linked_to_another_session_meanwhile() {
    for mut stage in Stage::each().await {
        let work = stage.composed().await;
        stage.linked(&bride(), OLD).await;
        let wait = Wait::person(WaitReason::SameNumber, AwaitedPerson::Unlink);
        assert_eq!(stage.commit(&work).await, Commit::Back(wait));
        assert_eq!(stage.status(work.message).await, MessageStatus::Pending);
    }
}

/// A session that is not configured any more is not looked at any more: it keeps nobody waiting.
#[tokio::test]
async fn sends_when_the_other_session_of_the_number_was_not_seen_for_days() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let message = stage.queue(contact).await;
        stage.linked(&bride(), OLD).await;
        stage.later(TimeDelta::days(2));
        stage.linked(&groom(), OLD).await;
        stage
            .store()
            .resume(&groom(), &Stage::person(), stage.now)
            .await
            .unwrap();
        stage.take_lease().await;
        assert_eq!(stage.taken().await.message, message);
    }
}

/// One word answers what the number sent from any session.
#[tokio::test]
async fn wakes_what_waits_for_an_answer_when_the_word_comes_to_the_other_session() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        stage.leave_two_unanswered(contact).await;
        let message = stage.queue(contact).await;
        stage.idle().await;
        let wait = stage.row(message).await.wait;
        let reason = wait.map(|wait| wait.reason);
        assert_eq!(reason, Some(WaitReason::UnansweredLimit));
        stage.linked(&bride(), OLD).await;
        let word = inbound(chat(1), "WORD", stage.now);
        let store = stage.store();
        store
            .record_message(&bride(), &word, stage.now)
            .await
            .unwrap();
        assert_eq!(stage.row(message).await.wait, None);
    }
}

#[tokio::test]
async fn counts_no_send_as_unanswered_when_a_later_word_came_to_the_other_session() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        stage.queue(contact).await;
        let work = stage.committed().await;
        stage.linked(&bride(), OLD).await;
        let outcome = stage.outcome(work.attempt, accepted("RAW"));
        stage.later(TimeDelta::seconds(10));
        let heard = inbound(chat(1), "WORD", stage.now);
        let store = stage.store();
        store
            .record_message(&bride(), &heard, stage.now)
            .await
            .unwrap();
        stage.finish_with(&outcome).await;
        assert_eq!(stage.unanswered().await, 0);
    }
}

/// Counted neither when a person said that it had arrived, nor when it turns out that it never left.
#[tokio::test]
async fn takes_nothing_off_for_a_message_that_never_left_and_that_was_not_counted() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        stage.queue(contact).await;
        let work = stage.doubted().await;
        stage.linked(&bride(), OLD).await;
        stage.later(TimeDelta::seconds(10));
        let heard = inbound(chat(1), "WORD", stage.now);
        let (store, person) = (stage.store(), Stage::person());
        store
            .record_message(&bride(), &heard, stage.now)
            .await
            .unwrap();
        let settled =
            store.settle_by_person(work.message, PersonVerdict::Arrived, &person, stage.now);
        settled.await.unwrap();
        stage.later(TimeDelta::seconds(10));
        stage.db.sent_to(contact, stage.now).await;
        stage.finish(work.attempt, SendAnswer::SessionAway).await;
        assert_eq!(stage.status(work.message).await, MessageStatus::Failed);
        let unanswered = stage.unanswered().await;
        assert!(unanswered > 0, "what was sent later");
    }
}

/// The word holds the contact and asks for the count of the other session; the send must not hold that count and ask for the contact.
#[tokio::test]
async fn a_send_ends_while_a_word_comes_to_the_other_session() {
    let no_id = SendAnswer::Accepted { raw_id: None };
    for (answer, end) in [
        (no_id, Finished::Sent),
        (SendAnswer::Unclear, Finished::Uncertain),
    ] {
        let mut stage = Stage::on(TestDatabase::postgres().await).await;
        let contact = stage.writer(1).await;
        stage
            .db
            .sent_to(contact, stage.now - TimeDelta::hours(3))
            .await;
        stage.queue(contact).await;
        let work = stage.committed().await;
        stage.linked(&bride(), OLD).await;
        let outcome = stage.outcome(work.attempt, answer);
        stage.later(TimeDelta::seconds(10));
        let (store, heard) = (stage.store(), inbound(chat(1), "WORD", stage.now));
        let (sender, mut dice) = (stage.worker.clone(), StdRng::seed_from_u64(3));
        let session = bride();
        let gate = format!("SELECT 1 FROM contact WHERE id = '{contact}' FOR NO KEY UPDATE");
        let recorded = store.record_message(&session, &heard, stage.now);
        let finished = store.finish(sender.claimer(), &outcome, stage.now, &mut dice);
        let (recorded, finished) = Box::pin(meet(&stage, &gate, recorded, finished)).await;
        let recorded = recorded.unwrap();
        assert_eq!(recorded, Recorded::Inbound { contact, new: true });
        assert_eq!(finished.unwrap(), end);
        assert_eq!(stage.unanswered().await, 0);
    }
}

/// Its WAHA is gone for good, and nobody can log it out there.
#[tokio::test]
async fn sends_when_the_other_session_of_the_number_was_not_connected_for_days() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let message = stage.queue(contact).await;
        stage.linked(&bride(), OLD).await;
        let problem = async |stage: &Stage| stage.groom_row().await.problem;
        for _ in 0..3 {
            stage.later(TimeDelta::hours(10));
            assert_eq!(problem(&stage).await, Some(SessionProblem::SameNumber));
            for (session, state) in [
                (groom(), SessionState::Connected),
                (bride(), SessionState::Disconnected),
            ] {
                stage.sees(&session, state, stage.now).await;
            }
        }
        assert_eq!(problem(&stage).await, None);
        stage.take_lease().await;
        assert_eq!(stage.taken().await.message, message);
        // It is back.
        stage.linked(&bride(), OLD).await;
        assert_eq!(problem(&stage).await, Some(SessionProblem::SameNumber));
    }
}

/// WAHA could not be asked to log it out, and is still not there.
#[tokio::test]
async fn sends_when_a_person_logged_out_the_other_session_of_the_number_whose_waha_is_gone() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let message = stage.queue(contact).await;
        stage.linked(&bride(), OLD).await;
        let away = SessionState::Disconnected;
        stage.sees(&bride(), away, stage.now).await;
        stage.store().record_log_out(&bride()).await.unwrap();
        stage.later(TimeDelta::seconds(10));
        stage.sees(&bride(), away, stage.now).await;
        assert_eq!(stage.taken().await.message, message);
    }
}
