//! The big button: stops all sending at once, also what is being typed right now, and says what had already left. And the
//! buttons that let it go on.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect};
use domain::ids::MessageId;
use serde::Deserialize;
use storage::{MessageRow, OPERATION, needs_a_look};

use super::waiting::called;
use crate::app::{App, Shared};
use crate::pages::access::Access;
use crate::pages::frame::{Frame, Section};
use crate::pages::page::page;
use crate::pages::refusal::{Refused, Shown};
use crate::pages::registry::Pages;
use crate::pages::visitor::Visitor;
use crate::sessions::{self, Standing};

/// So many messages are looked up for the page: more are never under way at once.
const MOST: usize = 50;

pub(super) fn routes(pages: Pages) -> Pages {
    pages
        .post("/stop", Access::SignedIn, stop)
        .get("/stopped", Access::SignedIn, stopped)
        .post("/resume", Access::SignedIn, resume_all)
        .post("/sessions/{session}/resume", Access::SignedIn, resume)
}

/// Whether the button to go on ends this session's pause: one that needs a look is ended by itself, and an operation ends its own.
pub(super) fn is_resumable(session: &Standing) -> bool {
    let by = session.row.paused_by.as_deref();
    by.is_some_and(|by| by != OPERATION && !needs_a_look(by))
}

async fn stop(State(app): State<Shared>, visitor: Visitor) -> Shown {
    let left = sessions::stop_all(&app, &visitor.actor()).await?;
    let left: Vec<_> = left.iter().map(ToString::to_string).collect();
    Ok(Redirect::to(&format!("/stopped?left={}", left.join("."))).into_response())
}

#[derive(Deserialize)]
struct Left {
    #[serde(default)]
    left: String,
}

/// A message that had already left.
struct Gone {
    /// The guests' names, or the number.
    to: String,
    text: String,
    /// What became of it.
    status: String,
}

#[derive(Template)]
#[template(path = "pages/stopped.html")]
struct StoppedPage {
    f: Frame,
    /// Every session is paused, still.
    stopped: bool,
    count: usize,
    sentence: String,
    /// Empty for those who may not know.
    gone: Vec<Gone>,
}

async fn stopped(
    State(app): State<Shared>,
    visitor: Visitor,
    Query(Left { left }): Query<Left>,
) -> Shown {
    let f = Frame::of(&app, &visitor, Section::Home, "home-stopped-title").await?;
    let left = messages(&app, &left).await?;
    let count = left.len();
    let all = app.store.sessions().await?;
    let gone = left.iter().map(|row| gone(&f, row));
    page(&StoppedPage {
        stopped: all.iter().all(|row| row.paused_by.is_some()),
        count,
        sentence: f.with("home-stopped-left", &[("n", count.into())]),
        gone: if f.reads_texts() {
            gone.collect()
        } else {
            Vec::new()
        },
        f,
    })
}

async fn messages(app: &App, left: &str) -> Result<Vec<MessageRow>, Refused> {
    let mut rows = Vec::new();
    for id in left.split('.').take(MOST) {
        let id: Result<MessageId, _> = id.parse();
        if let Ok(id) = id
            && let Some(row) = app.store.message(id).await?
        {
            rows.push(row);
        }
    }
    Ok(rows)
}

fn gone(f: &Frame, row: &MessageRow) -> Gone {
    Gone {
        to: called(f, &row.guest_names, row.phone.as_ref()),
        text: row.text.as_str().to_owned(),
        status: f.t(&format!("home-gone-{}", row.status)),
    }
}

async fn resume_all(State(app): State<Shared>, visitor: Visitor) -> Shown {
    sessions::resume_all(&app, &visitor.actor()).await?;
    Ok(Redirect::to("/?said=resumed").into_response())
}

async fn resume(State(app): State<Shared>, visitor: Visitor, Path(session): Path<String>) -> Shown {
    let session = sessions::find(&app, &session).await?.name;
    sessions::resume(&app, &session, &visitor.actor()).await?;
    Ok(Redirect::to("/?said=resumed").into_response())
}

#[cfg(test)]
mod tests {
    use domain::config::Language;
    use domain::message_status::MessageStatus;

    use crate::pages::words::words;

    #[test]
    fn whatever_became_of_a_message_has_its_words() {
        for language in [Language::Italian, Language::English] {
            for status in MessageStatus::ALL {
                let key = format!("home-gone-{status}");
                assert!(words(language).find(&key).is_some(), "{language}: {key}");
            }
        }
    }
}
