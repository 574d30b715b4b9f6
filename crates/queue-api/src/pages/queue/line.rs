//! A message as lists show it: to whom, how it begins, where it is, and why it does not go.

use domain::Timestamp;
use domain::message_status::MessageStatus;
use domain::phone_number::PhoneNumber;
use domain::session::SessionName;
use domain::wait::{Ends, Wait};
use storage::MessageRow;

use super::phase::Phase;
use crate::app::App;
use crate::messages::Sessions;
use crate::pages::frame::Frame;
use crate::pages::refusal::Refused;

/// So much of a text is shown in a list.
const BEGINNING: usize = 160;

/// A message in a list.
pub(in crate::pages) struct Line {
    pub(in crate::pages) id: String,
    pub(in crate::pages) who: String,
    pub(in crate::pages) text: String,
    pub(in crate::pages) person: String,
    pub(in crate::pages) side: usize,
    pub(in crate::pages) phase: Phase,
    pub(in crate::pages) at: Timestamp,
    pub(in crate::pages) why: Option<Why>,
}

/// Why a message does not go, and what ends that, in words.
pub(in crate::pages) struct Why {
    pub(in crate::pages) reason: String,
    pub(in crate::pages) ends: String,
}

impl Why {
    /// A wait in words.
    pub(in crate::pages) fn of(f: &Frame, wait: Wait) -> Self {
        Self {
            reason: f.t(&format!("wait-{}", wait.reason)),
            ends: match wait.ends {
                Ends::At(at) => f.with("ends-at", &[("time", f.time(&at).into())]),
                Ends::Event(event) => f.t(&format!("ends-{event}")),
                Ends::Person(person) => f.t(&format!("ends-{person}")),
            },
        }
    }
}

/// Messages as lists show them. What waits for its session is asked once for each session, not for each message.
pub(in crate::pages) async fn lines(
    app: &App,
    f: &Frame,
    rows: Vec<MessageRow>,
) -> Result<Vec<Line>, Refused> {
    let mut sessions = Sessions::of(app, &rows).await?;
    let mut lines = Vec::with_capacity(rows.len());
    for row in rows {
        let wait = sessions.wait(&row);
        let step = last_step(app, &row).await?;
        lines.push(line(app, f, &row, wait, step.as_deref()));
    }
    Ok(lines)
}

fn line(app: &App, f: &Frame, row: &MessageRow, wait: Option<Wait>, step: Option<&str>) -> Line {
    Line {
        id: row.id.to_string(),
        who: called(f, &row.guest_names, row.phone.as_ref()),
        text: beginning(row.text.as_str()),
        person: f.person(&row.session),
        side: side(app, &row.session),
        phase: Phase::of(row, wait.is_some(), step),
        at: row.sent_at.unwrap_or(row.queued_at),
        why: wait.map(|wait| Why::of(f, wait)),
    }
}

/// What happened last to a message that is being composed: there is at most one of them in each session.
pub(super) async fn last_step(app: &App, row: &MessageRow) -> Result<Option<String>, Refused> {
    if row.status != MessageStatus::Composing {
        return Ok(None);
    }
    let steps = app.store.timeline(row.id).await?;
    Ok(steps.into_iter().next_back().map(|step| step.phase))
}

/// What a contact is called: its guests' names, else its number. Each name keeps its direction to itself.
pub(in crate::pages) fn called(f: &Frame, names: &[String], phone: Option<&PhoneNumber>) -> String {
    match (names, phone) {
        ([], Some(phone)) => phone.international(),
        ([], None) => f.t("queue-no-name"),
        ([name], _) => name.clone(),
        (names, _) => {
            let each = names.iter().map(|name| format!("\u{2068}{name}\u{2069}"));
            each.collect::<Vec<_>>().join(", ")
        }
    }
}

/// The beginning of a text, in one line.
pub(in crate::pages) fn beginning(text: &str) -> String {
    let mut letters = text.chars().map(|c| if c == '\n' { ' ' } else { c });
    let mut short: String = letters.by_ref().take(BEGINNING).collect();
    if letters.next().is_some() {
        short.push('…');
    }
    short
}

/// Which colour a spouse has, by the order of the sessions.
pub(in crate::pages) fn side(app: &App, session: &SessionName) -> usize {
    let place = app.sessions().iter().position(|name| name == session);
    place.unwrap_or_default() % 4
}
