//! Which guests a broadcast is for. Conditions hold together; one that is absent holds for everybody.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Candidate, Known};
use crate::{
    Timestamp,
    config::Language,
    ids::{GuestId, HouseholdId},
    session::SessionName,
};

text_enum! {
    /// What a contact has said so far on the session that would write to it.
    pub enum Wrote("wrote") {
        /// It has written.
        Has = "has_written",
        /// It has not: its copy waits until it does.
        HasNot = "has_not_written",
        /// It has, but so long ago that only a few such contacts are written to each day.
        GoneCold = "gone_cold",
    }
}

/// Whom a broadcast is for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Audience {
    /// Only guests of this spouse.
    pub side: Option<SessionName>,
    /// Only guests who are written to in this language.
    pub language: Option<Language>,
    /// Only those of whom this holds.
    pub wrote: Option<Wrote>,
    /// Only these households; none: all.
    pub households: Vec<HouseholdId>,
    /// Only those with this in their name, their household's name or their number.
    pub search: Option<String>,
    /// Not these, whatever else holds.
    pub without: Vec<GuestId>,
}

/// What the conditions look at beside the guest.
pub(super) struct Look<'a> {
    pub(super) known: Option<&'a Known>,
    /// The session that would write to them.
    pub(super) session: &'a SessionName,
    /// The language of whoever has none of their own.
    pub(super) language: Language,
    pub(super) cold_after: Duration,
    pub(super) now: Timestamp,
}

impl Audience {
    /// Whether it is for that guest; hand-picked exclusions are not looked at.
    pub(super) fn is_for(&self, guest: &Candidate, look: &Look<'_>) -> bool {
        let language = guest.language.unwrap_or(look.language);
        self.side
            .as_ref()
            .is_none_or(|side| guest.side.as_ref() == Some(side))
            && self.language.is_none_or(|wanted| wanted == language)
            && (self.households.is_empty() || self.households.contains(&guest.household))
            && self.wrote.is_none_or(|wrote| has(wrote, look))
            && self
                .search
                .as_deref()
                .is_none_or(|search| finds(search, guest, look.known))
    }
}

fn has(wrote: Wrote, look: &Look<'_>) -> bool {
    let at = look.known.and_then(|known| known.wrote_to(look.session));
    match wrote {
        Wrote::Has => at.is_some(),
        Wrote::HasNot => at.is_none(),
        Wrote::GoneCold => at.is_some_and(|at| at + look.cold_after < look.now),
    }
}

/// Alike for names of guests and households in capitals or not, and for numbers however they are written.
fn finds(search: &str, guest: &Candidate, known: Option<&Known>) -> bool {
    let wanted = search.trim().to_lowercase();
    let says = |text: &str| text.to_lowercase().contains(&wanted);
    says(&guest.name)
        || guest.household_name.as_deref().is_some_and(says)
        || digits_of_number(search).is_some_and(|digits| {
            let phone = known.and_then(|known| known.phone.as_ref());
            phone.is_some_and(|phone| phone.digits().contains(&digits))
        })
}

/// The digits, when it is written like a number of at least three.
fn digits_of_number(text: &str) -> Option<String> {
    let like_a_number = |c: char| c.is_ascii_digit() || " +-./()".contains(c);
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    (digits.len() >= 3 && text.chars().all(like_a_number)).then_some(digits)
}
