//! A spouse says who somebody unknown is.

use chrono::TimeDelta;
use domain::ids::{ContactId, GuestId, HouseholdId, UnknownWriterId};
use storage::{Member, Recorded, Tied};

use super::{
    inviting::{says, with_alt},
    stage::{Stage, bride, chat, groom, inbound, lid, phone},
};

async fn tie(stage: &Stage, writer: UnknownWriterId, member: Member) -> Tied {
    stage
        .store()
        .tie_unknown_writer(&groom(), writer, member, &Stage::person(), stage.now)
        .await
        .expect("an answer")
}

async fn tied(stage: &Stage, member: Member) -> ContactId {
    let writer = stage.only_unknown().await.id;
    match tie(stage, writer, member).await {
        Tied::Done(contact) => contact,
        other => panic!("not tied: {other:?}"),
    }
}

/// A phone that a spouse calls one of a household's is not silently the phone of all who have none.
#[tokio::test]
async fn a_phone_of_a_household_is_no_person_s_while_two_have_none() {
    for mut stage in Stage::each().await {
        let anna = stage.invite("Rossi", None).await;
        let marco = stage.invite("Rossi", None).await;
        stage.record(&inbound(chat(1), "RAW", stage.now)).await;
        let contact = tied(&stage, Member::Household(anna.household_id)).await;
        let household = stage.household_of(contact).await;
        assert_eq!(household, Some(anna.household_id.to_string()));
        for guest in [anna.id, marco.id] {
            assert_eq!(stage.contact_of_guest(guest).await, None);
        }
    }
}

#[tokio::test]
async fn somebody_tied_to_a_household_is_one_of_it_and_their_chat_is_read_back() {
    for mut stage in Stage::each().await {
        let anna = stage.invite("Rossi", Some(9)).await;
        let marco = stage.invite("Rossi", None).await;
        let household = anna.household_id;
        let message = with_alt(inbound(lid(1), "RAW", stage.now), chat(1));
        stage.record(&message).await;
        let contact = tied(&stage, Member::Household(household)).await;

        let known = stage.store().contact(contact).await.unwrap().unwrap();
        assert_eq!(
            (known.phone, known.lids),
            (Some(phone(1)), vec!["770001".to_owned()])
        );
        assert_eq!(
            stage.household_of(contact).await,
            Some(household.to_string())
        );
        assert_eq!(stage.contact_of_guest(marco.id).await, Some(contact));
        assert_eq!(stage.contact_of_guest(anna.id).await, anna.contact);
        assert!(stage.tied_at(household).await.is_some());
        assert_eq!(stage.count("unknown_writer").await, 0);
        let mut to_read = stage.to_read().await;
        to_read.sort_unstable();
        assert_eq!(to_read, [chat(1), lid(1)]);
        let audit = &stage.store().audit(None, 1).await.unwrap().items[0];
        assert_eq!(audit.action, "unknown_writer.tie");
        let line = format!("{audit:?}");
        assert!(
            !line.contains(phone(1).digits()) && !line.contains("770001"),
            "{line}"
        );

        // Being tied is no consent: only their word is, read back from the chat.
        let waiting = stage.queue(contact).await;
        assert!(stage.row(waiting).await.wait.is_some());
        let read = stage.record(&message).await;
        assert_eq!(read, Recorded::Inbound { contact, new: true });
        assert_eq!(stage.row(waiting).await.wait, None);
    }
}

#[tokio::test]
async fn nothing_from_before_the_pairing_is_consent_of_somebody_tied() {
    for mut stage in Stage::each().await {
        let anna = stage.invite("Rossi", None).await;
        stage.record(&inbound(chat(1), "RAW", stage.now)).await;
        let contact = tied(&stage, Member::Household(anna.household_id)).await;
        let waiting = stage.queue(contact).await;
        let old = inbound(chat(1), "OLD", stage.now - TimeDelta::days(31));
        assert_eq!(stage.record(&old).await, Recorded::BeforePairing);
        assert!(stage.row(waiting).await.wait.is_some());
    }
}

#[tokio::test]
async fn tied_as_a_guest_only_that_guest_gets_the_contact() {
    for mut stage in Stage::each().await {
        let anna = stage.invite("Rossi", None).await;
        let marco = stage.invite("Rossi", None).await;
        stage.record(&inbound(chat(1), "RAW", stage.now)).await;
        let contact = tied(&stage, Member::Guest(marco.id)).await;
        assert_eq!(stage.contact_of_guest(marco.id).await, Some(contact));
        assert_eq!(stage.contact_of_guest(anna.id).await, None);
        assert_eq!(
            stage.household_of(contact).await,
            Some(anna.household_id.to_string())
        );
        assert!(stage.tied_at(anna.household_id).await.is_some());
    }
}

