//! Stopping, going on, ending a lock, and trying again in an outage: what the API and the pages do alike.
//!
//! The rule that must hold: a stop is written down, for every session, before anything that can be seen on a guest's phone is
//! touched; what has not passed its commit by then does not leave (design §5).

use domain::ids::MessageId;
use domain::session::SessionName;
use futures_util::future::join_all;
use storage::{Actor, needs_a_look};

use crate::app::App;
use crate::messages::cancel_compositions;
use crate::problem::Answer;

/// Pauses a session, and gives what had passed the point of no return.
pub(crate) async fn pause(
    app: &App,
    session: &SessionName,
    actor: &Actor,
) -> Answer<Vec<MessageId>> {
    stop(app, std::slice::from_ref(session), actor).await
}

/// Pauses every session, and gives what had passed the point of no return.
pub(crate) async fn stop_all(app: &App, actor: &Actor) -> Answer<Vec<MessageId>> {
    let rows = app.store.sessions().await?;
    let sessions: Vec<_> = rows.into_iter().map(|row| row.name).collect();
    stop(app, &sessions, actor).await
}

async fn stop(app: &App, sessions: &[SessionName], actor: &Actor) -> Answer<Vec<MessageId>> {
    // first the flags, which the commit reads in its own transaction; then what can be seen on the guests' phones
    let mut committed = Vec::new();
    for session in sessions {
        let paused = app.store.pause(session, actor, app.now()).await?;
        committed.extend(paused.committed);
    }
    let cancelling = sessions
        .iter()
        .map(|session| cancel_compositions(app, session));
    let cancelled = join_all(cancelling).await;
    app.nudge.about(sessions);
    cancelled.into_iter().collect::<Answer<()>>()?;
    Ok(committed)
}

/// Ends a session's pause. One that is not paused stays as it is.
pub(crate) async fn resume(app: &App, session: &SessionName, actor: &Actor) -> Answer<()> {
    app.store.resume(session, actor, app.now()).await?;
    app.nudge.about([session]);
    Ok(())
}

/// Ends every pause but those that need a look at the queue first: each of them is ended by itself.
pub(crate) async fn resume_all(app: &App, actor: &Actor) -> Answer<()> {
    for row in app.store.sessions().await? {
        if row.paused_by.is_some_and(|by| !needs_a_look(&by)) {
            resume(app, &row.name, actor).await?;
        }
    }
    Ok(())
}

/// Ends a lock after a restriction. A session that is not locked stays as it is.
pub(crate) async fn unlock(app: &App, session: &SessionName, actor: &Actor) -> Answer<()> {
    app.store.unlock(session, actor, app.now()).await?;
    app.nudge.about([session]);
    Ok(())
}

/// Lets one message be tried in an outage. In a session without one only the back-offs of single messages end.
pub(crate) async fn try_again(app: &App, session: &SessionName, actor: &Actor) -> Answer<()> {
    app.store.try_again(session, actor, app.now()).await?;
    app.nudge.about([session]);
    Ok(())
}
