//! The HTTP handlers of `/sessions/{name}/unknown-writers`, and the functions behind them, which the page calls too.

use axum::Json;
use axum::extract::State;
use chassis::Problem;
use chassis::problem::{ProblemJson, ProblemPath, ProblemQuery};
use domain::ids::{ContactId, GuestId, HouseholdId, UnknownWriterId};
use domain::session::SessionName;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use storage::{Actor, Member, Tied};
use utoipa::ToSchema;

use super::view::UnknownWriterView;
use super::{own, unknown};
use crate::app::{App, Shared};
use crate::auth::{Caller, Enqueue, Read};
use crate::paging::{PageQuery, PageView};
use crate::problem::Answer;

/// Lists who wrote to this spouse without being on the list, whoever was first heard of last on top. Needs a token that was made
/// for this session.
#[utoipa::path(
    get, path = "/sessions/{name}/unknown-writers", operation_id = "listUnknownWriters", tag = "unknown writers",
    security(("token" = ["read"])), params(("name" = String, Path), PageQuery),
    responses(
        (status = OK, description = "A page of unknown writers.", body = PageView<UnknownWriterView>),
        (status = FORBIDDEN, description = "`other_spouse`: it is not this spouse's token."),
    ),
)]
pub(super) async fn list(
    State(app): State<Shared>,
    caller: Caller<Read>,
    ProblemPath(name): ProblemPath<String>,
    ProblemQuery(page): ProblemQuery<PageQuery>,
) -> Answer<Json<PageView<UnknownWriterView>>> {
    let session = own(&caller, &name)?;
    let (limit, after) = page.read()?;
    let page = app
        .store
        .unknown_writers(&session, after.as_ref(), limit, app.now())
        .await?;
    Ok(Json(PageView::of(page, UnknownWriterView::from)))
}

/// Who they are: a household or a guest.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WhoTheyAre {
    /// The household they are of. Its guests without a contact get theirs.
    #[schema(value_type = Option<Uuid>)]
    household: Option<HouseholdId>,
    /// The guest they are.
    #[schema(value_type = Option<Uuid>)]
    guest: Option<GuestId>,
}

/// Somebody became a guest.
#[derive(Serialize, ToSchema)]
#[schema(as = TiedWriter)]
pub(super) struct TiedView {
    /// The contact that they are now. What they wrote is read from their chat's first message on, and only that makes that
    /// they can be written to.
    #[schema(value_type = Uuid)]
    contact: ContactId,
}

/// Makes an unknown writer somebody of a household, or a guest. Needs a token that was made for this session.
#[utoipa::path(
    post, path = "/sessions/{name}/unknown-writers/{id}/tie", operation_id = "tieUnknownWriter", tag = "unknown writers",
    security(("token" = ["enqueue"])), params(("name" = String, Path), ("id" = Uuid, Path)), request_body(content = WhoTheyAre, example = json!({ "household": "0190b5c8-7e1a-7000-8000-3f5d2a9c41be" })),
    responses(
        (status = OK, description = "They are known. Their chat is read back within moments.", body = TiedView),
        (status = FORBIDDEN, description = "`other_spouse`: it is not this spouse's token."),
        (status = CONFLICT, description = "`guest_has_another_contact`: the guest has another number."),
        (status = UNPROCESSABLE_ENTITY, description = "`household_or_guest`: say who they are, by one of the two. `unknown_household`: there is no such household. `unknown_guest`: there is no such guest."),
    ),
)]
pub(super) async fn tie(
    State(app): State<Shared>,
    caller: Caller<Enqueue>,
    ProblemPath((name, id)): ProblemPath<(String, UnknownWriterId)>,
    ProblemJson(they_are): ProblemJson<WhoTheyAre>,
) -> Answer<Json<TiedView>> {
    let session = own(&caller, &name)?;
    let member = they_are.member()?;
    let contact = tie_writer(&app, &caller.actor(), &session, id, member).await?;
    Ok(Json(TiedView { contact }))
}

/// Makes somebody who wrote to that session one of the guests.
pub(crate) async fn tie_writer(
    app: &App,
    actor: &Actor,
    session: &SessionName,
    id: UnknownWriterId,
    member: Member,
) -> Answer<ContactId> {
    let store = &app.store;
    let tied = store.tie_unknown_writer(session, id, member, actor, app.now());
    let contact = done(tied.await?)?;
    // they may have written to the other spouse too
    app.nudge.about(app.sessions());
    Ok(contact)
}

impl WhoTheyAre {
    fn member(self) -> Result<Member, Problem> {
        match (self.household, self.guest) {
            (Some(household), None) => Ok(Member::Household(household)),
            (None, Some(guest)) => Ok(Member::Guest(guest)),
            _ => Err(Problem::unprocessable(
                "household_or_guest",
                "Say who they are: either `household` or `guest`, by its id.",
            )),
        }
    }
}

fn done(tied: Tied) -> Result<ContactId, Problem> {
    match tied {
        Tied::Done(contact) => Ok(contact),
        Tied::NoSuchWriter => Err(unknown()),
        Tied::NoSuchHousehold => Err(Problem::unprocessable(
            "unknown_household",
            "Nothing was changed: there is no household with this id.",
        )
        .field("household", "no household has this id")),
        Tied::NoSuchGuest => Err(Problem::unprocessable(
            "unknown_guest",
            "Nothing was changed: there is no guest with this id.",
        )
        .field("guest", "no guest has this id")),
        Tied::GuestHasAnother => Err(Problem::new(StatusCode::CONFLICT, "guest_has_another_contact")
            .detail(
                "Nothing was changed: this guest has another number. Correct the number on the list if this is their new \
                 one, or tie the writer to the guest's household.",
            )),
    }
}

/// Says that an unknown writer is no guest: their name is erased, and they are not shown again, unless they come with an
/// invitation. Needs a token that was made for this session.
#[utoipa::path(
    post, path = "/sessions/{name}/unknown-writers/{id}/ignore", operation_id = "ignoreUnknownWriter",
    tag = "unknown writers", security(("token" = ["enqueue"])), params(("name" = String, Path), ("id" = Uuid, Path)),
    responses(
        (status = NO_CONTENT, description = "They are ignored."),
        (status = FORBIDDEN, description = "`other_spouse`: it is not this spouse's token."),
    ),
)]
pub(super) async fn ignore(
    State(app): State<Shared>,
    caller: Caller<Enqueue>,
    ProblemPath((name, id)): ProblemPath<(String, UnknownWriterId)>,
) -> Answer<StatusCode> {
    let session = own(&caller, &name)?;
    ignore_writer(&app, &caller.actor(), &session, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Says that somebody who wrote to that session is no guest.
pub(crate) async fn ignore_writer(
    app: &App,
    actor: &Actor,
    session: &SessionName,
    id: UnknownWriterId,
) -> Answer<()> {
    let store = &app.store;
    let known = store.ignore_unknown_writer(session, id, actor, app.now());
    if known.await? {
        Ok(())
    } else {
        Err(unknown().into())
    }
}
