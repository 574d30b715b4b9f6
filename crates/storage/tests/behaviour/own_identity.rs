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
use storage::{GuestRow, InChat, Member, Reaction, Recorded, Tied};

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
pub(super) const MIXTURE: u64 = 99;

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
pub(super) struct Mixed {
    pub(super) anna: GuestRow,
    pub(super) carla: GuestRow,
    pub(super) mixture: ContactId,
    pub(super) sent: MessageId,
    pub(super) waiting: MessageId,
}

pub(super) async fn mixed(stage: &mut Stage) -> Mixed {
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
