//! Pausing: nothing leaves any more, whatever happens to the copies, and what waits says why.

use chrono::TimeDelta;
use domain::{
    broadcast::BroadcastState,
    lane::Lane,
    message_status::MessageStatus,
    outcome::SendAnswer,
    wait::{AwaitedPerson, Wait, WaitReason},
};
use storage::{BroadcastSteered, Commit, Finished, NewBroadcast, OpenCopy, Recheck, ReleaseReason};

use crate::stage::{Stage, groom};

const PAUSED: Option<Wait> = Some(Wait::person(
    WaitReason::BroadcastPaused,
    AwaitedPerson::ResumeBroadcast,
));

#[tokio::test]
async fn what_is_being_typed_cannot_be_committed_after_a_pause() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let id = stage.started("Ciao").await.id;
        let work = stage.taken().await;
        let paused = stage.pause(id).await;
        assert_eq!(paused.row, stage.broadcast(id).await);
        assert_eq!(
            (paused.row.state, paused.committed),
            (BroadcastState::Paused, vec![])
        );
        let open = OpenCopy {
            message: work.message,
            session: groom(),
            attempt: work.attempt,
            epoch: stage.epoch,
        };
        assert_eq!(paused.composing, [open]);
        stage.now += work.plan.total();
        stage.take_lease().await;
        assert_eq!(Some(stage.commit(&work).await), PAUSED.map(Commit::Back));
        assert_eq!(stage.status(work.message).await, MessageStatus::Pending);
        assert_eq!(stage.wait(work.message).await, PAUSED);
        // Nothing is held by it: what belongs to no broadcast goes.
        let other = stage.queue(contact).await;
        assert_eq!(stage.sent("RAW").await.message, other);
        stage.resume(id).await;
        stage.later(TimeDelta::hours(2));
        stage.take_lease().await;
        assert_eq!(stage.sent("RAW2").await.message, work.message);
    }
}

#[tokio::test]
async fn a_composition_finds_out_before_its_first_visible_act() {
    for mut stage in Stage::each().await {
        stage.writer(1).await;
        let id = stage.started("Ciao").await.id;
        let work = stage.taken().await;
        stage.pause(id).await;
        assert_eq!(Some(stage.recheck(&work).await), PAUSED.map(Recheck::Back));
    }
}

/// The integration ended the composition because of the pause: the copy is in the queue again, and does not go.
#[tokio::test]
async fn what_comes_back_into_the_queue_is_held_there() {
    for mut stage in Stage::each().await {
        stage.writer(1).await;
        let id = stage.started("Ciao").await.id;
        let work = stage.taken().await;
        stage.pause(id).await;
        stage.release(work.attempt, ReleaseReason::Lost).await;
        stage.backed_off().await;
        stage.idle().await;
        assert_eq!(stage.wait(work.message).await, PAUSED);
    }
}

#[tokio::test]
async fn a_pause_tells_what_had_already_left_and_holds_it_if_it_had_not() {
    for mut stage in Stage::each().await {
        stage.writer(1).await;
        let id = stage.started("Ciao").await.id;
        let work = stage.committed().await;
        let paused = stage.pause(id).await;
        assert_eq!(
            (paused.committed, paused.composing),
            (vec![work.message], vec![])
        );
        let finished = stage.finish(work.attempt, SendAnswer::NeverCalled).await;
        assert_eq!(finished, Finished::PutBack(WaitReason::SessionAway));
        stage.backed_off().await;
        stage.idle().await;
        assert_eq!(stage.wait(work.message).await, PAUSED);
    }
}

#[tokio::test]
async fn evidence_does_not_free_a_paused_copy() {
    for mut stage in Stage::each().await {
        let (wrote, silent) = (stage.writer(1).await, stage.guest(2).await);
        let id = stage.started("Ciao").await.id;
        stage.pause(id).await;
        let first = stage.copy_to(id, wrote).await;
        let second = stage.copy_to(id, silent).await;
        assert_eq!(first.wait, PAUSED);
        // Consent is what is missing first, and it is what people are told.
        let reason = second.wait.map(|wait| wait.reason);
        assert_eq!(reason, Some(WaitReason::GuestHasNotWritten));
        stage.writes(1, stage.now).await;
        stage.writes(2, stage.now).await;
        assert_eq!(stage.idle().await.0, None);
        for copy in [&first, &second] {
            assert_eq!(stage.wait(copy.id).await, PAUSED);
        }
        stage.resume(id).await;
        assert_eq!(stage.taken().await.message, first.id);
    }
}

