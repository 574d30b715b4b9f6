//! Changing guests, taking them off the list, and what becomes of the household that the last of them leaves.

use domain::{
    config::Language,
    ids::{ContactId, GuestId},
};
use storage::{GuestEdit, GuestRow};

use super::stage::{Stage, bride, phone};

async fn edit(stage: &Stage, id: GuestId, edit: GuestEdit) -> Option<GuestRow> {
    let (store, person) = (stage.store(), Stage::person());
    let edited = store.edit_guest(id, &edit, &person, stage.now);
    edited.await.unwrap()
}

fn to_household(name: Option<&str>) -> GuestEdit {
    GuestEdit {
        household: Some(name.map(str::to_owned)),
        ..GuestEdit::default()
    }
}

fn to_number(n: Option<u64>) -> GuestEdit {
    GuestEdit {
        phone: Some(n.map(phone)),
        ..GuestEdit::default()
    }
}

#[tokio::test]
async fn only_what_is_named_changes_and_null_takes_a_value_away() {
    for mut stage in Stage::each().await {
        let ada = stage.invited("Ada", Some("Villa"), Some(1)).await;
        let filled = GuestEdit {
            side: Some(Some(bride())),
            language: Some(Some(Language::English)),
            name: Some("Ada Bassi".to_owned()),
            ..GuestEdit::default()
        };
        let filled = edit(&stage, ada.id, filled).await.unwrap();
        let wanted = GuestRow {
            name: "Ada Bassi".to_owned(),
            side: Some(bride()),
            language: Some(Language::English),
            ..ada.clone()
        };
        assert_eq!(filled, wanted);
        assert_eq!(stage.store().guest(ada.id).await.unwrap(), Some(wanted));
        let found = stage.store().guests(Some("bassi"), None, 5).await.unwrap();
        assert_eq!(found.items.len(), 1, "the search knows the new name");

        let emptied = GuestEdit {
            side: Some(None),
            language: Some(None),
            phone: Some(None),
            ..GuestEdit::default()
        };
        let emptied = edit(&stage, ada.id, emptied).await.unwrap();
        assert_eq!((&emptied.side, emptied.language), (&None, None));
        assert_eq!((emptied.contact, &emptied.phone), (None, &None));
        assert_eq!(emptied.household.as_deref(), Some("Villa"));
        let names = |detail: &str| ("guest.edit".to_owned(), Some(detail.to_owned()));
        assert_eq!(
            stage.deeds().await,
            [
                names("phone, side, language"),
                names("name, side, language")
            ]
        );
        let nobody = GuestId::new(stage.now, &mut stage.dice);
        assert_eq!(edit(&stage, nobody, to_number(Some(3))).await, None);
        assert_eq!(stage.count("contact").await, 1, "nobody's number is kept");
    }
}

#[tokio::test]
async fn what_is_no_change_is_no_deed() {
    for mut stage in Stage::each().await {
        let ada = stage.invited("Ada", Some("Villa"), Some(1)).await;
        let alone = stage.invited("Ugo", None, None).await;
        let same = GuestEdit {
            name: Some("Ada".to_owned()),
            phone: Some(Some(phone(1))),
            side: Some(None),
            language: Some(None),
            household: Some(Some(" VILLA ".to_owned())),
        };
        let before = stage.whole_list().await;
        assert_eq!(edit(&stage, ada.id, same).await, Some(ada.clone()));
        assert_eq!(edit(&stage, ada.id, GuestEdit::default()).await, Some(ada));
        assert_eq!(
            edit(&stage, alone.id, to_household(None)).await,
            Some(alone)
        );
        assert_eq!(stage.whole_list().await, before);
    }
}

#[tokio::test]
async fn another_number_is_another_contact_and_what_was_said_stays_with_the_old_one() {
    for mut stage in Stage::each().await {
        let ada = stage.invited("Ada", None, Some(1)).await;
        let ugo = stage.invited("Ugo", None, Some(2)).await;
        stage.writes(1, stage.now).await;
        let old = ada.contact.unwrap();

        let moved = edit(&stage, ada.id, to_number(Some(2))).await.unwrap();

        assert_eq!(moved.contact, ugo.contact, "a number is one contact");
        let new = edit(&stage, ada.id, to_number(Some(3))).await.unwrap();
        let new = new.contact.unwrap();
        assert!(new != old && Some(new) != ugo.contact);
        let said = "SELECT contact_id AS value FROM conversation_message";
        assert_eq!(stage.text(said).await, Some(old.to_string()));
        let row = stage.store().contact(old).await.unwrap().unwrap();
        assert_eq!((row.phone, row.guests.len()), (Some(phone(1)), 0));
        assert_eq!(row.sessions.len(), 1, "what passed stays with it");
        let row = stage.store().contact(new).await.unwrap().unwrap();
        assert_eq!(
            (row.guests, row.sessions.len()),
            (vec!["Ada".to_owned()], 0)
        );
    }
}

