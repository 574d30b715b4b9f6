//! The HTTP handlers of `/guests`, and the functions behind them, which the pages call too.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use chassis::Problem;
use chassis::problem::{ProblemJson, ProblemPath, ProblemQuery};
use domain::config::Language;
use domain::ids::GuestId;
use domain::phone_number::Country;
use http::{StatusCode, header};
use serde::{Deserialize, Serialize};
use storage::{Actor, Added, Erased, GuestEdit, GuestRow, Idempotency, NewGuest};
use utoipa::ToSchema;

use super::checks::Checks;
use super::unknown;
use super::view::GuestView;
use crate::app::{App, Shared};
use crate::auth::{Caller, Enqueue, Read};
use crate::change::Change;
use crate::idempotency::{IdempotencyKey, created, key_reused};
use crate::paging::{PageView, SearchQuery};
use crate::problem::Answer;
use crate::schemas;
use crate::short_text::{LONGEST, trimmed};

/// A person for the list.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Person {
    /// Their name.
    #[schema(value_type = schemas::ShortText)]
    pub(crate) name: String,
    /// Their phone number as people write it; without a country code it belongs to the configured country.
    #[schema(value_type = Option<schemas::PhoneNumber>)]
    pub(crate) phone: Option<String>,
    /// Whose guest they are, by session.
    #[schema(value_type = Option<schemas::SessionName>)]
    pub(crate) side: Option<String>,
    /// The language they are written to in.
    #[schema(value_type = Option<schemas::GuestLanguage>)]
    pub(crate) language: Option<Language>,
    /// With whom they are invited, by the household's name, which is made when there is none.
    #[schema(value_type = Option<schemas::BlankOrText>)]
    pub(crate) household: Option<String>,
}

/// Puts a person on the list.
#[utoipa::path(
    post, path = "/guests", operation_id = "addGuest", tag = "guests", security(("token" = ["enqueue"])),
    params(("Idempotency-Key" = Option<String>, Header, description = "For 30 days, repeating a request with the same key and body does nothing more.")),
    request_body(content = Person, example = json!({ "name": "Anna", "phone": "+39 347 000 0001", "side": "bride", "household": "Famiglia Rossi" })),
    responses(
        (status = CREATED, description = "They are on the list.", body = GuestView),
        (status = OK, description = "An earlier request with this key put them on the list.", body = GuestView),
        (status = NOT_FOUND, description = "`not_found`: an earlier request with this key made it, and it was deleted since."),
        (status = UNPROCESSABLE_ENTITY, description = "`invalid_guest`: nothing was stored; `errors` names each mistake."),
    ),
)]
pub(super) async fn add(
    State(app): State<Shared>,
    caller: Caller<Enqueue>,
    key: IdempotencyKey,
    ProblemJson(person): ProblemJson<Person>,
) -> Answer<Response> {
    let key = key.of(&caller, "guest", &person);
    let (row, repeated) = add_person(&app, &caller.actor(), key.as_ref(), person).await?;
    let view = GuestView::from(row);
    let location = [(header::LOCATION, format!("/api/v1/guests/{}", view.id))];
    Ok(created(repeated, (location, Json(view))))
}

/// Puts a person on the list, and whether an earlier request with this key did.
pub(crate) async fn add_person(
    app: &App,
    actor: &Actor,
    key: Option<&Idempotency>,
    person: Person,
) -> Answer<(GuestRow, bool)> {
    let (config, _) = app.store.config().await?;
    let guest = person.check(app, config.country)?;
    let added = app.store.put_on_list(&guest, actor, key, app.now());
    let (id, repeated) = match added.await? {
        Added::New(id) => (id, false),
        Added::Repeated(id) => (id, true),
        Added::KeyReused => return Err(key_reused().into()),
    };
    if !repeated {
        // they may have written before: then their chats are to be read
        app.nudge.about(app.sessions());
    }
    let row = app.store.guest(id).await?.ok_or_else(unknown)?;
    Ok((row, repeated))
}

