//! Error 463 for one contact while the account is free: a day, one more try, then a person or a word of the contact.

use chrono::TimeDelta;
use domain::{
    ack::Ack,
    chat_id::ChatId,
    ids::{ContactId, MessageId},
    lane::Lane,
    message_status::MessageStatus,
    outcome::SendAnswer,
    release::Lock,
    session::SessionState,
    wait::{AwaitedPerson, Wait, WaitReason},
};
use storage::{Commit, Finished, PersonVerdict, Recorded, Work};

use super::{
    acks::receive,
    merging::tells_both,
    stage::{Stage, accepted, chat, groom, lid, own, view},
};

const PERSON: Wait = Wait::person(WaitReason::ContactRefused, AwaitedPerson::Review);

impl Stage {
    /// A message to the first guest is refused, and a day later refused again.
    async fn refused_twice(&mut self) -> (ContactId, MessageId) {
        let refused = self
            .answered(1, Lane::Manual, SendAnswer::ContactRefused)
            .await;
        self.at(self.now + TimeDelta::hours(25)).await;
        let work = self.committed().await;
        self.finish(work.attempt, SendAnswer::ContactRefused).await;
        assert_eq!(self.waits_for(refused).await, Some(PERSON));
        (self.row(refused).await.contact, refused)
    }
}

/// A day, one more try, then a person; what else waits for the contact waits as long.
#[tokio::test]
async fn a_refused_contact_rests_for_a_day_and_then_waits_for_a_person() {
    for mut stage in Stage::each().await {
        let refused = stage
            .answered(1, Lane::Manual, SendAnswer::ContactRefused)
            .await;
        let start = stage.now;
        let day = Wait::at(WaitReason::ContactRefused, start + TimeDelta::hours(24));
        assert_eq!(stage.waits_for(refused).await, Some(day));
        assert_eq!(stage.lock().await, (None, true));
        let contact = stage.row(refused).await.contact;
        let next = stage.queue(contact).await;
        stage.later(TimeDelta::hours(2));
        stage.take_lease().await;
        stage.idle().await;
        let wait = stage.waits_for(next).await.map(|wait| wait.reason);
        assert_eq!(wait, Some(WaitReason::ContactRefused));
        // others go on
        stage.answered(2, Lane::Manual, accepted("OTHER")).await;

        stage.at(start + TimeDelta::hours(25)).await;
        let work = stage.committed().await;
        assert_eq!(work.message, refused);
        let finished = stage.finish(work.attempt, SendAnswer::ContactRefused).await;
        assert_eq!(finished, Finished::PutBack(WaitReason::ContactRefused));
        let person = Wait::person(WaitReason::ContactRefused, AwaitedPerson::Review);
        assert_eq!(stage.waits_for(refused).await, Some(person));
        assert_eq!(stage.row(refused).await.attempts, 2);
        stage.at(start + TimeDelta::hours(75)).await;
        stage.idle().await;
        assert_eq!(stage.waits_for(next).await, Some(person));
        stage.nothing_is_stuck().await;

        // A person has it sent: it is accepted, so the other goes too.
        stage
            .store()
            .send_now(refused, &Stage::person(), stage.now)
            .await
            .unwrap();
        assert_eq!(stage.sent("LATE").await.message, refused);
        stage.at(stage.now + TimeDelta::hours(2)).await;
        assert_eq!(stage.sent("NEXT").await.message, next);
    }
}

/// A guest's word brings a new token: the message is tried at once.
#[tokio::test]
async fn a_refused_contact_who_writes_is_written_to_again() {
    for mut stage in Stage::each().await {
        let refused = stage
            .answered(1, Lane::Manual, SendAnswer::ContactRefused)
            .await;
        stage.later(TimeDelta::minutes(90));
        stage.take_lease().await;
        stage.idle().await;
        stage.writes(1, stage.now).await;
        assert_eq!(stage.sent("RAW").await.message, refused);
    }
}

/// A second contact within half an hour, refused at once or by a receipt, locks the number, replies too.
#[tokio::test]
async fn two_refused_contacts_lock_the_number() {
    for (minutes, locked) in [(25, true), (31, false)] {
        for mut stage in Stage::each().await {
            stage
                .answered(1, Lane::Reply, SendAnswer::ContactRefused)
                .await;
            stage.later(TimeDelta::minutes(minutes));
            stage
                .answered(2, Lane::Reply, SendAnswer::ContactRefused)
                .await;
            let until = Lock::Until(stage.now + TimeDelta::hours(6));
            assert_eq!(stage.lock().await, (locked.then_some(until), true));
        }
    }
}

/// Whatever of theirs waits goes on by itself, also what waits for a person.
#[tokio::test]
async fn a_contact_refused_twice_who_writes_is_written_to_again() {
    for mut stage in Stage::each().await {
        let (contact, refused) = stage.refused_twice().await;
        let next = stage.queue(contact).await;
        stage.at(stage.now + TimeDelta::hours(2)).await;
        stage.idle().await;
        assert_eq!(stage.waits_for(next).await, Some(PERSON));
        stage.nothing_is_stuck().await;
        stage.writes(1, stage.now).await;
        stage.nothing_is_stuck().await;
        assert_eq!(stage.sent("FIRST").await.message, refused);
        stage.at(stage.now + TimeDelta::hours(2)).await;
        assert_eq!(stage.sent("NEXT").await.message, next);
    }
}

