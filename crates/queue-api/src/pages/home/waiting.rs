//! What waits for somebody to look, one by one, each with the page where it is decided: messages that were put aside, and people
//! who may have asked for no more.

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect};
use chrono::{DateTime, Utc};
use domain::ids::ContactId;
use domain::phone_number::PhoneNumber;
use domain::session::SessionName;
use serde::Deserialize;

use super::places;
use crate::app::Shared;
use crate::contacts::{
    SeenOnPhone, SeenUndelivered, confirm_contact, dismiss_undelivered, dismiss_unreadable,
    unconfirmed, undelivered, unreadable,
};
use crate::guests::going_cold;
use crate::households::unassigned_phones;
use crate::pages::access::Access;
use crate::pages::frame::{Frame, Section};
use crate::pages::page::page;
use crate::pages::refusal::Shown;
use crate::pages::registry::Pages;
use crate::pages::visitor::Visitor;
use crate::sessions;

/// So many at once; the next ones come when these are decided.
const MOST: u32 = 50;

pub(super) fn routes(pages: Pages) -> Pages {
    pages
        .get("/needs/aside/{session}", Access::Texts, aside)
        .get("/needs/suspended", Access::Texts, suspended)
        .get("/needs/going-cold", Access::Texts, cold)
        .get("/needs/phones", Access::Texts, phones)
        .get("/needs/undelivered", Access::Texts, silent)
        .post("/needs/undelivered/{contact}", Access::Texts, know)
        .get("/needs/unconfirmed", Access::Texts, unsure)
        .post("/needs/unconfirmed/{contact}", Access::Texts, confirm)
        .get("/needs/unreadable", Access::Texts, unread)
        .post("/needs/unreadable/{contact}", Access::Texts, dismiss)
}

/// Something to decide.
struct Waiting {
    /// Whom it is about.
    who: String,
    text: Option<String>,
    /// Where it is decided, and what the link there says.
    address: String,
    link: &'static str,
    /// A form that says that it is done.
    done: Option<Done>,
}

