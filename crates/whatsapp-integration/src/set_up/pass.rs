//! One pass over a session, and when the next one is due.

use std::time::Duration;

use chassis::Shutdown;
use domain::session::{SessionProblem, SessionState};
use domain::wire::{Fact, SessionView};
use tokio::time::{Instant, timeout_at};
use tracing::warn;
use waha::WahaError;

use super::arrange::{Arranged, arrange, restart_for_store};
use super::look::shows_a_change;
use crate::app::{App, Session};
use crate::queue_api::Report;
use crate::sessions::read_view;

/// The longest between two passes, and between two reports (design §2).
const CALM: Duration = Duration::from_mins(5);
/// A session on its way somewhere: its webhooks may not be set up yet.
const UNSETTLED: Duration = Duration::from_secs(30);
/// WAHA, or queue-api, is away or just starting.
const AWAY: Duration = Duration::from_secs(10);
/// An attempt is open: it will not be long.
const BUSY: Duration = Duration::from_secs(5);

/// Sets the session up now, when asked, when a look shows a change, and every few minutes, until `shutdown`.
pub(crate) async fn keep(app: &App, session: &Session, shutdown: &Shutdown) {
    let stopped = shutdown.token();
    stopped
        .run_until_cancelled(async {
            loop {
                let again = Box::pin(pass(app, session)).await;
                until_due(app, session, Instant::now() + again).await;
            }
        })
        .await;
}

/// Waits for the next pass: until `due`, until it is asked for, or until a look shows that it is needed.
async fn until_due(app: &App, session: &Session, due: Instant) {
    loop {
        let next = due.min(Instant::now() + app.look_interval);
        let asked = timeout_at(next, session.nudge.notified()).await.is_ok();
        if asked || Instant::now() >= due {
            return;
        }
        // never closed, so it always comes
        let _look = app.looks.acquire().await;
        if Box::pin(shows_a_change(session)).await {
            return;
        }
    }
}

async fn pass(app: &App, session: &Session) -> Duration {
    // never closed, so it always comes
    let _look = app.looks.acquire().await;
    session.knowledge.learn_server(session.waha.version().await);
    let arranged = arrange(session).await.inspect_err(|error| {
        let session = session.name.as_str();
        warn!(session, %error, "the session could not be set up; trying again");
    });
    // a server that refuses what is written must not look like one that restarts
    let told = arranged.is_err() || tell_of_missed_events(app, session).await;
    let view = settled_view(app, session).await;
    let reported = report_if_due(app, session, &view).await;
    match (arranged, view.state) {
        (Ok(Arranged::Busy), _) => BUSY,
        (Err(_), _) => AWAY,
        _ if !(told && reported) => AWAY,
        (Ok(_), SessionState::Connected) if view.problem == Some(SessionProblem::StoreOff) => {
            UNSETTLED
        }
        (Ok(_), SessionState::Connected) => CALM,
        (Ok(_), _) => UNSETTLED,
    }
}

/// The view after the store was tried, which only a connected session allows.
async fn settled_view(app: &App, session: &Session) -> SessionView {
    let view = read_view(session, &app.clock).await;
    if view.state != SessionState::Connected {
        return view;
    }
    let before = session.knowledge.store_off();
    match session.waha.chats(1, 0).await {
        Ok(_) => session.knowledge.learn_store_off(false),
        // seen after a restart of WAHA, while the session says that it works (WAHA §5.1)
        Err(WahaError::Rejected { status: 422, .. }) if before => {
            if let Err(error) = restart_for_store(session).await {
                let session = session.name.as_str();
                warn!(session, %error, "the session was not restarted for its store");
            }
        }
        Err(WahaError::StoreOff | WahaError::Rejected { status: 422, .. }) => {
            session.knowledge.learn_store_off(true);
        }
        // says nothing on the store
        Err(_) => {}
    }
    if session.knowledge.store_off() == before {
        return view;
    }
    read_view(session, &app.clock).await
}

/// Whether queue-api knows what it should.
async fn report_if_due(app: &App, session: &Session, view: &SessionView) -> bool {
    if !session.knowledge.is_news(view, CALM) {
        return true;
    }
    report_view(app, session, view.clone()).await != Report::Later
}

/// The session was written or started: it is told as a connection that ended, after which the worker reads all chats.
/// Whether queue-api knows.
async fn tell_of_missed_events(app: &App, session: &Session) -> bool {
    if session.knowledge.events_missed() {
        let view = SessionView {
            state: SessionState::Connecting,
            problem: None,
            own: None,
            restriction: None,
            capping: None,
            server: None,
            at: app.clock.now(),
        };
        if report_view(app, session, view).await == Report::Later {
            return false;
        }
    }
    session.knowledge.learn_events_missed(false);
    true
}

/// Tells queue-api what the session is doing.
pub(crate) async fn report_view(app: &App, session: &Session, view: SessionView) -> Report {
    let fact = Fact::Session(view.clone());
    let report = app.queue_api.report(&session.name, vec![fact]).await;
    if report == Report::Stored {
        session.knowledge.learn_reported(view);
    }
    report
}
