//! Guests whose chat will be cold on the wedding day, told while a message of theirs still keeps it warm.
//!
//! A contact that wrote longer ago than the limit `cold_after_days` is cold: only a few such contacts are written to each day.

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::ids::{ContactId, GuestId};
use serde::Serialize;
use storage::{BookGuest, GuestFilter, GuestState};
use utoipa::ToSchema;

use crate::app::{App, Shared};
use crate::auth::{Caller, Read};
use crate::problem::Answer;

/// How long before the wedding they are told: time enough to ask each of them for a word (judged).
const BEFORE_THE_WEDDING: TimeDelta = TimeDelta::days(45);

/// A guest who wrote, and whose chat will be cold on the wedding day unless the guest writes again.
#[derive(Serialize, ToSchema)]
#[schema(as = GoingColdGuest)]
pub(crate) struct GoingCold {
    /// Their id.
    #[schema(value_type = Uuid)]
    id: GuestId,
    /// Their name.
    pub(crate) name: String,
    /// Their WhatsApp identity.
    #[schema(value_type = Uuid)]
    pub(crate) contact: ContactId,
    /// When they wrote last.
    last_in_at: DateTime<Utc>,
    /// From when on they are cold.
    cold_from: DateTime<Utc>,
}

/// Guests whose chats will be cold on the wedding day.
#[derive(Serialize, ToSchema)]
#[schema(as = GoingCold)]
pub(super) struct GoingColdView {
    /// The day of the wedding; absent when it is not known.
    wedding_date: Option<NaiveDate>,
    /// The guests; none earlier than 45 days before the wedding, and after it.
    guests: Vec<GoingCold>,
}

/// Shows which guests wrote so long ago that their chats will be cold on the wedding day, from 45 days before it. A message of theirs
/// ends that.
#[utoipa::path(
    get, path = "/guests/going-cold", operation_id = "readGoingCold", tag = "guests", security(("token" = ["read"])),
    responses((status = OK, description = "The guests, household by household.", body = GoingColdView)),
)]
pub(super) async fn read(
    State(app): State<Shared>,
    _: Caller<Read>,
) -> Answer<Json<GoingColdView>> {
    let (config, _) = app.store.config().await?;
    Ok(Json(GoingColdView {
        wedding_date: config.wedding_date,
        guests: going_cold(&app).await?,
    }))
}

/// The guests whose chats will be cold on the wedding day, household by household.
pub(crate) async fn going_cold(app: &App) -> Answer<Vec<GoingCold>> {
    let (config, _) = app.store.config().await?;
    let now = app.now();
    let Some(over) = config
        .wedding_is_over()
        .filter(|over| (now..now + BEFORE_THE_WEDDING + TimeDelta::days(1)).contains(over))
    else {
        return Ok(Vec::new());
    };
    let cold_after = TimeDelta::days(i64::from(config.limits.cold_after_days));
    let filter = GuestFilter {
        state: Some(GuestState::Cold),
        ..GuestFilter::default()
    };
    let book = app
        .store
        .guest_book(&filter, over - cold_after, None, u32::MAX)
        .await?;
    let guests = book
        .items
        .into_iter()
        .flat_map(|household| household.guests);
    let going = |guest: BookGuest| {
        let last_in_at = guest.last_in_at?;
        Some(GoingCold {
            id: guest.id,
            name: guest.name,
            contact: guest.contact?,
            last_in_at,
            cold_from: last_in_at + cold_after,
        })
    };
    Ok(guests.filter_map(going).collect())
}
