//! On a household's page: the phones that came in by its code, and whose each of them is.

use axum::extract::{Form, Path, State};
use axum::response::IntoResponse;
use chassis::Problem;
use domain::Timestamp;
use domain::ids::{ContactId, GuestId, HouseholdId};
use domain::phone_number::PhoneNumber;
use serde::Deserialize;
use storage::{HouseholdPeople, HouseholdPhone, PhoneOwner, TiedContact};

use super::household::saved;
use crate::app::Shared;
use crate::households::{assign_phone, refuse_phone};
use crate::pages::access::Access;
use crate::pages::frame::Frame;
use crate::pages::refusal::Shown;
use crate::pages::registry::Pages;
use crate::pages::visitor::Visitor;

pub(super) fn routes(pages: Pages) -> Pages {
    pages.post(
        "/guests/households/{id}/phones/{contact}",
        Access::Texts,
        decide,
    )
}

/// A phone of the household.
pub(super) struct Phone {
    pub(super) contact: ContactId,
    /// The name that it showed, and its number if that is known.
    pub(super) called: String,
    /// By which code it came in.
    pub(super) came_in: String,
    /// When.
    pub(super) at: Option<Timestamp>,
    /// Whose it is; empty: that is to be said.
    pub(super) guests: String,
    /// Whose it may be.
    pub(super) may_be: Vec<(GuestId, String)>,
}

impl Phone {
    pub(super) fn of(f: &Frame, people: &HouseholdPeople, tied: &TiedContact) -> Self {
        let number = tied.phone.as_ref().map(PhoneNumber::international);
        let number = number.unwrap_or_else(|| f.t("guests-hidden-number"));
        let called = match &tied.push_name {
            Some(name) => format!("{name}, {number}"),
            None => number,
        };
        let guests = people.guests.iter();
        let guests = guests.filter(|guest| guest.contact == Some(tied.id));
        let names: Vec<_> = guests.map(|guest| guest.name.as_str()).collect();
        let may_be = people.guests.iter();
        let may_be = may_be.filter(|guest| tied.may_be.contains(&guest.id));
        let may_be = may_be.map(|guest| (guest.id, guest.name.clone()));
        Self {
            may_be: may_be.collect(),
            contact: tied.id,
            called,
            came_in: f.t(match (tied.came_in_at, tied.by_code_in_force) {
                (Some(_), true) => "guests-phone-by-code",
                (Some(_), false) => "guests-phone-by-earlier-code",
                (None, _) => "guests-phone-by-hand",
            }),
            at: tied.came_in_at,
            guests: names.join(", "),
        }
    }
}

/// What a button says of a phone: a guest's id, `everyone`, or `nobody`.
#[derive(Deserialize)]
struct Whose {
    #[serde(default)]
    owner: String,
}

async fn decide(
    State(app): State<Shared>,
    visitor: Visitor,
    Path((household, contact)): Path<(HouseholdId, ContactId)>,
    Form(Whose { owner }): Form<Whose>,
) -> Shown {
    let (phone, actor) = (HouseholdPhone { contact, household }, visitor.actor());
    match (owner.as_str(), owner.parse::<GuestId>()) {
        ("nobody", _) => refuse_phone(&app, &actor, &phone).await?,
        ("everyone", _) => assign_phone(&app, &actor, &phone, PhoneOwner::Everyone).await?,
        (_, Ok(guest)) => assign_phone(&app, &actor, &phone, PhoneOwner::Guest(guest)).await?,
        _ => {
            return Err(Problem::bad_request("guest_or_everyone", "Say whose phone it is.").into());
        }
    }
    Ok(saved(household, "guests-phone-saved").into_response())
}
