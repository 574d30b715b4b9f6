//! Seats of a household whose people have listed numbers, or that was tied before seats were counted; and what erasing leaves.

use domain::ids::{ContactId, GuestId, HouseholdId};
use storage::{Erased, PhoneAssigned, PhoneOwner, Recorded};

use super::{
    inviting::says,
    seats::{household, tied},
    stage::{Stage, lid, phone},
};

impl Stage {
    async fn erase(&self, guest: GuestId) {
        let (store, person) = (self.store(), Self::person());
        let erased = store.erase_guest(guest, "asked", &person, self.now).await;
        assert_eq!(erased.unwrap(), Erased::Done);
    }

    async fn may_be(&self, contact: ContactId, household: HouseholdId) -> Vec<GuestId> {
        let people = self.store().household(household).await.unwrap().unwrap();
        let phone = people.contacts.into_iter().find(|one| one.id == contact);
        phone.unwrap().may_be
    }

    /// The code, from a hidden id.
    async fn hidden_code_from(&self, n: u64, household: HouseholdId) -> Recorded {
        let words = self.first_words(household).await;
        let message = says(lid(n), &format!("HIDDEN{n}"), &words, self.now);
        self.record(&message).await
    }
}

/// All numbers are listed, and a guest writes from a hidden one: it is asked whose it is, and it becomes one contact with the listed number.
#[tokio::test]
async fn a_hidden_number_of_a_listed_guest_comes_in_and_becomes_theirs() {
    for mut stage in Stage::each().await {
        let people = [("Anna", Some(1)), ("Marco", Some(2))];
        let [anna, marco] = household(&mut stage, people).await;
        let home = anna.household_id;
        assert_eq!(stage.free_seats(home).await, 2);
        let hidden = tied(stage.hidden_code_from(5, home).await);
        for guest in [&anna, &marco] {
            assert_eq!(stage.contact_of_guest(guest.id).await, guest.contact);
        }
        assert_eq!(stage.asked().await, [hidden]);
        assert_eq!(stage.may_be(hidden, home).await, [anna.id, marco.id]);
        let waiting = stage.queue(phone(1)).await;
        assert!(stage.row(waiting).await.wait.is_some(), "without consent");

        let owner = PhoneOwner::Guest(anna.id);
        assert_eq!(stage.assign(hidden, home, owner).await, PhoneAssigned::Done);
        let annas = anna.contact.unwrap();
        assert_eq!(stage.contact_of_guest(anna.id).await, Some(annas));
        assert!(stage.store().contact(hidden).await.unwrap().is_none());
        let known = stage.store().contact(annas).await.unwrap().unwrap();
        assert_eq!(
            (known.phone, known.lids),
            (Some(phone(1)), vec!["770005".to_owned()])
        );
        // The word was written by this phone, and so it is consent.
        assert_eq!(stage.row(waiting).await.wait, None);
        assert_eq!(stage.asked().await, []);
        assert_eq!(stage.contact_of_guest(marco.id).await, marco.contact);
        assert_eq!(stage.free_seats(home).await, 1);
        let marcos = tied(stage.hidden_code_from(6, home).await);
        assert_eq!(
            stage.may_be(marcos, home).await,
            [marco.id],
            "Anna's is known"
        );
        assert_eq!(stage.hidden_code_from(7, home).await, Recorded::NotAGuest);
    }
}

/// The groom is on the list with the number that is linked: no hidden id on his session is his.
#[tokio::test]
async fn the_own_number_is_never_proposed_for_a_hidden_one() {
    for mut stage in Stage::each().await {
        let people = [("Giulia", Some(1)), ("Marco", Some(2))];
        let [giulia, marco] = household(&mut stage, people).await;
        let home = giulia.household_id;
        let own = format!(
            "UPDATE contact SET phone = '393330000001' WHERE id = '{}'",
            marco.contact.unwrap()
        );
        stage.tamper(&own).await;
        let hidden = tied(stage.hidden_code_from(5, home).await);
        assert_eq!(stage.may_be(hidden, home).await, [giulia.id]);
        let owner = PhoneOwner::Guest(marco.id);
        let refused = stage.assign(hidden, home, owner).await;
        assert_eq!(refused, PhoneAssigned::GuestHasAnother);
    }
}

