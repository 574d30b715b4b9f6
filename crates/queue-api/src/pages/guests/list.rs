//! `GET /guests`: the list by household.

use askama::Template;
use axum::extract::{Query, State};
use domain::ids::HouseholdId;
use storage::{BookCounts, BookHousehold, GuestState};

use super::person::{Person, called};
use super::wanted::{Wanted, cold_before};
use crate::app::{App, Shared};
use crate::pages::frame::{Frame, Section};
use crate::pages::page::page;
use crate::pages::refusal::Shown;
use crate::pages::visitor::Visitor;

/// So many households on a page.
const HOUSEHOLDS: u32 = 50;

#[derive(Template)]
#[template(path = "pages/guests/list.html")]
struct ListPage {
    f: Frame,
    wanted: Wanted,
    tabs: Vec<Tab>,
    sides: Vec<Choice>,
    homes: Vec<Home>,
    /// Whether there is anybody on the list at all, as far as the filter tells.
    empty: bool,
    next: Option<String>,
}

/// A state that the list may be narrowed to.
struct Tab {
    address: String,
    name: String,
    count: u32,
    here: bool,
}

/// A value to choose, and what it is called.
pub(super) struct Choice {
    pub(super) value: String,
    pub(super) name: String,
}

struct Home {
    id: HouseholdId,
    name: String,
    /// It has no name of its own: somebody is invited alone.
    alone: bool,
    guests: Vec<Person>,
}

pub(super) async fn list(
    State(app): State<Shared>,
    visitor: Visitor,
    Query(wanted): Query<Wanted>,
) -> Shown {
    let f = Frame::of(&app, &visitor, Section::Guests, "guests-title").await?;
    let (filter, cold_before) = (wanted.filter()?, cold_before(&app).await?);
    let after = wanted.after()?;
    let found = app
        .store
        .guest_book(&filter, cold_before, after.as_ref(), HOUSEHOLDS)
        .await?;
    let counts = app.store.guest_counts(&filter, cold_before).await?;
    let homes: Vec<_> = found.items.iter().map(|home| Home::of(&f, home)).collect();
    page(&ListPage {
        tabs: tabs(&f, &wanted, &counts),
        sides: sides(&f, &app),
        empty: homes.is_empty() && counts.all() == 0 && !wanted.narrows(),
        next: found.next.map(|cursor| wanted.next("/guests", cursor)),
        homes,
        wanted,
        f,
    })
}

impl Home {
    fn of(f: &Frame, home: &BookHousehold) -> Self {
        Self {
            id: home.id,
            name: called(home),
            alone: home.name.is_none(),
            guests: home
                .guests
                .iter()
                .map(|guest| Person::of(f, guest))
                .collect(),
        }
    }
}

fn tabs(f: &Frame, wanted: &Wanted, counts: &BookCounts) -> Vec<Tab> {
    let all = Tab {
        address: wanted.in_state(""),
        name: f.t("guests-count-all"),
        count: counts.all(),
        here: GuestState::named(&wanted.state).is_none(),
    };
    let states = GuestState::ALL.into_iter().map(|state| Tab {
        address: wanted.in_state(state.as_str()),
        name: f.t(&format!("guests-count-{}", state.as_str())),
        count: counts.of(state),
        here: wanted.state == state.as_str(),
    });
    std::iter::once(all).chain(states).collect()
}

/// Whose guests there may be.
pub(super) fn sides(f: &Frame, app: &App) -> Vec<Choice> {
    let sessions = app.sessions().iter();
    sessions
        .map(|session| Choice {
            value: session.to_string(),
            name: f.person(session),
        })
        .collect()
}
