//! A message was tried again with another text, and then its first send turns out to have arrived, with the first text: the guest has
//! that one, and not the new one.

use chrono::TimeDelta;
use domain::{
    ack::Ack,
    message_status::MessageStatus::{self, Cancelled, Failed, Pending, Sent},
    outcome::SendAnswer,
};
use storage::{Edit, PersonVerdict, Recheck, Recorded, Work};

use super::{
    acks::receive,
    stage::{Stage, accepted, chat, own, text},
};

const OLD: &str = "Save the date";
const NEW: &str = "The date has changed";

async fn edit(stage: &Stage, work: &Work, to: &str) {
    let edit = Edit {
        text: Some(text(to)),
        ..Edit::default()
    };
    let (store, person) = (stage.store(), Stage::person());
    let edited = store.edit(work.message, None, &edit, &person, stage.now);
    edited.await.expect("edited");
}

/// A message in doubt that a person has had sent again with another text; the cool-down is over.
async fn changed(stage: &mut Stage) -> Work {
    let contact = stage.writer(1).await;
    stage.queue(contact).await;
    let work = stage.doubted().await;
    let (store, person) = (stage.store(), Stage::person());
    let settled =
        store.settle_by_person(work.message, PersonVerdict::SendAgain, &person, stage.now);
    settled.await.expect("settled");
    edit(stage, &work, NEW).await;
    stage.later(TimeDelta::hours(2));
    stage.take_lease().await;
    work
}

/// The same of a message that WhatsApp refused.
async fn changed_after_a_refusal(stage: &mut Stage) -> Work {
    let contact = stage.writer(1).await;
    stage.queue(contact).await;
    let work = stage.sent("FIRST").await;
    receive(stage, "FIRST", Ack::Error, 1).await;
    let (store, person) = (stage.store(), Stage::person());
    let retried = store.retry(work.message, &person, stage.now).await;
    retried.expect("retried");
    edit(stage, &work, NEW).await;
    stage.later(TimeDelta::hours(2));
    stage.take_lease().await;
    work
}

async fn said(stage: &Stage) -> Vec<Option<String>> {
    let said = "SELECT body AS value FROM conversation_message
                WHERE direction = 'outbound' AND origin = 'queue' ORDER BY at";
    stage.db.texts(said).await
}

/// The message has that status; the conversation shows `texts`, and the timeline that the first text has arrived.
async fn told(stage: &Stage, work: &Work, status: MessageStatus, texts: &[&str]) {
    let row = stage.row(work.message).await;
    assert_eq!((row.status, row.text.as_str()), (status, NEW));
    let texts: Vec<_> = texts.iter().map(|text| Some((*text).to_owned())).collect();
    assert_eq!(said(stage).await, texts);
    let timeline = stage.store().timeline(work.message).await;
    let timeline = timeline.expect("a timeline");
    let news = |phase| timeline.iter().filter(|event| event.phase == phase).count();
    assert_eq!(news("earlier_text_arrived"), 1);
    assert_eq!(news("earlier_arrived"), 0);
}

/// The new text goes as a message of its own.
async fn goes_with_the_new_text(stage: &mut Stage, work: &Work) {
    let contact = stage.row(work.message).await.contact;
    let unanswered = async |stage: &Stage| {
        let contact = stage.store().contact(contact).await.unwrap();
        contact.expect("a contact").sessions[0].unanswered
    };
    let again = stage.sent("SECOND").await;
    assert_eq!((again.message, again.text.as_str()), (work.message, NEW));
    told(stage, work, Sent, &[OLD, NEW]).await;
    // both are copies of one message
    assert_eq!(unanswered(stage).await, 1);
}

#[tokio::test]
async fn a_late_answer_to_the_first_is_no_answer_to_the_changed_one() {
    for mut stage in Stage::each().await {
        let work = changed(&mut stage).await;
        for _ in 0..2 {
            stage.finish(work.attempt, accepted("FIRST")).await;
        }
        told(&stage, &work, Pending, &[OLD]).await;
        goes_with_the_new_text(&mut stage, &work).await;
    }
}

