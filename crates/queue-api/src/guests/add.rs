//! `POST /guests`.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use chassis::Problem;
use chassis::problem::{FieldError, ProblemJson};
use domain::config::Language;
use domain::ids::GuestId;
use domain::phone_number::{Country, PhoneNumber};
use domain::session::SessionName;
use http::{StatusCode, header};
use serde::Deserialize;
use storage::NewGuest;
use utoipa::ToSchema;

use super::view::GuestView;
use crate::app::{App, Shared};
use crate::auth::{Caller, Enqueue};
use crate::problem::Answer;
use crate::schemas;

/// The longest name of a person or household, in characters.
const LONGEST: usize = 200;

/// A person for the list.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Person {
    /// Their name.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// Their phone number as people write it; without a country code it belongs to the configured country.
    #[schema(example = "+39 347 000 0001")]
    phone: Option<String>,
    /// Whose guest they are, by session.
    #[schema(example = "bride")]
    side: Option<String>,
    /// The language they are written to in.
    #[schema(value_type = Option<schemas::GuestLanguage>)]
    language: Option<Language>,
    /// With whom they live.
    #[schema(max_length = 200)]
    household: Option<String>,
}

/// Puts a person on the list.
#[utoipa::path(
    post,
    path = "/guests",
    operation_id = "addGuest",
    tag = "guests",
    security(("token" = ["enqueue"])),
    request_body = Person,
    responses(
        (status = CREATED, description = "They are on the list.", body = GuestView),
        (status = "4XX", description = "Nothing was stored.", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn add(
    State(app): State<Shared>,
    _: Caller<Enqueue>,
    ProblemJson(person): ProblemJson<Person>,
) -> Answer<impl IntoResponse> {
    let (config, _) = app.store.config().await?;
    let guest = person.check(&app, config.country).map_err(refused)?;
    let view = GuestView::from(app.store.add_guest(&guest, app.now()).await?);
    // they may have written before: then their chats are to be read
    app.nudge.about(app.sessions());
    let location = [(header::LOCATION, format!("/api/v1/guests/{}", view.id))];
    Ok((StatusCode::CREATED, location, Json(view)))
}

impl Person {
    fn check(self, app: &App, country: Country) -> Result<NewGuest, Vec<FieldError>> {
        let mut mistakes = Vec::new();
        let mut note = |field: &str, message: String| {
            mistakes.push(FieldError {
                field: field.to_owned(),
                message,
            });
        };
        if self.name.trim().is_empty() {
            note("name", "the name is empty: write one".to_owned());
        }
        for (field, text) in [
            ("name", Some(&self.name)),
            ("household", self.household.as_ref()),
        ] {
            if text.is_some_and(|text| text.chars().count() > LONGEST || text.contains('\0')) {
                note(field, format!("at most {LONGEST} characters, and no NUL"));
            }
        }
        let side = self.side.and_then(|side| {
            let known = SessionName::parse(&side)
                .ok()
                .filter(|name| app.knows(name));
            if known.is_none() {
                note(
                    "side",
                    format!("unknown session: use one of {}", app.session_list()),
                );
            }
            known
        });
        let phone = self.phone.and_then(|phone| {
            PhoneNumber::parse(&phone, country)
                .map_err(|e| note("phone", e.to_string()))
                .ok()
        });
        if !mistakes.is_empty() {
            return Err(mistakes);
        }
        Ok(NewGuest {
            id: GuestId::new(app.now(), &mut app.rng()),
            name: self.name.trim().to_owned(),
            side,
            language: self.language,
            household: self.household,
            phone,
        })
    }
}

fn refused(mistakes: Vec<FieldError>) -> Problem {
    let first = mistakes
        .first()
        .map_or_else(String::new, |m| format!("`{}`: {}", m.field, m.message));
    let problem = Problem::unprocessable("invalid_guest", format!("Nothing was stored. {first}."));
    mistakes
        .into_iter()
        .fold(problem, |problem, m| problem.field(m.field, m.message))
}
