//! One number is linked to two sessions: neither sends, until one of them is logged out or gone.

use chrono::TimeDelta;
use domain::{
    message_status::MessageStatus,
    session::{SessionProblem, SessionState},
    wait::{AwaitedPerson, Wait, WaitReason},
};
use storage::Commit;

use super::{
    super::stage::{Stage, bride, groom},
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
