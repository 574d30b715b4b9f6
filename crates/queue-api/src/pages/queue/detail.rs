//! `/queue/{id}`: one message, whole: where it is, its story, when it will probably go, and what may be done about it.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::Timestamp;
use domain::ids::{ContactId, MessageId};
use domain::message_status::MessageStatus;
use domain::release::Band;
use storage::{Explained, MessageRow};

use super::change::Form;
use super::line::{Why, called, last_step, side};
use super::phase::Phase;
use super::steps::{Step, cancelled_key, failed_key};
use super::{id, recipient};
use crate::app::{App, Shared};
use crate::messages::{Held, outlook, unknown_message};
use crate::pages::conversations::{Bubble, last_bubbles};
use crate::pages::frame::{Frame, Section};
use crate::pages::page::page;
use crate::pages::refusal::{Refused, Shown};
use crate::pages::visitor::Visitor;

/// So much of the chat is shown beside a message in doubt.
const BESIDE: u32 = 12;

#[derive(Template)]
#[template(path = "pages/queue/detail.html")]
pub(super) struct DetailPage {
    pub(super) f: Frame,
    id: String,
    contact: String,
    who: String,
    person: String,
    side: usize,
    text: String,
    lane: String,
    phase: Phase,
    why: Option<Why>,
    ended: Option<String>,
    forecast: Option<Band>,
    queued_at: Timestamp,
    send_now: bool,
    steps: Vec<Step>,
    form: Form,
    may: May,
    /// The guests whom it may be given to.
    recipients: Vec<(ContactId, String)>,
    chat: Vec<Bubble>,
}

/// What may be done about a message, as far as its status tells.
#[expect(clippy::struct_excessive_bools, reason = "each is a button of its own")]
pub(super) struct May {
    change: bool,
    hurry: bool,
    retry: bool,
    leave: bool,
    settle: bool,
}

impl May {
    fn of(row: &MessageRow) -> Self {
        let pending = row.status == MessageStatus::Pending;
        Self {
            change: pending || row.status == MessageStatus::Composing,
            hurry: pending && !row.send_now,
            retry: row.status == MessageStatus::Failed,
            leave: row.status == MessageStatus::Failed && row.failure_left_at.is_none(),
            settle: row.status == MessageStatus::Uncertain,
        }
    }
}

pub(super) async fn show(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(text): Path<String>,
) -> Shown {
    page(&detail_page(&app, &visitor, id(&text)?, None).await?)
}

/// The page of a message, with its form as it was filled in, if it was.
pub(super) async fn detail_page(
    app: &App,
    visitor: &Visitor,
    id: MessageId,
    form: Option<Form>,
) -> Result<DetailPage, Refused> {
    let f = Frame::of(app, visitor, Section::Queue, "queue-message").await?;
    let now = app.now();
    let explained = app.store.explain(id, now).await?;
    let explained = explained.ok_or_else(unknown_message)?;
    let (config, _) = app.store.config().await?;
    let found = outlook(app, config, explained, now).await;
    let (explained, held, forecast) = (found.explained, found.held, found.forecast);
    let steps = app.store.timeline(id).await?;
    let chat = beside(app, &f, &explained).await?;
    let row = explained.row;
    let recipients = recipient::recipients(app, &row).await?;
    let step = last_step(app, &row).await?;
    let form = form.unwrap_or_else(|| Form::of(&row, f.zone()));
    Ok(DetailPage {
        id: id.to_string(),
        contact: row.contact.to_string(),
        who: called(&f, &row.guest_names, row.phone.as_ref()),
        person: f.person(&row.session),
        side: side(app, &row.session),
        text: row.text.as_str().to_owned(),
        lane: f.t(&format!("queue-lane-{}", row.lane)),
        phase: Phase::of(&row, held.is_some(), step.as_deref()),
        why: held.map(|held| why(&f, held)),
        ended: ended(&f, &row),
        forecast,
        queued_at: row.queued_at,
        send_now: row.send_now,
        steps: steps.into_iter().map(|step| Step::of(&f, step)).collect(),
        form,
        may: May::of(&row),
        recipients,
        chat,
        f,
    })
}

/// What holds a message, in words.
fn why(f: &Frame, held: Held) -> Why {
    match held {
        Held::By(wait) => Why::of(f, wait),
        Held::Queue(ahead, until) => Why {
            reason: f.with("queue-others-first", &[("count", ahead.into())]),
            ends: until.map_or_else(
                || f.t("ends-earlier_ends"),
                |at| f.with("ends-at", &[("time", f.time(&at).into())]),
            ),
        },
        Held::Never(reason) => Why {
            reason: f.t(&format!("queue-never-{}", reason.as_str())),
            ends: String::new(),
        },
    }
}

/// Why it failed or was cancelled.
fn ended(f: &Frame, row: &MessageRow) -> Option<String> {
    match row.status {
        MessageStatus::Failed => row.last_error.map(|reason| f.t(&failed_key(reason))),
        MessageStatus::Cancelled => row.cancel_reason.map(|reason| f.t(&cancelled_key(reason))),
        _ => None,
    }
}

/// The chat, beside a message of which nobody knows whether it arrived.
async fn beside(app: &App, f: &Frame, explained: &Explained) -> Result<Vec<Bubble>, Refused> {
    let row = &explained.row;
    if row.status != MessageStatus::Uncertain {
        return Ok(Vec::new());
    }
    last_bubbles(app, f, row.contact, Some(&row.session), BESIDE).await
}

/// Back to the message, which then says what was done.
pub(super) fn back(id: MessageId, said: &str) -> Response {
    Redirect::to(&format!("/queue/{id}?said={said}")).into_response()
}