/// Before the upgrade the first phone was all people's of the household; the second person's phone comes in, and a person says so.
#[tokio::test]
async fn a_household_that_was_tied_before_has_a_seat_for_the_other_person() {
    for mut stage in Stage::each().await {
        let [anna, marco] = household(&mut stage, [("Anna", None), ("Marco", None)]).await;
        let home = anna.household_id;
        let first = tied(stage.code_from(1, home, None).await);
        for sql in [
            format!("UPDATE guest SET contact_id = '{first}'"),
            "DELETE FROM invitation_phone".to_owned(),
        ] {
            stage.tamper(&sql).await;
        }
        assert_eq!(stage.free_seats(home).await, 1);
        let second = tied(stage.code_from(2, home, Some("Marco")).await);
        assert_eq!(
            stage.contact_of_guest(marco.id).await,
            Some(first),
            "silently"
        );
        assert_eq!(stage.asked().await, [second]);
        let owner = PhoneOwner::Guest(marco.id);
        assert_eq!(stage.assign(second, home, owner).await, PhoneAssigned::Done);
        assert_eq!(stage.contact_of_guest(marco.id).await, Some(second));
        assert_eq!(stage.contact_of_guest(anna.id).await, Some(first));
        assert_eq!(stage.code_from(3, home, None).await, Recorded::NotAGuest);
    }
}

#[tokio::test]
async fn a_phone_that_shows_another_given_name_is_asked_about() {
    for mut stage in Stage::each().await {
        for (n, listed, shown, theirs) in [
            (1, "Anna Rossi", "Luca Rossi", false),
            (2, "Zia Pina", "Ugo", false),
            (3, "Zia Pina", "Pina", true),
            (4, "Anna", "Anna Verdi", true),
            (5, "Anna Rossi", "A. ♥", true),
            (6, "Rossi Anna", "Luca Rossi", false),
        ] {
            let home = format!("Casa {n}");
            let guest = stage.invited(listed, Some(&home), None).await;
            let phone = tied(stage.code_from(n, guest.household_id, Some(shown)).await);
            let expected = theirs.then_some(phone);
            assert_eq!(
                stage.contact_of_guest(guest.id).await,
                expected,
                "{listed}, {shown}"
            );
            assert_eq!(stage.asked().await.contains(&phone), !theirs);
        }
        // A surname that two have is none of theirs, though only one is left.
        let people = [("Anna Bianchi", None), ("Marco Bianchi", None)];
        let [anna, marco] = household(&mut stage, people).await;
        let home = anna.household_id;
        let annas = tied(stage.code_from(11, home, Some("Anna Bianchi")).await);
        assert_eq!(stage.contact_of_guest(anna.id).await, Some(annas));
        let asked = tied(stage.code_from(12, home, Some("Bianchi")).await);
        assert_eq!(stage.contact_of_guest(marco.id).await, None);
        assert!(stage.asked().await.contains(&asked));
    }
}

/// A guest is erased with the seat of the own phone; that of any other phone stays spent.
#[tokio::test]
async fn erasing_a_guest_frees_no_seat() {
    for mut stage in Stage::each().await {
        let people = [("Anna", None), ("Marco", None), ("Lia", None)];
        let [anna, marco, lia] = household(&mut stage, people).await;
        let home = anna.household_id;
        let earlier = tied(stage.code_from(1, home, Some("Anna")).await);
        tied(stage.code_from(2, home, Some("Marco")).await);
        assert_eq!(stage.free_seats(home).await, 1);
        // Anna has another number by now, and had written with her earlier one.
        let edit = format!(
            "INSERT INTO guest_before (guest_id, contact_id) VALUES ('{}', '{earlier}')",
            anna.id
        );
        stage.tamper(&edit).await;
        let other = stage.guest(9).await;
        let now = format!(
            "UPDATE guest SET contact_id = '{other}' WHERE id = '{}'",
            anna.id
        );
        stage
            .tamper("UPDATE guest SET contact_id = NULL WHERE name = 'Guest 9'")
            .await;
        stage.tamper(&now).await;
        assert_eq!(stage.free_seats(home).await, 1);
        stage.erase(anna.id).await;
        assert_eq!(stage.free_seats(home).await, 0, "it was freed");
        assert_eq!(
            stage.code_from(3, home, Some("Lia")).await,
            Recorded::NotAGuest
        );
        assert_eq!(stage.contact_of_guest(lia.id).await, None);
        // His seat goes with him: hers is free as before.
        stage.renew(home).await;
        let before = stage.free_seats(home).await;
        stage.erase(marco.id).await;
        assert_eq!(stage.free_seats(home).await, before);
    }
}

/// One that is no guest's is erased with a guest who had it: its seat stays spent.
#[tokio::test]
async fn a_refused_phone_keeps_its_seat_spent_when_it_is_erased() {
    for mut stage in Stage::each().await {
        let [anna, _marco] = household(&mut stage, [("Anna", None), ("Marco", None)]).await;
        let home = anna.household_id;
        let stranger = tied(stage.code_from(1, home, None).await);
        assert!(stage.refuse(stranger, home).await);
        assert_eq!(stage.free_seats(home).await, 1);
        let had = format!(
            "INSERT INTO guest_before (guest_id, contact_id) VALUES ('{}', '{stranger}')",
            anna.id
        );
        stage.tamper(&had).await;
        stage.erase(anna.id).await;
        assert_eq!(stage.free_seats(home).await, 0);
        assert_eq!(stage.code_from(2, home, None).await, Recorded::NotAGuest);
    }
}
