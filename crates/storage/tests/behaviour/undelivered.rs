//! Guests whose messages stay undelivered while others get theirs.

use std::time::Duration;

use chrono::TimeDelta;
use domain::{ack::Ack, ids::ContactId};
use storage::{InChat, Reaction, Undelivered};

use super::{
    acks::receive,
    stage::{Stage, chat, groom},
};

const PATIENCE: Duration = Duration::from_hours(24);

async fn listed(stage: &Stage, of: Option<ContactId>) -> Vec<Undelivered> {
    let listed = stage.store().undelivered(of, PATIENCE, 50, stage.now).await;
    listed.unwrap()
}

impl Stage {
    /// The n-th guest is sent a message, and WhatsApp has it.
    async fn sends_to(&mut self, n: u64) -> ContactId {
        self.later(TimeDelta::minutes(20));
        self.take_lease().await;
        let contact = self.writer(n).await;
        self.queue(contact).await;
        let raw_id = format!("RAW{n}");
        self.sent(&raw_id).await;
        receive(self, &raw_id, Ack::Server, 1).await;
        contact
    }
}

/// Zia's message stays at WhatsApp's server, the next guest gets theirs.
async fn zia_gets_nothing(stage: &mut Stage) -> Undelivered {
    let zia = stage.sends_to(1).await;
    let since = stage.now;
    stage.sends_to(2).await;
    receive(stage, "RAW2", Ack::Device, 5).await;
    stage.now = since + TimeDelta::from_std(PATIENCE).unwrap();
    Undelivered {
        contact: zia,
        session: groom(),
        since,
        newest: since,
        messages: 1,
    }
}

#[tokio::test]
async fn a_guest_who_gets_nothing_while_others_do_is_listed_after_a_day() {
    for mut stage in Stage::each().await {
        let expected = zia_gets_nothing(&mut stage).await;
        stage.now -= TimeDelta::seconds(1);
        assert_eq!(listed(&stage, None).await, []);
        stage.later(TimeDelta::seconds(1));
        assert_eq!(listed(&stage, None).await, std::slice::from_ref(&expected));
        assert_eq!(listed(&stage, Some(expected.contact)).await, [expected]);
        let other = stage.guest(3).await;
        assert_eq!(listed(&stage, Some(other)).await, []);
        stage.later(TimeDelta::days(31));
        assert_eq!(listed(&stage, None).await, [], "it is history");
    }
}

/// What a person settled, or a 201 whose id could not be read: no receipt can ever belong to it.
#[tokio::test]
async fn a_message_without_an_id_proves_nothing() {
    for mut stage in Stage::each().await {
        zia_gets_nothing(&mut stage).await;
        let forget = "UPDATE whatsapp_message_queue SET raw_id = NULL WHERE raw_id = 'RAW1'";
        stage.tamper(forget).await;
        assert_eq!(listed(&stage, None).await, []);
    }
}

/// A receipt of another guest from before tells nothing of the session now.
#[tokio::test]
async fn nobody_is_listed_while_nobody_gets_anything() {
    for mut stage in Stage::each().await {
        stage.sends_to(2).await;
        receive(&stage, "RAW2", Ack::Device, 5).await;
        stage.sends_to(1).await;
        stage.sends_to(3).await;
        stage.later(TimeDelta::days(2));
        assert_eq!(listed(&stage, None).await, []);
    }
}

#[tokio::test]
async fn a_receipt_a_word_or_a_reaction_ends_it() {
    for end in ["receipt", "word", "reaction"] {
        for mut stage in Stage::each().await {
            zia_gets_nothing(&mut stage).await;
            assert_eq!(listed(&stage, None).await.len(), 1);
            match end {
                "receipt" => drop(receive(&stage, "RAW1", Ack::Read, 0).await),
                "word" => drop(stage.writes(1, stage.now).await),
                _ => {
                    let (chat, alt) = (chat(1), None);
                    let place = InChat { chat: &chat, alt };
                    let reaction = Reaction {
                        target: "RAW1",
                        emoji: "❤",
                        from_me: false,
                        at: stage.now,
                    };
                    let store = stage.store();
                    let kept = store
                        .record_reaction(&groom(), place, reaction, stage.now)
                        .await;
                    assert!(kept.unwrap(), "it is a guest's");
                }
            }
            assert_eq!(listed(&stage, None).await, [], "{end}");
        }
    }
}

/// Until another message to the guest stays undelivered for as long.
#[tokio::test]
async fn what_a_person_knows_of_is_not_listed() {
    for mut stage in Stage::each().await {
        let known = zia_gets_nothing(&mut stage).await;
        let (store, person) = (stage.store(), Stage::person());
        let dismiss = || {
            let now = stage.now;
            store.dismiss_undelivered(known.contact, &known.session, known.newest, &person, now)
        };
        assert!(dismiss().await.unwrap());
        assert!(!dismiss().await.unwrap(), "it is no news");
        assert_eq!(listed(&stage, None).await, []);
        let audit = "audit_log WHERE action = 'undelivered.dismiss'";
        assert_eq!(stage.count(audit).await, 1);
        stage.take_lease().await;
        stage.queue(known.contact).await;
        stage.sent("RAW3").await;
        let since = stage.now;
        stage.sends_to(4).await;
        receive(&stage, "RAW4", Ack::Device, 5).await;
        stage.now = since + TimeDelta::from_std(PATIENCE).unwrap();
        let newer = Undelivered {
            since,
            newest: since,
            ..known
        };
        assert_eq!(listed(&stage, None).await, [newer]);
    }
}
