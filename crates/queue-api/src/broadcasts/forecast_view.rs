//! `GET /broadcasts/{id}/forecast`: when each guest would get a broadcast if it started now.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use chassis::problem::ProblemPath;
use chrono::{DateTime, NaiveDate, Utc};
use domain::broadcast::BroadcastCopy;
use domain::ids::{BroadcastId, ContactId};
use domain::session::SessionName;
use serde::Serialize;
use utoipa::ToSchema;

use super::drafting::plan;
use super::forecast::{Forecast, Missed, MissedBy, forecast};
use crate::app::Shared;
use crate::auth::{Caller, Read};
use crate::messages::WaitView;
use crate::precondition::etag;
use crate::problem::Answer;

/// What would happen on one session if the broadcast started now. Nothing in it counts on an answer of a guest.
#[derive(Serialize, ToSchema)]
#[schema(as = BroadcastForecast)]
pub(super) struct ForecastView {
    /// The session.
    #[schema(value_type = String, example = "groom")]
    session: SessionName,
    /// When the last of those who have written will have it: nearly sure. Absent when nothing leaves by itself.
    last_at: Option<DateTime<Utc>>,
    /// How many of its copies are for contacts who have not written for long: only a few such contacts are written to each day.
    cold: usize,
    /// When the last of these will have it.
    cold_last_at: Option<DateTime<Utc>>,
    /// How many of its copies wait because too many messages to the contact are without an answer, within 14 days. A message or a
    /// reaction of the contact ends that.
    unanswered: usize,
    /// When the last of these will have it without an answer.
    unanswered_last_at: Option<DateTime<Utc>>,
    /// When each copy probably leaves, in that order.
    expected: Vec<ExpectedView>,
    /// Copies that would not arrive in time.
    missed: Vec<MissedView>,
    /// Copies that wait until a person does something, or whose whole session waits for no time.
    held: Vec<HeldView>,
    /// What WhatsApp itself restricts, and until when: a lock of the number or its capping. Raising our own limits does not help before.
    restricted: Option<WaitView>,
    /// How many messages each day sends then, with all that waits already.
    days: Vec<DayView>,
}

/// When one copy probably leaves.
#[derive(Serialize, ToSchema)]
#[schema(as = ExpectedCopy)]
struct ExpectedView {
    /// To whom.
    #[schema(value_type = Uuid)]
    contact: ContactId,
    /// When.
    at: DateTime<Utc>,
}

/// A copy that would not arrive in time.
#[derive(Serialize, ToSchema)]
#[schema(as = MissedCopy)]
struct MissedView {
    /// To whom.
    #[schema(value_type = Uuid)]
    contact: ContactId,
    /// The names of the guests who would have it with this contact.
    guests: Vec<String>,
    /// Whether the contact has not written for long. A message of theirs ends that.
    cold: bool,
    /// Whether too many messages to the contact are without an answer. A message or a reaction of theirs ends that.
    unanswered: bool,
    /// Why it would not arrive in time.
    why: MissedBy,
}

/// A copy that does not leave by itself.
#[derive(Serialize, ToSchema)]
#[schema(as = HeldCopy)]
struct HeldView {
    /// To whom.
    #[schema(value_type = Uuid)]
    contact: ContactId,
    /// The names of the guests who would have it with this contact.
    guests: Vec<String>,
    /// What it waits for.
    wait: WaitView,
}

/// One day's messages, in the couple's time zone.
#[derive(Serialize, ToSchema)]
#[schema(as = BroadcastDay)]
struct DayView {
    /// The day.
    date: NaiveDate,
    /// How many messages.
    messages: u32,
}

/// Shows when each guest would get the broadcast if it started now, and who would not get it in time. Takes up to a second.
#[utoipa::path(
    get, path = "/broadcasts/{id}/forecast", operation_id = "readBroadcastForecast", tag = "broadcasts",
    security(("token" = ["read"])), params(("id" = Uuid, Path)),
    responses((status = OK, description = "One forecast for each session that would send copies; the broadcast's version is in `ETag`.", body = Vec<ForecastView>)),
)]
pub(super) async fn read(
    State(app): State<Shared>,
    _: Caller<Read>,
    ProblemPath(id): ProblemPath<BroadcastId>,
) -> Answer<impl IntoResponse> {
    let planned = plan(&app, id).await?;
    let sessions = forecast(&app, &planned).await?;
    let views: Vec<_> = sessions.iter().map(ForecastView::of).collect();
    Ok((etag(planned.row.version), Json(views)))
}

impl ForecastView {
    fn of(forecast: &Forecast<'_>) -> Self {
        let expected = forecast.expected.iter().map(|one| ExpectedView {
            contact: one.copy.contact,
            at: one.at,
        });
        let unanswered = forecast.expected.iter().filter(|one| one.is_unanswered);
        let held = forecast.held.iter().map(|(copy, wait)| HeldView {
            contact: copy.contact,
            guests: names(copy),
            wait: (*wait).into(),
        });
        let days = forecast.days.iter().map(|day| DayView {
            date: day.date,
            messages: day.sent + day.leaving,
        });
        Self {
            session: forecast.session.clone(),
            last_at: forecast.last(|_| true),
            cold: forecast.cold(),
            cold_last_at: forecast.last(|one| one.copy.is_cold),
            unanswered: unanswered.count(),
            unanswered_last_at: forecast.last(|one| one.is_unanswered),
            expected: expected.collect(),
            missed: forecast.missed.iter().map(MissedView::of).collect(),
            held: held.collect(),
            restricted: forecast.restricted.map(Into::into),
            days: days.collect(),
        }
    }
}

impl MissedView {
    fn of(missed: &Missed<'_>) -> Self {
        let copy = missed.copy;
        Self {
            contact: copy.contact,
            guests: names(copy),
            cold: copy.is_cold,
            unanswered: missed.is_unanswered,
            why: missed.by,
        }
    }
}

fn names(copy: &BroadcastCopy) -> Vec<String> {
    copy.guests.iter().map(|(_, name)| name.clone()).collect()
}
