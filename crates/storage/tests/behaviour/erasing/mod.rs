//! Erasing a guest: nothing leads to them any more, and every slot that was used for them is still counted.

mod before;
mod columns;
mod every_column;
mod own_cluster;

use chrono::TimeDelta;
use domain::{
    chat_id::ChatId,
    ids::{ContactId, GuestId},
    message_status::MessageStatus,
};
use storage::{ContactDecision, Erased, GuestRow, Reaction, Recorded};

use crate::stage::{Stage, bride, chat, groom, inbound, lid, own, phone, text};

async fn erase(stage: &Stage, guest: GuestId) -> Erased {
    let store = stage.store();
    let erased = store
        .erase_guest(guest, "they asked", &Stage::person(), stage.now)
        .await;
    erased.unwrap()
}

/// Everything that there is about somebody: messages both ways on both sessions, reactions, a hidden id, one that was sent
/// and one that waits, reasons that a person gave.
async fn much_about(stage: &mut Stage) -> GuestRow {
    let guest = stage
        .invited("Zelinda Quattrocchi", Some("Nonni"), Some(1))
        .await;
    stage.invited("Bruno", Some("Nonni"), Some(2)).await;
    let contact = guest.contact.unwrap();
    let at = stage.now - TimeDelta::hours(1);
    let mut hello = inbound(chat(1), "IN1", at);
    hello.body = Some("una parola segreta".to_owned());
    hello.alt = Some(lid(1));
    hello.push_name = Some("Zelindina".to_owned());
    stage.record(&hello).await;
    for (raw, session) in [("HAND1", groom()), ("HAND2", bride())] {
        let typed = own(chat(1), raw, "una risposta segreta", at);
        let store = stage.store();
        let recorded = store.record_message(&session, &typed, stage.now).await;
        recorded.unwrap();
    }
    let place = storage::InChat {
        chat: &chat(1),
        alt: None,
    };
    let reaction = Reaction {
        target: "HAND1",
        emoji: "❤",
        from_me: false,
        at,
    };
    let store = stage.store();
    let reacted = store
        .record_reaction(&groom(), place, reaction, stage.now)
        .await;
    reacted.unwrap();
    stage.later(TimeDelta::hours(2));
    stage.take_lease().await;
    stage
        .queue_with(contact, |m| m.text = text("una notizia segreta"))
        .await;
    stage.sent("OUT1").await;
    stage
        .queue_with(contact, |m| m.text = text("un'attesa segreta"))
        .await;
    let store = stage.store();
    let decided = store
        .decide_contact(
            contact,
            ContactDecision::OptIn,
            "Zelinda l'ha detto a voce",
            &Stage::person(),
            stage.now,
        )
        .await;
    assert!(decided.unwrap());
    guest
}

/// What must not be found any more.
fn secrets() -> [String; 8] {
    let ChatId::Lid(hidden) = lid(1) else {
        panic!("a hidden id is a LID");
    };
    [
        phone(1).digits().to_owned(),
        hidden,
        "Zelind".to_owned(),
        "zelind".to_owned(),
        "Quattrocchi".to_owned(),
        "segreta".to_owned(),
        "❤".to_owned(),
        "OUT1".to_owned(),
    ]
}

async fn slots(stage: &Stage) -> i64 {
    stage
        .count("send_reservation WHERE state = 'committed'")
        .await
}

#[tokio::test]
async fn nothing_that_tells_who_they_were_or_what_was_said_is_left() {
    for mut stage in Stage::each().await {
        let guest = much_about(&mut stage).await;
        let before = stage.db.dump().await.join("\n");
        for secret in secrets() {
            assert!(before.contains(&secret), "{secret} was never there");
        }
        assert_eq!(slots(&stage).await, 1);
        let store = stage.store();
        let would = store.erasable(guest.id).await.unwrap().unwrap();
        assert_eq!(would.name, "Zelinda Quattrocchi");
        assert_eq!((would.said, would.waiting), (4, 1));
        assert!(!would.last_of_household && would.shared_with.is_empty());

        assert_eq!(erase(&stage, guest.id).await, Erased::Done);

        let after = stage.db.dump().await;
        for secret in secrets() {
            let found: Vec<_> = after.iter().filter(|row| row.contains(&secret)).collect();
            assert!(found.is_empty(), "{secret}: {found:?}");
        }
        let files = stage.db.files_as_text();
        for secret in secrets() {
            assert!(!files.contains(&secret), "{secret} is in a file");
        }
        assert_eq!(slots(&stage).await, 1, "the slot is still used");
        assert_eq!(stage.count("guest").await, 1);
        assert_eq!(stage.store().guest(guest.id).await.unwrap(), None);
        assert_eq!(erase(&stage, guest.id).await, Erased::Unknown);
        let deed = &stage.deeds().await[0];
        assert_eq!(deed.0, "guest.erase");
        assert_eq!(deed.1.as_deref(), Some("they asked"));
    }
}

