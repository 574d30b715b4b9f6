//! What each line of a file does to the list: one pure function, so that a dry run and the import cannot differ.
//!
//! A line means the guest of the same name with the same number; or, where the line or the guest has none, the guest of
//! the same name in the same household. The rule that must hold: one line at most means a guest, and every other that does
//! is refused. Numbers are looked for through the whole file before households are: so what a line means does not depend
//! on what the others are about to change, and a file imported again finds everybody as it left them.

use super::{
    Entry, LinePlan,
    known::Known,
    places::{Meaning, Places},
};
use crate::people::guest_field::{GuestField, changed};

/// What each entry does, in the same order. `known`: everybody on the list who has the name of one, by id.
pub(super) fn plan(known: &[Known], entries: &[Entry<'_>]) -> Vec<LinePlan> {
    let mut places = Places::of(known);
    let by_number: Vec<_> = entries
        .iter()
        .map(|entry| places.by_number(entry))
        .collect();
    let each = entries.iter().zip(by_number);
    each.map(|(entry, meaning)| {
        let meaning = meaning.unwrap_or_else(|| places.by_household(entry));
        let plan = match meaning {
            Meaning::Nobody => LinePlan::Add,
            Meaning::SameAsLine(line) => LinePlan::SameAsLine { line },
            Meaning::Guest(at) => change(&known[at], entry),
        };
        if entry.line.phone_unconfirmed && gives_number(&plan) {
            LinePlan::PhoneUnconfirmed
        } else {
            plan
        }
    })
    .collect()
}

/// Whether the guest of a line with a number has it from this line.
fn gives_number(plan: &LinePlan) -> bool {
    match plan {
        LinePlan::Add => true,
        LinePlan::Update { fields, .. } => fields.contains(&GuestField::Phone),
        _ => false,
    }
}

/// What the line says differently; what it leaves blank stays.
fn change(guest: &Known, entry: &Entry<'_>) -> LinePlan {
    let line = entry.line;
    let fields = changed([
        (
            GuestField::Phone,
            is_news(line.phone.as_ref(), guest.phone.as_ref()),
        ),
        (
            GuestField::Side,
            is_news(line.side.as_ref(), guest.side.as_ref()),
        ),
        (
            GuestField::Language,
            is_news(line.language.as_ref(), guest.language.as_ref()),
        ),
        (
            GuestField::Household,
            is_news(entry.household.as_ref(), guest.household.as_ref()),
        ),
    ]);
    let guest = guest.id;
    if fields.is_empty() {
        LinePlan::Unchanged { guest }
    } else {
        LinePlan::Update { guest, fields }
    }
}

fn is_news<T: PartialEq>(said: Option<&T>, known: Option<&T>) -> bool {
    said.is_some() && said != known
}
