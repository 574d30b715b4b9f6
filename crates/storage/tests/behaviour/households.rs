//! Households: found, read, made, renamed and taken off the list.

use domain::ids::HouseholdId;
use storage::{Cursor, HouseholdNaming};

use super::stage::{Stage, phone};

async fn made(stage: &mut Stage, name: &str) -> HouseholdId {
    stage.later(chrono::TimeDelta::milliseconds(1));
    match stage.store().add_household(name, stage.now).await.unwrap() {
        HouseholdNaming::Done(id) => id,
        other => panic!("not made: {other:?}"),
    }
}

async fn renamed(stage: &Stage, id: HouseholdId, name: &str) -> HouseholdNaming {
    let (store, person) = (stage.store(), Stage::person());
    let renamed = store.rename_household(id, name, &person, stage.now);
    renamed.await.unwrap()
}

#[tokio::test]
async fn a_household_shows_its_guests_and_who_wrote_with_its_invitation() {
    for mut stage in Stage::each().await {
        let ugo = stage.invited("Ugo", Some("Villa"), None).await;
        let ada = stage.invited("Ada", Some("Villa"), Some(1)).await;
        stage.much_points_to(ada.household_id, 11).await;
        let people = stage.store().household(ada.household_id).await.unwrap();
        let people = people.unwrap();
        assert_eq!(people.id, ada.household_id);
        assert_eq!(people.name.as_deref(), Some("Villa"));
        assert_eq!(people.guests, [ugo, ada]);
        let [tied] = people.contacts.as_slice() else {
            panic!("one contact: {:?}", people.contacts);
        };
        assert_eq!(tied.phone, Some(phone(11)));
        let nobody = HouseholdId::new(stage.now, &mut stage.dice);
        assert_eq!(stage.store().household(nobody).await.unwrap(), None);
    }
}

#[tokio::test]
async fn households_are_found_by_name_by_guest_and_by_number() {
    for mut stage in Stage::each().await {
        let villa = stage
            .invited("Ada ÀLVÀRO", Some("Villa 100%"), Some(11))
            .await;
        stage.invited("Ugo", Some("villa 100%"), None).await;
        stage.later(chrono::TimeDelta::milliseconds(1));
        let alone = stage.invited("Carla", None, Some(12)).await;
        let empty = made(&mut stage, "Baita").await;
        let (villa, alone) = (villa.household_id, alone.household_id);
        for (search, found) in [
            (None, vec![empty, alone, villa]),
            (Some("VILLA"), vec![villa]),
            (Some("%"), vec![villa]),
            (Some("àlvàro"), vec![villa]),
            (Some("347 000 0012"), vec![alone]),
            (Some("baita"), vec![empty]),
            (Some("nobody"), vec![]),
        ] {
            let page = stage.store().households(search, None, 10).await.unwrap();
            let ids: Vec<_> = page.items.iter().map(|row| row.id).collect();
            assert_eq!(ids, found, "{search:?}");
        }
        let page = stage.store().households(None, None, 10).await.unwrap();
        let guests: Vec<_> = page.items.iter().map(|row| row.guests.join(", ")).collect();
        assert_eq!(guests, ["", "Carla", "Ada ÀLVÀRO, Ugo"]);
        let names: Vec<_> = page.items.iter().map(|row| row.name.as_deref()).collect();
        assert_eq!(names, [Some("Baita"), None, Some("Villa 100%")]);
    }
}

