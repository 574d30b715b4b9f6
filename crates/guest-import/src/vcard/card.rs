//! From a card to a guest.

use domain::{config::Language, phone_number::Country};

use super::{content_lines::ContentLine, property::Property};
use crate::{
    DraftGuest, Field, LineProblem,
    phones::{self, Kind, Written},
    written::{is_blank_text, is_name, language, tidy},
};

/// The properties that are read. The last one is what a `match` on them leaves over.
const KNOWN: [&str; 6] = ["FN", "N", "NICKNAME", "ORG", "LANG", "TEL"];

/// What a card told so far. Of each property that can stand once, the first one counts.
#[derive(Debug, Default)]
pub(crate) struct Card {
    formatted_name: Option<String>,
    name: Option<String>,
    nickname: Option<String>,
    organization: Option<String>,
    language: Option<Language>,
    phones: Vec<Written>,
}

impl Card {
    /// Takes what a property tells; most tell nothing that matters here.
    pub(crate) fn take(&mut self, line: &ContentLine<'_>) {
        let known = KNOWN
            .iter()
            .find(|known| line.name().eq_ignore_ascii_case(known.as_bytes()));
        let Some(known) = known else { return };
        let Some(property) = Property::read(&line.joined()) else {
            return;
        };
        match *known {
            "FN" => keep(&mut self.formatted_name, property.text()),
            "N" => keep(&mut self.name, name_in_order(&property.parts())),
            "NICKNAME" => keep(&mut self.nickname, property.text()),
            "ORG" => keep(&mut self.organization, property.parts().swap_remove(0)),
            // an address book knows more languages than guests are written to in, and nobody can mend it there
            "LANG" => self.language = self.language.or(language(property.raw()).ok().flatten()),
            _ => self.phones.extend(phone(&property)),
        }
    }

    /// The guest, once the card has ended.
    pub(crate) fn guest(self, country: Country) -> Result<DraftGuest, LineProblem> {
        let names = [
            self.formatted_name,
            self.name,
            self.nickname,
            self.organization,
        ];
        let name = names.into_iter().flatten().next().unwrap_or_default();
        Ok(DraftGuest {
            name: tidy(&name, Field::Name)?.ok_or(LineProblem::MissingName)?,
            phone: phones::choose(self.phones, country)?,
            household: None,
            side: None,
            language: self.language,
        })
    }
}

/// Keeps the first text that could be said: phones call a contact without a name by its number.
fn keep(place: &mut Option<String>, text: String) {
    if place.is_none() && is_name(&text) {
        *place = Some(text);
    }
}

/// `N` is family; given; additional; prefixes; suffixes. A name is said without the last two and given first.
fn name_in_order(parts: &[String]) -> String {
    let words: Vec<_> = [1, 2, 0]
        .into_iter()
        .filter_map(|place| parts.get(place))
        .filter(|part| !is_blank_text(part))
        .map(String::as_str)
        .collect();
    words.join(" ")
}

/// Nobody has WhatsApp on a fax machine.
fn phone(property: &Property) -> Option<Written> {
    if property.says(&["FAX", "PAGER", "MODEM"]) {
        return None;
    }
    let kind = if property.says(&["CELL", "MOBILE", "IPHONE"]) {
        Kind::Mobile
    } else if property.says(&["HOME", "WORK"]) {
        Kind::Place
    } else {
        Kind::Phone
    };
    Some(Written {
        kind,
        text: without_uri(property.raw()).to_owned(),
    })
}

/// Version 4.0 may write `tel:+39-347-000-0001;ext=1`.
fn without_uri(value: &str) -> &str {
    match value.trim().split_at_checked(4) {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("tel:") => {
            rest.split(';').next().unwrap_or_default()
        }
        _ => value,
    }
}
