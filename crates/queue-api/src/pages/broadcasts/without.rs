//! Taking guests out of the audience by hand, and back in.

use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect};
use domain::ids::{BroadcastId, GuestId};
use serde::Deserialize;

use crate::app::Shared;
use crate::broadcasts::{self, Changes, Whom};
use crate::pages::refusal::Shown;
use crate::pages::visitor::Visitor;

#[derive(Deserialize)]
pub(super) struct Chosen {
    /// Ids, separated by commas: all who share a phone.
    guests: String,
    version: i64,
    /// Back in, not out.
    #[serde(default)]
    back: String,
}

pub(super) async fn leave_out(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(id): Path<BroadcastId>,
    Form(chosen): Form<Chosen>,
) -> Shown {
    let row = broadcasts::find(&app, id).await?;
    let named: Vec<GuestId> = chosen
        .guests
        .split(',')
        .filter_map(|id| id.parse().ok())
        .collect();
    let mut audience = Whom::from(row.audience);
    audience.without.retain(|guest| !named.contains(guest));
    if chosen.back.is_empty() {
        audience.without.extend(named);
    }
    let changes = Changes {
        audience: Some(audience),
        ..Changes::default()
    };
    let version = Some(chosen.version);
    broadcasts::edit(&app, &visitor.actor(), id, version, changes).await?;
    Ok(Redirect::to(&format!("/broadcasts/{id}#who")).into_response())
}
