//! `/conversations`: one line for each contact with whom something was said, the newest on top.

use askama::Template;
use axum::extract::{Query, State};
use domain::Timestamp;
use domain::conversation::Origin;
use serde::Deserialize;
use storage::{ConversationFilter, ConversationLine};

use super::bubble::kind_key;
use crate::app::{App, Shared};
use crate::pages::frame::{Frame, Section};
use crate::pages::page::page;
use crate::pages::queue::{beginning, called, said, side, with_query};
use crate::pages::refusal::Shown;
use crate::pages::visitor::Visitor;
use crate::paging;

/// So many conversations on a page.
const ON_A_PAGE: u32 = 50;

#[derive(Deserialize)]
pub(super) struct Which {
    unread: Option<String>,
    search: Option<String>,
    cursor: Option<String>,
}

/// A conversation in the list.
struct Talk {
    contact: String,
    who: String,
    writer: String,
    side: usize,
    kind: Option<&'static str>,
    text: Option<String>,
    is_revoked: bool,
    at: Timestamp,
    unread: u32,
    opted_out: bool,
    suspended: bool,
}

impl Talk {
    fn of(app: &App, f: &Frame, line: ConversationLine) -> Self {
        let person = f.person(&line.session);
        let writer = if line.origin == Origin::Guest {
            "conversations-to"
        } else {
            "conversations-from"
        };
        Self {
            contact: line.contact.to_string(),
            who: called(f, &line.guests, line.phone.as_ref()),
            writer: f.with(writer, &[("person", person.into())]),
            side: side(app, &line.session),
            kind: kind_key(line.kind),
            text: line.text.map(|text| beginning(&text)),
            is_revoked: line.is_revoked,
            at: line.at,
            unread: line.unread,
            opted_out: line.opted_out_at.is_some(),
            suspended: line.suspended_at.is_some(),
        }
    }
}

#[derive(Template)]
#[template(path = "pages/conversations/list.html")]
struct ListPage {
    f: Frame,
    talks: Vec<Talk>,
    search: String,
    only_unread: bool,
    is_later: bool,
    newest: String,
    older: Option<String>,
    is_spouse: bool,
}

pub(super) async fn list(
    State(app): State<Shared>,
    visitor: Visitor,
    Query(which): Query<Which>,
) -> Shown {
    let f = Frame::of(
        &app,
        &visitor,
        Section::Conversations,
        "conversations-title",
    )
    .await?;
    let account = visitor.known()?.id;
    let cursor = said(which.cursor);
    let after = paging::cursor(cursor.as_deref())?;
    let search = said(which.search);
    let search = paging::search("search", search.as_deref())?.map(str::to_owned);
    let filter = ConversationFilter {
        unread: said(which.unread).is_some(),
        search,
    };
    let found = app
        .store
        .conversations(account, &filter, after.as_ref(), ON_A_PAGE)
        .await?;
    let older = found.next.map(|next| next.to_string());
    let talks = found.items.into_iter();
    page(&ListPage {
        talks: talks.map(|line| Talk::of(&app, &f, line)).collect(),
        newest: address(&filter, None),
        older: older.map(|cursor| address(&filter, Some(&cursor))),
        is_later: after.is_some(),
        only_unread: filter.unread,
        search: filter.search.unwrap_or_default(),
        is_spouse: visitor.own_session().is_some(),
        f,
    })
}

fn address(filter: &ConversationFilter, cursor: Option<&str>) -> String {
    let fields = [
        ("unread", filter.unread.then_some("1")),
        ("search", filter.search.as_deref()),
        ("cursor", cursor),
    ];
    with_query("/conversations", &fields)
}
