//! What was under way in the upgraded database ends as it would have.

use domain::{
    ids::{AttemptId, MessageId},
    message_status::MessageStatus,
    session::{SessionName, SessionState},
    wait::WaitReason,
};
use storage::{
    BroadcastSteered, Changed, Claim, ContactDecision, Enqueued, Finished, Idempotency,
    PersonVerdict, Recorded, ReleaseReason, Settled,
};

use crate::{
    inviting::says,
    stage::{Stage, accepted, bride, chat, groom, own, phone},
};

impl Stage {
    async fn wait_of(&self, text: &str) -> Option<WaitReason> {
        self.named(text).await.wait.map(|wait| wait.reason)
    }

    /// The open call of the groom ends: WAHA took the message.
    async fn end_what_is_sent(&mut self) -> MessageId {
        let (message, attempt) = self.attempt_of(&groom()).await;
        let outcome = self.outcome(attempt, accepted("PARKED14"));
        let (store, rules, now) = (self.store(), self.rules.clone(), self.now);
        let ended = store
            .record_outcome(&groom(), &outcome, &rules, now, &mut self.dice)
            .await;
        assert_eq!(ended.unwrap(), Finished::Sent);
        message
    }

    async fn attempt_of(&self, session: &SessionName) -> (MessageId, AttemptId) {
        let open = self.store().open_attempts(session).await.unwrap().remove(0);
        (open.message, open.attempt)
    }
}

#[tokio::test]
async fn answers_a_repeated_call_the_same_when_upgraded() {
    for mut stage in Stage::each_upgraded().await {
        let store = stage.store();
        let tool = store
            .tokens()
            .await
            .unwrap()
            .into_iter()
            .find(|token| token.name == "tool");
        let key = |fingerprint: &str| Idempotency {
            key: "a key".to_owned(),
            owner: tool.as_ref().expect("a token").id,
            fingerprint: fingerprint.to_owned(),
        };
        let again = [stage.new_message(phone(21))];
        let made = stage.named("Una volta sola").await.id;
        let same = store
            .enqueue(&again, Some(&key("a fingerprint")), stage.now)
            .await;
        assert_eq!(same.unwrap(), Enqueued::Repeated(vec![made]));
        let other = store
            .enqueue(&again, Some(&key("another")), stage.now)
            .await;
        assert_eq!(other.unwrap(), Enqueued::KeyReused);
    }
}

#[tokio::test]
async fn settles_what_was_uncertain_when_upgraded() {
    for stage in Stage::each_upgraded().await {
        let (store, person) = (stage.store(), Stage::person());
        // Found in the chat, behind the snapshot.
        let row = store.uncertain(&groom()).await.unwrap().remove(0);
        let seen =
            ["SEEN1", "FOUND"].map(|raw| own(chat(13), raw, "Forse arrivato", row.committed_at));
        let settled = store
            .settle_from_chat(row.attempt, &seen, stage.now)
            .await
            .unwrap();
        assert!(matches!(settled, Settled::Sent), "{settled:?}");
        let row = stage.named("Forse arrivato").await;
        assert_eq!(
            (row.status, row.raw_id.as_deref()),
            (MessageStatus::Sent, Some("FOUND"))
        );
        // A person says of the other: send it again.
        let other = stage.named("Forse anche questo").await.id;
        let again = store
            .settle_by_person(other, PersonVerdict::SendAgain, &person, stage.now)
            .await;
        let Changed::Done(row) = again.unwrap() else {
            panic!("not settled");
        };
        assert_eq!(row.status, MessageStatus::Pending);
        assert_eq!(stage.wait_of("Attende il dubbio").await, None);
    }
}

#[tokio::test]
async fn ends_what_was_under_way_when_upgraded() {
    for mut stage in Stage::each_upgraded().await {
        let store = stage.store();
        let message = stage.end_what_is_sent().await;
        assert_eq!(stage.status(message).await, MessageStatus::Sent);
        let contact = stage.row(message).await.contact;
        let said = store
            .conversation(contact, None, None, 9)
            .await
            .unwrap()
            .unwrap()
            .items;
        let origins: Vec<_> = said.iter().map(|row| row.origin.to_string()).collect();
        assert_eq!(
            origins,
            ["queue", "guest", "guest"],
            "the parked message is the queue's own"
        );
        // It waited for that end, and the bride's guests have to write to her number.
        let waits = stage.wait_of("Attende l'altro").await;
        assert_eq!(waits, Some(WaitReason::GuestHasNotWritten));
        // The other was only being typed.
        stage.session = bride();
        stage.take_lease().await;
        let (message, attempt) = stage.attempt_of(&bride()).await;
        stage.release(attempt, ReleaseReason::Lost).await;
        assert_eq!(stage.status(message).await, MessageStatus::Pending);
    }
}