#[tokio::test]
async fn what_was_sent_and_typed_is_counted_as_before() {
    for mut stage in Stage::each().await {
        let guest = much_about(&mut stage).await;
        let typed = stage
            .count("conversation_message WHERE origin = 'phone'")
            .await;
        assert_eq!(erase(&stage, guest.id).await, Erased::Done);
        assert_eq!(
            stage
                .count("conversation_message WHERE origin = 'phone'")
                .await,
            typed
        );
        let sent = "whatsapp_message_queue WHERE status = 'sent' AND evidence_id IS NOT NULL";
        assert_eq!(stage.count(sent).await, 1, "they had written first");
        let waiting = "whatsapp_message_queue WHERE status IN ('pending', 'composing')";
        assert_eq!(stage.count(waiting).await, 0, "what waited is cancelled");
    }
}

#[tokio::test]
async fn whoever_was_erased_is_somebody_unknown_when_they_write_again() {
    for mut stage in Stage::each().await {
        let guest = much_about(&mut stage).await;
        assert_eq!(erase(&stage, guest.id).await, Erased::Done);
        stage.later(TimeDelta::minutes(5));
        let again = inbound(chat(1), "IN2", stage.now);
        assert_eq!(stage.record(&again).await, Recorded::NotAGuest);
        let old = own(chat(1), "OUT1", "una notizia segreta", stage.now);
        assert_eq!(stage.record(&old).await, Recorded::NotAGuest);
        assert_eq!(stage.count("unknown_writer").await, 1);
        let dump = stage.db.dump().await.join("\n");
        assert!(!dump.contains("segreta"), "an old message came back");
    }
}

#[tokio::test]
async fn a_number_that_somebody_shares_stays_with_all_that_was_said() {
    for mut stage in Stage::each().await {
        let anna = stage.invited("Anna", None, Some(1)).await;
        let bruno = stage.invited("Bruno", None, Some(1)).await;
        stage.writes(1, stage.now).await;
        let store = stage.store();
        let would = store.erasable(anna.id).await.unwrap().unwrap();
        assert_eq!(would.shared_with, ["Bruno"]);
        assert!(would.last_of_household);
        assert_eq!((would.said, would.waiting), (0, 0));
        assert_eq!(erase(&stage, anna.id).await, Erased::Done);
        assert_eq!(stage.count("conversation_message").await, 1);
        assert_eq!(stage.count("household").await, 1, "hers has gone");
        let store = stage.store();
        let left = store.guest(bruno.id).await.unwrap().unwrap();
        assert_eq!(left.phone, Some(phone(1)));
        assert_eq!(erase(&stage, bruno.id).await, Erased::Done);
        assert_eq!(stage.count("contact").await, 0);
        assert_eq!(stage.count("invitation").await, 0);
    }
}

#[tokio::test]
async fn the_last_of_a_household_goes_with_whoever_wrote_with_its_invitation() {
    for mut stage in Stage::each().await {
        let anna = stage.invited("Anna", Some("Rossi"), None).await;
        stage.much_points_to(anna.household_id, 7).await;
        assert_eq!(erase(&stage, anna.id).await, Erased::Done);
        assert_eq!(stage.standing().await, [0, 0, 0, 0]);
        assert_eq!(stage.count("contact").await, 0);
    }
}

#[tokio::test]
async fn nobody_is_erased_while_a_message_to_them_is_under_way_or_in_doubt() {
    for mut stage in Stage::each().await {
        let guest = stage.invited("Anna", None, Some(1)).await;
        let contact: ContactId = guest.contact.unwrap();
        stage.writes(1, stage.now - TimeDelta::hours(2)).await;
        let id = stage.queue(contact).await;
        let work = stage.taken().await;
        assert_eq!(stage.status(id).await, MessageStatus::Composing);
        assert_eq!(erase(&stage, guest.id).await, Erased::UnderWay(id));
        stage.now += work.plan.total();
        stage.take_lease().await;
        assert_eq!(stage.commit(&work).await, storage::Commit::Committed);
        assert_eq!(erase(&stage, guest.id).await, Erased::UnderWay(id));
        let unclear = domain::outcome::SendAnswer::Unclear;
        stage.finish(work.attempt, unclear).await;
        assert_eq!(erase(&stage, guest.id).await, Erased::InDoubt(id));
        assert_eq!(stage.count("guest").await, 1);
        assert_eq!(stage.count("conversation_message").await, 1);
    }
}
