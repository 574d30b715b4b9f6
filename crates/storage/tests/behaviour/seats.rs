//! One card, several phones: an invitation has a seat for each person of its household.

use chrono::TimeDelta;
use domain::{
    ids::{ContactId, GuestId, HouseholdId},
    message_status::MessageStatus,
    wire::ObservedMessage,
};
use storage::{GuestRow, HouseholdPhone, NewGuest, PhoneAssigned, PhoneOwner, Recorded};

use super::{
    inviting::{named, says},
    stage::{Stage, chat, groom, inbound, lid, phone},
};

/// People of one household, without phones but for numbers that are given.
pub(super) async fn household<const N: usize>(
    stage: &mut Stage,
    people: [(&str, Option<u64>); N],
) -> [GuestRow; N] {
    let mut all = Vec::new();
    for (name, number) in people {
        let guest = NewGuest {
            id: GuestId::new(stage.now, &mut stage.dice),
            name: name.to_owned(),
            side: None,
            language: None,
            household: Some("Rossi".to_owned()),
            phone: number.map(phone),
        };
        stage.later(TimeDelta::milliseconds(1));
        let added = stage.store().add_guest(&guest, stage.now).await;
        all.push(added.unwrap());
    }
    all.try_into().expect("as many")
}

pub(super) fn tied(recorded: Recorded) -> ContactId {
    match recorded {
        Recorded::Inbound { contact, new: true } => contact,
        other => panic!("not tied: {other:?}"),
    }
}

impl Stage {
    /// The n-th phone writes the code of the household; as `name`, where it shows one.
    pub(super) async fn code_from(
        &self,
        n: u64,
        household: HouseholdId,
        name: Option<&str>,
    ) -> Recorded {
        let words = self.first_words(household).await;
        let message = says(chat(n), &format!("CODE{n}"), &words, self.now);
        let message = match name {
            Some(name) => named(message, name),
            None => message,
        };
        self.record(&message).await
    }

    pub(super) async fn assign(
        &self,
        contact: ContactId,
        household: HouseholdId,
        owner: PhoneOwner,
    ) -> PhoneAssigned {
        let phone = HouseholdPhone { contact, household };
        let assigned = self
            .store()
            .assign_phone(&phone, owner, &Self::person(), self.now)
            .await;
        assigned.unwrap()
    }

    pub(super) async fn refuse(&self, contact: ContactId, household: HouseholdId) -> bool {
        let phone = HouseholdPhone { contact, household };
        let (store, person) = (self.store(), Self::person());
        let refused = store.refuse_phone(&phone, &person, self.now).await;
        refused.unwrap()
    }

    pub(super) async fn renew(&self, household: HouseholdId) {
        let (store, person) = (self.store(), Self::person());
        let renewed = store
            .renew_invitation(household, None, &person, self.now)
            .await;
        assert!(renewed.unwrap());
    }

    pub(super) async fn asked(&self) -> Vec<ContactId> {
        let phones = self.store().unassigned_phones(50).await.unwrap();
        phones.into_iter().map(|phone| phone.contact).collect()
    }

    pub(super) async fn free_seats(&self, household: HouseholdId) -> u32 {
        let people = self.store().household(household).await.unwrap();
        people.unwrap().free_seats
    }
}

#[tokio::test]
async fn two_phones_of_two_people_are_asked_about_and_the_third_is_a_to_do() {
    for mut stage in Stage::each().await {
        let [anna, marco] = household(&mut stage, [("Anna", None), ("Marco", None)]).await;
        let home = anna.household_id;
        assert_eq!(stage.free_seats(home).await, 2);
        let first = tied(stage.code_from(1, home, None).await);
        let second = tied(stage.code_from(2, home, Some("M.")).await);
        assert_eq!(stage.asked().await, [first, second]);
        for guest in [&anna, &marco] {
            assert_eq!(stage.contact_of_guest(guest.id).await, None, "silently");
        }
        assert_eq!(stage.free_seats(home).await, 0);
        assert_eq!(stage.code_from(3, home, None).await, Recorded::NotAGuest);
        let third = stage.only_unknown().await;
        assert_eq!(third.suggested.map(|(id, _)| id), Some(home));

        let owner = PhoneOwner::Guest(marco.id);
        assert_eq!(stage.assign(first, home, owner).await, PhoneAssigned::Done);
        assert_eq!(stage.asked().await, [second]);
        assert_eq!(
            stage.assign(second, home, owner).await,
            PhoneAssigned::GuestHasAnother
        );
        // it was the other way round
        let owner = PhoneOwner::Guest(anna.id);
        assert_eq!(stage.assign(first, home, owner).await, PhoneAssigned::Done);
        let owner = PhoneOwner::Guest(marco.id);
        assert_eq!(stage.assign(second, home, owner).await, PhoneAssigned::Done);
        assert_eq!(stage.contact_of_guest(anna.id).await, Some(first));
        assert_eq!(stage.contact_of_guest(marco.id).await, Some(second));
        assert_eq!(stage.asked().await, []);
        assert_eq!(stage.code_from(4, home, None).await, Recorded::NotAGuest);
    }
}

