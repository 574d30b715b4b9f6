//! Somebody unknown is a guest after all: which one, or of which household.

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::response::{IntoResponse, Redirect};
use chassis::Problem;
use serde::Deserialize;
use storage::{GuestRow, HouseholdRow, Member};

use super::unknown::{Writer, own, writer};
use crate::app::Shared;
use crate::pages::frame::{Frame, Section};
use crate::pages::page::page;
use crate::pages::queue::{id, said};
use crate::pages::refusal::Shown;
use crate::pages::visitor::Visitor;
use crate::paging;
use crate::unknown_writers::tie_writer;

/// So many guests and households are offered.
const OFFERED: u32 = 15;

#[derive(Deserialize)]
pub(super) struct Wanted {
    search: Option<String>,
}

/// A guest or a household.
struct Offer {
    id: String,
    name: String,
    more: Option<String>,
}

#[derive(Template)]
#[template(path = "pages/conversations/unknown_tie.html")]
struct TiePage {
    f: Frame,
    writer: Writer,
    search: String,
    guests: Vec<Offer>,
    households: Vec<Offer>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct WhoTheyAre {
    guest: Option<String>,
    household: Option<String>,
}

pub(super) async fn ask(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(text): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Shown {
    let writer = writer(&app, own(&visitor)?, id(&text)?).await?;
    let f = Frame::of(&app, &visitor, Section::Conversations, "unknown-tie-title").await?;
    let search = said(wanted.search);
    let wanted = paging::search("search", search.as_deref())?;
    let guests = app.store.guests(wanted, None, OFFERED).await?.items;
    let households = app.store.households(wanted, None, OFFERED).await?.items;
    // whoever is invited alone is offered as a guest
    let named = households.into_iter().filter_map(household);
    page(&TiePage {
        guests: guests.into_iter().map(guest).collect(),
        households: named.collect(),
        search: search.unwrap_or_default(),
        writer,
        f,
    })
}

fn guest(row: GuestRow) -> Offer {
    Offer {
        id: row.id.to_string(),
        name: row.name,
        more: row.phone.map(|phone| phone.international()),
    }
}

fn household(row: HouseholdRow) -> Option<Offer> {
    Some(Offer {
        id: row.id.to_string(),
        name: row.name?,
        more: Some(row.guests.join(", ")),
    })
}

pub(super) async fn tie(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(text): Path<String>,
    Form(they_are): Form<WhoTheyAre>,
) -> Shown {
    let session = own(&visitor)?;
    let member = match (said(they_are.guest), said(they_are.household)) {
        (Some(guest), None) => Member::Guest(id(&guest)?),
        (None, Some(household)) => Member::Household(id(&household)?),
        _ => return Err(Problem::bad_request("household_or_guest", "Say who they are.").into()),
    };
    let contact = tie_writer(&app, &visitor.actor(), session, id(&text)?, member).await?;
    let there = format!("/conversations/{contact}?said=unknown-tied");
    Ok(Redirect::to(&there).into_response())
}
