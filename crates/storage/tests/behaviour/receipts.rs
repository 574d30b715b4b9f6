//! What is told of the receipts for a session's sends.

use chrono::TimeDelta;
use domain::{ack::Ack, receipts::ReceiptFacts, session::SessionState, wire::AckFact};

use super::stage::{Stage, bride, groom};

async fn facts(stage: &Stage) -> ReceiptFacts {
    let facts = stage.store().receipt_facts(&groom(), stage.now).await;
    facts.expect("an answer").expect("there is such a session")
}

/// The n-th guest's message, sent an hour after what was before; the number of them that nobody confirms.
async fn sent(stage: &mut Stage, n: u64) -> usize {
    stage.later(TimeDelta::hours(1));
    stage.take_lease().await;
    let contact = stage.guest(n).await;
    stage.writes(n, stage.now).await;
    stage.queue_with(contact, |m| m.send_now = true).await;
    stage.sent(&format!("RAW{n}")).await;
    facts(stage).await.unconfirmed.len()
}

async fn receive(stage: &Stage, n: u64, ack: Ack) {
    let fact = AckFact {
        raw_id: format!("RAW{n}"),
        ack,
        at: stage.now,
    };
    let recorded = stage.store().record_ack(&groom(), &fact).await;
    recorded.expect("recorded");
}

#[tokio::test]
async fn sends_behind_the_newest_receipt_are_told() {
    for mut stage in Stage::each().await {
        let nothing = facts(&stage).await;
        assert_eq!(nothing.state, SessionState::Connected);
        assert_eq!(
            (nothing.newest_confirmed, nothing.unconfirmed.len()),
            (None, 0)
        );
        assert_eq!(sent(&mut stage, 1).await, 1);
        assert_eq!(sent(&mut stage, 2).await, 2);
        // Known locally is not a receipt.
        receive(&stage, 2, Ack::Pending).await;
        assert_eq!(facts(&stage).await.unconfirmed.len(), 2);
        let second = stage.now;
        receive(&stage, 2, Ack::Server).await;
        let confirmed = facts(&stage).await;
        assert_eq!(confirmed.newest_confirmed, Some(second));
        assert!(confirmed.unconfirmed.is_empty(), "the first was overtaken");
        assert_eq!(sent(&mut stage, 3).await, 1);
        // A refusal is a word of WhatsApp's too.
        receive(&stage, 3, Ack::Error).await;
        let refused = facts(&stage).await;
        assert_eq!(
            (refused.newest_confirmed, refused.unconfirmed.len()),
            (Some(stage.now), 0)
        );
    }
}

#[tokio::test]
async fn what_no_receipt_is_read_for_any_more_is_not_waited_for() {
    for mut stage in Stage::each().await {
        sent(&mut stage, 1).await;
        stage.later(TimeDelta::hours(71));
        assert_eq!(facts(&stage).await.unconfirmed.len(), 1);
        stage.later(TimeDelta::hours(2));
        assert_eq!(facts(&stage).await.unconfirmed.len(), 0);
    }
}

#[tokio::test]
async fn only_what_was_sent_on_the_session_counts() {
    for mut stage in Stage::each().await {
        sent(&mut stage, 1).await;
        let others = stage.store().receipt_facts(&bride(), stage.now).await;
        assert!(others.unwrap().unwrap().unconfirmed.is_empty());
        let nobody = domain::session::SessionName::parse("priest").unwrap();
        let nobodys = stage.store().receipt_facts(&nobody, stage.now).await;
        assert_eq!(nobodys.unwrap(), None);
        // What waits, fails or is in doubt has no receipt to wait for.
        stage.later(TimeDelta::hours(1));
        stage.take_lease().await;
        let contact = stage.writer(2).await;
        stage.queue_with(contact, |m| m.send_now = true).await;
        stage.doubted().await;
        assert_eq!(facts(&stage).await.unconfirmed.len(), 1);
    }
}
