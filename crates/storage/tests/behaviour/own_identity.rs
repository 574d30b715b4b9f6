//! WAHA 2026.8.1 to 2026.9 names the account's own number for other people (#2241, #2299): nobody becomes the account.

use chrono::TimeDelta;
use domain::{
    ack::Ack,
    chat_id::ChatId,
    ids::{ContactId, MessageId},
    message_status::MessageStatus,
    session::SessionState,
    wait::{AwaitedPerson, Ends, WaitReason},
    wire::ObservedMessage,
};
use storage::{Changed, GuestRow, InChat, Member, Reaction, Readdressed, Recorded, Tied};

use super::{
    inviting::{named, says, with_alt},
    stage::{Stage, bride, chat, groom, inbound, lid, own, view},
};

/// The groom's and the bride's own numbers.
fn grooms() -> ChatId {
    ChatId::Phone("393330000001".to_owned())
}

fn brides() -> ChatId {
    ChatId::Phone("393330000002".to_owned())
}

/// A third number, under which a mixture is built: the store would refuse it under an own one.
const MIXTURE: u64 = 99;

fn wrote(recorded: Recorded) -> ContactId {
    match recorded {
        Recorded::Inbound { contact, .. } => contact,
        other => panic!("not a guest's word: {other:?}"),
    }
}

#[tokio::test]
async fn guests_whose_hidden_ids_are_answered_with_the_own_number_stay_themselves() {
    for mut stage in Stage::each().await {
        let (anna, carla) = (
            stage.invite("Rossi", None).await,
            stage.invite("Bianchi", None).await,
        );
        for (n, guest) in [(1, &anna), (2, &carla)] {
            let words = stage.first_words(guest.household_id).await;
            let message = says(lid(n), &format!("CODE{n}"), &words, stage.now);
            let tied = wrote(stage.record(&with_alt(message, grooms())).await);
            assert_eq!(stage.contact_of_guest(guest.id).await, Some(tied));
            let known = stage.store().contact(tied).await.unwrap().unwrap();
            assert_eq!((known.phone, known.lids.len()), (None, 1));
        }
        let stranger = with_alt(inbound(lid(3), "STRANGER", stage.now), grooms());
        assert_eq!(
            stage.record(&named(stranger, "Ugo")).await,
            Recorded::NotAGuest
        );
        let known = stage.only_unknown().await;
        assert_eq!(known.phone, None);
        let place = InChat {
            chat: &grooms(),
            alt: None,
        };
        let heart = Reaction {
            target: "UNKNOWN",
            emoji: "❤",
            from_me: false,
            at: stage.now,
        };
        let (store, session) = (stage.store(), groom());
        let reacted = store.record_reaction(&session, place, heart, stage.now);
        assert!(!reacted.await.unwrap());
    }
}

/// The groom himself is on the list, and what he types to others is filed under his number.
#[tokio::test]
async fn what_is_filed_under_the_own_number_is_nobodys_but_the_queues_own_is_known() {
    for mut stage in Stage::each().await {
        let himself = stage.guest(MIXTURE).await;
        stage
            .tamper(&format!(
                "UPDATE contact SET phone = '393330000001' WHERE id = '{himself}'"
            ))
            .await;
        stage.writer(1).await;
        let contact = stage.guest(2).await;
        stage.hide_number(contact, 2).await;
        stage
            .record(&inbound(lid(2), "IN", stage.now - TimeDelta::days(1)))
            .await;
        let typed = own(grooms(), "TYPED", "Arrivo", stage.now);
        let message = stage.queue(contact).await;
        let committed = stage.committed().await;
        assert_eq!(stage.record(&typed).await, Recorded::NotAGuest);
        let learnt = stage
            .finish(committed.attempt, super::stage::accepted("RAW"))
            .await;
        assert_eq!(learnt, storage::Finished::Sent);
        let filed = ObservedMessage {
            ack: Some(Ack::Device),
            ..own(grooms(), "RAW", "Save the date", stage.now)
        };
        let seen = stage
            .store()
            .unrecorded(&groom(), std::slice::from_ref(&filed), stage.now)
            .await;
        assert_eq!(seen.unwrap().len(), 1);
        assert_eq!(
            stage.record(&filed).await,
            Recorded::OwnFromQueue { message }
        );
        let said = stage
            .store()
            .conversation(contact, None, None, 10)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(said.items.len(), 2);
        let lids = stage.store().contact(contact).await.unwrap().unwrap();
        assert_eq!((lids.phone, lids.lids), (None, vec!["770002".to_owned()]));
        let nothing = stage
            .store()
            .conversation(himself, None, None, 10)
            .await
            .unwrap()
            .unwrap();
        assert!(nothing.items.is_empty());
    }
}