#[tokio::test]
async fn a_guest_with_another_number_is_not_given_a_second_one() {
    for mut stage in Stage::each().await {
        let anna = stage.invite("Rossi", Some(9)).await;
        stage.record(&inbound(chat(1), "RAW", stage.now)).await;
        let writer = stage.only_unknown().await;
        let refused = tie(&stage, writer.id, Member::Guest(anna.id)).await;
        assert_eq!(refused, Tied::GuestHasAnother);
        // Nothing was written.
        assert_eq!(stage.only_unknown().await, writer);
        assert_eq!(stage.count("contact").await, 1);
        assert_eq!(
            stage
                .count("audit_log WHERE action NOT LIKE 'guest.%'")
                .await,
            0
        );
        assert_eq!(stage.to_read().await, []);
    }
}

/// Their number is on the list, and what WhatsApp shows is a hidden id that says nothing of it: a person knows better.
#[tokio::test]
async fn a_hidden_id_can_be_tied_to_a_guest_whose_number_is_known() {
    for mut stage in Stage::each().await {
        let anna = stage.invite("Rossi", Some(9)).await;
        let waiting = stage.queue(phone(9)).await;
        let message = inbound(lid(1), "RAW", stage.now);
        stage.record(&message).await;
        let contact = tied(&stage, Member::Guest(anna.id)).await;
        assert_eq!(Some(contact), anna.contact);
        let known = stage.store().contact(contact).await.unwrap().unwrap();
        assert_eq!(known.lids, ["770001"]);
        stage.record(&message).await;
        assert_eq!(stage.row(waiting).await.wait, None);
        // A second hidden id is somebody else's.
        stage.record(&inbound(lid(2), "RAW2", stage.now)).await;
        let writer = stage.only_unknown().await.id;
        let refused = tie(&stage, writer, Member::Guest(anna.id)).await;
        assert_eq!(refused, Tied::GuestHasAnother);
    }
}

#[tokio::test]
async fn nobody_is_tied_who_is_not_there_or_to_what_is_not_there() {
    for mut stage in Stage::each().await {
        let anna = stage.invite("Rossi", None).await;
        let member = Member::Household(anna.household_id);
        stage.record(&inbound(chat(1), "RAW", stage.now)).await;
        let writer = stage.only_unknown().await.id;
        let nobody = UnknownWriterId::new(stage.now, &mut stage.dice);
        assert_eq!(tie(&stage, nobody, member).await, Tied::NoSuchWriter);
        let no_household = HouseholdId::new(stage.now, &mut stage.dice);
        assert_eq!(
            tie(&stage, writer, Member::Household(no_household)).await,
            Tied::NoSuchHousehold
        );
        let no_guest = GuestId::new(stage.now, &mut stage.dice);
        assert_eq!(
            tie(&stage, writer, Member::Guest(no_guest)).await,
            Tied::NoSuchGuest
        );
        let (store, person, other) = (stage.store(), Stage::person(), bride());
        let from_the_other = store.tie_unknown_writer(&other, writer, member, &person, stage.now);
        assert_eq!(from_the_other.await.unwrap(), Tied::NoSuchWriter);
        let ignored = store.ignore_unknown_writer(&other, writer, &person, stage.now);
        assert!(!ignored.await.unwrap());
        stage.later(TimeDelta::days(30));
        assert_eq!(tie(&stage, writer, member).await, Tied::NoSuchWriter);
        assert_eq!(stage.count("contact").await, 0);
        assert_eq!(stage.tied_at(anna.household_id).await, None);
    }
}

/// Tied by one spouse, they are known to both: what they wrote to the other is read back too.
#[tokio::test]
async fn somebody_tied_is_unknown_to_nobody() {
    for mut stage in Stage::each().await {
        let anna = stage.invite("Rossi", None).await;
        stage.record(&inbound(chat(1), "RAW", stage.now)).await;
        stage.worker.session = bride();
        stage.record(&inbound(chat(1), "RAW", stage.now)).await;
        tied(&stage, Member::Household(anna.household_id)).await;
        assert_eq!(stage.count("unknown_writer").await, 0);
        for session in [groom(), bride()] {
            let chats = stage.store().chats_to_read(&session).await.unwrap();
            assert_eq!(chats.len(), 1, "{session}");
        }
    }
}

#[tokio::test]
async fn who_was_ignored_and_shown_again_can_be_tied() {
    for mut stage in Stage::each().await {
        let anna = stage.invite("Rossi", None).await;
        let words = stage.first_words(anna.household_id).await;
        stage.record(&inbound(chat(1), "A", stage.now)).await;
        stage.ignore_unknown().await;
        stage.later(TimeDelta::minutes(5));
        stage.record(&says(chat(1), "B", &words, stage.now)).await;
        let contact = tied(&stage, Member::Household(anna.household_id)).await;
        assert_eq!(stage.contact_of_guest(anna.id).await, Some(contact));
    }
}
