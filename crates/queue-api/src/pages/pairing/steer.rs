//! Linking a session's phone, whatever its state needs, and restarting a session. A restart leaves a linked phone linked.

use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect};
use chassis::Problem;
use domain::linking::LinkWait;
use domain::session::{SessionName, SessionState};
use serde::Deserialize;

use super::{LOOK_AT_PHONE, address};
use crate::app::Shared;
use crate::integration::Operation;
use crate::pages::refusal::{Refused, Shown};
use crate::pages::visitor::Visitor;
use crate::sessions;

#[derive(Deserialize)]
pub(super) struct LinkForm {
    /// `yes`: a person looked at the phone.
    #[serde(default)]
    phone_shows_no_restriction: String,
}

/// The page that follows shows the QR code, or the sentence that says what to do.
pub(super) async fn link(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(session): Path<String>,
    Form(form): Form<LinkForm>,
) -> Shown {
    let session = sessions::find(&app, &session).await?.name;
    let unrestricted = form.phone_shows_no_restriction == "yes";
    let waits_for = sessions::link_session(&app, visitor.actor(), &session, unrestricted).await?;
    let there = match waits_for {
        LinkWait::Waha if is_connected(&app, &session).await? => return Err(waha_is_silent()),
        LinkWait::Waha => address(&session, "linking"),
        LinkWait::Phone => address(&session, LOOK_AT_PHONE),
        LinkWait::Press => address(&session, "link-stopped"),
        LinkWait::Person if unrestricted => address(&session, "link-failed"),
        LinkWait::Nothing | LinkWait::Scan | LinkWait::Passkey | LinkWait::Person => {
            format!("/pairing/{session}")
        }
    };
    Ok(Redirect::to(&there).into_response())
}

async fn is_connected(app: &Shared, session: &SessionName) -> Result<bool, Refused> {
    let row = sessions::find(app, session.as_str()).await?;
    Ok(row.state == SessionState::Connected)
}

/// The state that is stored was not confirmed, so the page must not say that the phone is linked.
fn waha_is_silent() -> Refused {
    let detail = "WAHA does not answer: see whether its container runs, then link again.";
    Problem::unavailable("waha_away", detail).into()
}

pub(super) async fn restart(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(session): Path<String>,
) -> Shown {
    let session = sessions::find(&app, &session).await?.name;
    sessions::operate(&app, visitor.actor(), &session, Operation::Restart).await?;
    Ok(Redirect::to(&address(&session, "started")).into_response())
}
