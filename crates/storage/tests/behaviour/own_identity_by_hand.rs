//! A person had taken a hidden id for a guest's, and WAHA 2026.8.1 to 2026.9 had named the account's own number for it (#2299).

use chrono::TimeDelta;
use domain::{
    chat_id::ChatId,
    ids::ContactId,
    wait::{AwaitedPerson, Wait, WaitReason},
};
use storage::{GuestRow, Member, Tied};

use super::{
    inviting::with_alt,
    stage::{Stage, bride, chat, groom, inbound, lid},
};

/// A third number, under which a mixture is built: the store would refuse it under an own one.
const MIXTURE: u64 = 99;

/// Anna, said to be the one who wrote from a hidden number: her contact has the groom's own number, and he has written to the bride.
async fn anna_by_hand(stage: &mut Stage) -> (GuestRow, ContactId) {
    let anna = stage.invite("Rossi", None).await;
    let word = with_alt(inbound(lid(1), "FIRST", stage.now), chat(MIXTURE));
    stage.record(&word).await;
    let mixture = ties(stage, &anna).await;
    let word = with_alt(inbound(lid(1), "WORD", stage.now), chat(MIXTURE));
    stage.record(&word).await;
    let own = format!("UPDATE contact SET phone = '393330000001' WHERE id = '{mixture}'");
    stage.tamper(&own).await;
    writes_to_the_bride(stage, "HIS").await;
    (anna, mixture)
}

/// A person says that the only unknown sender is that guest; the contact.
async fn ties(stage: &Stage, guest: &GuestRow) -> ContactId {
    let (store, session, person) = (stage.store(), groom(), Stage::person());
    let (writer, member) = (stage.only_unknown().await.id, Member::Guest(guest.id));
    let tied = store.tie_unknown_writer(&session, writer, member, &person, stage.now);
    match tied.await.unwrap() {
        Tied::Done(contact) => contact,
        refused => panic!("not tied: {refused:?}"),
    }
}

async fn writes_to_the_bride(stage: &Stage, raw_id: &str) {
    let grooms = ChatId::Phone("393330000001".to_owned());
    let word = inbound(grooms, raw_id, stage.now);
    let (store, session) = (stage.store(), bride());
    let recorded = store.record_message(&session, &word, stage.now);
    recorded.await.unwrap();
}

#[tokio::test]
async fn a_guest_tied_by_hand_to_the_own_number_is_untied_whoever_wrote_to_the_other_session() {
    for mut stage in Stage::each().await {
        let (anna, mixture) = anna_by_hand(&mut stage).await;
        assert_eq!(stage.contact_of_guest(anna.id).await, Some(mixture));
        stage.store().repair_identities(stage.now).await.unwrap();
        assert_eq!(stage.contact_of_guest(anna.id).await, None);
        assert_eq!(stage.household_of(mixture).await, None);
        let annas = ties(&stage, &anna).await;
        assert_ne!(annas, mixture);
        let known = stage.store().contact(annas).await.unwrap().unwrap();
        assert_eq!((known.phone, known.lids), (None, vec!["770001".to_owned()]));
    }
}

#[tokio::test]
async fn the_owner_of_the_account_confirms_nobody_by_writing_to_the_other_session() {
    for mut stage in Stage::each().await {
        let (_, mixture) = anna_by_hand(&mut stage).await;
        let waiting = stage.queue_with(mixture, |m| m.session = bride()).await;
        stage.store().repair_identities(stage.now).await.unwrap();
        stage.later(TimeDelta::minutes(5));
        writes_to_the_bride(&stage, "AGAIN").await;
        let person = Wait::person(
            WaitReason::IdentityUnconfirmed,
            AwaitedPerson::ConfirmContact,
        );
        assert_eq!(stage.row(waiting).await.wait, Some(person));
    }
}

/// The number that was linked then is no session's any more when the sender is tied.
#[tokio::test]
async fn an_earlier_own_number_is_no_senders_either() {
    for mut stage in Stage::each().await {
        let anna = stage.invite("Rossi", None).await;
        let unlinked = "UPDATE whatsapp_session_status SET own_number = '393339999999'";
        stage.tamper(unlinked).await;
        let grooms = ChatId::Phone("393330000001".to_owned());
        let word = with_alt(inbound(lid(1), "WORD", stage.now), grooms);
        stage.record(&word).await;
        assert!(
            stage.only_unknown().await.phone.is_some(),
            "not under a number"
        );
        stage.store().repair_identities(stage.now).await.unwrap();
        let writer = stage.only_unknown().await;
        assert_eq!(writer.phone, None);
        let annas = ties(&stage, &anna).await;
        let known = stage.store().contact(annas).await.unwrap().unwrap();
        assert_eq!(known.phone, None);
    }
}