#[tokio::test]
async fn ends_each_wait_as_it_would_have_ended_when_upgraded() {
    for mut stage in Stage::each_upgraded().await {
        let (store, person) = (stage.store(), Stage::person());
        // An event: the guest writes.
        let word = says(chat(4), "ELENA", "Eccomi", stage.now);
        assert!(matches!(
            stage.record(&word).await,
            Recorded::Inbound { new: true, .. }
        ));
        assert_eq!(stage.wait_of("Attende la prima parola").await, None);
        stage.writes(12, stage.now).await;
        assert_eq!(stage.wait_of("Attende una risposta").await, None);
        // A person.
        let gina = stage.named("Attende una decisione").await.contact;
        let decided = store.decide_contact(
            gina,
            ContactDecision::OptIn,
            "she said so",
            &person,
            stage.now,
        );
        assert!(decided.await.unwrap());
        assert_eq!(stage.wait_of("Attende una decisione").await, None);
        for text in ["Una notizia vecchia", "Sempre interrotto"] {
            let id = stage.named(text).await.id;
            let hurried = store.send_now(id, &person, stage.now).await.unwrap();
            assert!(matches!(hurried, Changed::Done(_)), "{text}: {hurried:?}");
            assert_eq!(stage.wait_of(text).await, None);
        }
        let paused = store.broadcasts(None, 9).await.unwrap().items.remove(0);
        assert_eq!(paused.title, "in pausa");
        let resumed = store
            .resume_broadcast(paused.id, None, &person, stage.now)
            .await;
        assert!(matches!(resumed.unwrap(), BroadcastSteered::Done(_)));
        // A time: at that moment the claim looks at it again.
        stage.end_what_is_sent().await;
        let mut waits = Vec::new();
        for text in [
            "Attende chi scrive a mano",
            "Attende la pausa",
            "Attende il dubbio",
            "Attende domani",
        ] {
            let until = stage.named(text).await.eligible_at;
            waits.push((text, until.expect("a time")));
        }
        for (text, until) in waits {
            stage.now = stage.now.max(until);
            stage
                .sees(&groom(), SessionState::Connected, stage.now)
                .await;
            stage.take_lease().await;
            if let Claim::Taken(work) = stage.claim().await {
                stage.release(work.attempt, ReleaseReason::Preempted).await;
            }
            let looked_at = stage.named(text).await;
            assert_ne!(looked_at.eligible_at, Some(until), "{text}");
        }
    }
}

/// A person has had it sent again; then the first copy shows, in the chat or by a late answer.
#[tokio::test]
async fn takes_a_first_copy_for_what_was_sent_again_when_upgraded() {
    for by_answer in [false, true] {
        for mut stage in Stage::each_upgraded().await {
            let (store, person) = (stage.store(), Stage::person());
            let text = "Forse anche questo";
            let message = stage.named(text).await.id;
            let again = store
                .settle_by_person(message, PersonVerdict::SendAgain, &person, stage.now)
                .await;
            assert!(matches!(again.unwrap(), Changed::Done(_)));
            let told = if by_answer {
                let attempt = "01a207ab-5a41-7e9d-860a-b4c24279c9fd".parse().unwrap();
                let outcome = stage.outcome(attempt, accepted("FIRST"));
                let (rules, now) = (stage.rules.clone(), stage.now);
                let told = store
                    .record_outcome(&bride(), &outcome, &rules, now, &mut stage.dice)
                    .await;
                told.map(|_| ())
            } else {
                let seen = own(chat(1), "FIRST", text, stage.now);
                let told = store.record_message(&bride(), &seen, stage.now).await;
                told.map(|_| ())
            };
            assert!(told.is_ok(), "{told:?}");
            assert_eq!(stage.named(text).await.status, MessageStatus::Sent);
        }
    }
}