#[tokio::test]
async fn the_first_copy_is_known_by_the_text_that_it_had() {
    for mut stage in Stage::each().await {
        let work = changed(&mut stage).await;
        let again = stage.taken().await;
        let seen = own(chat(1), "FIRST", OLD, stage.now);
        let recorded = stage.record(&seen).await;
        let message = work.message;
        assert_eq!(recorded, Recorded::OwnFromQueue { message });
        receive(&stage, "FIRST", Ack::Device, 1).await;
        told(&stage, &work, MessageStatus::Composing, &[OLD]).await;
        let hand_typed = stage.count("contact_session WHERE hand_typed_at IS NOT NULL");
        assert_eq!(hand_typed.await, 0);
        // It counts for the contact as any other: the cool-down is over, because it left two hours ago.
        assert_eq!(stage.recheck(&again).await, Recheck::Go);
        // Who types the new text has not sent the first.
        let typed = own(chat(1), "HAND", NEW, stage.now);
        let typed = stage.record(&typed).await;
        assert!(matches!(typed, Recorded::TypedByHand { new: true, .. }));
    }
}

#[tokio::test]
async fn a_receipt_for_the_refused_first_is_none_for_the_changed_one() {
    for mut stage in Stage::each().await {
        let work = changed_after_a_refusal(&mut stage).await;
        receive(&stage, "FIRST", Ack::Device, -60).await;
        receive(&stage, "FIRST", Ack::Read, -30).await;
        told(&stage, &work, Pending, &[OLD]).await;
        assert_eq!(stage.count("send_refusal").await, 0);
        goes_with_the_new_text(&mut stage, &work).await;
    }
}

#[tokio::test]
async fn once_the_changed_one_has_gone_both_are_told() {
    for mut stage in Stage::each().await {
        let work = changed(&mut stage).await;
        stage.sent("SECOND").await;
        stage.finish(work.attempt, accepted("FIRST")).await;
        told(&stage, &work, Sent, &[OLD, NEW]).await;
    }
}

#[tokio::test]
async fn a_changed_one_that_does_not_go_stays_unsent() {
    for (cancelled, status) in [(true, Cancelled), (false, Failed)] {
        for mut stage in Stage::each().await {
            let work = changed(&mut stage).await;
            if cancelled {
                let (store, person) = (stage.store(), Stage::person());
                let answer = store.cancel(work.message, &person, stage.now).await;
                answer.expect("cancelled");
            } else {
                let again = stage.committed().await;
                stage.finish(again.attempt, SendAnswer::NoLid).await;
            }
            stage.finish(work.attempt, accepted("FIRST")).await;
            told(&stage, &work, status, &[OLD]).await;
        }
    }
}

#[tokio::test]
async fn a_text_that_was_changed_back_has_arrived() {
    for mut stage in Stage::each().await {
        let work = changed(&mut stage).await;
        edit(&stage, &work, OLD).await;
        stage.finish(work.attempt, accepted("FIRST")).await;
        let row = stage.row(work.message).await;
        assert_eq!((row.status, row.raw_id.as_deref()), (Sent, Some("FIRST")));
        assert_eq!(said(&stage).await, [Some(OLD.to_owned())]);
    }
}

#[tokio::test]
async fn an_erased_guest_s_first_text_is_forgotten() {
    for mut stage in Stage::each().await {
        changed(&mut stage).await;
        let kept = "send_reservation WHERE body IS NOT NULL";
        assert_eq!(stage.count(kept).await, 1);
        let guest = stage.text("SELECT id AS value FROM guest").await;
        let guest = guest.and_then(|id| id.parse().ok()).expect("a guest's id");
        let (store, person) = (stage.store(), Stage::person());
        let erased = store.erase_guest(guest, "asked", &person, stage.now).await;
        erased.expect("erased");
        assert_eq!(stage.count(kept).await, 0);
    }
}
