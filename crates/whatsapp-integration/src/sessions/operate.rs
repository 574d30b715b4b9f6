//! `POST /sessions/{session}/start`, `/restart` and `/logout`, one at a time per session. Whether anything is open on
//! the session is the caller's to know: queue-api pauses it first (design §5).

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use chassis::Problem;
use chassis::problem::ProblemPath;
use domain::session::SessionName;
use domain::wire::SessionView;
use waha::WahaError;

use super::view::read_view;
use crate::app::{App, Session};
use crate::problem::of_waha;

type Answer = Result<Json<SessionView>, Problem>;

pub(crate) async fn start(
    State(app): State<Arc<App>>,
    ProblemPath(name): ProblemPath<SessionName>,
) -> Answer {
    operate(&app, &name, async |session| session.waha.start().await).await
}

pub(crate) async fn restart(
    State(app): State<Arc<App>>,
    ProblemPath(name): ProblemPath<SessionName>,
) -> Answer {
    operate(&app, &name, async |session| session.waha.restart().await).await
}

pub(crate) async fn logout(
    State(app): State<Arc<App>>,
    ProblemPath(name): ProblemPath<SessionName>,
) -> Answer {
    operate(&app, &name, async |session| session.waha.logout().await).await
}

async fn operate(
    app: &App,
    name: &SessionName,
    operation: impl AsyncFnOnce(&Session) -> Result<(), WahaError>,
) -> Answer {
    let session = app.session(name)?;
    let one_at_a_time = session.operations.lock().await;
    operation(session).await.map_err(of_waha)?;
    let view = read_view(session, &app.clock).await;
    drop(one_at_a_time);
    // a session that was logged out or made anew may have lost its configuration
    session.nudge.notify_one();
    Ok(Json(view))
}
