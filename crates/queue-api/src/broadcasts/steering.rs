//! What is done to a broadcast as a whole: start, pause, resume, cancel the rest, send one copy to yourself first.

use domain::ids::{BroadcastId, ContactId, MessageId};
use domain::session::SessionName;
use storage::{
    Actor, BroadcastRow, BroadcastStart, BroadcastSteered, BroadcastTrial, Steered, Trial,
};

use super::refusals;
use crate::app::App;
use crate::messages::cancel_copies;
use crate::problem::Answer;

/// A broadcast that is under way.
pub(crate) struct Started {
    pub(crate) row: BroadcastRow,
    /// Whether it is this call that started it: a second one does nothing.
    pub(crate) now: bool,
}

/// A copy that goes to somebody to be looked at.
pub(crate) struct Tried {
    pub(crate) message: MessageId,
    pub(crate) session: SessionName,
}

/// Queues every copy, or none. `version`: the one that was looked at.
pub(crate) async fn start(
    app: &App,
    actor: &Actor,
    id: BroadcastId,
    version: Option<i64>,
) -> Answer<Started> {
    app.follow_clock_everywhere().await?;
    let start = app
        .store
        .start_broadcast(id, version, app.sessions(), actor, app.now());
    match start.await? {
        BroadcastStart::Done(row) => {
            metrics::counter!("messages_enqueued_total").increment(row.counts.all().into());
            app.nudge.about(app.sessions());
            Ok(Started {
                row: *row,
                now: true,
            })
        }
        BroadcastStart::Already(row) => Ok(Started {
            row: *row,
            now: false,
        }),
        refused => Err(refusals::not_started(refused).into()),
    }
}

/// Lets nothing of it leave until it is resumed. After the answer only what it names may still arrive.
pub(crate) async fn pause(
    app: &App,
    actor: &Actor,
    id: BroadcastId,
    version: Option<i64>,
) -> Answer<Steered> {
    let paused = app.store.pause_broadcast(id, version, actor, app.now());
    stopped(app, paused.await?).await
}

/// Cancels what has not left. After the answer only what it names may still arrive.
pub(crate) async fn cancel(
    app: &App,
    actor: &Actor,
    id: BroadcastId,
    version: Option<i64>,
) -> Answer<Steered> {
    let cancelled = app.store.cancel_broadcast(id, version, actor, app.now());
    stopped(app, cancelled.await?).await
}

/// Lets it go on.
pub(crate) async fn resume(
    app: &App,
    actor: &Actor,
    id: BroadcastId,
    version: Option<i64>,
) -> Answer<Steered> {
    let resumed = app.store.resume_broadcast(id, version, actor, app.now());
    let steered = refusals::steered(resumed.await?)?;
    app.nudge.about(app.sessions());
    Ok(steered)
}

/// First the state, which the commit reads in its own transaction; then what can be seen on the guests' phones.
async fn stopped(app: &App, steered: BroadcastSteered) -> Answer<Steered> {
    let steered = refusals::steered(steered)?;
    cancel_copies(app, &steered.composing).await;
    app.nudge.about(app.sessions());
    Ok(steered)
}

/// Sends the copy of one contact to another one, who has written, to be looked at on a phone.
pub(crate) async fn try_out(
    app: &App,
    actor: &Actor,
    id: BroadcastId,
    of: ContactId,
    to: ContactId,
) -> Answer<Tried> {
    app.follow_clock_everywhere().await?;
    let message = app.store.message_ids(1, app.now()).await?[0];
    let trial = Trial { message, of, to };
    let tried = app
        .store
        .try_broadcast(id, trial, app.sessions(), actor, app.now());
    match tried.await? {
        BroadcastTrial::Queued(session) => {
            app.nudge.about([&session]);
            Ok(Tried { message, session })
        }
        refused => Err(refusals::not_tried(app, &refused).into()),
    }
}
