//! What a person on the list may be, checked field by field: every mistake is found at once.

use chassis::Problem;
use chassis::problem::FieldError;
use domain::phone_number::{Country, PhoneNumber};
use domain::session::SessionName;

use crate::app::App;
use crate::short_text::{LONGEST, is_text};

/// Reads fields and remembers what was wrong with them.
pub(super) struct Checks<'a> {
    app: &'a App,
    country: Country,
    mistakes: Vec<FieldError>,
}

impl<'a> Checks<'a> {
    /// Numbers without a prefix belong to `country`.
    pub(super) const fn new(app: &'a App, country: Country) -> Self {
        Self {
            app,
            country,
            mistakes: Vec::new(),
        }
    }

    pub(super) fn note(&mut self, field: &str, message: impl Into<String>) {
        self.mistakes.push(FieldError {
            field: field.to_owned(),
            message: message.into(),
        });
    }

    pub(super) fn name(&mut self, name: &str) -> Option<String> {
        if name.trim().is_empty() {
            self.note("name", "the name is empty: write one");
            return None;
        }
        self.text("name", name)
    }

    pub(super) fn household(&mut self, name: &str) -> Option<String> {
        self.text("household", name)
    }

    fn text(&mut self, field: &str, text: &str) -> Option<String> {
        if !is_text(text, LONGEST) {
            self.note(field, format!("at most {LONGEST} characters, and no NUL"));
            return None;
        }
        Some(text.trim().to_owned())
    }

    pub(super) fn side(&mut self, side: &str) -> Option<SessionName> {
        let session = SessionName::parse(side).ok();
        let known = session.filter(|name| self.app.knows(name));
        if known.is_none() {
            let sessions = self.app.session_list();
            self.note("side", format!("unknown session: use one of {sessions}"));
        }
        known
    }

    pub(super) fn phone(&mut self, phone: &str) -> Option<PhoneNumber> {
        let phone = PhoneNumber::parse(phone, self.country);
        phone.map_err(|e| self.note("phone", e.to_string())).ok()
    }

    /// 422 `invalid_guest`, when there was a mistake. `consequence`: what was not done.
    pub(super) fn end(self, consequence: &str) -> Result<(), Problem> {
        if self.mistakes.is_empty() {
            return Ok(());
        }
        Err(Problem::invalid(
            "invalid_guest",
            consequence,
            self.mistakes,
        ))
    }
}
