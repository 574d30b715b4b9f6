//! Contacts and guests.

use domain::{
    config::Language,
    ids::{ContactId, GuestId},
};
use storage::{Cursor, GuestRow, NewGuest};

use super::stage::{Stage, bride, groom, phone};

fn guest(stage: &mut Stage, name: &str, number: Option<u64>) -> NewGuest {
    stage.later(chrono::TimeDelta::milliseconds(1));
    NewGuest {
        id: GuestId::new(stage.now, &mut stage.dice),
        name: name.to_owned(),
        side: Some(bride()),
        language: Some(Language::English),
        household: Some("Villa".to_owned()),
        phone: number.map(phone),
    }
}

async fn add(stage: &mut Stage, name: &str, number: Option<u64>) -> GuestRow {
    let guest = guest(stage, name, number);
    stage.store().add_guest(&guest, stage.now).await.unwrap()
}

#[tokio::test]
async fn a_guest_is_read_back_as_added_and_can_share_a_number() {
    for mut stage in Stage::each().await {
        let wanted = guest(&mut stage, "Nonna Pia", Some(1));
        let added = stage.store().add_guest(&wanted, stage.now).await.unwrap();
        assert_eq!((added.id, &added.name), (wanted.id, &wanted.name));
        assert_eq!(
            (&added.side, added.language),
            (&wanted.side, wanted.language)
        );
        assert_eq!(
            (&added.household, &added.phone),
            (&wanted.household, &wanted.phone)
        );
        assert_eq!(added.created_at, stage.now);
        assert_eq!(
            stage.store().guest(wanted.id).await.unwrap().as_ref(),
            Some(&added)
        );

        let partner = add(&mut stage, "Nonno Ugo", Some(1)).await;
        assert_eq!(partner.contact, added.contact);
        let without = add(&mut stage, "Zio senza telefono", None).await;
        assert_eq!((without.contact, without.phone), (None, None));
        let contact = stage
            .store()
            .contact(added.contact.unwrap())
            .await
            .unwrap()
            .unwrap();
        assert_eq!(contact.guests, ["Nonna Pia", "Nonno Ugo"]);
        assert_eq!(contact.phone, Some(phone(1)));
        assert_eq!(contact.opted_out_at, None);
    }
}

#[tokio::test]
async fn guests_are_found_by_name_whatever_the_case_and_by_number() {
    for mut stage in Stage::each().await {
        let ada = add(&mut stage, "Ada ÀLVÀRO", Some(11)).await.id;
        let percent = add(&mut stage, "100% Bruno", Some(12)).await.id;
        let snake = add(&mut stage, "carla_rossi", None).await.id;
        for (search, found) in [
            (None, vec![snake, percent, ada]),
            (Some("àlvàro"), vec![ada]),
            (Some("%"), vec![percent]),
            (Some("A_R"), vec![snake]),
            (Some("+39 347 000 0011"), vec![ada]),
            (Some("000012"), vec![percent]),
            (Some("39347"), vec![percent, ada]),
            // Two digits are no number yet.
            (Some("39"), vec![]),
            (Some("nobody"), vec![]),
        ] {
            let page = stage.store().guests(search, None, 10).await.unwrap();
            let ids: Vec<_> = page.items.iter().map(|guest| guest.id).collect();
            assert_eq!(ids, found, "{search:?}");
        }
    }
}

#[tokio::test]
async fn pages_of_guests_show_each_once() {
    for mut stage in Stage::each().await {
        let mut added = Vec::new();
        for n in 0..7 {
            added.push(add(&mut stage, &format!("Guest {n}"), None).await.id);
        }
        added.reverse();
        let mut seen = Vec::new();
        let mut after: Option<Cursor> = None;
        loop {
            let page = stage
                .store()
                .guests(Some("guest"), after.as_ref(), 3)
                .await
                .unwrap();
            seen.extend(page.items.iter().map(|guest| guest.id));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(seen, added);
    }
}

#[tokio::test]
async fn a_guest_taken_off_the_list_leaves_the_contact() {
    for mut stage in Stage::each().await {
        let row = add(&mut stage, "Ada", Some(1)).await;
        let (store, now, person) = (stage.store(), stage.now, Stage::person());
        assert!(store.delete_guest(row.id, &person, now).await.unwrap());
        assert!(store.guest(row.id).await.unwrap().is_none());
        let contact = store.contact(row.contact.unwrap()).await.unwrap().unwrap();
        assert!(contact.guests.is_empty());
        assert!(!store.delete_guest(row.id, &person, now).await.unwrap());
        let audit = store.audit(None, 10).await.unwrap().items;
        assert_eq!(audit.len(), 2, "what changed nothing is no deed");
        assert_eq!(
            (audit[0].action.as_str(), audit[0].actor.as_str()),
            ("guest.delete", "anna")
        );
        assert_eq!(audit[0].subject, row.id.to_string());
    }
}

#[tokio::test]
async fn a_contact_shows_what_passed_on_each_session() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let wrote = stage.now - chrono::TimeDelta::days(2);
        stage.queue(contact).await;
        stage.sent("RAW").await;
        let row = stage.store().contact(contact).await.unwrap().unwrap();
        let [session] = row.sessions.as_slice() else {
            panic!("one session: {:?}", row.sessions);
        };
        assert_eq!(session.session, groom());
        assert_eq!(session.last_in_at, Some(wrote));
        assert_eq!(session.last_out_at, Some(stage.now));
        assert_eq!(session.unanswered, 1);
        let nobody = ContactId::new(stage.now, &mut stage.dice);
        assert!(stage.store().contact(nobody).await.unwrap().is_none());
    }
}
