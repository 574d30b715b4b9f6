//! A person's word about writing to somebody: no more, or again. Each on a page of its own, with what it does and why.

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect};
use domain::ids::ContactId;
use serde::Deserialize;
use storage::ContactDecision;

use crate::app::{App, Shared};
use crate::contacts::{decide_contact, unknown_contact};
use crate::pages::frame::{Frame, Section};
use crate::pages::page::{form_again, page};
use crate::pages::queue::{called, id};
use crate::pages::refusal::{Refused, Shown};
use crate::pages::visitor::Visitor;
use crate::short_text::{LONGEST_REASON, trimmed};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Because {
    reason: String,
}

#[derive(Template)]
#[template(path = "pages/conversations/wish.html")]
struct WishPage {
    f: Frame,
    contact: ContactId,
    who: String,
    is_out: bool,
    reason: String,
    longest: usize,
    wrong: bool,
}

async fn wish_page(
    app: &App,
    visitor: &Visitor,
    contact: ContactId,
    is_out: bool,
    because: Option<Because>,
) -> Result<WishPage, Refused> {
    let title = if is_out {
        "conversations-out-title"
    } else {
        "conversations-in-title"
    };
    let f = Frame::of(app, visitor, Section::Conversations, title).await?;
    let row = app.store.contact(contact).await?;
    let row = row.ok_or_else(unknown_contact)?;
    Ok(WishPage {
        who: called(&f, &row.guests, row.phone.as_ref()),
        contact,
        is_out,
        wrong: because.is_some(),
        reason: because.unwrap_or_default().reason,
        longest: LONGEST_REASON,
        f,
    })
}

pub(super) async fn ask_out(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(text): Path<String>,
) -> Shown {
    page(&wish_page(&app, &visitor, id(&text)?, true, None).await?)
}

pub(super) async fn ask_in(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(text): Path<String>,
) -> Shown {
    page(&wish_page(&app, &visitor, id(&text)?, false, None).await?)
}

pub(super) async fn opt_out(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(text): Path<String>,
    Form(because): Form<Because>,
) -> Shown {
    decide(&app, &visitor, id(&text)?, true, because).await
}

pub(super) async fn opt_in(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(text): Path<String>,
    Form(because): Form<Because>,
) -> Shown {
    decide(&app, &visitor, id(&text)?, false, because).await
}

async fn decide(
    app: &App,
    visitor: &Visitor,
    contact: ContactId,
    is_out: bool,
    because: Because,
) -> Shown {
    let Some(reason) = trimmed(&because.reason, LONGEST_REASON) else {
        let again = wish_page(app, visitor, contact, is_out, Some(because)).await?;
        return form_again(&again);
    };
    let reason = reason.to_owned();
    let (decision, said) = if is_out {
        (ContactDecision::OptOut, "conversations-out")
    } else {
        (ContactDecision::OptIn, "conversations-in")
    };
    decide_contact(app, &visitor.actor(), contact, decision, reason).await?;
    let there = format!("/conversations/{contact}?said={said}");
    Ok(Redirect::to(&there).into_response())
}