/// The bride's own number is a person like any other on the groom's session; her hidden id is hers on her own session only.
#[tokio::test]
async fn the_other_spouse_may_be_a_guest_of_this_session() {
    for mut stage in Stage::each().await {
        let mut linked = view(&bride(), SessionState::Connected, stage.now);
        linked.own.as_mut().unwrap().lid = Some(lid(7));
        stage
            .store()
            .record_session(&bride(), &linked, stage.now)
            .await
            .unwrap();
        let her = stage.guest(MIXTURE).await;
        stage
            .tamper(&format!(
                "UPDATE contact SET phone = '393330000002' WHERE id = '{her}'"
            ))
            .await;
        let word = with_alt(inbound(lid(7), "HERS", stage.now), brides());
        assert_eq!(wrote(stage.record(&word).await), her);
        let known = stage.store().contact(her).await.unwrap().unwrap();
        assert_eq!(known.lids, ["770007"]);
        stage.worker.session = bride();
        let herself = inbound(lid(7), "HERSELF", stage.now);
        assert_eq!(stage.record(&herself).await, Recorded::NotAGuest);
    }
}

/// What an earlier version had made of three guests with hidden ids, one of them without a code, and one who had asked for no more.
struct Mixed {
    anna: GuestRow,
    carla: GuestRow,
    mixture: ContactId,
    sent: MessageId,
    waiting: MessageId,
}

async fn mixed(stage: &mut Stage) -> Mixed {
    let anna = stage.invite("Rossi", None).await;
    let carla = stage.invite("Bianchi", None).await;
    let day = stage.now - TimeDelta::days(1);
    for (n, guest) in [(1, &anna), (2, &carla)] {
        let words = stage.first_words(guest.household_id).await;
        let at = day + TimeDelta::minutes(i64::try_from(n).unwrap());
        let message = says(lid(n), &format!("CODE{n}"), &words, at);
        stage.record(&with_alt(message, chat(MIXTURE))).await;
    }
    let mixture = stage.contact_of_guest(anna.id).await.unwrap();
    assert_eq!(stage.contact_of_guest(carla.id).await, None, "not mixed");
    let sent = stage.queue_with(mixture, |m| m.send_now = true).await;
    stage.sent("SENT").await;
    let third = says(
        lid(3),
        "WORD3",
        "Chi siete?",
        stage.now - TimeDelta::minutes(5),
    );
    stage.record(&with_alt(third, chat(MIXTURE))).await;
    let waiting = stage.queue_with(mixture, |m| m.session = bride()).await;
    stage
        .tamper(&format!(
            "UPDATE contact SET phone = '393330000001' WHERE id = '{mixture}'"
        ))
        .await;
    Mixed {
        anna,
        carla,
        mixture,
        sent,
        waiting,
    }
}

