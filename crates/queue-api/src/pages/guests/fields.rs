//! The fields of a guest's form, as somebody filled them in, and which of them are wrong.

use domain::config::Language;
use serde::Deserialize;
use storage::BookGuest;

use crate::pages::refusal::Refused;

/// What stands in the fields.
#[derive(Clone, Default, Deserialize)]
pub(super) struct Fields {
    #[serde(default)]
    pub(super) name: String,
    #[serde(default)]
    pub(super) phone: String,
    #[serde(default)]
    pub(super) side: String,
    #[serde(default)]
    pub(super) language: String,
    #[serde(default)]
    pub(super) household: String,
    /// The names of the fields that were not taken.
    #[serde(skip)]
    wrong: Vec<String>,
}

impl Fields {
    /// As the list has them.
    pub(super) fn of(guest: BookGuest, household: Option<String>) -> Self {
        Self {
            name: guest.name,
            phone: guest
                .phone
                .map(|phone| phone.international())
                .unwrap_or_default(),
            side: guest.side.map(|side| side.to_string()).unwrap_or_default(),
            language: guest
                .language
                .map(|language| language.as_str().to_owned())
                .unwrap_or_default(),
            household: household.unwrap_or_default(),
            wrong: Vec::new(),
        }
    }

    /// Takes over which fields are wrong, or gives back what is not about fields.
    pub(super) fn refused(mut self, refused: Refused) -> Result<Self, Refused> {
        if refused.problem().code() != "invalid_guest" {
            return Err(refused);
        }
        let errors = refused.problem().errors();
        self.wrong = errors.iter().map(|error| error.field.clone()).collect();
        Ok(self)
    }

    /// Whether that field was not taken.
    pub(super) fn is_wrong(&self, field: &str) -> bool {
        self.wrong.iter().any(|wrong| wrong == field)
    }

    /// The language that is chosen.
    pub(super) fn language(&self) -> Option<Language> {
        self.language.parse().ok()
    }
}

/// A field that says something.
pub(super) fn filled(field: &str) -> Option<String> {
    Some(field.trim().to_owned()).filter(|text| !text.is_empty())
}
