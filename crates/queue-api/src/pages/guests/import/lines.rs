//! `GET /guests/import/lines`: what a file would do, line by line, before anything is done.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::IntoResponse;
use domain::config::Language;
use serde::Deserialize;

use super::{gone, reasons};
use crate::app::Shared;
use crate::guests::{Action, Counts, ImportOptions, LineView, look_at_file};
use crate::pages::frame::{Frame, Section};
use crate::pages::page::page;
use crate::pages::refusal::Shown;
use crate::pages::visitor::Visitor;

/// So many lines on a page.
const LINES: usize = 300;

#[derive(Template)]
#[template(path = "pages/guests/lines.html")]
struct LinesPage {
    f: Frame,
    counts: Counts,
    lines: Vec<Line>,
    mark: String,
    /// Whether only the lines of one kind are shown.
    filtered: bool,
    /// The first line shown and the last, of how many.
    shown: (usize, usize, usize),
    before: Option<String>,
    after: Option<String>,
}

/// One line in words.
struct Line {
    number: u32,
    /// Whether a person has to look at it.
    marked: bool,
    name: String,
    phone: String,
    /// The numbers that are not used, in a sentence.
    other_phones: String,
    household: String,
    side: String,
    language: String,
    /// What it would do, or why it is refused.
    does: String,
}

#[derive(Deserialize)]
pub(super) struct Place {
    #[serde(default)]
    file: String,
    #[serde(default)]
    from: usize,
    #[serde(default)]
    only: String,
}

/// Where a file is looked at.
pub(super) fn address(mark: &str) -> String {
    format!("/guests/import/lines?file={mark}")
}

pub(super) async fn lines(
    State(app): State<Shared>,
    visitor: Visitor,
    Query(place): Query<Place>,
) -> Shown {
    let browser = visitor.form_token();
    let Some(file) = app.kept_files.find(&browser, &place.file, app.now()) else {
        return Ok(gone().into_response());
    };
    let f = Frame::of(&app, &visitor, Section::Guests, "guests-lines-title").await?;
    let view = look_at_file(&app, file, ImportOptions::default()).await?;
    let only = match place.only.as_str() {
        "refused" => Some(Action::Refused),
        "check" => Some(Action::Check),
        _ => None,
    };
    let wanted = |line: &&LineView| only.is_none_or(|only| line.action == only);
    let all: Vec<_> = view.lines.iter().filter(wanted).collect();
    let from = place.from.min(all.len());
    let to = from.saturating_add(LINES).min(all.len());
    let go = |from: usize| {
        let only = only.map_or_else(String::new, |_| format!("&only={}", place.only));
        format!("{}&from={from}{only}", address(&place.file))
    };
    page(&LinesPage {
        counts: view.counts,
        lines: all[from..to]
            .iter()
            .map(|line| Line::of(&f, line))
            .collect(),
        filtered: only.is_some(),
        shown: (from + 1, to, all.len()),
        before: (from > 0).then(|| go(from.saturating_sub(LINES))),
        after: (to < all.len()).then(|| go(to)),
        mark: place.file.clone(),
        f,
    })
}

impl Line {
    fn of(f: &Frame, line: &LineView) -> Self {
        let side = line.side.as_ref().map(|side| f.person(side));
        let language = line.language.map(|language| match language {
            Language::Italian => f.t("guests-italian"),
            Language::English => f.t("guests-english"),
        });
        Self {
            number: line.line,
            marked: matches!(line.action, Action::Refused | Action::Check),
            name: line.name.clone().unwrap_or_default(),
            phone: line.phone.clone().unwrap_or_default(),
            other_phones: other_phones(f, line),
            household: line.household.clone().unwrap_or_default(),
            side: side.unwrap_or_default(),
            language: language.unwrap_or_default(),
            does: does(f, line),
        }
    }
}

fn does(f: &Frame, line: &LineView) -> String {
    match (line.action, line.refusal) {
        (Action::Add, _) => f.t("guests-line-add"),
        (Action::Unchanged, _) => f.t("guests-line-unchanged"),
        (Action::Update, _) => {
            let fields = line.fields.iter().map(|field| f.t(&field_key(field)));
            let fields = fields.collect::<Vec<_>>().join(", ");
            f.with("guests-line-update", &[("fields", fields.into())])
        }
        (Action::Refused | Action::Check, Some(refusal)) => reasons::sentence(f, refusal),
        (Action::Refused | Action::Check, None) => f.t("guests-line-refused"),
    }
}

fn other_phones(f: &Frame, line: &LineView) -> String {
    if line.other_phones.is_empty() {
        return String::new();
    }
    let phones = line.other_phones.join(", ");
    f.with("guests-line-other-phones", &[("phones", phones.into())])
}

fn field_key(field: &str) -> String {
    format!("guests-field-{field}")
}

#[cfg(test)]
mod tests {
    use storage::GuestField;

    use super::*;
    use crate::pages::words::words;

    #[test]
    fn every_field_that_changes_has_its_name() {
        use GuestField::{Household, Language as Spoken, Name, Phone, Side};
        for language in [Language::Italian, Language::English] {
            for field in [Name, Phone, Side, Spoken, Household] {
                let key = field_key(field.as_str());
                assert!(words(language).find(&key).is_some(), "{language}: {key}");
            }
        }
    }
}
