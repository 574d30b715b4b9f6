//! Starting a session, and starting it anew. A linked phone stays linked.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect};

use super::address;
use crate::app::Shared;
use crate::integration::Operation;
use crate::pages::refusal::Shown;
use crate::pages::visitor::Visitor;
use crate::sessions;

pub(super) async fn start(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(session): Path<String>,
) -> Shown {
    done(&app, &visitor, &session, Operation::Start).await
}

pub(super) async fn restart(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(session): Path<String>,
) -> Shown {
    done(&app, &visitor, &session, Operation::Restart).await
}

async fn done(app: &Shared, visitor: &Visitor, session: &str, operation: Operation) -> Shown {
    let session = sessions::find(app, session).await?.name;
    sessions::operate(app, visitor.actor(), &session, operation).await?;
    Ok(Redirect::to(&address(&session, "started")).into_response())
}