#[tokio::test]
async fn pages_of_households_show_each_once() {
    for mut stage in Stage::each().await {
        let mut all = Vec::new();
        for n in 0..7 {
            all.push(made(&mut stage, &format!("Casa {n}")).await);
        }
        all.reverse();
        let (mut seen, mut after) = (Vec::new(), None::<Cursor>);
        loop {
            let (store, from) = (stage.store(), after.as_ref());
            let page = store.households(Some("casa"), from, 3).await.unwrap();
            seen.extend(page.items.iter().map(|row| row.id));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(seen, all);
    }
}

#[tokio::test]
async fn a_search_for_a_household_finds_its_guests() {
    for mut stage in Stage::each().await {
        let ada = stage.invited("Ada", Some("Famiglia Bassi"), None).await;
        stage.invited("Ugo", None, None).await;
        let found = stage.store().guests(Some("BASSI"), None, 5).await.unwrap();
        assert_eq!(found.items, [ada]);
    }
}

#[tokio::test]
async fn of_a_name_there_is_one_household() {
    for mut stage in Stage::each().await {
        let villa = made(&mut stage, " Villa ").await;
        let baita = made(&mut stage, "Baita").await;
        let (store, now) = (stage.store(), stage.now);
        let again = store.add_household("VILLA", now).await.unwrap();
        assert_eq!(again, HouseholdNaming::Taken(villa));
        let taken = HouseholdNaming::Taken(villa);
        assert_eq!(renamed(&stage, baita, "villa").await, taken);
        assert_eq!(stage.deeds().await, [], "nothing was changed");

        assert_eq!(
            renamed(&stage, villa, "VILLA").await,
            HouseholdNaming::Done(villa)
        );
        assert_eq!(
            renamed(&stage, villa, "VILLA").await,
            HouseholdNaming::Done(villa)
        );
        assert_eq!(
            renamed(&stage, baita, "Malga").await,
            HouseholdNaming::Done(baita)
        );
        let deed = ("household.rename".to_owned(), None);
        assert_eq!(stage.deeds().await, [deed.clone(), deed], "once each");
        let names = "SELECT name || name_folded AS value FROM household ORDER BY name_folded";
        let names: Vec<_> = stage.db.texts(names).await.into_iter().flatten().collect();
        assert_eq!(names, ["Malgamalga", "VILLAvilla"]);
        let nobody = HouseholdId::new(now, &mut stage.dice);
        assert_eq!(renamed(&stage, nobody, "X").await, HouseholdNaming::Unknown);
        assert_eq!(stage.count("invitation").await, 2);
    }
}

#[tokio::test]
async fn somebody_alone_gets_a_household_with_a_name() {
    for mut stage in Stage::each().await {
        let ada = stage.invited("Ada", None, None).await;
        let done = HouseholdNaming::Done(ada.household_id);
        assert_eq!(renamed(&stage, ada.household_id, "Villa").await, done);
        let ugo = stage.invited("Ugo", Some("villa"), None).await;
        assert_eq!(ugo.household_id, ada.household_id);
    }
}

#[tokio::test]
async fn a_household_goes_with_its_guests_and_leaves_their_contacts() {
    for mut stage in Stage::each().await {
        let ada = stage.invited("Ada", Some("Villa"), Some(1)).await;
        stage.invited("Ugo", Some("Villa"), None).await;
        let eva = stage.invited("Eva", Some("Baita"), None).await;
        stage.much_points_to(ada.household_id, 11).await;
        stage.much_points_to(eva.household_id, 12).await;
        let (store, person, now) = (stage.store(), Stage::person(), stage.now);

        let (villa, empty) = (ada.household_id, made(&mut stage, "Malga").await);
        assert!(store.delete_household(villa, &person, now).await.unwrap());
        assert!(!store.delete_household(villa, &person, now).await.unwrap());
        assert!(store.delete_household(empty, &person, now).await.unwrap());

        assert_eq!(stage.standing().await, [1, 2, 1, 1]);
        assert_eq!(stage.count("guest").await, 1);
        let row = store.contact(ada.contact.unwrap()).await.unwrap().unwrap();
        assert_eq!((row.phone, row.guests.len()), (Some(phone(1)), 0));
        let deed = |detail: &str| ("household.delete".to_owned(), Some(detail.to_owned()));
        assert_eq!(stage.deeds().await, [deed("guests: 0"), deed("guests: 2")]);
    }
}
