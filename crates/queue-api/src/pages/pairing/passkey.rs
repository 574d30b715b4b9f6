//! The part of the linking page for an account that WhatsApp asks for a passkey.
//!
//! The rule that must hold: challenge and answer are in the page and in a form, and nowhere else.

use std::time::Duration;

use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect};
use chassis::Problem;
use domain::session::{SessionName, SessionProblem, SessionState};
use domain::waha_image;
use domain::wire::PasskeyChallenge;
use serde::Deserialize;
use storage::SessionRow;
use tokio::time::timeout;

use super::address;
use crate::app::{App, Shared};
use crate::integration::Operation;
use crate::pages::frame::Frame;
use crate::pages::refusal::Shown;
use crate::pages::visitor::Visitor;
use crate::problem::Failure;
use crate::sessions;

/// What is pasted into the console of `web.whatsapp.com`; the words in capitals are replaced.
const SCRIPT: &str = include_str!("../../../assets/passkey_paste.js");
/// A page does not wait longer for a WAHA that hangs: it asks again by itself.
const READ_WITHIN: Duration = Duration::from_secs(5);
/// The extension for Firefox, which is called without an id (WAHA §3).
const FIREFOX_STORE: &str = "https://addons.mozilla.org/firefox/addon/whatsapp-browser-extension/";

/// What the page shows of it.
pub(super) struct Passkey {
    /// The id of the extension to call.
    pub(super) extension: String,
    /// Where the extension is found: the browsers' names and the address.
    pub(super) stores: [(&'static str, String); 2],
    /// The server, and the image to move to, where the server cannot do it.
    pub(super) other_image: Option<(String, String)>,
    pub(super) challenge: Option<Challenge>,
    /// The code to compare, and whether it was confirmed.
    pub(super) code: Option<(String, bool)>,
    /// It could not be read what WhatsApp asks for.
    pub(super) unreadable: bool,
    /// The QR is shown, so that it is not known yet whether WhatsApp will ask.
    pub(super) may_be_asked: bool,
}

/// A challenge, as the page shows it.
pub(super) struct Challenge {
    /// As JSON.
    pub(super) options: String,
    /// For the console.
    pub(super) script: String,
    /// How long an answer is still taken.
    pub(super) seconds: u64,
    pub(super) answered: bool,
    /// An answer led nowhere.
    pub(super) stuck: bool,
    /// It may be answered already, and is not answered again.
    pub(super) uncertain: bool,
}

/// Whether WhatsApp waits for a step of the passkey.
pub(super) fn asks(row: &SessionRow) -> bool {
    use SessionProblem as P;
    let problem = row.problem;
    matches!(
        problem,
        Some(P::PasskeyRequired | P::PasskeyConfirmationRequired)
    )
}

impl Passkey {
    pub(super) async fn of(app: &App, f: &Frame, row: &SessionRow) -> Self {
        let extension = app.passkey_extension();
        let server = row.server.clone().unwrap_or_default();
        let lacks = waha_image::lacks_passkey(&server);
        let mut passkey = Self {
            extension: extension.to_string(),
            stores: [
                ("Chrome, Edge, Brave", extension.store_address()),
                ("Firefox", FIREFOX_STORE.to_owned()),
            ],
            other_image: lacks.then(|| (server, waha_image::with_passkey())),
            challenge: None,
            code: None,
            unreadable: false,
            may_be_asked: row.state == SessionState::Qr && !asks(row),
        };
        if asks(row) {
            passkey.read(app, f, &row.name).await;
        }
        passkey
    }

    async fn read(&mut self, app: &App, f: &Frame, session: &SessionName) {
        match timeout(READ_WITHIN, sessions::read_passkey(app, session)).await {
            Ok(Ok(reply)) => {
                self.challenge = reply.challenge.map(|challenge| shown(f, challenge));
                let code = reply.confirmation;
                self.code = code.map(|code| (code.code, code.confirmed));
            }
            Ok(Err(_)) | Err(_) => self.unreadable = true,
        }
    }
}

fn shown(f: &Frame, challenge: PasskeyChallenge) -> Challenge {
    let label = serde_json::Value::from(f.t("passkey-script-button")).to_string();
    let script = SCRIPT.replace("LABEL", &label);
    let seconds = challenge.expires_in_ms / 1000;
    Challenge {
        script: script.replace("OPTIONS", &challenge.options),
        options: challenge.options,
        seconds,
        answered: challenge.answered,
        uncertain: challenge.uncertain,
        stuck: challenge.asked_again || (challenge.answered && seconds == 0),
    }
}

#[derive(Deserialize)]
pub(super) struct AnswerForm {
    #[serde(default)]
    assertion: String,
}

pub(super) async fn answer(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(session): Path<String>,
    Form(AnswerForm { assertion }): Form<AnswerForm>,
) -> Shown {
    let session = sessions::find(&app, &session).await?.name;
    let assertion = assertion.trim().to_owned();
    let done = sessions::answer_passkey(&app, &visitor.actor(), &session, assertion).await;
    said(&session, "passkey-sent", done)
}

#[derive(Deserialize)]
pub(super) struct CodeForm {
    #[serde(default)]
    code: String,
}

pub(super) async fn confirm(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(session): Path<String>,
    Form(CodeForm { code }): Form<CodeForm>,
) -> Shown {
    let session = sessions::find(&app, &session).await?.name;
    let done = sessions::confirm_passkey(&app, &visitor.actor(), &session, code).await;
    said(&session, "passkey-confirmed", done)
}

/// The codes differ: the link is broken off, and a new QR follows.
pub(super) async fn mismatch(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(session): Path<String>,
) -> Shown {
    let session = sessions::find(&app, &session).await?.name;
    sessions::operate(&app, visitor.actor(), &session, Operation::Restart).await?;
    said(&session, "passkey-mismatch", Ok(()))
}

/// Back to the linking page with a sentence, also about what a person can mend there.
fn said(session: &SessionName, done: &str, outcome: Result<(), Failure>) -> Shown {
    let said = match outcome.map_err(Problem::from) {
        Ok(()) => done.to_owned(),
        Err(problem) if problem.code().contains("passkey") => problem.code().to_owned(),
        Err(problem) => return Err(problem.into()),
    };
    Ok(Redirect::to(&address(session, &said)).into_response())
}
