//! `GET /unassigned-phones` and `POST /households/{id}/phones/{contact}/assign` and `/not-a-guest`: phones that came in by a code, and the
//! functions behind them, which the page calls too.

use axum::Json;
use axum::extract::State;
use chassis::Problem;
use chassis::problem::{ProblemJson, ProblemPath};
use domain::ids::{ContactId, GuestId, HouseholdId};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use storage::{Actor, HouseholdPhone, PhoneAssigned, PhoneOwner};
use utoipa::ToSchema;

use crate::app::{App, Shared};
use crate::auth::{Caller, Enqueue, Read};
use crate::problem::Answer;

/// So many are listed at most; the next ones come when these are assigned.
const MOST: u32 = 50;

/// A phone that came in by a household's code, and that is no person's yet.
#[derive(Serialize, ToSchema)]
#[schema(as = UnassignedPhone)]
pub(super) struct UnassignedPhoneView {
    /// The contact.
    #[schema(value_type = Uuid)]
    contact: ContactId,
    /// The household.
    #[schema(value_type = Uuid)]
    household: HouseholdId,
}

/// Whose a phone is: a guest's, or everyone's who has no other.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Owner {
    /// The guest whose it is.
    #[schema(value_type = Option<Uuid>)]
    guest: Option<GuestId>,
    /// All guests of the household without a phone share it.
    #[serde(default)]
    everyone: bool,
}

impl Owner {
    fn checked(self) -> Result<PhoneOwner, Problem> {
        match (self.guest, self.everyone) {
            (Some(guest), false) => Ok(PhoneOwner::Guest(guest)),
            (None, true) => Ok(PhoneOwner::Everyone),
            _ => Err(Problem::unprocessable(
                "guest_or_everyone",
                "Say whose the phone is: either `guest` by its id, or `everyone`: true.",
            )),
        }
    }
}

/// Lists phones of a household of which it is not known whose they are, and that may be a guest's of it: `may_be` of the household's
/// contacts names these guests.
#[utoipa::path(
    get, path = "/unassigned-phones", operation_id = "listUnassignedPhones", tag = "households", security(("token" = ["read"])),
    responses((status = OK, description = "At most 50: assign these to see more.", body = Vec<UnassignedPhoneView>)),
)]
pub(super) async fn list(
    State(app): State<Shared>,
    _: Caller<Read>,
) -> Answer<Json<Vec<UnassignedPhoneView>>> {
    let phones = unassigned_phones(&app).await?.into_iter();
    let view = phones.map(|phone| UnassignedPhoneView {
        contact: phone.contact,
        household: phone.household,
    });
    Ok(Json(view.collect()))
}

/// Says whose a phone of the household is; also corrects it. A hidden id that is a guest's whose number is listed becomes one contact
/// with that number.
#[utoipa::path(
    post, path = "/households/{id}/phones/{contact}/assign", operation_id = "assignPhone", tag = "households", security(("token" = ["enqueue"])),
    params(("id" = Uuid, Path), ("contact" = Uuid, Path)), request_body(content = Owner, example = json!({ "everyone": true })),
    responses(
        (status = NO_CONTENT, description = "It is theirs."),
        (status = CONFLICT, description = "`guest_has_another_contact`: the guest has another phone."),
        (status = UNPROCESSABLE_ENTITY, description = "`guest_or_everyone`: say whose it is. `unknown_guest`: the household has no such guest."),
    ),
)]
pub(super) async fn assign(
    State(app): State<Shared>,
    caller: Caller<Enqueue>,
    ProblemPath((household, contact)): ProblemPath<(HouseholdId, ContactId)>,
    ProblemJson(owner): ProblemJson<Owner>,
) -> Answer<StatusCode> {
    let phone = HouseholdPhone { contact, household };
    assign_phone(&app, &caller.actor(), &phone, owner.checked()?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Says that a phone that came in by the household's code is no guest's: it is no more of the household, what waits for it is cancelled,
/// and its seat stays spent until the invitation is renewed.
#[utoipa::path(
    post, path = "/households/{id}/phones/{contact}/not-a-guest", operation_id = "refusePhone", tag = "households", security(("token" = ["enqueue"])),
    params(("id" = Uuid, Path), ("contact" = Uuid, Path)),
    responses((status = NO_CONTENT, description = "It is no more of the household.")),
)]
pub(super) async fn refuse(
    State(app): State<Shared>,
    caller: Caller<Enqueue>,
    ProblemPath((household, contact)): ProblemPath<(HouseholdId, ContactId)>,
) -> Answer<StatusCode> {
    let phone = HouseholdPhone { contact, household };
    refuse_phone(&app, &caller.actor(), &phone).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The phones of which a person is asked whose they are.
pub(crate) async fn unassigned_phones(app: &App) -> Result<Vec<HouseholdPhone>, storage::Error> {
    app.store.unassigned_phones(MOST).await
}

/// Says whose a phone is.
pub(crate) async fn assign_phone(
    app: &App,
    actor: &Actor,
    phone: &HouseholdPhone,
    owner: PhoneOwner,
) -> Answer<()> {
    let assigned = app.store.assign_phone(phone, owner, actor, app.now());
    match assigned.await? {
        PhoneAssigned::Done => {
            app.nudge.about(app.sessions());
            Ok(())
        }
        PhoneAssigned::NoSuchPhone => Err(no_such_phone().into()),
        PhoneAssigned::NoSuchGuest => Err(Problem::unprocessable(
            "unknown_guest",
            "Nothing was changed: this household has no guest with this id.",
        )
        .field("guest", "no guest of the household has this id")
        .into()),
        PhoneAssigned::GuestHasAnother => Err(Problem::conflict(
            "guest_has_another_contact",
            "Nothing was changed: this guest has another phone.",
        )
        .into()),
    }
}

/// Says that a phone is no guest's.
pub(crate) async fn refuse_phone(app: &App, actor: &Actor, phone: &HouseholdPhone) -> Answer<()> {
    if app.store.refuse_phone(phone, actor, app.now()).await? {
        Ok(())
    } else {
        Err(no_such_phone().into())
    }
}

fn no_such_phone() -> Problem {
    Problem::not_found("This household has no such phone.")
}