/// A form of one button.
struct Done {
    address: String,
    /// What the button says.
    label: &'static str,
    /// What it sends besides.
    fields: Vec<(&'static str, String)>,
}

#[derive(Template)]
#[template(path = "pages/waiting.html")]
struct WaitingPage {
    f: Frame,
    /// What one can decide.
    hint: String,
    all: Vec<Waiting>,
}

async fn aside(State(app): State<Shared>, visitor: Visitor, Path(session): Path<String>) -> Shown {
    let f = Frame::of(&app, &visitor, Section::Home, "home-aside-title").await?;
    let session = sessions::find(&app, &session).await?.name;
    let rows = app.store.messages_aside(&session, MOST).await?;
    let all = rows.iter().map(|row| Waiting {
        who: called(&f, &row.guest_names, row.phone.as_ref()),
        text: Some(row.text.as_str().to_owned()),
        address: places::message(row.id),
        link: "home-decide",
        done: None,
    });
    page(&WaitingPage {
        all: all.collect(),
        hint: f.t("home-aside-hint"),
        f,
    })
}

async fn suspended(State(app): State<Shared>, visitor: Visitor) -> Shown {
    let f = Frame::of(&app, &visitor, Section::Home, "home-suspended-title").await?;
    let mut all = Vec::new();
    for id in app.store.which_contacts_are_suspended(MOST).await? {
        if let Some(contact) = app.store.contact(id).await? {
            all.push(Waiting {
                who: called(&f, &contact.guests, contact.phone.as_ref()),
                text: None,
                address: places::contact(id),
                link: "home-decide",
                done: None,
            });
        }
    }
    page(&WaitingPage {
        all,
        hint: f.t("home-suspended-hint"),
        f,
    })
}

async fn cold(State(app): State<Shared>, visitor: Visitor) -> Shown {
    let f = Frame::of(&app, &visitor, Section::Home, "home-going-cold-title").await?;
    let all = going_cold(&app).await?.into_iter().map(|guest| Waiting {
        address: places::contact(guest.contact),
        link: "guests-conversation",
        done: None,
        who: guest.name,
        text: None,
    });
    page(&WaitingPage {
        all: all.collect(),
        hint: f.t("home-going-cold-hint"),
        f,
    })
}

async fn silent(State(app): State<Shared>, visitor: Visitor) -> Shown {
    let f = Frame::of(&app, &visitor, Section::Home, "home-undelivered-title").await?;
    let mut all = Vec::new();
    for row in undelivered(&app, None).await? {
        let Some(contact) = app.store.contact(row.contact).await? else {
            continue;
        };
        let on = [
            ("person", f.person(&row.session).into()),
            ("time", f.time(&row.since).into()),
        ];
        all.push(Waiting {
            who: called(&f, &contact.guests, contact.phone.as_ref()),
            text: Some(f.with("home-undelivered-on", &on)),
            address: places::contact(row.contact),
            link: "guests-conversation",
            done: Some(Done {
                address: places::dismiss_undelivered(row.contact),
                label: "home-undelivered-known",
                fields: seen_fields(&row.session, row.newest),
            }),
        });
    }
    page(&WaitingPage {
        all,
        hint: f.t("home-undelivered-hint"),
        f,
    })
}

async fn unread(State(app): State<Shared>, visitor: Visitor) -> Shown {
    let f = Frame::of(&app, &visitor, Section::Home, "home-unreadable-title").await?;
    let mut all = Vec::new();
    for row in unreadable(&app).await? {
        let Some(contact) = app.store.contact(row.contact).await? else {
            continue;
        };
        let on = [
            ("person", f.person(&row.session).into()),
            ("time", f.time(&row.at).into()),
        ];
        all.push(Waiting {
            who: called(&f, &contact.guests, contact.phone.as_ref()),
            text: Some(f.with("home-unreadable-on", &on)),
            address: places::contact(row.contact),
            link: "guests-conversation",
            done: Some(Done {
                address: places::dismiss_unreadable(row.contact),
                label: "home-seen-on-phone",
                fields: seen_fields(&row.session, row.at),
            }),
        });
    }
    page(&WaitingPage {
        all,
        hint: f.t("home-unreadable-hint"),
        f,
    })
}

async fn phones(State(app): State<Shared>, visitor: Visitor) -> Shown {
    let f = Frame::of(&app, &visitor, Section::Home, "home-phones-title").await?;
    let mut all = Vec::new();
    for phone in unassigned_phones(&app).await? {
        let Some(people) = app.store.household(phone.household).await? else {
            continue;
        };
        let Some(tied) = people.contacts.iter().find(|tied| tied.id == phone.contact) else {
            continue;
        };
        let names: Vec<_> = people
            .guests
            .iter()
            .map(|guest| guest.name.clone())
            .collect();
        let shown = tied.push_name.as_slice();
        all.push(Waiting {
            who: called(&f, shown, tied.phone.as_ref()),
            text: Some(people.name.clone().unwrap_or_else(|| names.join(", "))),
            address: places::household(phone.household),
            link: "home-decide",
            done: None,
        });
    }
    page(&WaitingPage {
        all,
        hint: f.t("home-phones-hint"),
        f,
    })
}

async fn unsure(State(app): State<Shared>, visitor: Visitor) -> Shown {
    let f = Frame::of(&app, &visitor, Section::Home, "home-unconfirmed-title").await?;
    let mut all = Vec::new();
    for contact in unconfirmed(&app).await? {
        let stranded = app.store.stranded_messages(contact.id).await?;
        let only_stranded = !stranded.is_empty() && contact.guests.is_empty();
        all.extend(stranded.into_iter().map(|row| Waiting {
            who: f.t("home-unconfirmed-message"),
            text: Some(row.text.as_str().to_owned()),
            address: places::message(row.id),
            link: "home-decide",
            done: None,
        }));
        if only_stranded {
            continue;
        }
        let number = contact.phone.as_ref().map(PhoneNumber::international);
        all.push(Waiting {
            who: called(&f, &contact.guests, contact.phone.as_ref()),
            text: Some(number.unwrap_or_else(|| f.t("home-unconfirmed-hidden"))),
            address: places::contact(contact.id),
            link: "guests-conversation",
            done: Some(Done {
                address: places::confirm(contact.id),
                label: "home-unconfirmed-confirm",
                fields: Vec::new(),
            }),
        });
    }
    page(&WaitingPage {
        all,
        hint: f.t("home-unconfirmed-hint"),
        f,
    })
}

async fn confirm(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(contact): Path<ContactId>,
) -> Shown {
    confirm_contact(&app, &visitor.actor(), contact).await?;
    Ok(Redirect::to(places::UNCONFIRMED).into_response())
}

/// The fields of [`Seen`].
fn seen_fields(session: &SessionName, at: DateTime<Utc>) -> Vec<(&'static str, String)> {
    vec![("session", session.to_string()), ("at", at.to_rfc3339())]
}

#[derive(Deserialize)]
struct Seen {
    session: SessionName,
    at: DateTime<Utc>,
}

async fn dismiss(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(contact): Path<ContactId>,
    Form(Seen { session, at }): Form<Seen>,
) -> Shown {
    let seen = SeenOnPhone { session, at };
    dismiss_unreadable(&app, &visitor.actor(), contact, seen).await?;
    Ok(Redirect::to(places::UNREADABLE).into_response())
}

async fn know(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(contact): Path<ContactId>,
    Form(Seen { session, at }): Form<Seen>,
) -> Shown {
    let seen = SeenUndelivered { session, at };
    dismiss_undelivered(&app, &visitor.actor(), contact, seen).await?;
    Ok(Redirect::to(places::UNDELIVERED).into_response())
}

/// The guests' names, else the number, else somebody.
pub(super) fn called(f: &Frame, guests: &[String], phone: Option<&PhoneNumber>) -> String {
    match (guests, phone) {
        ([], Some(phone)) => phone.international(),
        ([], None) => f.t("home-somebody"),
        (names, _) => names.join(", "),
    }
}
