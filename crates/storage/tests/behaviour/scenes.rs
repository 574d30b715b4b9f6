//! The head of a queue as a rehearsal plays it: in the claim's order, with the facts that the rules look at, in bounded work.

use chrono::TimeDelta;
use domain::{
    ids::MessageId,
    lane::{Lane, ReleaseLane},
    release::{Guests, WaitingMessage},
    wait::{Wait, WaitReason},
};
use storage::{QueueScene, testing::statements_of};

use super::stage::{Stage, bride, groom};

async fn scene(stage: &Stage, most: u32) -> QueueScene {
    let (store, groom) = (stage.store(), groom());
    let found = store.queue_scene(&groom, &[], most, stage.now).await;
    found.unwrap().expect("there is such a session")
}

fn ids(waiting: &[WaitingMessage]) -> Vec<MessageId> {
    waiting.iter().map(|one| one.message).collect()
}

#[tokio::test]
async fn what_is_due_comes_in_the_order_of_the_claim_and_no_more_than_was_asked_for() {
    for mut stage in Stage::each().await {
        let (one, two) = (stage.writer(1).await, stage.writer(2).await);
        let old = stage.queue(one).await;
        let urgent = stage.queue_with(two, |m| m.priority = 5).await;
        let reply = stage.queue_with(two, |m| m.lane = Lane::Reply).await;
        let hurried = stage.queue_with(one, |m| m.send_now = true).await;
        stage.queue_with(one, |m| m.session = bride()).await;
        let all = scene(&stage, 10).await;
        assert_eq!(ids(&all.scene.waiting), [hurried, reply, urgent, old]);
        assert_eq!(all.behind, 0);
        assert_eq!(all.scene.contacts.len(), 2);
        let head = scene(&stage, 3).await;
        assert_eq!(ids(&head.scene.waiting), [hurried, reply, urgent]);
        assert_eq!(head.behind, 1);
        let first = &all.scene.waiting[0];
        assert!(first.facts.send_now && first.wait.is_none());
        assert_eq!(first.chars, "Save the date".len());
        assert_eq!(all.scene.waiting[2].priority, 5);
        assert_eq!(all.scene.waiting[1].facts.lane, Lane::Reply);
    }
}

#[tokio::test]
async fn who_waits_for_a_time_is_there_and_who_waits_for_an_event_is_not() {
    for mut stage in Stage::each().await {
        let (one, silent) = (stage.writer(1).await, stage.guest(2).await);
        stage.queue(silent).await;
        let at = stage.now + TimeDelta::hours(3);
        let scheduled = stage.queue_with(one, |m| m.not_before = Some(at)).await;
        let found = scene(&stage, 10).await.scene;
        assert_eq!(ids(&found.waiting), [scheduled]);
        let wait = Wait::at(WaitReason::NotBefore, at);
        assert_eq!(found.waiting[0].wait, Some(wait));
        assert_eq!(found.waiting[0].facts.not_before, Some(at));
    }
}

#[tokio::test]
async fn who_waits_for_an_answer_is_there_and_guests_are_counted() {
    for mut stage in Stage::each().await {
        let (one, silent) = (stage.writer(1).await, stage.guest(2).await);
        stage.writer(3).await;
        stage.writes(3, stage.now).await;
        stage.queue(silent).await;
        for n in 0..2 {
            stage.queue(one).await;
            stage.sent(&format!("RAW{n}")).await;
            stage.later(TimeDelta::hours(2));
            stage.take_lease().await;
        }
        let held = stage.queue(one).await;
        stage.idle().await;
        let found = scene(&stage, 10).await.scene;
        assert_eq!(ids(&found.waiting), [held]);
        let wait = found.waiting[0].wait.expect("it waits");
        assert_eq!(wait.reason, WaitReason::UnansweredLimit);
        assert_eq!(found.guests, Guests { known: 2, wrote: 1 });
    }
}

