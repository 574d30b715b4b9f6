//! Contacts that were taken apart: what waited for them, and what was known of them.

use domain::wait::WaitReason;
use storage::{Changed, Member, Readdressed, Tied};

use super::{
    own_identity::{MIXTURE, Mixed, mixed},
    stage::{Stage, bride, groom, inbound, lid},
};

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
