//! Changing a message that has not left: what it says, and when it may go.

use axum::extract::{Form as Sent, Path, State};
use chrono_tz::Tz;
use domain::Timestamp;
use domain::message_text::MessageText;
use serde::Deserialize;
use storage::{Edit, MessageRow};

use super::detail::{back, detail_page};
use super::{id, written};
use crate::app::Shared;
use crate::messages::{PRIORITIES, edit_message, unknown_message};
use crate::pages::local_time;
use crate::pages::page::form_again;
use crate::pages::refusal::Shown;
use crate::pages::visitor::Visitor;

/// The form of a message, as it stands or as somebody filled it in.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Form {
    pub(super) version: i64,
    pub(super) text: String,
    pub(super) not_before: String,
    pub(super) not_after: String,
    pub(super) priority: String,
    pub(super) drop_if_answered: Option<String>,
    /// The field that is wrong, and the key of what is wrong with it.
    #[serde(skip)]
    pub(super) wrong: Option<(&'static str, &'static str)>,
}

impl Form {
    /// The form of a message as it is.
    pub(super) fn of(row: &MessageRow, zone: Tz) -> Self {
        Self {
            version: row.version,
            text: row.text.as_str().to_owned(),
            not_before: field(row.not_before, zone),
            not_after: field(row.not_after, zone),
            priority: row.priority.to_string(),
            drop_if_answered: row.drop_if_answered.then(|| "on".to_owned()),
            wrong: None,
        }
    }

    /// The key of what is wrong with that field.
    pub(super) fn wrong_with(&self, field: &str) -> Option<&'static str> {
        self.wrong
            .filter(|(wrong, _)| *wrong == field)
            .map(|(_, key)| key)
    }

    /// Three levels, and the one that a program chose.
    pub(super) fn priorities(&self) -> Vec<(String, &'static str, bool)> {
        let mut levels = vec![
            ("10".to_owned(), "queue-priority-first", false),
            ("0".to_owned(), "queue-priority-usual", false),
            ("-10".to_owned(), "queue-priority-last", false),
        ];
        if !levels.iter().any(|(value, ..)| *value == self.priority) {
            levels.push((self.priority.clone(), "queue-priority-own", false));
        }
        for (value, _, chosen) in &mut levels {
            *chosen = *value == self.priority;
        }
        levels
    }

    /// What it changes of the message, or what is wrong.
    fn edit(&self, row: &MessageRow, zone: Tz) -> Result<Edit, (&'static str, &'static str)> {
        let before = Self::of(row, zone);
        let text = written(&self.text);
        let parsed = MessageText::parse(text.clone()).map_err(|_| ("text", "queue-wrong-text"))?;
        let priority: i32 = self.priority.parse().unwrap_or(row.priority);
        if !PRIORITIES.contains(&priority) {
            return Err(("priority", "queue-wrong-priority"));
        }
        let not_before = changed(&self.not_before, &before.not_before, zone)
            .map_err(|key| ("not_before", key))?;
        let not_after =
            changed(&self.not_after, &before.not_after, zone).map_err(|key| ("not_after", key))?;
        let from = not_before.unwrap_or(row.not_before);
        let to = not_after.unwrap_or(row.not_after);
        if from.zip(to).is_some_and(|(from, to)| from >= to) {
            return Err(("not_after", "queue-wrong-order"));
        }
        let dropped = self.drop_if_answered.is_some();
        Ok(Edit {
            text: (text != before.text).then_some(parsed),
            priority: (priority != row.priority).then_some(priority),
            not_before,
            not_after,
            drop_if_answered: (dropped != row.drop_if_answered).then_some(dropped),
        })
    }
}

fn field(at: Option<Timestamp>, zone: Tz) -> String {
    at.map_or_else(String::new, |at| local_time::shown(at, zone))
}

/// What became of a moment: nothing, another one, or none any more.
#[expect(
    clippy::option_option,
    reason = "the store tells what stays from what is taken away"
)]
fn changed(text: &str, before: &str, zone: Tz) -> Result<Option<Option<Timestamp>>, &'static str> {
    if text == before {
        return Ok(None);
    }
    if text.trim().is_empty() {
        return Ok(Some(None));
    }
    let at = local_time::read(text, zone).ok_or("queue-wrong-time")?;
    Ok(Some(Some(at)))
}

pub(super) async fn edit(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(text): Path<String>,
    Sent(mut form): Sent<Form>,
) -> Shown {
    let id = id(&text)?;
    let row = app.store.message(id).await?.ok_or_else(unknown_message)?;
    let (config, _) = app.store.config().await?;
    match form.edit(&row, config.time_zone) {
        Ok(edit) => {
            let version = Some(form.version);
            edit_message(&app, &visitor.actor(), id, version, &edit).await?;
            Ok(back(id, "queue-edited"))
        }
        Err(wrong) => {
            form.wrong = Some(wrong);
            form_again(&detail_page(&app, &visitor, id, Some(form)).await?)
        }
    }
}