/// A guest whose contact is known by a hidden id only has no number, and still is taken from that contact.
#[tokio::test]
async fn no_number_is_no_contact() {
    for mut stage in Stage::each().await {
        let ada = stage.invited("Ada", None, Some(1)).await;
        let contact: ContactId = ada.contact.unwrap();
        stage.hide_number(contact, 1).await;
        let emptied = edit(&stage, ada.id, to_number(None)).await.unwrap();
        assert_eq!(emptied.contact, None);
    }
}

#[tokio::test]
async fn the_last_guest_takes_the_household_along_and_all_that_points_to_it() {
    for mut stage in Stage::each().await {
        let ada = stage.invited("Ada", Some("Villa"), Some(1)).await;
        let ugo = stage.invited("Ugo", Some("villa"), None).await;
        let eva = stage.invited("Eva", Some("Baita"), None).await;
        stage.much_points_to(ada.household_id, 11).await;
        stage.much_points_to(eva.household_id, 12).await;
        assert_eq!(ada.household_id, ugo.household_id);
        assert_eq!(stage.standing().await, [2, 4, 2, 2]);
        let (store, person, now) = (stage.store(), Stage::person(), stage.now);

        assert!(store.delete_guest(ada.id, &person, now).await.unwrap());
        assert_eq!(stage.standing().await, [2, 4, 2, 2], "Ugo is still there");
        assert!(store.delete_guest(ugo.id, &person, now).await.unwrap());
        assert_eq!(stage.standing().await, [1, 2, 1, 1]);
        assert_eq!(stage.count("contact").await, 3, "the contacts stay");
        let gone = format!(
            "with household {}, which has no other guest",
            ugo.household_id
        );
        let deleted = |detail: Option<String>| ("guest.delete".to_owned(), detail);
        assert_eq!(stage.deeds().await, [deleted(Some(gone)), deleted(None)]);
        stage.assert_households_are_whole().await;
    }
}

#[tokio::test]
async fn the_last_guest_who_moves_leaves_no_household_behind() {
    for mut stage in Stage::each().await {
        let ada = stage.invited("Ada", Some("Villa"), None).await;
        let ugo = stage.invited("Ugo", Some("Villa"), None).await;
        stage.much_points_to(ada.household_id, 11).await;

        let alone = edit(&stage, ada.id, to_household(None)).await.unwrap();
        assert_eq!(alone.household, None);
        assert_ne!(alone.household_id, ugo.household_id);
        assert_eq!(stage.standing().await, [2, 3, 1, 1]);

        let there = edit(&stage, ugo.id, to_household(Some("Baita")))
            .await
            .unwrap();
        assert_eq!(there.household.as_deref(), Some("Baita"));
        assert_eq!(stage.standing().await, [2, 2, 0, 0], "the villa is gone");
        let joined = edit(&stage, ada.id, to_household(Some("BAITA")))
            .await
            .unwrap();
        assert_eq!(joined.household_id, there.household_id);
        assert_eq!(stage.standing().await, [1, 1, 0, 0]);
        stage.assert_households_are_whole().await;
    }
}

/// Whoever comes second finds the household, or makes it again.
#[tokio::test]
async fn a_household_is_joined_while_its_last_guest_leaves() {
    for mut stage in Stage::each().await {
        for n in 0..10 {
            let name = format!("Villa {n}");
            let last = stage.invited("Ada", Some(&name), None).await;
            let (store, other, person) = (stage.store(), stage.store(), Stage::person());
            let newcomer = stage.newcomer("Ugo", &name);
            let (left, joined) = tokio::join!(
                store.delete_guest(last.id, &person, stage.now),
                other.add_guest(&newcomer, stage.now)
            );
            assert!(left.unwrap());
            assert_eq!(joined.unwrap().household, Some(name));
        }
        stage.assert_households_are_whole().await;
    }
}
