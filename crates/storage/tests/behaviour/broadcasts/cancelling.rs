//! Cancelling the rest: what has not left never will, by whatever way it comes back.

use domain::{
    broadcast::BroadcastState, message_status::MessageStatus, outcome::SendAnswer,
    release::RefuseReason,
};
use storage::{CancelReason, Commit, Finished, PersonVerdict};

use crate::stage::Stage;

const CANCELLED: Option<CancelReason> = Some(CancelReason::Rule(RefuseReason::BroadcastCancelled));

#[tokio::test]
async fn what_waits_and_what_is_being_typed_is_cancelled() {
    for mut stage in Stage::each().await {
        for n in 1..=3 {
            stage.writer(n).await;
        }
        let silent = stage.guest(4).await;
        let id = stage.started("Ciao").await.id;
        let sent = stage.sent("RAW").await;
        stage.later(chrono::TimeDelta::hours(1));
        stage.take_lease().await;
        let work = stage.taken().await;
        let cancelled = stage.cancel_rest(id).await;
        assert_eq!(cancelled.row.state, BroadcastState::Cancelled);
        assert_eq!(cancelled.committed, []);
        assert_eq!(cancelled.composing.len(), 1);
        assert_eq!(cancelled.composing[0].attempt, work.attempt);
        assert_eq!(stage.commit(&work).await, Commit::Ended);
        for copy in stage.copies(id).await {
            if copy.id == sent.message {
                assert_eq!(copy.status, MessageStatus::Sent);
                continue;
            }
            assert_eq!(
                (copy.status, copy.cancel_reason),
                (MessageStatus::Cancelled, CANCELLED)
            );
            assert_eq!(copy.wait, None);
            let told = stage.store().timeline(copy.id).await.unwrap();
            let last = told.last().unwrap();
            assert_eq!(
                (last.phase.as_str(), last.detail.as_deref()),
                ("cancelled", Some("broadcast_cancelled"))
            );
        }
        let counts = stage.broadcast(id).await.counts;
        assert_eq!(
            (counts.sent, counts.cancelled, counts.open(), counts.all()),
            (1, 3, 0, 4)
        );
        // A word that comes now wakes nothing.
        stage.writes(4, stage.now).await;
        stage.idle().await;
        assert_eq!(
            stage.copy_to(id, silent).await.status,
            MessageStatus::Cancelled
        );
        assert_eq!(
            stage.cancel_rest(id).await.row.version,
            cancelled.row.version
        );
    }
}

#[tokio::test]
async fn a_paused_broadcast_can_be_cancelled() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let id = stage.started("Ciao").await.id;
        stage.pause(id).await;
        stage.cancel_rest(id).await;
        let copy = stage.copy_to(id, contact).await;
        assert_eq!(
            (copy.status, copy.cancel_reason),
            (MessageStatus::Cancelled, CANCELLED)
        );
    }
}

/// It was committed when the rest was cancelled, and then it showed that nothing had left.
#[tokio::test]
async fn what_is_put_back_later_does_not_go_either() {
    for mut stage in Stage::each().await {
        stage.writer(1).await;
        let id = stage.started("Ciao").await.id;
        let work = stage.committed().await;
        assert_eq!(stage.cancel_rest(id).await.committed, [work.message]);
        assert_eq!(stage.status(work.message).await, MessageStatus::Sending);
        let finished = stage.finish(work.attempt, SendAnswer::SessionAway).await;
        assert!(matches!(finished, Finished::PutBack(_)), "{finished:?}");
        stage.backed_off().await;
        stage
            .sees(
                &stage.session,
                domain::session::SessionState::Connected,
                stage.now,
            )
            .await;
        stage.idle().await;
        let row = stage.row(work.message).await;
        assert_eq!(
            (row.status, row.cancel_reason),
            (MessageStatus::Cancelled, CANCELLED)
        );
    }
}

#[tokio::test]
async fn a_doubt_about_one_is_not_settled_by_sending_it_again() {
    for mut stage in Stage::each().await {
        stage.writer(1).await;
        let id = stage.started("Ciao").await.id;
        let work = stage.doubted().await;
        assert_eq!(stage.cancel_rest(id).await.committed, []);
        assert_eq!(stage.status(work.message).await, MessageStatus::Uncertain);
        let (store, person, now) = (stage.store(), Stage::person(), stage.now);
        store
            .settle_by_person(work.message, PersonVerdict::SendAgain, &person, now)
            .await
            .unwrap();
        stage.idle().await;
        let row = stage.row(work.message).await;
        assert_eq!(
            (row.status, row.cancel_reason),
            (MessageStatus::Cancelled, CANCELLED)
        );
    }
}
