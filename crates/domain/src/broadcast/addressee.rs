//! Whom a copy addresses, in words: one guest, or the several who share a phone.

use super::Placeholder;
use crate::{config::Language, ids::ContactId};

/// A guest as they are addressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Named<'a> {
    /// Their name.
    pub name: &'a str,
    /// Their household's name, when it has one.
    pub household: Option<&'a str>,
}

/// The words for one contact. What is not known of them is absent, never empty.
#[derive(Clone, PartialEq, Eq)]
pub struct Addressee {
    pub(super) contact: ContactId,
    name: Option<String>,
    first_name: Option<String>,
    household: Option<String>,
}

impl Addressee {
    /// The words for the guests who share the contact, in their order.
    pub fn of(contact: ContactId, guests: &[Named<'_>], language: Language) -> Self {
        let first = |guest: &Named<'_>| guest.name.split_whitespace().next().map(str::to_owned);
        let whole = |guest: &Named<'_>| Some(guest.name.trim().to_owned());
        let household = |guest: &Named<'_>| Some(guest.household?.trim().to_owned());
        let all = |word: &dyn Fn(&Named<'_>) -> Option<String>| {
            joined(guests.iter().filter_map(word), language)
        };
        Self {
            contact,
            name: all(&whole),
            first_name: all(&first),
            household: all(&household),
        }
    }

    /// What is filled in for a placeholder; `None`: it is not known.
    pub(super) fn value(&self, placeholder: Placeholder) -> Option<&str> {
        match placeholder {
            Placeholder::Name => self.name.as_deref(),
            Placeholder::FirstName => self.first_name.as_deref(),
            Placeholder::Household => self.household.as_deref(),
        }
    }
}

/// "Anna", "Anna e Marco", "Anna, Marco and John": each of them once.
fn joined(words: impl Iterator<Item = String>, language: Language) -> Option<String> {
    let mut all: Vec<String> = Vec::new();
    for word in words {
        if !word.is_empty() && !all.contains(&word) {
            all.push(word);
        }
    }
    let last = all.pop()?;
    if all.is_empty() {
        return Some(last);
    }
    Some(format!(
        "{} {} {last}",
        all.join(", "),
        and(language, &last)
    ))
}

/// The word between the last two. In Italian "e" becomes "ed" before another e.
fn and(language: Language, next: &str) -> &'static str {
    let before_e = next.starts_with(['e', 'E', 'è', 'È', 'é', 'É']);
    match language {
        Language::Italian if before_e => "ed",
        Language::Italian => "e",
        Language::English => "and",
    }
}

// Whom we write to is nobody's business in a log.
impl std::fmt::Debug for Addressee {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Addressee({})", self.contact)
    }
}
