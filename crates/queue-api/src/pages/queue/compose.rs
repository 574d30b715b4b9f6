//! `/queue/new`: a message to somebody, written by hand.
//!
//! The rule that must hold: a form that is sent twice queues one message. It carries a key of its own, as a program's request would.

use askama::Template;
use axum::extract::{Form, Query, State};
use chrono_tz::Tz;
use domain::ids::{ContactId, MessageId};
use domain::message_text::MessageText;
use domain::session::SessionName;
use serde::Deserialize;
use storage::{ContactRow, GuestRow};

use super::detail::back;
use super::line::called;
use super::list::{Choice, known_session, sessions};
use super::{id, said, written};
use crate::app::{App, Shared};
use crate::contacts::unknown_contact;
use crate::idempotency::of_form;
use crate::messages::{ByHand, queue};
use crate::pages::frame::{Frame, Section};
use crate::pages::local_time;
use crate::pages::page::{form_again, page};
use crate::pages::refusal::{Refused, Shown};
use crate::pages::visitor::{Visitor, fresh_secret};
use crate::paging;
use domain::lane::Lane;

/// So many guests are offered.
const OFFERED: u32 = 30;

#[derive(Deserialize)]
pub(super) struct Wanted {
    to: Option<String>,
    search: Option<String>,
}

/// The form, as it stands or as somebody filled it in.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Wish {
    to: String,
    session: String,
    text: String,
    not_before: String,
    drop_if_answered: Option<String>,
    once: String,
}

/// A guest who can be chosen; without a contact there is nobody to write to.
struct Offer {
    name: String,
    household: Option<String>,
    contact: Option<String>,
}

#[derive(Template)]
#[template(path = "pages/queue/choose.html")]
struct ChoosePage {
    f: Frame,
    search: String,
    offers: Vec<Offer>,
}

#[derive(Template)]
#[template(path = "pages/queue/compose.html")]
struct ComposePage {
    f: Frame,
    who: String,
    wish: Wish,
    sessions: Vec<Choice>,
    has_not_written_to: Vec<String>,
    opted_out: bool,
    wrong: Option<(&'static str, &'static str)>,
}

impl ComposePage {
    fn wrong_with(&self, field: &str) -> Option<&'static str> {
        self.wrong
            .filter(|(wrong, _)| *wrong == field)
            .map(|(_, key)| key)
    }
}

pub(super) async fn form(
    State(app): State<Shared>,
    visitor: Visitor,
    Query(wanted): Query<Wanted>,
) -> Shown {
    let Some(to) = said(wanted.to) else {
        return choose(&app, &visitor, said(wanted.search)).await;
    };
    let wish = Wish {
        to,
        once: fresh_secret(&app),
        ..Wish::default()
    };
    page(&compose_page(&app, &visitor, wish, None).await?)
}

/// Whom to: guests by name or number.
async fn choose(app: &App, visitor: &Visitor, search: Option<String>) -> Shown {
    let f = Frame::of(app, visitor, Section::Queue, "queue-new-title").await?;
    let wanted = paging::search("search", search.as_deref())?;
    let guests = app.store.guests(wanted, None, OFFERED).await?;
    page(&ChoosePage {
        offers: guests.items.into_iter().map(offer).collect(),
        search: search.unwrap_or_default(),
        f,
    })
}

fn offer(guest: GuestRow) -> Offer {
    Offer {
        name: guest.name,
        household: guest.household,
        contact: guest.contact.map(|contact| contact.to_string()),
    }
}

async fn compose_page(
    app: &App,
    visitor: &Visitor,
    wish: Wish,
    wrong: Option<(&'static str, &'static str)>,
) -> Result<ComposePage, Refused> {
    let f = Frame::of(app, visitor, Section::Queue, "queue-new-title").await?;
    let contact: ContactId = id(&wish.to)?;
    let contact = app.store.contact(contact).await?;
    let contact = contact.ok_or_else(unknown_contact)?;
    let chosen = known_session(app, Some(wish.session.clone()));
    let chosen = chosen.or_else(|| usual(app, visitor, &contact));
    let silent = app
        .sessions()
        .iter()
        .filter(|name| !wrote_to(&contact, name));
    Ok(ComposePage {
        who: called(&f, &contact.guests, contact.phone.as_ref()),
        sessions: sessions(app, &f, chosen.as_ref()),
        has_not_written_to: silent.map(|name| f.person(name)).collect(),
        opted_out: contact.opted_out_at.is_some(),
        wish,
        wrong,
        f,
    })
}

fn wrote_to(contact: &ContactRow, session: &SessionName) -> bool {
    let mut sessions = contact.sessions.iter();
    sessions.any(|place| place.session == *session && place.last_in_at.is_some())
}

/// Who writes, when nobody says so: the visitor, if the contact wrote to them; else whom they wrote to last.
pub(in crate::pages) fn usual(
    app: &App,
    visitor: &Visitor,
    contact: &ContactRow,
) -> Option<SessionName> {
    let own = visitor.own_session();
    if let Some(own) = own.filter(|own| wrote_to(contact, own)) {
        return Some(own.clone());
    }
    let last = contact
        .sessions
        .iter()
        .filter(|place| place.last_in_at.is_some());
    let last = last.max_by_key(|place| place.last_in_at);
    last.map(|place| place.session.clone())
        .or_else(|| own.cloned())
        .or_else(|| app.sessions().first().cloned())
}

pub(super) async fn queue_it(
    State(app): State<Shared>,
    visitor: Visitor,
    Form(wish): Form<Wish>,
) -> Shown {
    let contact = id(&wish.to)?;
    let (config, _) = app.store.config().await?;
    match by_hand(&app, &wish, contact, config.time_zone) {
        Ok(message) => {
            let queued = enqueue(&app, &visitor, message, &wish.once).await?;
            Ok(back(queued, "queue-queued"))
        }
        Err(wrong) => form_again(&compose_page(&app, &visitor, wish, Some(wrong)).await?),
    }
}

fn by_hand(
    app: &App,
    wish: &Wish,
    contact: ContactId,
    zone: Tz,
) -> Result<ByHand, (&'static str, &'static str)> {
    let session = known_session(app, Some(wish.session.clone()));
    let session = session.ok_or(("session", "queue-wrong-session"))?;
    let text = written(&wish.text);
    MessageText::parse(text.clone()).map_err(|_| ("text", "queue-wrong-text"))?;
    let not_before = match said(Some(wish.not_before.clone())) {
        None => None,
        Some(at) => Some(local_time::read(&at, zone).ok_or(("not_before", "queue-wrong-time"))?),
    };
    Ok(ByHand {
        session,
        contact,
        text,
        lane: Lane::Manual,
        not_before,
        drop_if_answered: wish.drop_if_answered.is_some(),
        reply_to: None,
    })
}

/// Queues a message that somebody wrote on a page; the same form sent again gives the same message.
pub(in crate::pages) async fn enqueue(
    app: &App,
    visitor: &Visitor,
    message: ByHand,
    once: &str,
) -> Result<MessageId, Refused> {
    let draft = message.into();
    let key = of_form(visitor.known()?.id, once, &draft);
    let queued = queue(app, vec![draft], key.as_ref(), |_| String::new()).await?;
    let queued = queued.ids.first().copied();
    queued.ok_or_else(|| chassis::Problem::internal().into())
}