impl Person {
    fn check(self, app: &App, country: Country) -> Result<NewGuest, Problem> {
        let mut checks = Checks::new(app, country);
        let name = checks.name(&self.name);
        // an empty field of a form is nobody's household
        let household = self.household.filter(|name| !name.trim().is_empty());
        let guest = NewGuest {
            id: GuestId::new(app.now(), &mut app.rng()),
            name: name.unwrap_or_default(),
            side: self.side.and_then(|side| checks.side(&side)),
            language: self.language,
            household: household.and_then(|name| checks.household(&name)),
            phone: self.phone.and_then(|phone| checks.phone(&phone)),
        };
        checks.end("Nothing was stored.")?;
        Ok(guest)
    }
}

/// Lists guests, newest first.
#[utoipa::path(
    get, path = "/guests", operation_id = "listGuests", tag = "guests", security(("token" = ["read"])), params(SearchQuery),
    responses((status = OK, description = "A page of guests.", body = PageView<GuestView>)),
)]
pub(super) async fn list(
    State(app): State<Shared>,
    _: Caller<Read>,
    ProblemQuery(which): ProblemQuery<SearchQuery>,
) -> Answer<Json<PageView<GuestView>>> {
    let (limit, after, search) = which.read()?;
    let page = app.store.guests(search, after.as_ref(), limit).await?;
    Ok(Json(PageView::of(page, GuestView::from)))
}

/// Shows a guest.
#[utoipa::path(
    get, path = "/guests/{id}", operation_id = "readGuest", tag = "guests", security(("token" = ["read"])), params(("id" = Uuid, Path)),
    responses((status = OK, description = "The guest.", body = GuestView)),
)]
pub(super) async fn get(
    State(app): State<Shared>,
    _: Caller<Read>,
    ProblemPath(id): ProblemPath<GuestId>,
) -> Answer<Json<GuestView>> {
    let row = app.store.guest(id).await?.ok_or_else(super::unknown)?;
    Ok(Json(row.into()))
}

/// What to change of a person; what is left out stays, `null` takes a value away.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PersonChanges)]
pub(crate) struct Changes {
    /// Another name; it cannot be taken away.
    #[serde(default)]
    #[schema(value_type = schemas::ShortText, required = false)]
    pub(crate) name: Change<String>,
    /// Another phone number. What was said with the old one stays with the old contact.
    #[serde(default)]
    #[schema(value_type = Option<schemas::PhoneNumber>)]
    pub(crate) phone: Change<String>,
    /// Whose guest they are, by session.
    #[serde(default)]
    #[schema(value_type = Option<schemas::SessionName>)]
    pub(crate) side: Change<String>,
    /// The language they are written to in.
    #[serde(default)]
    #[schema(value_type = Option<schemas::GuestLanguage>)]
    pub(crate) language: Change<Language>,
    /// With whom they are invited, by the household's name, which is made when there is none; `null`: alone. The household
    /// that they were the last guest of goes, with its invitations.
    #[serde(default)]
    #[schema(value_type = Option<schemas::BlankOrText>)]
    pub(crate) household: Change<String>,
}

/// Changes a guest.
#[utoipa::path(
    patch, path = "/guests/{id}", operation_id = "editGuest", tag = "guests", security(("token" = ["enqueue"])),
    params(("id" = Uuid, Path)), request_body(content = Changes, example = json!({ "name": "Anna Rossi", "household": null })),
    responses(
        (status = OK, description = "The guest as they are now.", body = GuestView),
        (status = UNPROCESSABLE_ENTITY, description = "`invalid_guest`: nothing was changed; `errors` names each mistake."),
    ),
)]
pub(super) async fn edit(
    State(app): State<Shared>,
    caller: Caller<Enqueue>,
    ProblemPath(id): ProblemPath<GuestId>,
    ProblemJson(changes): ProblemJson<Changes>,
) -> Answer<Json<GuestView>> {
    let row = edit_guest(&app, &caller.actor(), id, changes).await?;
    Ok(Json(row.into()))
}