#[tokio::test]
async fn a_phone_is_the_persons_whose_name_it_alone_shows() {
    for mut stage in Stage::each().await {
        let people = [
            ("Zia Anna Rossi", None),
            ("Marco Rossi", None),
            ("Lia Rossi", None),
        ];
        let [anna, marco, lia] = household(&mut stage, people).await;
        let home = anna.household_id;
        let annas = tied(stage.code_from(1, home, Some("anna ♥")).await);
        assert_eq!(stage.contact_of_guest(anna.id).await, Some(annas));
        // Of one who has a phone, and of more than one.
        let others = tied(stage.code_from(2, home, Some("Anna R.")).await);
        assert_eq!(stage.asked().await, [others]);
        let marcos = tied(stage.code_from(3, home, Some("Rossi Marco")).await);
        assert_eq!(stage.contact_of_guest(marco.id).await, Some(marcos));
        assert_eq!(stage.contact_of_guest(lia.id).await, None);
        let people = stage.store().household(home).await.unwrap().unwrap();
        let shown = people.contacts.iter().find(|one| one.id == marcos).unwrap();
        assert_eq!(shown.push_name.as_deref(), Some("Rossi Marco"));
        assert_eq!(
            (shown.came_in_at, shown.by_code_in_force),
            (Some(stage.now), true)
        );
    }
}

/// The only one without a phone is known, unless a hidden id may be of one whose number is listed.
#[tokio::test]
async fn the_last_without_a_phone_is_known_by_that() {
    for mut stage in Stage::each().await {
        let [anna, marco] = household(&mut stage, [("Anna", Some(1)), ("Marco", None)]).await;
        let home = anna.household_id;
        let words = stage.first_words(home).await;
        let hidden = says(lid(2), "HIDDEN", &words, stage.now);
        let contact = tied(stage.record(&hidden).await);
        assert_eq!(stage.asked().await, [contact], "it may be Anna's");
        assert!(stage.refuse(contact, home).await);
        assert_eq!(stage.free_seats(home).await, 1);
        stage.renew(home).await;
        let marcos = tied(stage.code_from(3, home, None).await);
        assert_eq!(stage.contact_of_guest(marco.id).await, Some(marcos));
    }
}

#[tokio::test]
async fn a_word_without_the_code_leaves_it_usable() {
    for mut stage in Stage::each().await {
        let [anna, marco] = household(&mut stage, [("Anna", Some(1)), ("Marco", None)]).await;
        let home = anna.household_id;
        stage.writes(1, stage.now).await;
        assert_eq!(stage.tied_at(home).await, Some(stage.now));
        let marcos = tied(stage.code_from(2, home, None).await);
        assert_eq!(stage.contact_of_guest(marco.id).await, Some(marcos));
        assert_eq!(stage.contact_of_guest(anna.id).await, anna.contact);
        assert_eq!(stage.code_from(3, home, None).await, Recorded::NotAGuest);
    }
}

#[tokio::test]
async fn people_may_share_a_phone_and_then_no_seat_is_left() {
    for mut stage in Stage::each().await {
        let [anna, marco] = household(&mut stage, [("Anna", None), ("Marco", None)]).await;
        let home = anna.household_id;
        let shared = tied(stage.code_from(1, home, None).await);
        let done = stage.assign(shared, home, PhoneOwner::Everyone).await;
        assert_eq!(done, PhoneAssigned::Done);
        for guest in [anna.id, marco.id] {
            assert_eq!(stage.contact_of_guest(guest).await, Some(shared));
        }
        assert_eq!(stage.free_seats(home).await, 0);
        assert_eq!(stage.code_from(2, home, None).await, Recorded::NotAGuest);
        let elsewhere = stage.invite("Bianchi", Some(7)).await;
        let no_guest = stage
            .assign(shared, home, PhoneOwner::Guest(elsewhere.id))
            .await;
        assert_eq!(no_guest, PhoneAssigned::NoSuchGuest);
        let other = elsewhere.contact.unwrap();
        let no_phone = stage.assign(other, home, PhoneOwner::Everyone).await;
        assert_eq!(no_phone, PhoneAssigned::NoSuchPhone);
        assert!(!stage.refuse(other, home).await);
    }
}