#[tokio::test]
async fn contacts_that_were_mixed_are_taken_apart_once() {
    for mut stage in Stage::each().await {
        let Mixed {
            anna,
            carla,
            mixture,
            sent,
            waiting,
        } = mixed(&mut stage).await;
        let said = stage.count("conversation_message").await;
        assert_eq!(stage.store().repair_identities(stage.now).await.unwrap(), 1);

        let annas = stage.contact_of_guest(anna.id).await.unwrap();
        let carlas = stage.contact_of_guest(carla.id).await.unwrap();
        assert!(annas != carlas && annas != mixture && carlas != mixture);
        assert_eq!(stage.household_of(mixture).await, None);
        assert!(stage.tied_at(carla.household_id).await.is_some());
        for (contact, of) in [(annas, "770001"), (carlas, "770002")] {
            let known = stage.store().contact(contact).await.unwrap().unwrap();
            assert_eq!((known.phone, known.lids), (None, vec![of.to_owned()]));
        }
        assert_eq!(stage.count("conversation_message").await, said);
        // It went to the chat of the newest word of then.
        assert_eq!(stage.row(sent).await.contact, carlas);
        let texts = stage
            .store()
            .conversation(carlas, None, None, 10)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(texts.items.len(), 2);
        let third = stage.only_unknown().await;
        assert_eq!(third.phone, None);
        // Two people were tied: a person decides to whom of them the waiting message goes.
        let wait = stage.row(waiting).await.wait.unwrap();
        assert_eq!(stage.row(waiting).await.contact, mixture);
        assert_eq!(wait.reason, WaitReason::IdentityUnconfirmed);
        let mut open = vec![annas, carlas, mixture];
        open.sort_unstable();
        assert_eq!(stage.store().unconfirmed_contacts(50).await.unwrap(), open);
        let audit = &stage.store().audit(None, 1).await.unwrap().items[0];
        assert_eq!(
            (audit.action.as_str(), audit.subject.clone()),
            ("contact.separate", mixture.to_string())
        );

        let again = stage.store().repair_identities(stage.now).await.unwrap();
        assert_eq!((again, stage.unknown().await.len()), (0, 1));
        let stuck = stage.store().stuck_messages(stage.now).await.unwrap();
        assert_eq!(stuck, []);
    }
}

#[tokio::test]
async fn nothing_is_sent_to_one_taken_apart_until_they_write_or_a_person_confirms() {
    for mut stage in Stage::each().await {
        let Mixed { anna, carla, .. } = mixed(&mut stage).await;
        stage.store().repair_identities(stage.now).await.unwrap();
        let annas = stage.contact_of_guest(anna.id).await.unwrap();
        let carlas = stage.contact_of_guest(carla.id).await.unwrap();
        stage.later(TimeDelta::hours(3));
        stage.take_lease().await;
        let mut rows = Vec::new();
        for contact in [annas, carlas] {
            rows.push(stage.queue_with(contact, |m| m.send_now = true).await);
        }
        stage.idle().await;
        for row in &rows {
            let wait = stage.row(*row).await.wait.unwrap();
            let person = Ends::Person(AwaitedPerson::ConfirmContact);
            assert_eq!(
                (wait.reason, wait.ends),
                (WaitReason::IdentityUnconfirmed, person)
            );
        }
        // An older word that is found late says nothing of now.
        let old = inbound(lid(1), "OLD", stage.now - TimeDelta::hours(20));
        stage.record(&old).await;
        stage.idle().await;
        let word = with_alt(inbound(lid(1), "NEW", stage.now), grooms());
        assert_eq!(wrote(stage.record(&word).await), annas);
        assert_eq!(stage.sent("TO1").await.message, rows[0]);
        assert_eq!(stage.status(rows[0]).await, MessageStatus::Sent);
        for confirmed in [true, false] {
            let done = stage
                .store()
                .confirm_contact(carlas, &Stage::person(), stage.now)
                .await;
            assert_eq!(done.unwrap(), confirmed);
        }
        // longer than any pause of a new number
        stage.later(TimeDelta::hours(1));
        stage.take_lease().await;
        assert_eq!(stage.sent("TO2").await.message, rows[1]);
    }
}

