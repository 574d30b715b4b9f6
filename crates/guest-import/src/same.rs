//! The same guest twice in one file.

use std::collections::HashMap;

use domain::phone_number::PhoneNumber;

use crate::{DraftGuest, Line, LineProblem};

/// Refuses each line whose name and number stood further up already.
pub(crate) fn refuse_repeated(lines: &mut [Line]) {
    let mut seen = HashMap::with_capacity(lines.len());
    for line in lines {
        let Ok(guest) = &line.guest else { continue };
        let first = *seen.entry(Sameness::of(guest)).or_insert(line.number);
        if first != line.number {
            line.guest = Err(LineProblem::SameAsLine { first });
        }
    }
}

/// Without a number, only the same household makes a name the same person: two families may each bring a "Luca".
#[derive(PartialEq, Eq, Hash)]
enum Sameness {
    Numbered(String, PhoneNumber),
    Unnumbered(String, Option<String>),
}

impl Sameness {
    fn of(guest: &DraftGuest) -> Self {
        let name = guest.name.to_lowercase();
        match &guest.phone {
            Some(phone) => Self::Numbered(name, phone.number.clone()),
            None => Self::Unnumbered(name, guest.household.as_ref().map(|h| h.to_lowercase())),
        }
    }
}
