//! `/settings/changes`: who changed what, newest first, in plain words.

use askama::Template;
use axum::extract::{Query, State};
use domain::Timestamp;
use domain::session::SessionName;
use serde::Deserialize;
use storage::AuditRow;

use super::catalogue::settings;
use crate::app::Shared;
use crate::pages::frame::{Frame, Section};
use crate::pages::page::page;
use crate::pages::refusal::Shown;
use crate::paging;
use crate::problem::Failure;

/// So many on a page.
const PAGE: u32 = 50;

#[derive(Deserialize)]
pub(super) struct Where {
    cursor: Option<String>,
}

/// One change.
struct Change {
    at: Timestamp,
    who: String,
    what: String,
    /// Of which session, or which settings.
    about: Option<String>,
}

#[derive(Template)]
#[template(path = "pages/changes.html")]
struct ChangesPage {
    f: Frame,
    changes: Vec<Change>,
    /// Where older ones are.
    older: Option<String>,
    /// Not the newest ones.
    later: bool,
}

pub(super) async fn list(
    State(app): State<Shared>,
    visitor: crate::pages::visitor::Visitor,
    Query(place): Query<Where>,
) -> Shown {
    let f = Frame::of(&app, &visitor, Section::Settings, "changes-title").await?;
    let after = paging::cursor(place.cursor.as_deref()).map_err(Failure::from)?;
    let found = app.store.audit(after.as_ref(), PAGE).await?;
    page(&ChangesPage {
        changes: found.items.iter().map(|row| change(&f, row)).collect(),
        older: found
            .next
            .map(|next| format!("/settings/changes?cursor={next}")),
        later: after.is_some(),
        f,
    })
}

fn change(f: &Frame, row: &AuditRow) -> Change {
    Change {
        at: row.at,
        who: who(f, &row.actor),
        about: about(f, row),
        what: what(f, &row.action),
    }
}

/// What acts by itself has a name of ours; people have their own.
fn who(f: &Frame, actor: &str) -> String {
    match actor {
        "worker" | "facts" => f.t("changes-by-system"),
        "contact" => f.t("changes-by-contact"),
        "command line" => f.t("changes-by-command-line"),
        "one-time link" => f.t("changes-by-link"),
        name => name.to_owned(),
    }
}

/// The key of an action's words.
fn key(action: &str) -> String {
    format!("changes-{}", action.replace('.', "-"))
}

fn what(f: &Frame, action: &str) -> String {
    f.find(&key(action)).unwrap_or_else(|| action.to_owned())
}

/// Whose session, or which settings. What somebody wrote about a contact is for those who read texts.
fn about(f: &Frame, row: &AuditRow) -> Option<String> {
    let detail = row.detail.as_deref();
    match row.action.split('.').next() {
        Some("session") => {
            let session = SessionName::parse(&row.subject).ok()?;
            Some(f.person(&session))
        }
        Some("config") => Some(setting_names(f, detail?)),
        Some("contact") if f.reads_texts() => detail.map(str::to_owned),
        _ => None,
    }
}

fn setting_names(f: &Frame, detail: &str) -> String {
    let name = |name: &str| {
        let known = settings().any(|setting| setting.name == name);
        let text = known.then(|| f.t(&format!("settings-name-{name}")));
        text.unwrap_or_else(|| name.to_owned())
    };
    let names: Vec<_> = detail.split(", ").map(name).collect();
    names.join(" · ")
}

#[cfg(test)]
#[path = "../../../tests/unit/settings_changes.rs"]
mod tests;
