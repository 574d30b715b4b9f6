//! A guest writes for the first time: of the news that waited the newest leaves, and nothing is forgotten.

use chrono::TimeDelta;
use domain::{
    ids::{BroadcastId, ContactId, MessageId},
    lane::Lane,
    message_status::MessageStatus,
    release::RefuseReason,
    wait::{AwaitedPerson, Wait, WaitReason},
};
use storage::{CancelReason, Edit, NewMessage};

use super::stage::{Stage, bride, chat, groom, inbound, lid};

const PUT_ASIDE: Option<Wait> = Some(Wait::person(WaitReason::PutAside, AwaitedPerson::Review));

/// A piece of news for a contact; a day passes.
async fn news(stage: &mut Stage, to: ContactId) -> MessageId {
    news_with(stage, to, |_| {}).await
}

async fn news_with(
    stage: &mut Stage,
    to: ContactId,
    change: impl FnOnce(&mut NewMessage),
) -> MessageId {
    let broadcast = BroadcastId::new(stage.now, &mut stage.dice);
    let not_after = stage.now + TimeDelta::days(14);
    let id = stage
        .queue_with(to, |m| {
            m.lane = Lane::Broadcast;
            m.broadcast = Some(broadcast);
            m.not_after = Some(not_after);
            change(m);
        })
        .await;
    stage.later(TimeDelta::days(1));
    id
}

async fn wait(stage: &Stage, id: MessageId) -> Option<Wait> {
    stage.row(id).await.wait
}

#[tokio::test]
async fn of_the_news_that_waited_the_newest_goes_and_the_rest_is_for_a_person() {
    for mut stage in Stage::each().await {
        let contact = stage.guest(1).await;
        let [old, middle, new] = [
            news(&mut stage, contact).await,
            news(&mut stage, contact).await,
            news(&mut stage, contact).await,
        ];
        let by_hand = stage.queue(contact).await;
        stage.later(TimeDelta::seconds(1));
        stage.writes(1, stage.now).await;
        assert_eq!(wait(&stage, old).await, PUT_ASIDE);
        assert_eq!(wait(&stage, middle).await, PUT_ASIDE);
        for goes in [new, by_hand] {
            let row = stage.row(goes).await;
            assert_eq!((row.status, row.wait), (MessageStatus::Pending, None));
        }
        let told = stage.store().timeline(old).await.unwrap();
        let last = told.last().unwrap();
        assert_eq!(
            (last.phase.as_str(), last.detail.as_deref()),
            ("put_aside", Some("newer_news"))
        );
        // Whatever they write now, it stays aside; and whatever is queued now goes as usual.
        let next = news(&mut stage, contact).await;
        stage.writes(1, stage.now).await;
        assert_eq!(wait(&stage, old).await, PUT_ASIDE);
        assert_eq!(wait(&stage, next).await, None);
        stage.take_lease().await;
        assert_eq!(stage.taken().await.message, new);
    }
}

#[tokio::test]
async fn what_has_expired_is_cancelled_and_is_not_the_newest() {
    for mut stage in Stage::each().await {
        let contact = stage.guest(1).await;
        let kept = news(&mut stage, contact).await;
        let soon = stage.now + TimeDelta::hours(1);
        let over = news_with(&mut stage, contact, |m| m.not_after = Some(soon)).await;
        stage.writes(1, stage.now).await;
        let row = stage.row(over).await;
        assert_eq!(
            (row.status, row.cancel_reason),
            (
                MessageStatus::Cancelled,
                Some(CancelReason::Rule(RefuseReason::Expired))
            )
        );
        assert_eq!(wait(&stage, kept).await, None);
    }
}

/// Their word makes it pointless: then the next newest is news.
#[tokio::test]
async fn what_their_word_drops_is_not_the_newest() {
    for mut stage in Stage::each().await {
        let contact = stage.guest(1).await;
        let old = news(&mut stage, contact).await;
        let kept = news(&mut stage, contact).await;
        let dropped = news_with(&mut stage, contact, |m| m.drop_if_answered = true).await;
        stage.writes(1, stage.now).await;
        assert_eq!(stage.status(dropped).await, MessageStatus::Cancelled);
        assert_eq!(wait(&stage, kept).await, None);
        assert_eq!(wait(&stage, old).await, PUT_ASIDE);
    }
}

