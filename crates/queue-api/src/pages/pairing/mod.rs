//! Linking a phone: a QR code that renews itself or a code to type, for somebody who has never done it; and what else is done
//! to the connection.
//!
//! The rule that must hold: what links a phone is a login. It is shown, and never stored, cached or put into an address.

mod code;
mod log_out;
mod passkey;
mod picture;
mod steer;

use askama::Template;
use axum::extract::{Path, State};
use domain::phone_number::PhoneNumber;
use domain::session::{SessionName, SessionState};
use storage::SessionRow;

use self::passkey::Passkey;
use super::access::Access;
use super::frame::{Frame, Section};
use super::home::{Action, advice};
use super::page::page;
use super::refusal::{Refused, Shown};
use super::registry::Pages;
use super::visitor::Visitor;
use crate::app::{App, Shared};
use crate::sessions;

pub(super) fn routes(pages: Pages) -> Pages {
    pages
        .get("/pairing/{session}", Access::SignedIn, pairing)
        .get("/pairing/{session}/qr.png", Access::SignedIn, picture::qr)
        .get("/pairing/{session}/code", Access::SignedIn, code::form)
        .post("/pairing/{session}/code", Access::SignedIn, code::ask)
        .post(
            "/pairing/{session}/passkey",
            Access::SignedIn,
            passkey::answer,
        )
        .post(
            "/pairing/{session}/passkey/confirm",
            Access::SignedIn,
            passkey::confirm,
        )
        .post(
            "/pairing/{session}/passkey/mismatch",
            Access::SignedIn,
            passkey::mismatch,
        )
        .get("/pairing/{session}/log-out", Access::SignedIn, log_out::ask)
        .post(
            "/pairing/{session}/log-out",
            Access::SignedIn,
            log_out::log_out,
        )
        .post("/pairing/{session}/link", Access::SignedIn, steer::link)
        .post(
            "/pairing/{session}/restart",
            Access::SignedIn,
            steer::restart,
        )
}

/// How far linking is.
struct Link {
    session: String,
    person: String,
    connected: bool,
    /// It waits to be linked: a code is there.
    waits: bool,
    /// As whom it is connected.
    own: Option<String>,
    /// What is wrong otherwise, and what to do.
    advice: Option<(String, Option<Action>)>,
    /// It failed again after a press, and nothing says why: a person is asked what the phone shows.
    asks_about_phone: bool,
}

impl Link {
    fn of(f: &Frame, row: &SessionRow) -> Self {
        let number = row.own_number.as_ref().map(PhoneNumber::international);
        Self {
            session: row.name.to_string(),
            person: f.person(&row.name),
            connected: row.state == SessionState::Connected,
            waits: row.state == SessionState::Qr && !passkey::asks(row),
            own: row.own_name.clone().or(number),
            advice: advice(f, row, sessions::link_problem(row)),
            asks_about_phone: false,
        }
    }
}

#[derive(Template)]
#[template(path = "pages/pairing.html")]
struct PairingPage {
    f: Frame,
    link: Link,
    passkey: Passkey,
    /// What the last press did, while that is true.
    said: Option<String>,
    /// Another one each few seconds, so that a browser asks for the picture again.
    round: i64,
}

/// What an address says after a press that ended with [`LinkWait::Phone`](domain::linking::LinkWait::Phone).
const LOOK_AT_PHONE: &str = "look-at-phone";

/// A QR code lives some twenty seconds.
const ROUND: i64 = 10;

async fn pairing(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(session): Path<String>,
) -> Shown {
    let (f, row) = frame(&app, &visitor, &session).await?;
    let said = visitor.said().filter(|said| is_true(said, &row));
    let asks_about_phone = match visitor.said() {
        Some(LOOK_AT_PHONE) => sessions::is_restarted_by_link(&row),
        // a press that was not over at its answer
        Some("linking") => sessions::is_failed_untold(&row),
        _ => false,
    };
    page(&PairingPage {
        link: Link {
            asks_about_phone,
            ..Link::of(&f, &row)
        },
        said: said.and_then(|said| f.find(&format!("said-{said}"))),
        passkey: Passkey::of(&app, &f, &row).await,
        round: f.now().timestamp() / ROUND,
        f,
    })
}

/// Whether what the last press said is true in the state that is shown now.
fn is_true(said: &str, row: &SessionRow) -> bool {
    use SessionState as S;
    match said {
        "linking" | "started" => matches!(row.state, S::Connecting | S::Disconnected),
        "link-stopped" => !matches!(row.state, S::Connected | S::Qr),
        "link-failed" => sessions::is_failed_untold(row),
        "logged-out" | "passkey-mismatch" | "no_passkey_pending" | "passkey_not_supported" => {
            row.state != S::Connected
        }
        _ => passkey::asks(row),
    }
}

/// The frame of a page about that session, named after whose it is.
async fn frame(
    app: &App,
    visitor: &Visitor,
    session: &str,
) -> Result<(Frame, SessionRow), Refused> {
    let f = Frame::of(app, visitor, Section::Home, "pairing-title").await?;
    let row = sessions::find(app, session).await?;
    let row = sessions::without_expired_lock(row, f.now());
    let title = f.with(
        "pairing-title-of",
        &[("person", f.person(&row.name).into())],
    );
    Ok((f.titled(title), row))
}

/// Where linking that session's phone is.
fn address(session: &SessionName, said: &str) -> String {
    format!("/pairing/{session}?said={said}")
}
