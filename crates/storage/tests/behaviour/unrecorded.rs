//! Reading chats again: only what tells something new is left, and nothing of strangers.

use domain::{ack::Ack, wire::ObservedMessage};

use super::stage::{Stage, accepted, chat, groom, inbound, lid, own};

async fn left(stage: &Stage, messages: &[ObservedMessage]) -> Vec<String> {
    let left = stage
        .store()
        .unrecorded(&groom(), messages, stage.now)
        .await;
    let ids = left.expect("the database").into_iter();
    ids.map(|message| message.raw_id.clone()).collect()
}

fn with_ack(message: ObservedMessage, ack: Ack) -> ObservedMessage {
    ObservedMessage {
        ack: Some(ack),
        ..message
    }
}

#[tokio::test]
async fn what_is_known_and_what_strangers_say_is_not_looked_at_again() {
    for mut stage in Stage::each().await {
        let contact = stage.guest(1).await;
        stage.queue(contact).await;
        let first = inbound(chat(1), "FIRST", stage.now);
        let second = inbound(chat(1), "SECOND", stage.now);
        let stranger = inbound(chat(77), "PRIVATE", stage.now);
        let to_stranger = with_ack(own(chat(77), "PRIVATE2", "x", stage.now), Ack::Read);
        let all = [first.clone(), second, stranger, to_stranger];
        // Of the stranger only that they wrote is news, once.
        assert_eq!(left(&stage, &all).await, ["FIRST", "SECOND", "PRIVATE"]);
        stage.record(&all[2]).await;
        assert_eq!(left(&stage, &all).await, ["FIRST", "SECOND"]);
        stage.record(&first).await;
        assert_eq!(left(&stage, &all).await, ["SECOND"]);
        // The same message, now with an identity that nobody knew: there is something to learn.
        let with_lid = ObservedMessage {
            alt: Some(lid(1)),
            ..first
        };
        assert_eq!(
            left(&stage, std::slice::from_ref(&with_lid)).await,
            ["FIRST"]
        );
        stage.record(&with_lid).await;
        assert!(left(&stage, &[with_lid]).await.is_empty());
    }
}

#[tokio::test]
async fn an_own_message_is_looked_at_again_for_a_better_receipt() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        stage.queue(contact).await;
        let work = stage.committed().await;
        stage.finish(work.attempt, accepted("RAW")).await;
        let sent = own(chat(1), "RAW", "Save the date", stage.now);
        let delivered = with_ack(sent.clone(), Ack::Device);
        assert_eq!(
            left(&stage, std::slice::from_ref(&delivered)).await,
            ["RAW"]
        );
        stage.record(&delivered).await;
        assert!(left(&stage, &[delivered]).await.is_empty());
        let worse = with_ack(sent.clone(), Ack::Error);
        assert!(left(&stage, &[sent.clone(), worse]).await.is_empty());
        assert_eq!(left(&stage, &[with_ack(sent, Ack::Read)]).await, ["RAW"]);
    }
}

#[tokio::test]
async fn a_message_whose_writer_is_not_known_yet_is_looked_at_again() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        stage.queue(contact).await;
        stage.doubted().await;
        let other = own(chat(1), "OTHER", "See you", stage.now);
        stage.record(&other).await;
        assert_eq!(left(&stage, &[other]).await, ["OTHER"]);
    }
}
