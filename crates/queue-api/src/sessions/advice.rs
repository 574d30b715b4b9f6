//! What to do about a session that is not as it should be, and warnings about one that is connected.

use chrono::{DateTime, Utc};
use domain::number_change::NumberChange;
use domain::receipts::MissingReceipts;
use domain::session::{SessionProblem, SessionState};
use domain::unread_chats::UnreadChats;
use domain::waha_image;
use serde::Serialize;
use utoipa::ToSchema;

use super::standing::Standing;

/// What a person should do now; `None`: nothing. `server` is WAHA's release and engine.
pub(super) fn advice(
    state: SessionState,
    problem: Option<SessionProblem>,
    server: Option<&str>,
) -> Option<String> {
    let sentence = sentence(state, problem)?;
    let server = server.unwrap_or_default();
    let image = waha_image::instead_of(Some(server));
    let sentence = sentence.replace("{server}", server);
    Some(sentence.replace("{image}", &image))
}

const fn sentence(state: SessionState, problem: Option<SessionProblem>) -> Option<&'static str> {
    match (problem, state) {
        (Some(problem), _) => Some(about(problem)),
        (None, SessionState::Connected) => None,
        (None, SessionState::Qr) => Some(super::link::SCAN),
        (None, SessionState::Connecting) => Some(
            "Wait: the connection to WhatsApp is being made. If it takes longer than three minutes, `…/link` restarts it.",
        ),
        (None, SessionState::Disconnected) => Some("The session does not run: `…/link` starts it."),
        (None, SessionState::Failed) => Some(
            "WAHA does not say why it gave up. Look at WhatsApp on the phone first: while it shows a restriction or a ban, do not link. Else `…/link` leads to a QR code.",
        ),
    }
}

const fn about(problem: SessionProblem) -> &'static str {
    match problem {
        SessionProblem::WahaAway => "WAHA does not answer: see whether its container runs.",
        SessionProblem::KeyRefused => {
            "WAHA refuses our key: make WAHA_API_KEY_… of the integration and of WAHA the same."
        }
        SessionProblem::SessionMissing => {
            "The session is stopped inside WAHA. It is started by itself after a minute, at most every five; `…/link` starts it now."
        }
        SessionProblem::CodesUsedUp => {
            "The QR codes were used up before a phone scanned one: `…/link` shows new ones."
        }
        SessionProblem::Unlinked => {
            "The phone was unlinked: `…/link` ends the old login and shows a QR code."
        }
        SessionProblem::Restricted => {
            "WhatsApp may have restricted or banned this number. Do not scan: look at WhatsApp on the phone, and do what it says. When it works there again, log out here, then `…/link`."
        }
        SessionProblem::ClientOutdated => {
            "WhatsApp no longer accepts WAHA {server}: set WAHA_IMAGE to {image} or a newer release and start the containers again. docs/waha.md names the images for ARM."
        }
        SessionProblem::StoreOff => {
            "WAHA's message store cannot be read, so missed messages cannot be found again: log out and link the phone anew."
        }
        SessionProblem::TooOld => {
            "WAHA {server} is too old, so nothing is sent: set WAHA_IMAGE to {image} and start the containers again. docs/waha.md names the images for ARM."
        }
        SessionProblem::KnownBad => {
            "WAHA {server} files what is typed on the phone under the own number. Sending goes on: set WAHA_IMAGE to {image} and start the containers again. docs/waha.md names the images for ARM."
        }
        SessionProblem::VersionUnknown => {
            "WAHA does not tell a release that can be read, so its defects are not known. Linking and sending go on: let WAHA_API_KEY_… read `/api/server/version` of WAHA, or set WAHA_IMAGE to a release of docs/waha.md."
        }
        SessionProblem::SameNumber => {
            "This number is linked to two sessions, and neither sends: log one of them out, also if its WAHA does not answer, and link its own phone."
        }
        SessionProblem::WorkerAway => {
            "No worker works on this session, so nothing is sent: see whether the container of whatsapp-worker runs, and read its log."
        }
        SessionProblem::PasskeyRequired => {
            "WhatsApp asks for a passkey: approve it on the linking page, or read the challenge from `…/passkey`, sign it on web.whatsapp.com and post the answer there within its time. On expiry wait for the next challenge."
        }
        SessionProblem::PasskeyConfirmationRequired => {
            "WhatsApp shows a code on the phone: compare it with that of `…/passkey`, and confirm it with `…/passkey/confirm` only when both are the same."
        }
        SessionProblem::SendingForbidden => {
            "WAHA refuses our key for sending: give WAHA_API_KEY_… the right to send. One message is tried again from time to time; `…/try-again` tries one now."
        }
        SessionProblem::SendingUnstable => {
            "The session is lost, or does not answer, whenever something is to be sent: look at WAHA's log, restart the session. One message is tried again from time to time; `…/try-again` tries one now."
        }
        SessionProblem::SendingTooFast => {
            "WAHA asks for fewer messages, so sending has slowed down. One message is tried again from time to time; `…/try-again` tries one now."
        }
        SessionProblem::SendingRejected => {
            "WAHA rejects the messages as bad requests: look at WAHA's log and version. `…/try-again` tries one message; a restart of the session does too, until three messages are lost."
        }
        SessionProblem::SendingUnclear => {
            "WAHA does not say whether the last messages were sent: look at WAHA's log and at the chats on the phone. `…/try-again` tries one message; a restart of the session does too, until three messages are lost."
        }
    }
}

/// Something that somebody should look at.
#[derive(Serialize, ToSchema)]
#[schema(as = Warning)]
pub(super) struct WarningView {
    /// What it is, for programs.
    #[schema(example = "no_receipts")]
    code: &'static str,
    /// What it is and what to do, for people.
    sentence: &'static str,
    /// Since when.
    since: DateTime<Utc>,
    /// How many messages it is about.
    messages: Option<u32>,
    /// How many chats it is about.
    chats: Option<u32>,
}

/// All of a session.
pub(super) fn warnings(session: &Standing) -> Vec<WarningView> {
    let receipts = session.missing_receipts.map(Into::into);
    let unread = session.unread_chats.map(Into::into);
    let number = session.number_change.map(Into::into);
    [receipts, unread, number].into_iter().flatten().collect()
}

impl From<NumberChange> for WarningView {
    fn from(change: NumberChange) -> Self {
        Self {
            code: NumberChange::CODE,
            sentence: NumberChange::SENTENCE,
            since: change.since,
            messages: None,
            chats: None,
        }
    }
}

impl From<MissingReceipts> for WarningView {
    fn from(missing: MissingReceipts) -> Self {
        Self {
            code: MissingReceipts::CODE,
            sentence: MissingReceipts::SENTENCE,
            since: missing.since,
            messages: Some(missing.sends),
            chats: None,
        }
    }
}

impl From<UnreadChats> for WarningView {
    fn from(unread: UnreadChats) -> Self {
        Self {
            code: UnreadChats::CODE,
            sentence: UnreadChats::SENTENCE,
            since: unread.since,
            messages: None,
            chats: Some(unread.chats),
        }
    }
}
