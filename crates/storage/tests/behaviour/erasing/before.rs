//! Erasing a guest who had another number or name before, and a file in which rows were moved.

use storage::{Erased, GuestEdit, GuestRow, RefusedLines, testing::TestDatabase};

use super::{erase, much_about};
use crate::{
    importing::{import, line},
    inviting::{named, says},
    stage::{Stage, chat, lid, phone},
};

async fn edit(stage: &Stage, guest: domain::ids::GuestId, edit: GuestEdit) {
    let store = stage.store();
    let edited = store
        .edit_guest(guest, &edit, &Stage::person(), stage.now)
        .await;
    assert!(edited.unwrap().is_some());
}

#[tokio::test]
async fn what_was_said_under_an_earlier_number_goes_too() {
    for mut stage in Stage::each().await {
        let guest = much_about(&mut stage).await;
        let other_number = GuestEdit {
            phone: Some(Some(phone(7))),
            ..GuestEdit::default()
        };
        edit(&stage, guest.id, other_number).await;
        let store = stage.store();
        let would = store.erasable(guest.id).await.unwrap().unwrap();
        assert_eq!((would.said, would.waiting), (4, 1));

        assert_eq!(erase(&stage, guest.id).await, Erased::Done);

        let left = stage.db.dump().await.join("\n");
        for secret in [phone(1).digits(), phone(7).digits(), "segreta", "Zelind"] {
            assert!(!left.contains(secret), "{secret}: {left}");
        }
    }
}

#[tokio::test]
async fn a_number_that_another_guest_had_too_stays_until_they_are_erased() {
    for mut stage in Stage::each().await {
        let guest = much_about(&mut stage).await;
        let other = stage.invited("Bruna", None, Some(1)).await;
        for (id, number) in [(guest.id, 7), (other.id, 8)] {
            let changed = GuestEdit {
                phone: Some(Some(phone(number))),
                ..GuestEdit::default()
            };
            edit(&stage, id, changed).await;
        }
        let said = async || stage.db.dump().await.join("\n").contains("segreta");

        assert_eq!(erase(&stage, guest.id).await, Erased::Done);
        assert!(said().await, "it is what Bruna said, too");
        assert_eq!(erase(&stage, other.id).await, Erased::Done);
        assert!(!said().await);
    }
}

#[tokio::test]
async fn a_number_that_another_guest_had_by_mistake_is_erased_with_its_own() {
    for mut stage in Stage::each().await {
        let other = stage.invited("Bruna", None, Some(1)).await;
        let corrected = GuestEdit {
            phone: Some(Some(phone(8))),
            ..GuestEdit::default()
        };
        edit(&stage, other.id, corrected).await;
        let guest = much_about(&mut stage).await;

        assert_eq!(erase(&stage, guest.id).await, Erased::Done);

        let left = stage.db.dump().await.join("\n");
        assert!(!left.contains("segreta") && !left.contains(phone(1).digits()));
    }
}

#[tokio::test]
async fn a_number_from_which_another_household_wrote_stays_theirs() {
    for mut stage in Stage::each().await {
        let guest = stage.invited("Anna", None, Some(1)).await;
        let bruno = stage.invited("Bruno", Some("Nonni"), Some(2)).await;
        let corrected = GuestEdit {
            phone: Some(Some(phone(8))),
            ..GuestEdit::default()
        };
        edit(&stage, guest.id, corrected).await;
        let tie = format!(
            "UPDATE contact SET household_id = '{}' WHERE phone = '{}'",
            bruno.household_id,
            phone(1).digits()
        );
        stage.tamper(&tie).await;

        assert_eq!(erase(&stage, guest.id).await, Erased::Done);

        let left = stage.db.dump().await.join("\n");
        assert!(left.contains(phone(1).digits()), "{left}");
    }
}

/// The line finds its guest by name and household, and gives the number to a contact of its own.
#[tokio::test]
async fn what_was_said_under_a_hidden_id_before_a_file_brought_the_number_goes_too() {
    for mut stage in Stage::each().await {
        let guest = stage.invite("Rossi", None).await;
        // so that their contact does not go with the household
        stage.invited("Bruna", Some("Rossi"), Some(2)).await;
        let words = stage.first_words(guest.household_id).await;
        let message = says(lid(1), "RAW", &format!("{words} segreta"), stage.now);
        stage.record(&named(message, &guest.name)).await;
        let lines = [line(2, &guest.name, "Rossi", 7)];
        assert!(import(&stage, &lines, RefusedLines::None).await.done);

        assert_eq!(erase(&stage, guest.id).await, Erased::Done);

        assert_forgotten(&stage, &["segreta", "770001", phone(7).digits()]).await;
    }
}