#[tokio::test]
async fn everybody_s_facts_are_those_that_the_claim_reads_for_one() {
    for mut stage in Stage::each().await {
        let (one, two) = (stage.writer(1).await, stage.writer(2).await);
        stage.queue(one).await;
        stage.sent("RAW1").await;
        stage.later(TimeDelta::minutes(10));
        stage.take_lease().await;
        stage.queue(two).await;
        stage.doubted().await;
        stage.later(TimeDelta::minutes(10));
        stage.take_lease().await;
        let third = stage.writer(3).await;
        stage.queue(third).await;
        stage.committed().await;
        let waiting = [
            stage.queue(one).await,
            stage.queue(two).await,
            stage.queue(third).await,
        ];
        let found = scene(&stage, 10).await.scene;
        for id in waiting {
            let told = stage.store().explain(id, stage.now).await.unwrap().unwrap();
            let facts = &found.contacts[&told.contact.contact];
            assert_eq!(format!("{facts:?}"), format!("{:?}", told.contact));
        }
        assert!(found.contacts[&third].open && !found.contacts[&one].open);
        assert!(found.contacts[&two].uncertain_since.is_some());
        assert_eq!(found.session.sends.len(), 3);
    }
}

#[tokio::test]
async fn what_the_worker_has_in_its_hands_is_told() {
    for mut stage in Stage::each().await {
        let one = stage.writer(1).await;
        stage.queue(one).await;
        assert_eq!(scene(&stage, 10).await.scene.under_way, None);
        let work = stage.taken().await;
        let taken_at = stage.now;
        let composing = scene(&stage, 10).await.scene.under_way.expect("under way");
        assert!(!composing.committed);
        assert_eq!((composing.contact, composing.since), (one, taken_at));
        assert_eq!(composing.lane, ReleaseLane::Automatic);
        assert_eq!(composing.chars, work.text.chars());
        stage.now += work.plan.total();
        stage.take_lease().await;
        stage.commit(&work).await;
        let sending = scene(&stage, 10).await.scene.under_way.expect("under way");
        assert!(sending.committed);
    }
}

#[tokio::test]
async fn an_explained_message_has_its_scene_when_it_leaves_by_itself() {
    for mut stage in Stage::each().await {
        let (one, silent) = (stage.writer(1).await, stage.guest(2).await);
        let first = stage.queue(one).await;
        let at = stage.now + TimeDelta::days(3);
        let scheduled = stage.queue_with(one, |m| m.not_before = Some(at)).await;
        let waits = stage.queue(silent).await;
        for (id, expected) in [(first, true), (scheduled, true), (waits, false)] {
            let told = stage.store().explain(id, stage.now).await.unwrap().unwrap();
            let waiting = told.waiting();
            assert_eq!(waiting.message, id);
            let found = told
                .scene
                .is_some_and(|scene| ids(&scene.waiting).contains(&id));
            assert_eq!(found, expected);
        }
    }
}

#[tokio::test]
async fn the_work_does_not_grow_with_the_contacts() {
    for mut stage in Stage::each().await {
        let mut asked = Vec::new();
        for n in 0..12 {
            let contact = stage.writer(n).await;
            stage.queue(contact).await;
            let (_, statements) = Box::pin(statements_of(scene(&stage, 20))).await;
            asked.push(statements.len());
        }
        assert!(asked.iter().all(|count| *count == asked[0]), "{asked:?}");
    }
}

#[tokio::test]
async fn there_is_no_scene_of_an_unknown_session_and_others_may_be_asked_for() {
    for mut stage in Stage::each().await {
        let (one, other) = (stage.writer(1).await, stage.guest(2).await);
        stage.queue(one).await;
        let (store, now) = (stage.store(), stage.now);
        let nobody = domain::session::SessionName::parse("nobody").unwrap();
        assert!(
            store
                .queue_scene(&nobody, &[], 5, now)
                .await
                .unwrap()
                .is_none()
        );
        let found = store.queue_scene(&groom(), &[other], 5, now).await;
        let contacts = found.unwrap().unwrap().scene.contacts;
        assert!(contacts[&other].evidence.is_none() && contacts[&one].evidence.is_some());
    }
}
