//! `/guests/{id}`: a guest, to be looked at and changed.

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect};
use domain::ids::{ContactId, GuestId, HouseholdId};

use super::fields::{Fields, filled};
use super::list::{Choice, sides};
use super::person::{self, Person};
use crate::app::{App, Shared};
use crate::change::Change;
use crate::guests::{Changes, edit_guest};
use crate::pages::frame::{Frame, Section};
use crate::pages::page::{form_again, page};
use crate::pages::refusal::{Refused, Shown};
use crate::pages::visitor::Visitor;

#[derive(Template)]
#[template(path = "pages/guests/guest.html")]
struct GuestPage {
    f: Frame,
    person: Person,
    household: HouseholdId,
    contact: Option<ContactId>,
    fields: Fields,
    sides: Vec<Choice>,
}

pub(super) async fn form(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(id): Path<GuestId>,
) -> Shown {
    page(&guest_page(&app, &visitor, id, None).await?)
}

pub(super) async fn save(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(id): Path<GuestId>,
    Form(fields): Form<Fields>,
) -> Shown {
    let changes = Changes {
        name: Change::Becomes(fields.name.clone()),
        phone: change(filled(&fields.phone)),
        side: change(filled(&fields.side)),
        language: change(fields.language()),
        household: change(filled(&fields.household)),
    };
    match edit_guest(&app, &visitor.actor(), id, changes).await {
        Ok(_) => Ok(Redirect::to(&format!("/guests/{id}?said=guests-saved")).into_response()),
        Err(failure) => {
            let fields = fields.refused(Refused::from(failure))?;
            form_again(&guest_page(&app, &visitor, id, Some(fields)).await?)
        }
    }
}

/// An empty field of the form takes the value away.
fn change<T>(field: Option<T>) -> Change<T> {
    field.map_or(Change::TakenAway, Change::Becomes)
}

async fn guest_page(
    app: &App,
    visitor: &Visitor,
    id: GuestId,
    fields: Option<Fields>,
) -> Result<GuestPage, Refused> {
    let f = Frame::of(app, visitor, Section::Guests, "guests-title").await?;
    let (guest, household, name) = person::guest(app, id).await?;
    let f = f.titled(guest.name.clone());
    Ok(GuestPage {
        person: Person::of(&f, &guest),
        sides: sides(&f, app),
        household,
        contact: guest.contact,
        fields: fields.unwrap_or_else(|| Fields::of(guest, name)),
        f,
    })
}
