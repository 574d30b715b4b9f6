//! What somebody writes down of news: the fields as they stand in the form, and what is wrong with which.

use chassis::Problem;
use chrono_tz::Tz;
use domain::Timestamp;
use domain::broadcast::Wrote;
use domain::config::Language;
use domain::session::SessionName;
use serde::Deserialize;
use storage::BroadcastRow;

use crate::broadcasts::{Changes, Draft, Whom};
use crate::change::Change;
use crate::pages::local_time;

/// The fields, as text.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Fields {
    pub(super) title: String,
    pub(super) template: String,
    pub(super) side: String,
    pub(super) language: String,
    pub(super) wrote: String,
    pub(super) search: String,
    pub(super) session: String,
    pub(super) not_before: String,
    pub(super) not_after: String,
    pub(super) version: String,
}

/// What is wrong: the field, and the key of the sentence.
pub(super) struct Wrong(pub(super) Vec<(String, String)>);

impl Wrong {
    /// The key of what is wrong with a field.
    pub(super) fn with(&self, field: &str) -> Option<&str> {
        let found = self.0.iter().find(|(name, _)| name == field);
        found.map(|(_, key)| key.as_str())
    }
}

impl Fields {
    /// What was written down before.
    pub(super) fn of(row: &BroadcastRow, zone: Tz) -> Self {
        let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
        let audience = &row.audience;
        Self {
            title: row.title.clone(),
            template: row.template.as_str().to_owned(),
            side: text(audience.side.as_ref().map(SessionName::as_str)),
            language: text(audience.language.map(Language::as_str)),
            wrote: text(audience.wrote.map(Wrote::as_str)),
            search: text(audience.search.as_deref()),
            session: row.session.to_string(),
            not_before: row
                .not_before
                .map_or_else(String::new, |at| local_time::shown(at, zone)),
            not_after: local_time::shown(row.not_after, zone),
            version: row.version.to_string(),
        }
    }

    /// An empty form, with what is proposed.
    pub(super) fn proposed(session: &str, until: Timestamp, zone: Tz) -> Self {
        Self {
            session: session.to_owned(),
            not_after: local_time::shown(until, zone),
            ..Self::default()
        }
    }

    /// The version that was looked at.
    pub(super) fn version(&self) -> Option<i64> {
        self.version.parse().ok()
    }

    /// As it is stored.
    pub(super) fn draft(&self, zone: Tz) -> Draft {
        Draft {
            title: self.title.trim().to_owned(),
            template: self.template.clone(),
            audience: self.whom(Whom::default()),
            session: self.session.clone(),
            not_before: moment(&self.not_before, zone),
            not_after: moment(&self.not_after, zone),
        }
    }

    /// What is changed of `row`: who was taken out by hand stays out.
    pub(super) fn changes(&self, row: &BroadcastRow, zone: Tz) -> Changes {
        Changes {
            title: Some(self.title.trim().to_owned()),
            template: Some(self.template.clone()),
            audience: Some(self.whom(row.audience.clone().into())),
            session: Some(self.session.clone()),
            not_before: moment(&self.not_before, zone).map_or(Change::TakenAway, Change::Becomes),
            not_after: moment(&self.not_after, zone),
        }
    }

    fn whom(&self, before: Whom) -> Whom {
        let chosen = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Whom {
            side: chosen(&self.side),
            language: self.language.parse().ok(),
            wrote: self.wrote.parse().ok(),
            search: chosen(self.search.trim()),
            ..before
        }
    }
}

/// As the API reads it; what cannot be read goes on as it is, to be refused there.
fn moment(text: &str, zone: Tz) -> Option<String> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let at = local_time::read(text, zone);
    Some(at.map_or_else(|| text.to_owned(), |at| at.to_rfc3339()))
}

/// What a refusal says of the fields.
pub(super) fn wrong(problem: &Problem) -> Wrong {
    let key = |field: &str| match field {
        "template" => "broadcasts-bad-template",
        "title" => "broadcasts-bad-title",
        "not_before" | "not_after" => "broadcasts-bad-time",
        "session" | "audience.side" => "broadcasts-bad-side",
        _ => "broadcasts-bad-audience",
    };
    let errors = problem.errors().iter();
    let fields = errors.map(|error| (error.field.clone(), key(&error.field).to_owned()));
    Wrong(fields.collect())
}