/// The guest's own number is on the list, and the household's invitation was used from another phone of theirs.
async fn second_phone(stage: &mut Stage) -> GuestRow {
    let guest = stage.invite("Rossi", Some(1)).await;
    let words = stage.first_words(guest.household_id).await;
    let message = says(chat(9), "RAW", &format!("{words} segreta"), stage.now);
    stage.record(&message).await;
    guest
}

async fn assert_forgotten(stage: &Stage, secrets: &[&str]) {
    let left = stage.db.dump().await.join("\n");
    for secret in secrets {
        assert!(!left.contains(secret), "{secret}: {left}");
    }
}

#[tokio::test]
async fn the_second_phone_of_a_household_that_they_left_last_goes_too() {
    for mut stage in Stage::each().await {
        let guest = second_phone(&mut stage).await;
        let elsewhere = GuestEdit {
            household: Some(Some("Bianchi".to_owned())),
            ..GuestEdit::default()
        };
        edit(&stage, guest.id, elsewhere).await;

        assert_eq!(erase(&stage, guest.id).await, Erased::Done);

        assert_forgotten(&stage, &["segreta", phone(9).digits()]).await;
    }
}

#[tokio::test]
async fn the_second_phone_goes_too_when_a_file_moved_them() {
    for mut stage in Stage::each().await {
        let guest = second_phone(&mut stage).await;
        let lines = [line(2, &guest.name, "Bianchi", 1)];
        assert!(import(&stage, &lines, RefusedLines::None).await.done);

        assert_eq!(erase(&stage, guest.id).await, Erased::Done);

        assert_forgotten(&stage, &["segreta", phone(9).digits()]).await;
    }
}

#[tokio::test]
async fn no_news_is_searched_by_an_earlier_name() {
    for mut stage in Stage::each().await {
        let guest = stage.invited("Zelinda", Some("Needle"), Some(1)).await;
        stage.invited("Bruno", Some("Needle"), Some(2)).await;
        for (id, search) in [("one", "Zelinda"), ("two", "Pino")] {
            stage
                .tamper(&format!(
                    "INSERT INTO broadcast (id, title, template, audience, session, not_after, state, created_at, created_by)
                     VALUES ('{id}', 'news', 'news', '{{\"search\":\"{search}\"}}', 'groom', 1, 'draft', 1, 'test')"
                ))
                .await;
        }
        let other_name = GuestEdit {
            name: Some("Linda".to_owned()),
            ..GuestEdit::default()
        };
        edit(&stage, guest.id, other_name).await;

        assert_eq!(erase(&stage, guest.id).await, Erased::Done);

        let searches = stage
            .db
            .texts("SELECT audience AS value FROM broadcast ORDER BY id")
            .await;
        let searches: Vec<_> = searches.into_iter().flatten().collect();
        let left = searches.join(" ");
        assert!(!left.contains("Zelinda"), "{left}");
        assert!(left.contains("Pino"), "{left}");
    }
}

/// SQLite moves rows between its pages and leaves copies in their gaps, whatever it overwrites when it deletes.
#[tokio::test]
async fn nothing_is_in_the_gaps_of_the_file() {
    const GUESTS: usize = 1_000;
    let mut stage = Stage::on(TestDatabase::sqlite().await).await;
    let name = |number: usize| format!("Zqn{number:05} Rossi");
    // each once, in an order that goes to and fro
    let mixed = |step: usize| (0..GUESTS).map(move |number| number * step % GUESTS);
    let mut guests = Vec::new();
    for number in 0..GUESTS {
        let phone = u64::try_from(number).unwrap();
        guests.push(stage.invited(&name(number), None, Some(phone)).await.id);
    }
    for number in mixed(389).take(GUESTS / 2) {
        let longer = GuestEdit {
            name: Some(format!("{} {}", name(number), "x".repeat(number % 97))),
            ..GuestEdit::default()
        };
        edit(&stage, guests[number], longer).await;
    }
    let erased: Vec<_> = mixed(617).take(GUESTS / 3).collect();
    for number in &erased {
        assert_eq!(erase(&stage, guests[*number]).await, Erased::Done);
    }
    let files = stage.db.files_as_text();
    let names = erased.iter().map(|number| format!("Zqn{number:05}"));
    let left: Vec<_> = names.filter(|name| files.contains(name)).collect();
    assert!(left.is_empty(), "{left:?}");
    assert!(files.contains("Zqn"), "they are searched in vain");
}
