//! A broadcast rehearsed on a simulated clock before it starts: who will have it when, and what that does to each day.

use std::collections::HashMap;

use domain::Timestamp;
use domain::broadcast::BroadcastCopy;
use domain::ids::ContactId;
use domain::lane::Lane;
use domain::message_text::MessageText;
use domain::session::SessionName;
use storage::BroadcastRow;

use super::preview::names;
use crate::app::App;
use crate::outlook::{ExtraMessage, Outlook, rehearse};
use crate::pages::frame::Frame;
use crate::pages::refusal::Refused;

/// What would happen on one spouse's number.
pub(super) struct Rehearsed {
    pub(super) session: SessionName,
    /// When the last of those who have written will have it; `None`: nothing leaves by itself.
    pub(super) last: Option<Timestamp>,
    /// Who, and about when, in the order in which they leave.
    pub(super) departures: Vec<(String, Timestamp)>,
    /// How many messages each day sends then, with all that waits already.
    pub(super) days: Vec<(String, u32)>,
}

/// Rehearses the copies on every session that would send some.
pub(super) async fn rehearsed(
    app: &App,
    f: &Frame,
    row: &BroadcastRow,
    copies: &[BroadcastCopy],
) -> Result<Vec<Rehearsed>, Refused> {
    let mut all = Vec::new();
    for session in app.sessions() {
        let own = copies.iter().filter(|copy| &copy.session == session);
        let own: Vec<_> = own.collect();
        let extra: Vec<_> = own.iter().map(|copy| extra(row, copy)).collect();
        if extra.is_empty() {
            continue;
        }
        let outlook = rehearse(&app.store, app.pace(), session, &extra, app.now()).await?;
        if let Some(outlook) = outlook {
            all.push(shown(f, session, &own, &outlook));
        }
    }
    Ok(all)
}

fn shown(
    f: &Frame,
    session: &SessionName,
    copies: &[&BroadcastCopy],
    outlook: &Outlook,
) -> Rehearsed {
    let called = copies.iter().map(|copy| (copy.contact, names(copy)));
    let called: HashMap<ContactId, String> = called.collect();
    let leaves = outlook.rehearsal.leaves.iter();
    let own: Vec<_> = leaves
        .filter(|departure| outlook.extra.contains(&departure.message))
        .collect();
    let name = |contact| called.get(contact).cloned().unwrap_or_default();
    let days = outlook.days.iter();
    Rehearsed {
        session: session.clone(),
        last: own.iter().map(|departure| departure.band.to).max(),
        departures: own
            .iter()
            .map(|departure| (name(&departure.contact), departure.at))
            .collect(),
        days: days
            .map(|day| (f.day(day.date), day.sent + day.leaving))
            .collect(),
    }
}

fn extra(row: &BroadcastRow, copy: &BroadcastCopy) -> ExtraMessage {
    ExtraMessage {
        contact: copy.contact,
        chars: copy.text.as_ref().map_or(0, MessageText::chars),
        lane: Lane::Broadcast,
        priority: 0,
        not_before: row.not_before,
        not_after: Some(row.not_after),
    }
}
