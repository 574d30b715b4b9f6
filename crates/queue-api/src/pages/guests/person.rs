//! A guest as the pages show them.

use domain::Timestamp;
use domain::config::Language;
use domain::ids::{GuestId, HouseholdId};
use domain::phone_number::PhoneNumber;
use storage::{BookGuest, BookHousehold, GuestFilter, GuestState};

use super::wanted::cold_before;
use crate::app::App;
use crate::guests;
use crate::pages::frame::Frame;
use crate::pages::refusal::Refused;

/// A guest in words.
pub(super) struct Person {
    pub(super) id: GuestId,
    pub(super) name: String,
    pub(super) phone: Option<String>,
    /// The spouse's name whose guest they are.
    pub(super) side: Option<String>,
    pub(super) language: Option<String>,
    pub(super) state: String,
    /// How the state looks.
    pub(super) class: &'static str,
    pub(super) last_in_at: Option<Timestamp>,
    pub(super) suspended: bool,
}

impl Person {
    pub(super) fn of(f: &Frame, guest: &BookGuest) -> Self {
        Self {
            id: guest.id,
            name: guest.name.clone(),
            phone: guest.phone.as_ref().map(PhoneNumber::international),
            side: guest.side.as_ref().map(|side| f.person(side)),
            language: guest.language.map(|language| language_word(f, language)),
            state: state_word(f, guest.state),
            class: class(guest.state),
            last_in_at: guest.last_in_at,
            suspended: guest.suspended,
        }
    }
}

/// A state in a word.
pub(super) fn state_word(f: &Frame, state: GuestState) -> String {
    f.t(&format!("guests-state-{}", state.as_str()))
}

fn language_word(f: &Frame, language: Language) -> String {
    match language {
        Language::Italian => f.t("guests-italian"),
        Language::English => f.t("guests-english"),
    }
}

const fn class(state: GuestState) -> &'static str {
    match state {
        GuestState::Written => "good",
        GuestState::Cold => "warn",
        GuestState::NotWritten => "",
        GuestState::OptedOut => "bad",
    }
}

/// What a household is called: its name, or the names of its guests.
pub(super) fn called(home: &BookHousehold) -> String {
    home.name.clone().unwrap_or_else(|| {
        let names: Vec<_> = home
            .guests
            .iter()
            .map(|guest| guest.name.as_str())
            .collect();
        names.join(", ")
    })
}

/// A household with everybody in it.
pub(super) async fn household(
    app: &App,
    id: HouseholdId,
) -> Result<Option<BookHousehold>, Refused> {
    let filter = GuestFilter {
        household: Some(id),
        ..GuestFilter::default()
    };
    let cold_before = cold_before(app).await?;
    let page = app.store.guest_book(&filter, cold_before, None, 1).await?;
    Ok(page.items.into_iter().next())
}

/// A guest, with the household's id and its name.
pub(super) async fn guest(
    app: &App,
    id: GuestId,
) -> Result<(BookGuest, HouseholdId, Option<String>), Refused> {
    let row = app.store.guest(id).await?.ok_or_else(guests::unknown)?;
    let home = household(app, row.household_id).await?;
    let home = home.ok_or_else(guests::unknown)?;
    let guest = home.guests.into_iter().find(|guest| guest.id == id);
    let guest = guest.ok_or_else(guests::unknown)?;
    Ok((guest, home.id, home.name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::words::words;

    #[test]
    fn every_state_has_its_word() {
        for language in [Language::Italian, Language::English] {
            for state in GuestState::ALL {
                for key in ["guests-state", "guests-count"] {
                    let key = format!("{key}-{}", state.as_str());
                    assert!(words(language).find(&key).is_some(), "{language}: {key}");
                }
            }
        }
    }
}
