//! Starting, restarting and logging out touch the connection that messages leave through. So the session is paused, the
//! attempts that are open are waited for, and only then its WAHA is asked (design §5).

use std::time::Duration;

use domain::Timestamp;
use domain::session::SessionName;
use serde::Serialize;
use storage::{Actor, SessionRow};
use tracing::error;
use utoipa::ToSchema;

use super::find;
use super::view::SessionView;
use crate::app::{App, Shared};
use crate::auth::Identity;
use crate::integration::Operation;
use crate::messages::cancel_compositions;
use crate::problem::{Answer, Failure};

/// Longer than any call of an attempt (design §5): what is open after that is nobody's any more.
const PATIENCE: Duration = Duration::from_secs(90);

/// How often open attempts are looked for.
const LOOK: Duration = Duration::from_millis(500);

/// What came of an operation.
#[derive(Serialize, ToSchema)]
#[schema(as = Operation)]
pub(super) struct OperationView {
    /// The session as it is now.
    session: SessionView,
    /// Messages of which nobody can say whether they left. Not zero: look at them before anything is sent again, because
    /// this operation may make it impossible to find out.
    uncertain: u32,
}

/// Carries `operation` out for a program.
pub(super) async fn operated(
    app: Shared,
    caller: &Identity,
    name: String,
    operation: Operation,
) -> Answer<OperationView> {
    let session = find(&app, &name).await?.name;
    operate(&app, caller.actor(), &session, operation).await?;
    let row = find(&app, &name).await?;
    Ok(OperationView {
        uncertain: app.store.uncertain_count(&session).await?,
        session: SessionView::of(&app, row, caller).await?,
    })
}

/// Carries `operation` out. It goes on when the caller hangs up: a session must not stay paused because of that.
pub(crate) async fn operate(
    app: &Shared,
    actor: Actor,
    session: &SessionName,
    operation: Operation,
) -> Answer<()> {
    let row = find(app, session.as_str()).await?;
    let work = carry_out(app.clone(), actor, row, operation);
    tokio::spawn(work).await.unwrap_or_else(|ended| {
        error!(error = %ended, "an operation on a session died");
        Err(Failure::from(chassis::Problem::internal()))
    })
}

async fn carry_out(
    app: Shared,
    actor: Actor,
    before: SessionRow,
    operation: Operation,
) -> Answer<()> {
    let session = before.name;
    let pause = if before.paused_by.is_none() {
        Some(OwnPause::begin(&app, &session, actor).await?)
    } else {
        None
    };
    let outcome = when_quiet(&app, &session, operation).await;
    let unlinked = operation == Operation::Logout && outcome.is_ok();
    if let Some(pause) = pause.filter(|_| !unlinked) {
        pause.end(&app, &session).await?;
    }
    app.nudge.about([&session]);
    outcome
}

/// The pause of one operation. Somebody else's, made meanwhile, is not ended with it.
struct OwnPause {
    actor: Actor,
    since: Timestamp,
}

impl OwnPause {
    async fn begin(app: &App, session: &SessionName, actor: Actor) -> Answer<Self> {
        let since = app.now();
        app.store.pause(session, &actor, since).await?;
        Ok(Self { actor, since })
    }

    async fn end(self, app: &App, session: &SessionName) -> Answer<()> {
        let row = find(app, session.as_str()).await?;
        if row.paused_by.as_ref() == Some(&self.actor.name) && row.paused_at == Some(self.since) {
            app.store.resume(session, &self.actor, app.now()).await?;
        }
        Ok(())
    }
}

async fn when_quiet(app: &App, session: &SessionName, operation: Operation) -> Answer<()> {
    cancel_compositions(app, session).await?;
    let give_up = app.now() + PATIENCE;
    while app.now() < give_up && !app.store.open_attempts(session).await?.is_empty() {
        tokio::time::sleep(LOOK).await;
    }
    let answer = app.integration.operate(session, operation).await;
    if operation == Operation::Logout {
        // Also without an answer: a WAHA that is gone must not keep the number. If it is linked still, the next look shows it.
        app.store.record_log_out(session).await?;
    }
    app.store
        .record_session(session, &answer?, app.now())
        .await?;
    Ok(())
}
