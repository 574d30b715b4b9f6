//! `/guests/{id}/delete`: a guest is taken off the list, and nothing else is forgotten.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect};
use domain::ids::GuestId;

use super::confirm::ConfirmPage;
use super::person;
use crate::app::Shared;
use crate::guests::delete_guest;
use crate::pages::frame::{Frame, Section};
use crate::pages::page::page;
use crate::pages::refusal::Shown;
use crate::pages::visitor::Visitor;

pub(super) async fn ask(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(id): Path<GuestId>,
) -> Shown {
    let f = Frame::of(&app, &visitor, Section::Guests, "guests-delete-title").await?;
    let (guest, household, _) = person::guest(&app, id).await?;
    let people = app.store.household(household).await?;
    let last = people.is_some_and(|people| people.guests.len() == 1);
    let mut costs = vec![f.t("guests-delete-stays")];
    costs.extend(last.then(|| f.t("guests-delete-last")));
    page(&ConfirmPage {
        subject: guest.name,
        costs,
        action: format!("/guests/{id}/delete"),
        button: f.t("guests-delete-button"),
        back: format!("/guests/{id}"),
        f,
    })
}

pub(super) async fn delete(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(id): Path<GuestId>,
) -> Shown {
    delete_guest(&app, &visitor.actor(), id).await?;
    Ok(Redirect::to("/guests?said=guests-deleted").into_response())
}