#[tokio::test]
async fn each_session_has_its_own_first_contact() {
    for mut stage in Stage::each().await {
        let contact = stage.guest(1).await;
        let mut of = Vec::new();
        for session in [groom(), bride()] {
            for _ in 0..2 {
                let id = news_with(&mut stage, contact, |m| m.session = session.clone()).await;
                of.push(id);
            }
        }
        stage.writes(1, stage.now).await;
        assert_eq!(wait(&stage, of[0]).await, PUT_ASIDE);
        assert_eq!(wait(&stage, of[1]).await, None);
        for waits in &of[2..] {
            let reason = wait(&stage, *waits).await.map(|wait| wait.reason);
            assert_eq!(reason, Some(WaitReason::GuestHasNotWritten));
        }
    }
}

/// The evidence can come with a contact that turns out to be the same person.
#[tokio::test]
async fn a_merge_is_a_first_contact_too() {
    for mut stage in Stage::each().await {
        let (kept, gone) = (stage.guest(1).await, stage.guest(2).await);
        stage.hide_number(gone, 1).await;
        // By number they have not written; by hidden id they have, and got news since.
        let old = news(&mut stage, kept).await;
        let new = news(&mut stage, kept).await;
        stage
            .record(&inbound(lid(1), "BYLID", stage.now - TimeDelta::hours(1)))
            .await;
        let since = news(&mut stage, gone).await;
        let elsewhere = news_with(&mut stage, kept, |m| m.session = bride()).await;
        let mut both = inbound(lid(1), "BYLID", stage.now - TimeDelta::hours(1));
        both.alt = Some(chat(1));
        stage.record(&both).await;
        assert_eq!(wait(&stage, old).await, PUT_ASIDE);
        for goes in [new, since] {
            assert_eq!(wait(&stage, goes).await, None);
            assert_eq!(stage.row(goes).await.contact, kept);
        }
        let reason = wait(&stage, elsewhere).await.map(|wait| wait.reason);
        assert_eq!(reason, Some(WaitReason::GuestHasNotWritten));
    }
}

#[tokio::test]
async fn a_person_sends_edits_or_cancels_what_was_put_aside() {
    for mut stage in Stage::each().await {
        let contact = stage.guest(1).await;
        let mut aside = Vec::new();
        for _ in 0..3 {
            aside.push(news(&mut stage, contact).await);
        }
        news(&mut stage, contact).await;
        stage.writes(1, stage.now).await;
        let (store, person, now) = (stage.store(), Stage::person(), stage.now);
        store.send_now(aside[0], &person, now).await.unwrap();
        let edit = Edit {
            text: Some(super::stage::text("Still true")),
            ..Edit::default()
        };
        store
            .edit(aside[1], None, &edit, &person, now)
            .await
            .unwrap();
        store.cancel(aside[2], &person, now).await.unwrap();
        for goes in [aside[0], aside[1]] {
            assert_eq!(wait(&stage, goes).await, None);
        }
        assert_eq!(stage.status(aside[2]).await, MessageStatus::Cancelled);
        stage.take_lease().await;
        assert_eq!(stage.taken().await.message, aside[0]);
    }
}

/// A person said "now" before the guest had written: that word is not taken back.
#[tokio::test]
async fn what_a_person_sent_now_goes_also_if_it_is_old() {
    for mut stage in Stage::each().await {
        let contact = stage.guest(1).await;
        let now = news(&mut stage, contact).await;
        let (store, person) = (stage.store(), Stage::person());
        store.send_now(now, &person, stage.now).await.unwrap();
        let new = news(&mut stage, contact).await;
        stage.writes(1, stage.now).await;
        for goes in [now, new] {
            assert_eq!(wait(&stage, goes).await, None);
        }
    }
}
