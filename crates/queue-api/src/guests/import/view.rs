//! What a file does to the list, line by line, as people see it.

use std::collections::VecDeque;

use domain::config::Language;
use domain::ids::GuestId;
use domain::session::SessionName;
use guest_import::LineProblem;
use serde::Serialize;
use storage::{GuestField, ImportLine, LinePlan};
use utoipa::ToSchema;

use super::reading::{Read, Refusal};
use crate::schemas;

/// What a file does to the list.
#[derive(Serialize, ToSchema)]
#[schema(as = Import)]
pub(crate) struct ImportView {
    /// Whether this is only what would be done.
    pub(crate) dry_run: bool,
    /// How many lines do what.
    pub(crate) counts: Counts,
    /// Every line of the file that holds something, in order.
    pub(crate) lines: Vec<LineView>,
}

/// How many lines do what.
#[derive(Clone, Copy, Default, Serialize, ToSchema)]
#[schema(as = ImportCounts)]
pub(crate) struct Counts {
    /// Guests who are new.
    pub(crate) add: usize,
    /// Guests of whom the file says something else than the list.
    pub(crate) update: usize,
    /// Guests who are on the list already, as the file says.
    pub(crate) unchanged: usize,
    /// Lines whose number has to be confirmed before they are imported.
    pub(crate) check: usize,
    /// Lines that cannot be imported.
    pub(crate) refused: usize,
}

/// What one line does.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ImportAction)]
pub(crate) enum Action {
    /// Adds a guest.
    Add,
    /// Changes a guest on the list.
    Update,
    /// Nothing: the guest is on the list already.
    Unchanged,
    /// Nothing, until its number is confirmed, which `phone` holds as it was read.
    Check,
    /// Nothing: `code` and `detail` say why.
    Refused,
}

/// One line of a file, and what it does.
#[derive(Serialize, ToSchema)]
#[schema(as = ImportedLine)]
pub(crate) struct LineView {
    /// The line of the file where it begins, from 1.
    pub(crate) line: u32,
    /// What it does.
    pub(crate) action: Action,
    /// The guest on the list that it means.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Uuid>)]
    pub(crate) guest: Option<GuestId>,
    /// What is different of that guest.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(example = json!(["phone", "household"]))]
    pub(crate) fields: Vec<&'static str>,
    /// The name that was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    /// The phone number that was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "+39 347 000 0001")]
    pub(crate) phone: Option<String>,
    /// The other numbers of the line, which are not used. What is no phone number stands as it is written.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(example = json!(["+39 348 000 0002"]))]
    pub(crate) other_phones: Vec<String>,
    /// With whom they are invited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) household: Option<String>,
    /// Whose guest they are, by session.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub(crate) side: Option<SessionName>,
    /// The language they are written to in.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<schemas::GuestLanguage>)]
    pub(crate) language: Option<Language>,
    /// Why it is refused or has to be checked, for programs.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "unreadable_phone")]
    code: Option<&'static str>,
    /// Why it is refused or has to be checked and what to do about it, in a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) detail: Option<String>,
    /// The same for the pages, which have their own words.
    #[serde(skip)]
    #[schema(ignore)]
    pub(crate) refusal: Option<Refusal>,
}

impl ImportView {
    /// Puts the refused lines back between the good ones. `sessions`: the names of those there are, for a sentence.
    pub(super) fn of(dry_run: bool, read: Read, plans: Vec<LinePlan>, sessions: &str) -> Self {
        let Read {
            good,
            other_phones,
            mut refused,
        } = read;
        let mut lines = Vec::with_capacity(good.len() + refused.len());
        for ((line, other_phones), plan) in good.into_iter().zip(other_phones).zip(plans) {
            while let Some(refused) = next_before(&mut refused, line.number) {
                lines.push(LineView::refused(refused, sessions));
            }
            lines.push(LineView {
                other_phones,
                ..LineView::of(line, plan, sessions)
            });
        }
        lines.extend(
            refused
                .into_iter()
                .map(|line| LineView::refused(line, sessions)),
        );
        let mut counts = Counts::default();
        for line in &lines {
            counts.count(line.action);
        }
        Self {
            dry_run,
            counts,
            lines,
        }
    }
}

fn next_before(refused: &mut VecDeque<(u32, Refusal)>, line: u32) -> Option<(u32, Refusal)> {
    refused.pop_front_if(|(number, _)| *number < line)
}

impl Counts {
    const fn count(&mut self, action: Action) {
        *match action {
            Action::Add => &mut self.add,
            Action::Update => &mut self.update,
            Action::Unchanged => &mut self.unchanged,
            Action::Check => &mut self.check,
            Action::Refused => &mut self.refused,
        } += 1;
    }
}

impl LineView {
    fn of(line: ImportLine, plan: LinePlan, sessions: &str) -> Self {
        let (action, guest, fields) = match plan {
            LinePlan::Add => (Action::Add, None, Vec::new()),
            LinePlan::Update { guest, fields } => (Action::Update, Some(guest), fields),
            LinePlan::Unchanged { guest } => (Action::Unchanged, Some(guest), Vec::new()),
            LinePlan::PhoneUnconfirmed => (Action::Check, None, Vec::new()),
            LinePlan::SameAsLine { line: first } => {
                let problem = LineProblem::SameAsLine { first };
                return Self::refused((line.number, Refusal::Line(problem)), sessions);
            }
        };
        let check = (action == Action::Check).then_some(Refusal::PhoneUnconfirmed);
        Self {
            guest,
            fields: fields.into_iter().map(GuestField::as_str).collect(),
            name: Some(line.name),
            phone: line.phone.map(|phone| phone.international()),
            household: line.household,
            side: line.side,
            language: line.language,
            code: check.map(Refusal::code),
            detail: check.map(|check| check.sentence(sessions)),
            refusal: check,
            ..Self::bare(line.number, action)
        }
    }

    fn refused((line, refusal): (u32, Refusal), sessions: &str) -> Self {
        Self {
            code: Some(refusal.code()),
            detail: Some(refusal.sentence(sessions)),
            refusal: Some(refusal),
            ..Self::bare(line, Action::Refused)
        }
    }

    const fn bare(line: u32, action: Action) -> Self {
        Self {
            line,
            action,
            guest: None,
            fields: Vec::new(),
            name: None,
            phone: None,
            other_phones: Vec::new(),
            household: None,
            side: None,
            language: None,
            code: None,
            detail: None,
            refusal: None,
        }
    }
}
