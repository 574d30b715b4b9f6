//! What a contact's own words, and a person's, mean for all sessions.

use chrono::TimeDelta;
use domain::{
    ids::ContactId,
    message_status::MessageStatus,
    wait::{AwaitedPerson, Wait, WaitReason},
    wire::ObservedMessage,
};
use storage::ContactDecision;

use super::stage::{Stage, bride, chat, groom, inbound};

async fn says(stage: &mut Stage, raw_id: &str, words: &str) {
    stage.later(TimeDelta::minutes(5));
    let message = ObservedMessage {
        body: Some(words.to_owned()),
        ..inbound(chat(1), raw_id, stage.now)
    };
    stage.record(&message).await;
}

async fn opted_out(stage: &Stage, contact: ContactId) -> bool {
    let row = stage.store().contact(contact).await.unwrap();
    row.expect("a contact").opted_out_at.is_some()
}

async fn decide(stage: &Stage, contact: ContactId, decision: ContactDecision) {
    let known = stage
        .store()
        .decide_contact(
            contact,
            decision,
            "on the phone",
            &Stage::person(),
            stage.now,
        )
        .await;
    assert!(known.expect("the database"));
}

#[tokio::test]
async fn a_stop_holds_on_both_numbers_and_cancels_what_waits() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let one = stage.queue(contact).await;
        let other = stage
            .queue_with(contact, |message| message.session = bride())
            .await;
        says(&mut stage, "STOP", "Stop, per favore").await;
        assert!(opted_out(&stage, contact).await);
        for id in [one, other] {
            let row = stage.row(id).await;
            assert_eq!(row.status, MessageStatus::Cancelled);
            let reason = row.cancel_reason.expect("a reason").to_string();
            assert_eq!(reason, "opted_out");
        }
        let audit = stage.store().audit(None, 1).await.unwrap().items;
        assert_eq!(audit[0].action, "contact.opted_out");
        assert_eq!(audit[0].actor, "contact");
    }
}

#[tokio::test]
async fn only_clear_words_or_a_person_take_it_back() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        says(&mut stage, "A", "non scrivetemi più").await;
        says(&mut stage, "B", "Auguri!").await;
        assert!(opted_out(&stage, contact).await);
        says(&mut stage, "C", "potete scrivermi di nuovo").await;
        assert!(!opted_out(&stage, contact).await);
        decide(&stage, contact, ContactDecision::OptOut).await;
        assert!(opted_out(&stage, contact).await);
        decide(&stage, contact, ContactDecision::OptIn).await;
        assert!(!opted_out(&stage, contact).await);
    }
}

#[tokio::test]
async fn a_late_stop_does_not_undo_what_was_said_after_it() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        says(&mut stage, "A", "STOP").await;
        let before = stage.now - TimeDelta::minutes(2);
        says(&mut stage, "B", "potete scrivermi di nuovo").await;
        let late = ObservedMessage {
            body: Some("stop".to_owned()),
            ..inbound(chat(1), "LATE", before)
        };
        stage.record(&late).await;
        assert!(!opted_out(&stage, contact).await);
    }
}

#[tokio::test]
async fn enough_makes_automatic_messages_wait_for_a_person() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let id = stage.queue(contact).await;
        says(&mut stage, "A", "Basta").await;
        assert!(!opted_out(&stage, contact).await);
        stage.idle().await;
        let wait = Wait::person(WaitReason::ContactSuspended, AwaitedPerson::DecideContact);
        assert_eq!(stage.row(id).await.wait, Some(wait));
        // Whatever else they write, it is a person who decides.
        says(&mut stage, "B", "Ci vediamo sabato").await;
        stage.idle().await;
        decide(&stage, contact, ContactDecision::OptIn).await;
        assert_eq!(stage.taken().await.message, id);
    }
}

#[tokio::test]
async fn nobody_is_opted_out_by_a_message_of_ours_or_in_another_chat() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let ours = super::stage::own(chat(1), "OURS", "STOP", stage.now);
        stage.record(&ours).await;
        stage.record(&inbound(chat(7), "OTHER", stage.now)).await;
        assert!(!opted_out(&stage, contact).await);
        assert_eq!(stage.store().uncertain_count(&groom()).await.unwrap(), 0);
    }
}
