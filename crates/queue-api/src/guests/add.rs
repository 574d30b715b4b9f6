//! `POST /guests`.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chassis::Problem;
use chassis::problem::ProblemJson;
use domain::config::Language;
use domain::ids::GuestId;
use domain::phone_number::Country;
use http::{StatusCode, header};
use serde::{Deserialize, Serialize};
use storage::{Actor, Added, GuestRow, Idempotency, NewGuest};
use utoipa::ToSchema;

use super::checks::Checks;
use super::unknown;
use super::view::GuestView;
use crate::app::{App, Shared};
use crate::auth::{Caller, Enqueue};
use crate::idempotency::{IdempotencyKey, REPLAYED, key_reused};
use crate::problem::Answer;
use crate::schemas;

/// A person for the list.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Person {
    /// Their name.
    #[schema(min_length = 1, max_length = 200)]
    pub(crate) name: String,
    /// Their phone number as people write it; without a country code it belongs to the configured country.
    #[schema(example = "+39 347 000 0001")]
    pub(crate) phone: Option<String>,
    /// Whose guest they are, by session.
    #[schema(example = "bride")]
    pub(crate) side: Option<String>,
    /// The language they are written to in.
    #[schema(value_type = Option<schemas::GuestLanguage>)]
    pub(crate) language: Option<Language>,
    /// With whom they are invited, by the household's name, which is made when there is none.
    #[schema(max_length = 200)]
    pub(crate) household: Option<String>,
}

/// Puts a person on the list.
#[utoipa::path(
    post,
    path = "/guests",
    operation_id = "addGuest",
    tag = "guests",
    security(("token" = ["enqueue"])),
    params(("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters. For 30 days, repeating a request with the same key and body adds nobody.")),
    request_body = Person,
    responses(
        (status = CREATED, description = "They are on the list.", body = GuestView),
        (status = OK, description = "An earlier request with this key put them on the list.", body = GuestView),
        (status = "4XX", description = "Nothing was stored.", body = Problem, content_type = "application/problem+json"),
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
    Ok(if repeated {
        (StatusCode::OK, [REPLAYED], location, Json(view)).into_response()
    } else {
        (StatusCode::CREATED, location, Json(view)).into_response()
    })
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