/// The refusal was of the number before.
#[tokio::test]
async fn a_contact_refused_twice_is_waited_for_anew_by_another_number() {
    for mut stage in Stage::each().await {
        let (_, refused) = stage.refused_twice().await;
        let mut other = view(&groom(), SessionState::Connected, stage.now);
        other.own.as_mut().unwrap().chat = ChatId::Phone("393339999999".to_owned());
        let store = stage.store();
        store
            .record_session(&groom(), &other, stage.now)
            .await
            .unwrap();
        let wait = stage.waits_for(refused).await.unwrap();
        assert_eq!(wait.reason, WaitReason::GuestHasNotWritten);
        stage.nothing_is_stuck().await;
    }
}

/// That a contact has a hidden id too changes nothing: it has written nothing since.
#[tokio::test]
async fn a_refusal_outlives_a_merge() {
    for mut stage in Stage::each().await {
        let (contact, refused) = stage.refused_twice().await;
        let hidden = stage.guest(2).await;
        stage.hide_number(hidden, 1).await;
        stage
            .tamper("UPDATE contact_session SET delivered_at = 7")
            .await;
        let typed = own(chat(1), "TYPED", "A presto", stage.now);
        let merged = stage.record(&tells_both(typed, 1)).await;
        assert_eq!(merged, Recorded::TypedByHand { contact, new: true });
        assert!(stage.store().contact(hidden).await.unwrap().is_none());
        let delivered = "SELECT delivered_at AS value FROM contact_session";
        assert_eq!(stage.int(delivered).await, Some(7));
        stage.nothing_is_stuck().await;
        let next = stage.queue(contact).await;
        stage.at(stage.now + TimeDelta::hours(2)).await;
        stage.idle().await;
        for message in [refused, next] {
            assert_eq!(stage.waits_for(message).await, Some(PERSON));
        }
        stage
            .record(&super::stage::inbound(lid(1), "WORD", stage.now))
            .await;
        assert_eq!(stage.sent("FIRST").await.message, refused);
    }
}

/// A committed message whose id we chose.
async fn with_chosen_id(stage: &mut Stage) -> Work {
    let contact = stage.writer(1).await;
    stage.queue(contact).await;
    let work = stage.taken().await;
    stage.now += work.plan.total();
    stage.take_lease().await;
    let (store, chosen) = (stage.store(), Some("CHOSEN"));
    let commit = store.commit(stage.claimer(), &work, chosen, stage.now);
    assert_eq!(commit.await.unwrap(), Commit::Committed);
    work
}

/// What tells that the message arrived, although WAHA answered with error 463.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Proof {
    Receipt,
    /// The message in the chat, with its receipt.
    Chat,
}

async fn prove(stage: &Stage, proof: Proof) {
    match proof {
        Proof::Receipt => drop(receive(stage, "CHOSEN", Ack::Device, 0).await),
        Proof::Chat => {
            let mut seen = own(chat(1), "CHOSEN", "Save the date", stage.now);
            seen.ack = Some(Ack::Device);
            stage.record(&seen).await;
        }
    }
}

/// When the proof comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum When {
    DuringTheCall,
    WhileUncertain,
    AfterTheRefusal,
}

/// What has arrived stays arrived, and does not go a second time.
#[tokio::test]
async fn a_receipt_outweighs_a_463_in_every_order() {
    for proof in [Proof::Receipt, Proof::Chat] {
        for when in [
            When::DuringTheCall,
            When::WhileUncertain,
            When::AfterTheRefusal,
        ] {
            for mut stage in Stage::each().await {
                let work = with_chosen_id(&mut stage).await;
                if when == When::DuringTheCall {
                    prove(&stage, proof).await;
                }
                if when == When::WhileUncertain {
                    stage.finish(work.attempt, SendAnswer::Unclear).await;
                    prove(&stage, proof).await;
                }
                stage.finish(work.attempt, SendAnswer::ContactRefused).await;
                if when == When::AfterTheRefusal {
                    prove(&stage, proof).await;
                }
                let row = stage.row(work.message).await;
                assert_eq!(row.status, MessageStatus::Sent, "{proof:?} {when:?}");
                assert!(row.delivered_at.is_some(), "{proof:?} {when:?}");
                // nothing of the refusal is left either
                let next = stage.queue(row.contact).await;
                stage.at(stage.now + TimeDelta::hours(2)).await;
                assert_eq!(stage.sent("NEXT").await.message, next);
                stage.at(stage.now + TimeDelta::hours(30)).await;
                stage.idle().await;
            }
        }
    }
}

/// A 463 is never a failed message, and what a person saw arrive is not offered to be sent again. The restriction holds all the same.
#[tokio::test]
async fn a_late_463_leaves_what_a_person_saw_arrive() {
    for (answer, locked) in [
        (SendAnswer::ContactRefused, false),
        (SendAnswer::Restricted { until: None }, true),
    ] {
        for mut stage in Stage::each().await {
            let contact = stage.writer(1).await;
            stage.queue(contact).await;
            let work = stage.doubted().await;
            let (store, person) = (stage.store(), Stage::person());
            let arrived = PersonVerdict::Arrived;
            let settled = store.settle_by_person(work.message, arrived, &person, stage.now);
            settled.await.unwrap();
            let finished = stage.finish(work.attempt, answer.clone()).await;
            assert_eq!(finished, Finished::AlreadyDone);
            let row = stage.row(work.message).await;
            assert_eq!((row.status, row.last_error), (MessageStatus::Sent, None));
            assert_eq!(stage.lock().await.0.is_some(), locked);
            let next = stage.queue(contact).await;
            stage.later(TimeDelta::hours(2));
            stage.take_lease().await;
            stage.idle().await;
            let wait = stage.waits_for(next).await.map(|wait| wait.reason);
            assert_eq!(wait, (!locked).then_some(WaitReason::ContactRefused));
        }
    }
}