/// A mixture of one person alone: what waited for them goes with them.
#[tokio::test]
async fn what_waited_for_the_only_one_of_a_mixture_goes_with_them() {
    for mut stage in Stage::each().await {
        let anna = stage.invite("Rossi", None).await;
        let words = stage.first_words(anna.household_id).await;
        let message = says(lid(1), "CODE", &words, stage.now - TimeDelta::hours(1));
        stage.record(&with_alt(message, chat(MIXTURE))).await;
        let mixture = stage.contact_of_guest(anna.id).await.unwrap();
        let waiting = stage.queue(mixture).await;
        stage
            .tamper(&format!(
                "UPDATE contact SET phone = '393330000001' WHERE id = '{mixture}'"
            ))
            .await;
        stage.store().repair_identities(stage.now).await.unwrap();
        let annas = stage.contact_of_guest(anna.id).await.unwrap();
        assert_eq!(stage.row(waiting).await.contact, annas);
        let confirmed = stage
            .store()
            .confirm_contact(annas, &Stage::person(), stage.now)
            .await;
        assert!(confirmed.unwrap());
        assert_eq!(stage.sent("RAW").await.message, waiting);
    }
}

/// Unknown senders had been kept under the own number, one for all; one was then said to be no guest.
#[tokio::test]
async fn unknown_senders_under_the_own_number_are_known_by_their_hidden_id() {
    for mut stage in Stage::each().await {
        let unlinked = "UPDATE whatsapp_session_status SET own_number = '393339999999'";
        let linked =
            "UPDATE whatsapp_session_status SET own_number = '393330000001' WHERE name = 'groom'";
        let guest = stage.invite("Rossi", None).await;
        stage.tamper(unlinked).await;
        stage
            .record(&with_alt(inbound(lid(1), "WORD", stage.now), grooms()))
            .await;
        stage.tamper(linked).await;
        assert!(
            stage.only_unknown().await.phone.is_some(),
            "not under a number"
        );
        stage.ignore_unknown().await;
        assert_eq!(stage.store().repair_identities(stage.now).await.unwrap(), 0);
        let writer = stage.only_unknown().await;
        assert_eq!(writer.phone, None);
        let member = Member::Guest(guest.id);
        let tied = stage
            .store()
            .tie_unknown_writer(&groom(), writer.id, member, &Stage::person(), stage.now)
            .await;
        let Tied::Done(contact) = tied.unwrap() else {
            panic!("not tied");
        };
        let known = stage.store().contact(contact).await.unwrap().unwrap();
        assert_eq!((known.phone, known.lids), (None, vec!["770001".to_owned()]));
    }
}

/// What had waited for several people who were one contact: a person says for whom each message is.
#[tokio::test]
async fn what_waits_at_the_own_number_is_given_to_another_person_or_cancelled() {
    for mut stage in Stage::each().await {
        let Mixed {
            carla,
            mixture,
            waiting,
            ..
        } = mixed(&mut stage).await;
        let second = stage.queue_with(mixture, |m| m.session = bride()).await;
        stage.store().repair_identities(stage.now).await.unwrap();
        let carlas = stage.contact_of_guest(carla.id).await.unwrap();
        let (store, person) = (stage.store(), Stage::person());
        let stranded = store.stranded_messages(mixture).await.unwrap();
        let ids: Vec<_> = stranded.iter().map(|row| row.id).collect();
        assert_eq!(ids, [waiting, second]);
        let confirmed = store.confirm_contact(mixture, &person, stage.now).await;
        assert!(!confirmed.unwrap(), "they would wait for ever");

        let itself = store.readdress(waiting, mixture, &person, stage.now).await;
        assert!(matches!(itself.unwrap(), Readdressed::NoSuchContact));
        let moved = store.readdress(waiting, carlas, &person, stage.now).await;
        assert!(matches!(
            moved.unwrap(),
            Readdressed::Changed(Changed::Done(_))
        ));
        let row = stage.row(waiting).await;
        assert_eq!(row.contact, carlas);
        // It goes like any other: when she writes to the bride.
        assert_eq!(
            row.wait.map(|wait| wait.reason),
            Some(WaitReason::GuestHasNotWritten)
        );
        store.cancel(second, &person, stage.now).await.unwrap();
        let late = store.readdress(second, carlas, &person, stage.now).await;
        let late = late.unwrap();
        assert!(
            matches!(late, Readdressed::Changed(Changed::WrongStatus(_))),
            "{late:?}"
        );
        let open = store.unconfirmed_contacts(50).await.unwrap();
        assert!(!open.contains(&mixture), "nothing is left there");
        assert!(
            store
                .confirm_contact(mixture, &person, stage.now)
                .await
                .unwrap()
        );
    }
}

