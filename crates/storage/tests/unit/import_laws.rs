//! What plans promise, tried on lists and files made of so few names, numbers and households that all of them meet.

use std::collections::HashSet;

use domain::{ids::GuestId, phone_number::PhoneNumber, session::SessionName};
use proptest::prelude::*;

use super::{Entry, ImportLine, LinePlan, known::Known, plan::plan};

/// A name, and perhaps a number, a household and a side; each one of very few.
type Person = (u8, Option<u8>, Option<u8>, Option<u8>);

fn people() -> impl Strategy<Value = Vec<Person>> {
    let few = || prop::option::of(0..3u8);
    prop::collection::vec((0..2u8, few(), few(), few()), 0..16)
}

fn name(n: u8) -> String {
    ["Ada", "Ugo"][usize::from(n)].to_owned()
}

fn phone(n: u8) -> PhoneNumber {
    PhoneNumber::from_whatsapp(&format!("39347000000{n}")).expect("a number")
}

fn household(n: u8) -> String {
    format!("Casa {n}")
}

fn side(n: u8) -> SessionName {
    SessionName::parse(&format!("side-{n}")).expect("a name")
}

fn id(n: usize) -> GuestId {
    let text = format!("01930000-0000-7000-8000-{n:012}");
    text.parse().expect("an id")
}

fn list(people: &[Person]) -> Vec<Known> {
    let each = people.iter().enumerate();
    each.map(|(at, person)| known(id(at), *person)).collect()
}

fn known(id: GuestId, (n, number, home, of): Person) -> Known {
    Known {
        id,
        name: name(n).to_lowercase(),
        contact: None,
        phone: number.map(phone),
        household_id: "01930000-0000-7000-8000-000000000000"
            .parse()
            .expect("an id"),
        household: home.map(|n| household(n).to_lowercase()),
        side: of.map(side),
        language: None,
    }
}

fn file(people: &[Person]) -> Vec<ImportLine> {
    let line = |(number, person): (u32, &Person)| {
        let (n, phoned, home, of) = *person;
        ImportLine {
            number,
            name: name(n),
            phone: phoned.map(phone),
            phone_unconfirmed: phoned == Some(2),
            household: home.map(household),
            side: of.map(side),
            language: None,
        }
    };
    (2..).zip(people).map(line).collect()
}

/// The list after the plans are carried out.
fn carry_out(list: &mut Vec<Known>, entries: &[Entry<'_>], plans: &[LinePlan]) {
    for (entry, plan) in entries.iter().zip(plans) {
        let line = entry.line;
        match plan {
            LinePlan::Add => list.push(Known {
                id: id(list.len()),
                name: entry.name.clone(),
                phone: line.phone.clone(),
                household: entry.household.clone(),
                side: line.side.clone(),
                ..known(id(0), (0, None, None, None))
            }),
            LinePlan::Update { guest, .. } => {
                let found = list.iter_mut().find(|known| known.id == *guest);
                let known = found.expect("somebody on the list");
                known.phone = line.phone.clone().or(known.phone.take());
                known.household = entry.household.clone().or(known.household.take());
                known.side = line.side.clone().or(known.side.take());
            }
            LinePlan::Unchanged { .. }
            | LinePlan::SameAsLine { .. }
            | LinePlan::PhoneUnconfirmed => {}
        }
    }
}

/// Whether the list says of the guest all that the line says.
fn says(list: &[Known], entry: &Entry<'_>, guest: Option<GuestId>) -> bool {
    let said = |known: &Known| {
        known.name == entry.name
            && (entry.line.phone.is_none() || entry.line.phone == known.phone)
            && (entry.household.is_none() || entry.household == known.household)
            && (entry.line.side.is_none() || entry.line.side == known.side)
    };
    list.iter()
        .any(|known| guest.is_none_or(|guest| guest == known.id) && said(known))
}

fn refused(plan: &LinePlan) -> bool {
    matches!(
        plan,
        LinePlan::SameAsLine { .. } | LinePlan::PhoneUnconfirmed
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_was_imported_changes_nothing_when_it_is_imported_again(before in people(), lines in people()) {
        let (mut list, lines) = (list(&before), file(&lines));
        let entries: Vec<_> = lines.iter().map(Entry::of).collect();
        let first = plan(&list, &entries);
        carry_out(&mut list, &entries, &first);

        let again = plan(&list, &entries);

        for (at, (first, again)) in first.iter().zip(&again).enumerate() {
            prop_assert_eq!(refused(first), refused(again), "line {} {:?} {:?}", at, first, again);
            let unchanged = matches!(again, LinePlan::Unchanged { .. });
            prop_assert!(unchanged || refused(again), "line {}: {:?}, then {:?}", at, first, again);
        }
    }

    #[test]
    fn no_guest_gets_a_number_that_is_not_confirmed(before in people(), lines in people()) {
        let (mut list, lines) = (list(&before), file(&lines));
        let with_it = |list: &[Known]| list.iter().filter(|known| known.phone == Some(phone(2))).count();
        let already = with_it(&list);
        let entries: Vec<_> = lines.iter().map(Entry::of).collect();
        let plans = plan(&list, &entries);
        carry_out(&mut list, &entries, &plans);
        prop_assert!(with_it(&list) <= already);
    }

    #[test]
    fn every_good_line_is_a_guest_of_its_own_and_every_refused_one_names_another_line(before in people(), lines in people()) {
        let (mut list, lines) = (list(&before), file(&lines));
        let entries: Vec<_> = lines.iter().map(Entry::of).collect();
        let plans = plan(&list, &entries);
        let size = list.len();
        carry_out(&mut list, &entries, &plans);

        let added = plans.iter().filter(|plan| **plan == LinePlan::Add).count();
        prop_assert_eq!(list.len(), size + added);
        let mut meant = HashSet::new();
        for (entry, plan) in entries.iter().zip(&plans) {
            match plan {
                LinePlan::Add => prop_assert!(says(&list, entry, None)),
                LinePlan::Update { guest, .. } | LinePlan::Unchanged { guest } => {
                    prop_assert!(meant.insert(*guest), "two lines mean one guest");
                    prop_assert!(says(&list, entry, Some(*guest)));
                }
                LinePlan::SameAsLine { line } => {
                    let other = lines.iter().find(|other| other.number == *line);
                    prop_assert_eq!(&other.expect("a line of the file").name, &entry.line.name);
                    prop_assert_ne!(*line, entry.line.number);
                }
                LinePlan::PhoneUnconfirmed => prop_assert!(entry.line.phone_unconfirmed),
            }
        }
    }
}
