//! Starting, restarting, linking and logging out touch the connection that messages leave through. So the session is paused, the
//! attempts that are open are waited for, and only then its WAHA is asked (design §5). The pause ends with the operation: a session
//! that was unlinked sends again as soon as the rules allow it, unless a person paused it.

use std::time::Duration;

use chassis::Problem;
use domain::linking::LinkWait;
use domain::message_status::MessageStatus;
use domain::session::{SessionName, SessionState};
use domain::wire::{LinkRequest, ReadChatRequest, ReadReply, SessionView as View};
use serde::Serialize;
use storage::Actor;
use tokio::sync::oneshot;
use tracing::{error, warn};
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

/// The pause of an operation whose end could not be stored is ended again after this.
const END_AGAIN: Duration = Duration::from_secs(5);

/// How often open attempts are looked for.
const LOOK: Duration = Duration::from_millis(500);

/// A chat is read from so long before the commit, and so many messages of it, as the worker reads it.
const BEFORE_COMMIT: Duration = Duration::from_mins(2);
const READ: u32 = 100;

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
    begin(app, actor, session, Work::Operate(operation))
        .await
        .map(drop)
}

/// What is done while the session is paused and no attempt is open.
#[derive(Clone, Copy)]
pub(super) enum Work {
    Operate(Operation),
    Link(LinkRequest),
}

/// Carries `work` out in a task of its own, and gives what the session waits for afterwards. The pause ends with it, whatever happens: a
/// database that is away is asked again until it has stored that.
pub(super) async fn begin(
    app: &Shared,
    actor: Actor,
    session: &SessionName,
    work: Work,
) -> Answer<LinkWait> {
    let session = find(app, session.as_str()).await?.name;
    let (answer, answered) = oneshot::channel();
    tokio::spawn(carry_out(app.clone(), actor, session, work, answer));
    answered.await.unwrap_or_else(|_| Err(died()))
}

fn died() -> Failure {
    Failure::from(Problem::internal())
}

async fn carry_out(
    app: Shared,
    actor: Actor,
    session: SessionName,
    work: Work,
    answer: oneshot::Sender<Answer<LinkWait>>,
) {
    let action = match work {
        Work::Operate(operation) => operation.action(),
        Work::Link(_) => "session.link",
    };
    let _only_one = app.only_operation(&session).await;
    let (store, now) = (&app.store, app.now());
    let outcome = match store.begin_operation(&session, &actor, action, now).await {
        Ok(()) => in_own_task(&app, &session, work).await,
        // its COMMIT may have been carried out all the same, so its pause is ended too
        Err(error) => Err(error.into()),
    };
    let mut ended = store.end_operation(&session).await;
    // a caller that hung up misses nothing
    let _ = answer.send(outcome);
    while let Err(error) = ended {
        warn!(session.name = %session, %error, "the pause of an operation could not be ended; trying again");
        tokio::time::sleep(END_AGAIN).await;
        ended = store.end_operation(&session).await;
    }
    app.nudge.about([&session]);
}

/// A panic of the work must not keep the pause from its end.
async fn in_own_task(app: &Shared, session: &SessionName, work: Work) -> Answer<LinkWait> {
    let (app, session) = (app.clone(), session.clone());
    let task = tokio::spawn(async move { when_quiet(&app, &session, work).await });
    task.await.unwrap_or_else(|ended| {
        error!(error = %ended, "an operation on a session died");
        Err(died())
    })
}

async fn when_quiet(app: &App, session: &SessionName, work: Work) -> Answer<LinkWait> {
    cancel_compositions(app, session).await?;
    let give_up = app.now() + PATIENCE;
    while app.now() < give_up && !app.store.open_attempts(session).await?.is_empty() {
        tokio::time::sleep(LOOK).await;
    }
    let (waits_for, view) = match work {
        Work::Link(request) => {
            let reply = app.integration.link(session, request).await?;
            (reply.waits_for, reply.view)
        }
        Work::Operate(Operation::Logout) => {
            refuse_while_sending(app, session).await?;
            (LinkWait::Waha, Some(log_out(app, session).await?))
        }
        Work::Operate(operation) => {
            let view = app.integration.operate(session, operation).await?;
            (LinkWait::Waha, Some(view))
        }
    };
    if let Some(view) = view {
        app.store.record_session(session, &view, app.now()).await?;
    }
    Ok(waits_for)
}

/// A log-out takes away the chat that tells whether a message left. A worker that is away leaves its message open: it looks first.
async fn refuse_while_sending(app: &App, session: &SessionName) -> Answer<()> {
    let connected = find(app, session.as_str()).await?.state == SessionState::Connected;
    let open = app.store.open_attempts(session).await?;
    let sending = open
        .iter()
        .any(|attempt| attempt.status == MessageStatus::Sending);
    if connected && sending {
        return Err(Problem::conflict(
            "message_being_sent",
            "The phone was not unlinked: a message is being sent, and the worker did not finish it within 90 s. Start whatsapp-worker, wait until it knows whether the message left, then log out again.",
        )
        .into());
    }
    Ok(())
}

async fn log_out(app: &App, session: &SessionName) -> Answer<View> {
    read_uncertain(app, session).await?;
    let answer = app.integration.operate(session, Operation::Logout).await;
    // Also without an answer: a WAHA that is gone must not keep the number. If it is linked still, the next look shows it.
    app.store.record_log_out(session).await?;
    Ok(answer?)
}

/// Looks for uncertain messages in their chats, which a log-out takes away. Only a connected session can be read.
async fn read_uncertain(app: &App, session: &SessionName) -> Answer<()> {
    let connected = find(app, session.as_str()).await?.state == SessionState::Connected;
    let rows = app.store.uncertain(session).await?;
    for row in rows.into_iter().filter(|_| connected) {
        let request = ReadChatRequest {
            chat: row.chat,
            limit: READ,
            since: Some(row.committed_at - BEFORE_COMMIT),
        };
        match app.integration.read_chat(session, &request).await {
            Ok(ReadReply { messages, .. }) => {
                let now = app.now();
                app.store
                    .settle_from_chat(row.attempt, &messages, now)
                    .await?;
            }
            Err(failed) => {
                warn!(session.name = %session, attempt.id = %row.attempt, reason = ?failed, "a chat was not read before a log-out");
            }
        }
    }
    Ok(())
}
