//! `/conversations/{contact}`: what was said with a contact on all numbers, what is on its way to them, and the answer to it.
//!
//! Opening it marks what they wrote as seen by this account. That is the one thing that looking changes; nobody else's page tells
//! of it, and a page that is open in the background does not do it.

use askama::Template;
use axum::extract::{Path, Query, State};
use domain::Timestamp;
use domain::ids::ContactId;
use domain::phone_number::PhoneNumber;
use http::HeaderMap;
use serde::Deserialize;
use storage::{ContactRow, Cursor};

use super::bubble::Bubble;
use crate::app::{App, Shared};
use crate::contacts::{undelivered, unknown_contact};
use crate::pages::frame::{Frame, Section};
use crate::pages::page::page;
use crate::pages::queue::{Choice, Line, called, id, lines, said, sessions, usual, with_query};
use crate::pages::refusal::{Refused, Shown};
use crate::pages::visitor::{Visitor, fresh_secret};
use crate::paging;

/// So many messages on a page.
const ON_A_PAGE: u32 = 50;
/// So many that are not over are shown under the conversation.
const UNDER_WAY: u32 = 20;

#[derive(Default, Deserialize)]
pub(super) struct Which {
    cursor: Option<String>,
    quote: Option<String>,
}

/// The answer, as somebody began it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Answer {
    pub(super) session: String,
    pub(super) quote: String,
    pub(super) text: String,
    pub(super) once: String,
    #[serde(skip)]
    pub(super) wrong: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "pages/conversations/thread.html")]
pub(super) struct ThreadPage {
    f: Frame,
    contact: String,
    number: Option<String>,
    opted_out_at: Option<Timestamp>,
    suspended_at: Option<Timestamp>,
    /// Why this person may not be getting what is sent.
    undelivered: Option<String>,
    bubbles: Vec<Bubble>,
    older: Option<String>,
    is_earlier: bool,
    under_way: Vec<Line>,
    sessions: Vec<Choice>,
    answer: Answer,
    quoted: Option<Quoted>,
}

/// What the answer quotes, and whose number it was written to: that one answers.
struct Quoted {
    text: String,
    session: String,
    person: String,
}

pub(super) async fn show(
    State(app): State<Shared>,
    visitor: Visitor,
    headers: HeaderMap,
    Path(text): Path<String>,
    Query(which): Query<Which>,
) -> Shown {
    let contact = id(&text)?;
    let cursor = said(which.cursor);
    let after = paging::cursor(cursor.as_deref())?;
    let in_background = headers.get("x-live").is_some_and(|seen| seen == "hidden");
    if after.is_none() && !in_background {
        let account = visitor.known()?.id;
        // it only informs: where nothing can be written, what was said is shown all the same
        drop(app.store.mark_conversation_seen(account, contact).await);
    }
    let answer = Answer {
        quote: said(which.quote).unwrap_or_default(),
        once: fresh_secret(&app),
        ..Answer::default()
    };
    page(&thread_page(&app, &visitor, contact, after, answer).await?)
}

/// The page of a conversation, with the answer as it was begun.
pub(super) async fn thread_page(
    app: &App,
    visitor: &Visitor,
    id: ContactId,
    after: Option<Cursor>,
    answer: Answer,
) -> Result<ThreadPage, Refused> {
    let f = Frame::of(app, visitor, Section::Conversations, "conversations-title").await?;
    let contact = app.store.contact(id).await?.ok_or_else(unknown_contact)?;
    let said = app
        .store
        .conversation(id, None, after.as_ref(), ON_A_PAGE)
        .await?;
    let said = said.ok_or_else(unknown_contact)?;
    let next = said.next.map(|next| next.to_string());
    let rows = said.items.into_iter().rev();
    let mut bubbles: Vec<_> = rows.map(|row| Bubble::of(app, &f, row)).collect();
    let cursor = after.map(|after| after.to_string());
    for bubble in bubbles.iter_mut().filter(|bubble| bubble.is_theirs) {
        bubble.answer = Some(answer_address(id, cursor.as_deref(), &bubble.id));
    }
    let mut under_way = app.store.messages_under_way(id, UNDER_WAY).await?;
    under_way.reverse();
    let quoted = quoted(&f, &bubbles, &answer.quote);
    let who = called(&f, &contact.guests, contact.phone.as_ref());
    let path = format!("/conversations/{id}");
    let undelivered = undelivered(app, Some(id)).await?;
    let undelivered = undelivered.first().map(|row| {
        let args = [
            ("who", who.as_str().into()),
            ("time", f.time(&row.since).into()),
        ];
        f.with("conversations-undelivered", &args)
    });
    Ok(ThreadPage {
        contact: id.to_string(),
        number: contact.phone.as_ref().map(PhoneNumber::international),
        opted_out_at: contact.opted_out_at,
        suspended_at: contact.suspended_at,
        undelivered,
        older: next.map(|cursor| with_query(&path, &[("cursor", Some(&cursor))])),
        is_earlier: cursor.is_some(),
        under_way: lines(app, &f, under_way).await?,
        sessions: choices(app, &f, visitor, &contact, &answer),
        bubbles,
        answer,
        quoted,
        f: f.titled(who),
    })
}

fn choices(
    app: &App,
    f: &Frame,
    visitor: &Visitor,
    contact: &ContactRow,
    answer: &Answer,
) -> Vec<Choice> {
    let begun = app.sessions().iter();
    let begun = begun.clone().find(|name| name.as_str() == answer.session);
    let chosen = begun.cloned().or_else(|| usual(app, visitor, contact));
    sessions(app, f, chosen.as_ref())
}

/// The address that quotes one of theirs, on the page on which it stands.
fn answer_address(contact: ContactId, cursor: Option<&str>, quote: &str) -> String {
    let fields = [("cursor", cursor), ("quote", Some(quote))];
    with_query(&format!("/conversations/{contact}"), &fields) + "#answer"
}

/// What is quoted, when it is one of theirs that stands on the page.
fn quoted(f: &Frame, bubbles: &[Bubble], quote: &str) -> Option<Quoted> {
    let mut theirs = bubbles.iter().filter(|bubble| bubble.is_theirs);
    let bubble = theirs.find(|bubble| bubble.id == quote)?;
    let kind = bubble.kind.map(|key| f.t(key));
    let text = bubble.text.as_deref().map(crate::pages::queue::beginning);
    Some(Quoted {
        text: text.or(kind).unwrap_or_default(),
        session: bubble.session.to_string(),
        person: f.person(&bubble.session),
    })
}
