//! Starting: all copies or none, once, and nobody twice.

use chrono::TimeDelta;
use domain::{
    broadcast::{BroadcastState, Placeholder, RenderError},
    ids::BroadcastId,
    lane::Lane,
    message_status::MessageStatus,
    wait::WaitReason,
};
use storage::{BroadcastStart, NewBroadcast};

use super::news::sessions;
use crate::stage::{Stage, groom};

#[tokio::test]
async fn every_copy_is_queued_with_its_own_text() {
    for mut stage in Stage::each().await {
        let (wrote, silent) = (stage.writer(1).await, stage.guest(2).await);
        let row = stage.started("Ciao {name}").await;
        assert_eq!((row.state, row.version), (BroadcastState::Started, 2));
        assert_eq!(
            (row.started_at, row.started_by.as_deref()),
            (Some(stage.now), Some("anna"))
        );
        assert_eq!(
            (row.counts.pending, row.counts.not_written, row.counts.all()),
            (2, 1, 2)
        );
        assert_eq!(stage.broadcast(row.id).await, row);
        let copies = stage.copies(row.id).await;
        let told: Vec<_> = copies
            .iter()
            .map(|copy| (copy.contact, copy.text.as_str()))
            .collect();
        assert_eq!(told, [(wrote, "Ciao Guest 1"), (silent, "Ciao Guest 2")]);
        for copy in &copies {
            assert_eq!((copy.lane, &copy.session), (Lane::Broadcast, &groom()));
            assert_eq!(
                (copy.not_after, copy.status),
                (Some(row.not_after), MessageStatus::Pending)
            );
            assert_eq!(copy.broadcast_state, Some(BroadcastState::Started));
            let told = stage.store().timeline(copy.id).await.unwrap();
            assert_eq!(told.len(), 1);
        }
        assert_eq!(copies[0].wait, None);
        let reason = copies[1].wait.map(|wait| wait.reason);
        assert_eq!(reason, Some(WaitReason::GuestHasNotWritten));
        // The one goes, the other does after they wrote.
        assert_eq!(stage.sent("RAW").await.contact, wrote);
        stage.later(TimeDelta::hours(1));
        stage.writes(2, stage.now).await;
        stage.take_lease().await;
        assert_eq!(stage.sent("RAW2").await.contact, silent);
        assert!(stage.broadcast(row.id).await.is_done());
    }
}

#[tokio::test]
async fn started_twice_the_second_does_nothing() {
    for mut stage in Stage::each().await {
        stage.writer(1).await;
        let id = stage.draft("Ciao").await;
        let (store, person, now) = (stage.store(), Stage::person(), stage.now);
        let sessions = sessions();
        let start = || store.start_broadcast(id, Some(1), &sessions, &person, now);
        let (one, other) = tokio::join!(start(), start());
        let both = [one.unwrap(), other.unwrap()];
        let started = both
            .iter()
            .filter(|one| matches!(one, BroadcastStart::Done(_)));
        let already = both
            .iter()
            .filter(|one| matches!(one, BroadcastStart::Already(_)));
        assert_eq!((started.count(), already.count()), (1, 1), "{both:?}");
        // Somebody new on the list does not get it by a third.
        stage.writer(2).await;
        let before = stage.broadcast(id).await;
        assert_eq!(
            stage.start(id).await,
            BroadcastStart::Already(Box::new(before.clone()))
        );
        assert_eq!((stage.copies(id).await.len(), before.version), (1, 2));
        stage.pause(id).await;
        let BroadcastStart::Already(paused) = stage.start(id).await else {
            panic!("a start is no resumption");
        };
        assert_eq!(paused.state, BroadcastState::Paused);
    }
}

#[tokio::test]
async fn with_one_value_missing_nothing_is_queued() {
    for mut stage in Stage::each().await {
        stage.invited("Anna", Some("Villa"), Some(1)).await;
        let alone = stage.invited("Ugo", None, Some(2)).await;
        let id = stage.draft("Ciao {name} di {household}").await;
        let before = stage.broadcast(id).await;
        let BroadcastStart::Unwritten(plan) = stage.start(id).await else {
            panic!("started");
        };
        let unwritten: Vec<_> = plan
            .unwritten()
            .map(|(copy, error)| (copy.contact, error))
            .collect();
        let missing = RenderError::Missing(Placeholder::Household);
        assert_eq!(unwritten, [(alone.contact.unwrap(), missing)]);
        assert_eq!(stage.broadcast(id).await, before);
        assert_eq!(stage.copies(id).await.len(), 0);
        let lines =
            stage.int("SELECT CAST(count(*) AS BIGINT) AS value FROM whatsapp_message_event");
        assert_eq!(lines.await, Some(0));
    }
}

#[tokio::test]
async fn what_makes_no_sense_is_not_started() {
    for mut stage in Stage::each().await {
        let id = stage.draft("Ciao").await;
        assert_eq!(stage.start(id).await, BroadcastStart::Nobody);
        stage.writer(1).await;
        let (store, person) = (stage.store(), Stage::person());
        let seen = store
            .start_broadcast(id, Some(7), &sessions(), &person, stage.now)
            .await;
        assert_eq!(
            seen.unwrap(),
            BroadcastStart::Conflict { current_version: 1 }
        );
        stage.later(TimeDelta::days(14));
        assert_eq!(stage.start(id).await, BroadcastStart::Expired);
        assert_eq!(stage.broadcast(id).await.state, BroadcastState::Draft);
        let nobody = BroadcastId::new(stage.now, &mut stage.dice);
        assert_eq!(stage.start(nobody).await, BroadcastStart::Unknown);
        let over = stage.started("Ciao").await.id;
        stage.cancel_rest(over).await;
        assert_eq!(stage.start(over).await, BroadcastStart::Cancelled);
    }
}

/// A copy that somebody queued under the broadcast's id before is that contact's copy.
#[tokio::test]
async fn who_has_a_copy_gets_no_second() {
    for mut stage in Stage::each().await {
        let (has, gets) = (stage.writer(1).await, stage.writer(2).await);
        let id = stage.draft("Ciao").await;
        let by_hand = stage
            .queue_with(has, |m| {
                m.lane = Lane::Broadcast;
                m.broadcast = Some(id);
            })
            .await;
        assert_eq!(stage.wait(by_hand).await, None);
        stage.later(TimeDelta::seconds(1));
        stage.start(id).await;
        let copies = stage.copies(id).await;
        let contacts: Vec<_> = copies.iter().map(|copy| copy.contact).collect();
        assert_eq!(contacts, [has, gets]);
        assert_eq!(copies[0].id, by_hand);
    }
}

#[tokio::test]
async fn a_scheduled_broadcast_waits_for_its_time() {
    for mut stage in Stage::each().await {
        stage.writer(1).await;
        let tomorrow = stage.now + TimeDelta::days(1);
        let news = NewBroadcast {
            not_before: Some(tomorrow),
            ..stage.news("Ciao")
        };
        stage.write_down(&news).await;
        stage.start(news.id).await;
        let copies = stage.copies(news.id).await;
        assert_eq!(
            copies[0].wait.map(|wait| wait.reason),
            Some(WaitReason::NotBefore)
        );
        let (next, _) = stage.idle().await;
        assert_eq!(next, Some(tomorrow));
    }
}
