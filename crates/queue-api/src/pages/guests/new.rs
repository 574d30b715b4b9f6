//! `/guests/new`: somebody for the list.

use askama::Template;
use axum::extract::{Form, Query, State};
use axum::response::{IntoResponse, Redirect};

use super::fields::{Fields, filled};
use super::list::{Choice, sides};
use crate::app::{App, Shared};
use crate::guests::{Person, add_person};
use crate::pages::frame::{Frame, Section};
use crate::pages::page::{form_again, page};
use crate::pages::refusal::{Refused, Shown};
use crate::pages::visitor::Visitor;

#[derive(Template)]
#[template(path = "pages/guests/new.html")]
struct NewPage {
    f: Frame,
    fields: Fields,
    sides: Vec<Choice>,
}

/// The address may say the household.
pub(super) async fn form(
    State(app): State<Shared>,
    visitor: Visitor,
    Query(fields): Query<Fields>,
) -> Shown {
    page(&new_page(&app, &visitor, fields).await?)
}

pub(super) async fn add(
    State(app): State<Shared>,
    visitor: Visitor,
    Form(fields): Form<Fields>,
) -> Shown {
    let person = Person {
        name: fields.name.clone(),
        phone: filled(&fields.phone),
        side: filled(&fields.side),
        language: fields.language(),
        household: filled(&fields.household),
    };
    match add_person(&app, &visitor.actor(), None, person).await {
        Ok((guest, _)) => {
            let address = format!(
                "/guests/households/{}?said=guests-added",
                guest.household_id
            );
            Ok(Redirect::to(&address).into_response())
        }
        Err(failure) => {
            let fields = fields.refused(Refused::from(failure))?;
            form_again(&new_page(&app, &visitor, fields).await?)
        }
    }
}

async fn new_page(app: &App, visitor: &Visitor, fields: Fields) -> Result<NewPage, Refused> {
    let f = Frame::of(app, visitor, Section::Guests, "guests-new-title").await?;
    let sides = sides(&f, app);
    Ok(NewPage { f, fields, sides })
}
