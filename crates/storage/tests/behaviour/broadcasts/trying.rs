//! "Send it to yourself first."

use chrono::TimeDelta;
use domain::{
    broadcast::{BroadcastState, Placeholder, RenderError},
    ids::{BroadcastId, ContactId, MessageId},
    lane::Lane,
    message_status::MessageStatus,
};
use storage::{BroadcastTrial, ContactDecision, NewGuest, Trial};

use super::news::sessions;
use crate::stage::{Stage, bride, chat, groom, inbound, phone};

async fn tried(
    stage: &mut Stage,
    id: BroadcastId,
    of: ContactId,
    to: ContactId,
) -> (MessageId, BroadcastTrial) {
    let message = MessageId::new(stage.now, &mut stage.dice);
    let trial = Trial { message, of, to };
    let (store, person) = (stage.store(), Stage::person());
    let outcome = store
        .try_broadcast(id, trial, &sessions(), &person, stage.now)
        .await;
    (message, outcome.unwrap())
}

#[tokio::test]
async fn a_copy_goes_to_somebody_else_as_a_message_of_its_own() {
    for mut stage in Stage::each().await {
        let zia = NewGuest {
            side: Some(bride()),
            phone: Some(phone(1)),
            ..stage.newcomer("Zia Pina", "Villa")
        };
        let zia = stage
            .store()
            .add_guest(&zia, stage.now)
            .await
            .unwrap()
            .contact
            .unwrap();
        // The spouse's own phone wrote to the groom only: the bride, who would write to Zia, cannot write to it.
        let own_phone = stage.writer(2).await;
        let id = stage.draft("Ciao {name} di {household}").await;
        let (message, outcome) = tried(&mut stage, id, zia, own_phone).await;
        assert_eq!(outcome, BroadcastTrial::Queued(groom()));
        let row = stage.row(message).await;
        assert_eq!(row.text.as_str(), "Ciao Zia Pina di Villa");
        assert_eq!(
            (row.contact, row.lane, row.broadcast),
            (own_phone, Lane::Manual, None)
        );
        assert_eq!((row.status, row.wait), (MessageStatus::Pending, None));
        assert_eq!(stage.taken().await.message, message);
        assert_eq!(stage.broadcast(id).await.counts.all(), 0);
        // Once it has written to the bride too, she sends it.
        let to_bride = inbound(chat(2), "TOBRIDE", stage.now - TimeDelta::days(3));
        let store = stage.store();
        store
            .record_message(&bride(), &to_bride, stage.now)
            .await
            .unwrap();
        let (_, outcome) = tried(&mut stage, id, zia, own_phone).await;
        assert_eq!(outcome, BroadcastTrial::Queued(bride()));
    }
}

#[tokio::test]
async fn what_cannot_be_tried_says_why() {
    for mut stage in Stage::each().await {
        let (writer, silent) = (stage.writer(1).await, stage.guest(2).await);
        let id = stage.draft("Ciao {name}").await;
        let whole = stage.draft("Ciao {household}").await;
        let nobody = ContactId::new(stage.now, &mut stage.dice);
        let other = BroadcastId::new(stage.now, &mut stage.dice);
        let missing = RenderError::Missing(Placeholder::Household);
        for (broadcast, of, to, expected) in [
            (other, writer, writer, BroadcastTrial::Unknown),
            (id, nobody, writer, BroadcastTrial::NotInAudience),
            (id, silent, nobody, BroadcastTrial::UnknownContact),
            (id, writer, silent, BroadcastTrial::HasNotWritten),
            (whole, writer, writer, BroadcastTrial::Unwritten(missing)),
        ] {
            let (_, outcome) = tried(&mut stage, broadcast, of, to).await;
            assert_eq!(outcome, expected);
        }
        stage.start(id).await;
        let (_, outcome) = tried(&mut stage, id, silent, writer).await;
        assert_eq!(outcome, BroadcastTrial::WrongState(BroadcastState::Started));
        let (store, person) = (stage.store(), Stage::person());
        let out = ContactDecision::OptOut;
        store
            .decide_contact(writer, out, "told us", &person, stage.now)
            .await
            .unwrap();
        let next = stage.draft("Ciao {name}").await;
        let (_, outcome) = tried(&mut stage, next, silent, writer).await;
        assert_eq!(outcome, BroadcastTrial::OptedOut);
        let queued = stage.int("SELECT CAST(count(*) AS BIGINT) AS value FROM whatsapp_message_queue WHERE lane = 'manual'");
        assert_eq!(queued.await, Some(0));
    }
}
