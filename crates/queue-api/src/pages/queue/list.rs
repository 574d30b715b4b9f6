//! `/queue`: messages, newest first, page by page.

use askama::Template;
use axum::extract::{Query, State};
use domain::ids::BroadcastId;
use domain::lane::Lane;
use domain::message_status::MessageStatus;
use domain::session::SessionName;
use serde::Deserialize;
use storage::MessageFilter;
use url::form_urlencoded;

use super::{Line, lines, said};
use crate::app::{App, Shared};
use crate::pages::frame::{Frame, Section};
use crate::pages::page::page;
use crate::pages::refusal::Shown;
use crate::pages::visitor::Visitor;
use crate::paging;

/// So many messages on a page.
const ON_A_PAGE: u32 = 50;

/// Which messages, as the address says; what is left empty does not matter.
#[derive(Deserialize)]
pub(super) struct Which {
    status: Option<String>,
    session: Option<String>,
    lane: Option<String>,
    search: Option<String>,
    /// The copies of that news; its page leads here.
    broadcast: Option<String>,
    cursor: Option<String>,
}

/// Something to choose in a list of choices.
pub(in crate::pages) struct Choice {
    pub(in crate::pages) value: String,
    pub(in crate::pages) label: String,
    pub(in crate::pages) chosen: bool,
}

#[derive(Template)]
#[template(path = "pages/queue/list.html")]
struct ListPage {
    f: Frame,
    statuses: Vec<Choice>,
    sessions: Vec<Choice>,
    lanes: Vec<Choice>,
    search: String,
    broadcast: Option<String>,
    is_filtered: bool,
    is_later: bool,
    lines: Vec<Line>,
    newest: String,
    older: Option<String>,
}

pub(super) async fn list(
    State(app): State<Shared>,
    visitor: Visitor,
    Query(which): Query<Which>,
) -> Shown {
    let f = Frame::of(&app, &visitor, Section::Queue, "queue-title").await?;
    let cursor = said(which.cursor);
    let after = paging::cursor(cursor.as_deref())?;
    let search = said(which.search);
    let search = paging::search("search", search.as_deref())?.map(str::to_owned);
    let filter = MessageFilter {
        session: known_session(&app, which.session),
        status: which.status.and_then(|status| status.parse().ok()),
        lane: which.lane.and_then(|lane| lane.parse().ok()),
        broadcast: which.broadcast.and_then(|id| id.parse().ok()),
        search,
        ..MessageFilter::default()
    };
    let store = &app.store;
    let found = store.messages(&filter, after.as_ref(), ON_A_PAGE).await?;
    let older = found
        .next
        .map(|next| address(&filter, Some(&next.to_string())));
    page(&ListPage {
        statuses: statuses(&f, filter.status),
        sessions: sessions(&app, &f, filter.session.as_ref()),
        lanes: lanes(&f, filter.lane),
        is_filtered: address(&filter, None) != "/queue",
        is_later: after.is_some(),
        newest: address(&filter, None),
        broadcast: filter.broadcast.as_ref().map(BroadcastId::to_string),
        search: filter.search.unwrap_or_default(),
        lines: lines(&app, &f, found.items).await?,
        older,
        f,
    })
}

/// A session by its name, when this installation has it.
pub(super) fn known_session(app: &App, name: Option<String>) -> Option<SessionName> {
    let name = SessionName::parse(&name?).ok()?;
    app.knows(&name).then_some(name)
}

/// The same list from another place on.
fn address(filter: &MessageFilter, cursor: Option<&str>) -> String {
    let broadcast = filter.broadcast.as_ref().map(BroadcastId::to_string);
    let fields = [
        ("status", filter.status.map(MessageStatus::as_str)),
        ("session", filter.session.as_ref().map(SessionName::as_str)),
        ("lane", filter.lane.map(Lane::as_str)),
        ("search", filter.search.as_deref()),
        ("broadcast", broadcast.as_deref()),
        ("cursor", cursor),
    ];
    with_query("/queue", &fields)
}

/// An address with those fields that say something.
pub(in crate::pages) fn with_query(path: &str, fields: &[(&str, Option<&str>)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in fields {
        if let Some(value) = value {
            query.append_pair(name, value);
        }
    }
    match query.finish() {
        query if query.is_empty() => path.to_owned(),
        query => format!("{path}?{query}"),
    }
}

fn statuses(f: &Frame, chosen: Option<MessageStatus>) -> Vec<Choice> {
    let all = MessageStatus::ALL.iter();
    all.map(|status| Choice {
        value: status.to_string(),
        label: f.t(&format!("queue-status-{status}")),
        chosen: chosen == Some(*status),
    })
    .collect()
}

fn lanes(f: &Frame, chosen: Option<Lane>) -> Vec<Choice> {
    let all = Lane::ALL.iter();
    all.map(|lane| Choice {
        value: lane.to_string(),
        label: f.t(&format!("queue-lane-{lane}")),
        chosen: chosen == Some(*lane),
    })
    .collect()
}

/// The spouses.
pub(in crate::pages) fn sessions(
    app: &App,
    f: &Frame,
    chosen: Option<&SessionName>,
) -> Vec<Choice> {
    let all = app.sessions().iter();
    all.map(|session| Choice {
        value: session.to_string(),
        label: f.person(session),
        chosen: chosen == Some(session),
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use domain::config::Language;

    use super::*;
    use crate::pages::words::words;

    #[test]
    fn every_status_and_lane_has_its_word() {
        let statuses = MessageStatus::ALL.iter();
        let statuses = statuses.map(|status| format!("queue-status-{status}"));
        let lanes = Lane::ALL.iter().map(|lane| format!("queue-lane-{lane}"));
        for key in statuses.chain(lanes) {
            for language in [Language::Italian, Language::English] {
                assert!(words(language).find(&key).is_some(), "{key}");
            }
        }
    }

    #[test]
    fn an_address_says_only_what_matters() {
        let fields = [("a", None), ("b", Some("Anna & Co")), ("c", Some("ü"))];
        assert_eq!(
            with_query("/queue", &fields),
            "/queue?b=Anna+%26+Co&c=%C3%BC"
        );
        assert_eq!(with_query("/queue", &[]), "/queue");
    }
}