/// Strangers to whom a code was forwarded cannot follow each other.
#[tokio::test]
async fn a_phone_that_is_no_guests_leaves_and_its_seat_stays_spent() {
    for mut stage in Stage::each().await {
        let [anna, _marco] = household(&mut stage, [("Anna", None), ("Marco", None)]).await;
        let home = anna.household_id;
        let stranger = tied(stage.code_from(1, home, Some("Anna")).await);
        assert_eq!(stage.contact_of_guest(anna.id).await, Some(stranger));
        let waiting = stage.queue(stranger).await;
        assert!(stage.refuse(stranger, home).await);
        assert!(!stage.refuse(stranger, home).await);

        assert_eq!(stage.contact_of_guest(anna.id).await, None);
        assert_eq!(stage.household_of(stranger).await, None);
        assert_eq!(stage.status(waiting).await, MessageStatus::Cancelled);
        let said = stage.count("conversation_message").await;
        let word = inbound(chat(1), "LATER", stage.now);
        assert_eq!(stage.record(&word).await, Recorded::NotAGuest);
        assert_eq!(stage.count("conversation_message").await, said);
        assert_eq!(stage.unknown().await.len(), 0, "asked again");
        let written = stage.queue(stranger).await;
        assert!(
            stage.row(written).await.wait.is_some(),
            "its old word serves"
        );
        // With the code it is shown, and not tied: nor is a third phone beyond the seat that is left.
        let words = stage.first_words(home).await;
        let again = says(chat(1), "AGAIN", &words, stage.now + TimeDelta::seconds(1));
        assert_eq!(stage.record(&again).await, Recorded::NotAGuest);
        assert_eq!(stage.only_unknown().await.phone, Some(phone(1)));
        assert_eq!(stage.free_seats(home).await, 1);
        tied(stage.code_from(2, home, Some("Anna")).await);
        assert_eq!(stage.code_from(3, home, None).await, Recorded::NotAGuest);
        stage.renew(home).await;
        assert_eq!(stage.free_seats(home).await, 1);
    }
}

#[tokio::test]
async fn of_two_phones_that_race_for_the_last_seat_one_gets_it() {
    for mut stage in Stage::each().await {
        for round in 0..5 {
            let name = format!("Casa {round}");
            let guest = stage.invite(&name, None).await;
            let words = stage.first_words(guest.household_id).await;
            let from = |n: u64| -> ObservedMessage {
                says(
                    chat(round * 10 + n),
                    &format!("RACE{round}{n}"),
                    &words,
                    stage.now,
                )
            };
            let (one, other) = (from(1), from(2));
            let (first, second, session) = (stage.store(), stage.store(), groom());
            let (a, b) = tokio::join!(
                first.record_message(&session, &one, stage.now),
                second.record_message(&session, &other, stage.now)
            );
            let both = [a.unwrap(), b.unwrap()];
            let in_it = both
                .iter()
                .filter(|one| matches!(one, Recorded::Inbound { .. }));
            assert_eq!(in_it.count(), 1, "{both:?}");
            assert!(both.contains(&Recorded::NotAGuest));
            assert!(stage.contact_of_guest(guest.id).await.is_some());
        }
        let seats = stage.count("invitation_phone").await;
        assert_eq!((seats, stage.unknown().await.len()), (5, 5));
    }
}

/// Two phones that turn out to be one person's had taken two seats: one is free again.
#[tokio::test]
async fn two_phones_that_become_one_have_one_seat() {
    for mut stage in Stage::each().await {
        let [anna, _marco] = household(&mut stage, [("Anna", None), ("Marco", None)]).await;
        let home = anna.household_id;
        let by_number = tied(stage.code_from(1, home, None).await);
        let words = stage.first_words(home).await;
        tied(
            stage
                .record(&says(lid(1), "HIDDEN", &words, stage.now))
                .await,
        );
        assert_eq!(stage.free_seats(home).await, 0);
        let mut both = inbound(chat(1), "BOTH", stage.now);
        both.alt = Some(lid(1));
        assert_eq!(tied(stage.record(&both).await), by_number);
        assert_eq!(stage.count("invitation_phone").await, 1);
        assert_eq!(stage.free_seats(home).await, 1);
    }
}
