//! Ending compositions whose message was changed, or whose session was paused. What was written before makes the commit
//! refuse (design §5), so this only keeps the guest from watching somebody type what will not come: best effort.

use domain::ids::{AttemptId, MessageId};
use domain::message_status::MessageStatus;
use domain::session::SessionName;
use futures_util::future::join_all;
use storage::OpenCopy;
use tracing::warn;

use crate::app::App;
use crate::problem::Answer;

/// A composition that may be under way.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Composition {
    attempt: AttemptId,
    epoch: i64,
}

/// The composition of one message, if there is one. To be asked before the change: a cancelled message has none.
pub(super) async fn of_message(
    app: &App,
    session: &SessionName,
    message: MessageId,
) -> Answer<Vec<Composition>> {
    let open = app.store.open_attempts(session).await?;
    let composing = open
        .iter()
        .filter(|open| open.status == MessageStatus::Composing);
    Ok(composing
        .filter(|open| open.message == message)
        .map(|open| Composition {
            attempt: open.attempt,
            epoch: open.epoch,
        })
        .collect())
}

/// Cancels every composition of a session.
pub(crate) async fn cancel_all(app: &App, session: &SessionName) -> Answer<()> {
    let open = app.store.open_attempts(session).await?;
    let composing = open
        .iter()
        .filter(|open| open.status == MessageStatus::Composing);
    let compositions = composing.map(|open| Composition {
        attempt: open.attempt,
        epoch: open.epoch,
    });
    cancel(app, session, compositions.collect()).await;
    Ok(())
}

/// Cancels the compositions of a broadcast's copies, on whatever sessions.
pub(crate) async fn cancel_copies(app: &App, copies: &[OpenCopy]) {
    let calls = copies.iter().map(|copy| {
        let composition = Composition {
            attempt: copy.attempt,
            epoch: copy.epoch,
        };
        cancel(app, &copy.session, vec![composition])
    });
    join_all(calls).await;
}

/// Cancels these.
pub(super) async fn cancel(app: &App, session: &SessionName, compositions: Vec<Composition>) {
    let calls = compositions
        .into_iter()
        .map(|Composition { attempt, epoch }| async move {
            if let Err(failed) = app.integration.cancel(session, attempt, epoch).await {
                warn!(
                    session.name = %session,
                    attempt.id = %attempt,
                    reason = ?failed,
                    "a composition was not cancelled; its commit will be refused"
                );
            }
        });
    join_all(calls).await;
}