/// A copy of a broadcast is not given to a guest who has one.
#[tokio::test]
async fn a_second_copy_is_given_to_nobody() {
    for mut stage in Stage::each().await {
        let Mixed { carla, mixture, .. } = mixed(&mut stage).await;
        let news = domain::ids::BroadcastId::new(stage.now, &mut stage.dice);
        let copy = |m: &mut storage::NewMessage| {
            m.broadcast = Some(news);
            m.session = bride();
        };
        let left = stage.queue_with(mixture, copy).await;
        stage.store().repair_identities(stage.now).await.unwrap();
        let carlas = stage.contact_of_guest(carla.id).await.unwrap();
        stage.queue_with(carlas, copy).await;
        let (store, person) = (stage.store(), Stage::person());
        let moved = store.readdress(left, carlas, &person, stage.now).await;
        assert!(matches!(moved.unwrap(), Readdressed::HasCopy));
    }
}

/// What WhatsApp had refused of the mixture, and that it is no guest's, holds for each of its people.
#[tokio::test]
async fn the_careful_facts_of_a_mixture_hold_for_each_of_its_people() {
    for mut stage in Stage::each().await {
        let Mixed {
            anna,
            carla,
            mixture,
            ..
        } = mixed(&mut stage).await;
        for sql in [
            "UPDATE contact_session SET refused_at = 5, refusals = 2".to_owned(),
            format!("UPDATE invitation_phone SET refused_at = 6 WHERE contact_id = '{mixture}'"),
        ] {
            stage.tamper(&sql).await;
        }
        stage.store().repair_identities(stage.now).await.unwrap();
        assert!(stage.contact_of_guest(carla.id).await.is_some());
        assert_eq!(
            stage.contact_of_guest(anna.id).await,
            None,
            "the mark is lost"
        );
        let groups =
            "SELECT count(*) AS value FROM contact_session WHERE refused_at = 5 AND refusals = 2";
        assert_eq!(stage.int(groups).await, Some(3));
        let refused = "SELECT count(*) AS value FROM invitation_phone WHERE refused_at = 6";
        assert_eq!(stage.int(refused).await, Some(1));
    }
}

/// The groom himself is on the list: a hidden id that wrote to him is not his, also when that is pressed.
#[tokio::test]
async fn no_unknown_sender_becomes_the_account_by_a_persons_mistake() {
    for mut stage in Stage::each().await {
        let himself = stage.invite("Rossi", Some(MIXTURE)).await;
        let own = "UPDATE contact SET phone = '393330000001' WHERE phone IS NOT NULL";
        stage.tamper(own).await;
        stage.record(&inbound(lid(1), "WORD", stage.now)).await;
        let writer = stage.only_unknown().await;
        let (store, person) = (stage.store(), Stage::person());
        let member = Member::Guest(himself.id);
        let (session, now) = (groom(), stage.now);
        let tied = store.tie_unknown_writer(&session, writer.id, member, &person, now);
        assert_eq!(tied.await.unwrap(), Tied::GuestHasAnother);
    }
}
