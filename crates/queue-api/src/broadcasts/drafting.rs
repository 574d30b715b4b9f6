//! Functions on drafts: find, plan, create, change, delete.

use domain::ids::BroadcastId;
use storage::{Actor, Added, BroadcastPlan, BroadcastRow, Idempotency};

use super::draft::{Changes, Draft};
use super::refusals::{changed, unknown};
use crate::app::App;
use crate::idempotency::key_reused;
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

/// Writes a draft down; 422 `invalid_broadcast` names every mistake.
///
/// The draft, and whether an earlier request with this key wrote it.
pub(crate) async fn create(
    app: &App,
    actor: &Actor,
    key: Option<&Idempotency>,
    draft: Draft,
) -> Answer<(BroadcastRow, bool)> {
    let now = app.now();
    let (config, _) = app.store.config().await?;
    let id = BroadcastId::new(now, &mut app.rng());
    let new = draft.check(app, id, config.news_until(now))?;
    let (id, repeated) = match app.store.add_broadcast(&new, actor, key, now).await? {
        Added::New(id) => (id, false),
        Added::Repeated(id) => (id, true),
        Added::KeyReused => return Err(key_reused().into()),
    };
    Ok((find(app, id).await?, repeated))
}

/// Changes a draft that nobody has changed since `version`.
pub(crate) async fn edit(
    app: &App,
    actor: &Actor,
    id: BroadcastId,
    version: Option<i64>,
    changes: Changes,
) -> Answer<BroadcastRow> {
    let edit = changes.check(app)?;
    let edited = app
        .store
        .edit_broadcast(id, version, &edit, actor, app.now());
    Ok(changed(edited.await?)?)
}

/// Throws a draft away.
pub(crate) async fn delete(
    app: &App,
    actor: &Actor,
    id: BroadcastId,
    version: Option<i64>,
) -> Answer<()> {
    let deleted = app.store.delete_broadcast(id, version, actor, app.now());
    changed(deleted.await?)?;
    Ok(())
}