/// Changes a guest.
pub(crate) async fn edit_guest(
    app: &App,
    actor: &Actor,
    id: GuestId,
    changes: Changes,
) -> Answer<GuestRow> {
    let (config, _) = app.store.config().await?;
    let edit = changes.check(app, config.country)?;
    let row = app.store.edit_guest(id, &edit, actor, app.now()).await?;
    let row = row.ok_or_else(super::unknown)?;
    // whoever has the new number may have written before
    app.nudge.about(app.sessions());
    Ok(row)
}

impl Changes {
    fn check(self, app: &App, country: Country) -> Result<GuestEdit, Problem> {
        let mut checks = Checks::new(app, country);
        let name = match self.name {
            Change::Stays => None,
            Change::Becomes(name) => checks.name(&name),
            Change::TakenAway => {
                checks.note("name", "a guest has a name: write one, or leave it out");
                None
            }
        };
        let household = match self.household {
            Change::Becomes(name) if name.trim().is_empty() => Change::TakenAway,
            other => other,
        };
        let edit = GuestEdit {
            name,
            phone: self.phone.read(|phone| checks.phone(&phone)),
            side: self.side.read(|side| checks.side(&side)),
            language: self.language.read(Some),
            household: household.read(|name| checks.household(&name)),
        };
        checks.end("Nothing was changed.")?;
        Ok(edit)
    }
}

/// Takes a guest off the list; what was said stays. The household that they were the last guest of goes too.
#[utoipa::path(
    delete, path = "/guests/{id}", operation_id = "deleteGuest", tag = "guests", security(("token" = ["enqueue"])), params(("id" = Uuid, Path)),
    responses((status = NO_CONTENT, description = "They are off the list.")),
)]
pub(super) async fn delete(
    State(app): State<Shared>,
    caller: Caller<Enqueue>,
    ProblemPath(id): ProblemPath<GuestId>,
) -> Answer<StatusCode> {
    delete_guest(&app, &caller.actor(), id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a guest off the list.
pub(crate) async fn delete_guest(app: &App, actor: &Actor, id: GuestId) -> Answer<()> {
    if app.store.delete_guest(id, actor, app.now()).await? {
        Ok(())
    } else {
        Err(super::unknown().into())
    }
}

/// Why a guest is erased.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Erasing {
    /// In a few words; kept in the audit log. No name and no number.
    #[schema(value_type = schemas::ShortText, example = "They asked for it.")]
    reason: String,
}

/// Erases a guest with all that was said, on every session; what waits for them is cancelled. Slots that were used for them stay
/// counted. Who shares the number with another guest is only taken off the list.
#[utoipa::path(
    post, path = "/guests/{id}/erase", operation_id = "eraseGuest", tag = "guests", security(("token" = ["enqueue"])),
    params(("id" = Uuid, Path)), request_body(content = Erasing, example = json!({ "reason": "They asked for it." })),
    responses(
        (status = NO_CONTENT, description = "They are gone."),
        (status = CONFLICT, description = "`message_under_way`: a message to them is leaving at this moment. `message_in_doubt`: it is not known whether a message reached them."),
        (status = UNPROCESSABLE_ENTITY, description = "`reason_missing`: say why."),
    ),
)]
pub(super) async fn erase(
    State(app): State<Shared>,
    caller: Caller<Enqueue>,
    ProblemPath(id): ProblemPath<GuestId>,
    ProblemJson(Erasing { reason }): ProblemJson<Erasing>,
) -> Answer<StatusCode> {
    let Some(why) = trimmed(&reason, LONGEST) else {
        let sentence = format!("Say why, in 1 to {LONGEST} characters: the audit log keeps it.");
        return Err(Problem::unprocessable("reason_missing", sentence).into());
    };
    let actor = caller.actor();
    let erased = app.store.erase_guest(id, why, &actor, app.now());
    match erased.await? {
        Erased::Done => Ok(StatusCode::NO_CONTENT),
        Erased::Unknown => Err(super::unknown().into()),
        Erased::UnderWay(message) => Err(Problem::conflict(
            "message_under_way",
            format!("Message {message} to them is leaving at this moment: try again in a minute."),
        )
        .into()),
        Erased::InDoubt(message) => Err(Problem::conflict(
            "message_in_doubt",
            format!("Nobody knows whether message {message} reached them: settle it first."),
        )
        .into()),
    }
}
