//! Looking at broadcasts: one, and who would get what of it.

use domain::ids::BroadcastId;
use storage::{BroadcastPlan, BroadcastRow};

use super::refusals::unknown;
use crate::app::App;
use crate::problem::Answer;

/// The broadcast, or 404.
pub(crate) async fn find(app: &App, id: BroadcastId) -> Answer<BroadcastRow> {
    let row = app.store.broadcast(id).await?;
    Ok(row.ok_or_else(unknown)?)
}

/// Who would get what of it if it were started now; of one that was started, who of its audience has no copy. 404.
pub(crate) async fn plan(app: &App, id: BroadcastId) -> Answer<BroadcastPlan> {
    let plan = app
        .store
        .broadcast_plan(id, app.sessions(), app.now())
        .await?;
    Ok(plan.ok_or_else(unknown)?)
}