/// Neither an edit nor "send now" of one copy goes against whoever paused all of them.
#[tokio::test]
async fn no_persons_word_about_one_copy_frees_it() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let id = stage.started("Ciao").await.id;
        stage.pause(id).await;
        let copy = stage.copy_to(id, contact).await;
        let (store, person) = (stage.store(), Stage::person());
        store.send_now(copy.id, &person, stage.now).await.unwrap();
        stage.idle().await;
        assert_eq!(stage.wait(copy.id).await, PAUSED);
    }
}

#[tokio::test]
async fn a_resumption_frees_what_the_pause_held_and_nothing_else() {
    for mut stage in Stage::each().await {
        let (one, two) = (stage.writer(1).await, stage.writer(2).await);
        let silent = stage.guest(3).await;
        let tomorrow = stage.now + TimeDelta::days(1);
        let news = NewBroadcast {
            not_before: Some(tomorrow),
            ..stage.news("Ciao")
        };
        stage.write_down(&news).await;
        stage.start(news.id).await;
        let id = news.id;
        let aside = stage.copy_to(id, two).await;
        stage.tamper(&format!("UPDATE whatsapp_message_queue SET eligible_at = NULL, wait_reason = 'put_aside', wait_ends = 'person:review' WHERE id = '{}'", aside.id)).await;
        stage.pause(id).await;
        let scheduled = stage.copy_to(id, one).await;
        assert_eq!((scheduled.wait, scheduled.eligible_at), (PAUSED, None));
        stage.later(TimeDelta::days(2));
        stage.take_lease().await;
        stage.idle().await;
        stage.resume(id).await;
        let review = Wait::person(WaitReason::PutAside, AwaitedPerson::Review);
        assert_eq!(stage.wait(aside.id).await, Some(review));
        let waits = stage.copy_to(id, silent).await.wait.map(|wait| wait.reason);
        assert_eq!(waits, Some(WaitReason::GuestHasNotWritten));
        assert_eq!(stage.taken().await.message, scheduled.id);
    }
}

#[tokio::test]
async fn done_twice_the_second_changes_nothing() {
    for mut stage in Stage::each().await {
        stage.writer(1).await;
        let id = stage.started("Ciao").await.id;
        let (store, person, now) = (stage.store(), Stage::person(), stage.now);
        let seen = store.pause_broadcast(id, Some(1), &person, now).await;
        assert_eq!(
            seen.unwrap(),
            BroadcastSteered::Conflict { current_version: 2 }
        );
        assert_eq!(stage.pause(id).await.row.version, 3);
        assert_eq!(stage.pause(id).await.row.version, 3);
        assert_eq!(stage.resume(id).await.row.version, 4);
        assert_eq!(stage.resume(id).await.row.version, 4);
        let draft = stage.draft("Ciao").await;
        let wrong = BroadcastSteered::WrongState(BroadcastState::Draft);
        let paused = store.pause_broadcast(draft, None, &person, now).await;
        assert_eq!(paused.unwrap(), wrong);
        stage.cancel_rest(id).await;
        let wrong = BroadcastSteered::WrongState(BroadcastState::Cancelled);
        let resumed = store.resume_broadcast(id, None, &person, now).await;
        assert_eq!(resumed.unwrap(), wrong);
    }
}

/// A copy that a program queues under the id of a paused broadcast belongs to it; under an id of its own it belongs to nobody.
#[tokio::test]
async fn a_copy_queued_by_its_id_is_held_with_the_others() {
    for mut stage in Stage::each().await {
        stage.writer(1).await;
        let id = stage.started("Ciao").await.id;
        stage.pause(id).await;
        let late = stage.writer(2).await;
        let own_id = domain::ids::BroadcastId::new(stage.now, &mut stage.dice);
        let mut queued = Vec::new();
        for broadcast in [id, own_id] {
            let copy = stage
                .queue_with(late, |m| {
                    m.lane = Lane::Broadcast;
                    m.broadcast = Some(broadcast);
                })
                .await;
            queued.push(copy);
        }
        assert_eq!(stage.taken().await.message, queued[1]);
        assert_eq!(stage.wait(queued[0]).await, PAUSED);
        assert_eq!(stage.broadcast(id).await.counts.pending, 2);
    }
}
