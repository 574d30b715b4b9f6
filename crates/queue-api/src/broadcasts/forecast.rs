//! When each guest would get a broadcast, before it starts: a simulated run of the rules on every session that would send copies.
//!
//! Nothing is stored. What guests write until then is not known, so nothing here counts on an answer.

use std::collections::HashMap;

use domain::Timestamp;
use domain::broadcast::BroadcastCopy;
use domain::ids::ContactId;
use domain::lane::Lane;
use domain::message_text::MessageText;
use domain::release::{DayUse, RefuseReason, Stay};
use domain::session::SessionName;
use domain::wait::{Ends, Wait};
use serde::Serialize;
use storage::{BroadcastPlan, BroadcastRow};
use utoipa::ToSchema;

use crate::app::App;
use crate::outlook::{ExtraMessage, Outlook, rehearse};

/// What would happen on one session.
pub(crate) struct Forecast<'a> {
    pub(crate) session: SessionName,
    /// Copies that would leave before the last moment of the broadcast, in that order.
    pub(crate) expected: Vec<Expected<'a>>,
    /// Copies that would not arrive in time.
    pub(crate) missed: Vec<Missed<'a>>,
    /// Copies that wait for a person, or whose whole session waits for no time; and for what.
    pub(crate) held: Vec<(&'a BroadcastCopy, Wait)>,
    /// What WhatsApp itself restricts until a time: raising our own limits does not help before.
    pub(crate) restricted: Option<Wait>,
    /// Whether a later last moment of the broadcast still comes before the end of the wedding.
    pub(crate) later_end_helps: bool,
    /// What each day sends then, with all that waits already.
    pub(crate) days: Vec<DayUse>,
}

/// A copy that would leave.
pub(crate) struct Expected<'a> {
    pub(crate) copy: &'a BroadcastCopy,
    /// When it probably leaves.
    pub(crate) at: Timestamp,
    /// When it has left: nearly sure.
    latest: Timestamp,
    /// Whether it waits because too many messages to the contact are without an answer.
    pub(crate) is_unanswered: bool,
}

/// A copy that would not arrive in time.
pub(crate) struct Missed<'a> {
    pub(crate) copy: &'a BroadcastCopy,
    pub(crate) by: MissedBy,
    /// Whether it waits because too many messages to the contact are without an answer.
    pub(crate) is_unanswered: bool,
}

/// Why a copy would not arrive in time.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum MissedBy {
    /// The last moment of the broadcast comes first: it is cancelled.
    NotAfter,
    /// It would leave after the wedding day.
    AfterWedding,
}

/// What bounds a broadcast.
struct Bounds {
    not_after: Timestamp,
    /// When the wedding is over, if that is still to come.
    wedding: Option<Timestamp>,
}

impl<'a> Forecast<'a> {
    /// How many of the copies go to contacts who have not written for long.
    pub(crate) fn cold(&self) -> usize {
        let missed = self
            .missed
            .iter()
            .filter(|missed| missed.by == MissedBy::NotAfter);
        let all = self.expected.iter().map(|one| one.copy);
        all.chain(missed.map(|missed| missed.copy))
            .filter(|copy| copy.is_cold)
            .count()
    }

    /// When the last of some copies has left: nearly sure. `None`: none of them leaves by itself.
    pub(crate) fn last(&self, of: impl Fn(&Expected<'a>) -> bool) -> Option<Timestamp> {
        let some = self.expected.iter().filter(|one| of(one));
        some.map(|one| one.latest).max()
    }
}

/// The forecast of every session that would send copies of the plan.
pub(crate) async fn forecast<'a>(
    app: &App,
    planned: &'a BroadcastPlan,
) -> Result<Vec<Forecast<'a>>, storage::Error> {
    let (config, _) = app.store.config().await?;
    let bounds = Bounds {
        not_after: planned.row.not_after,
        wedding: config.wedding_is_over().filter(|over| *over > app.now()),
    };
    let mut all = Vec::new();
    for session in app.sessions() {
        let copies = planned.plan.copies.iter();
        let own: Vec<_> = copies.filter(|copy| &copy.session == session).collect();
        let extra: Vec<_> = own.iter().map(|copy| extra(&planned.row, copy)).collect();
        if extra.is_empty() {
            continue;
        }
        let outlook = rehearse(&app.store, app.pace(), session, &extra, app.now()).await?;
        if let Some(outlook) = outlook {
            all.push(of_session(session, &own, outlook, &bounds));
        }
    }
    Ok(all)
}

fn of_session<'a>(
    session: &SessionName,
    copies: &[&'a BroadcastCopy],
    outlook: Outlook,
    bounds: &Bounds,
) -> Forecast<'a> {
    let (expected, mut missed) = (leaving(copies, &outlook), too_late(copies, &outlook));
    let after_wedding = |one: &&Expected<'_>| bounds.wedding.is_some_and(|over| one.at > over);
    missed.extend(expected.iter().filter(after_wedding).map(|one| Missed {
        copy: one.copy,
        by: MissedBy::AfterWedding,
        is_unanswered: one.is_unanswered,
    }));
    Forecast {
        session: session.clone(),
        expected,
        missed,
        held: held(copies, &outlook),
        restricted: outlook.restricted,
        later_end_helps: bounds.wedding.is_none_or(|over| bounds.not_after < over),
        days: outlook.days,
    }
}

fn find<'a>(copies: &[&'a BroadcastCopy]) -> HashMap<ContactId, &'a BroadcastCopy> {
    copies.iter().map(|copy| (copy.contact, *copy)).collect()
}

/// Copies that leave in the simulated run.
fn leaving<'a>(copies: &[&'a BroadcastCopy], outlook: &Outlook) -> Vec<Expected<'a>> {
    let of = find(copies);
    let leaves = outlook.rehearsal.leaves.iter();
    let own = leaves.filter(|one| outlook.extra.contains(&one.message));
    own.filter_map(|one| {
        Some(Expected {
            copy: of.get(&one.contact).copied()?,
            at: one.at,
            latest: one.band.to,
            is_unanswered: outlook.rehearsal.unanswered.contains(&one.message),
        })
    })
    .collect()
}

/// Copies of which the last moment comes first in the simulated run.
fn too_late<'a>(copies: &[&'a BroadcastCopy], outlook: &Outlook) -> Vec<Missed<'a>> {
    let of = find(copies);
    let stays = outlook.rehearsal.stays.iter();
    let late = stays.filter(|(message, _, stay)| {
        outlook.extra.contains(message)
            && matches!(stay, Stay::Never(RefuseReason::Expired) | Stay::TooFar)
    });
    late.filter_map(|(message, contact, _)| {
        Some(Missed {
            copy: of.get(contact).copied()?,
            by: MissedBy::NotAfter,
            is_unanswered: outlook.rehearsal.unanswered.contains(message),
        })
    })
    .collect()
}

/// Copies that no time and no word of their contact sets free.
fn held<'a>(copies: &[&'a BroadcastCopy], outlook: &Outlook) -> Vec<(&'a BroadcastCopy, Wait)> {
    let of = find(copies);
    let stays = outlook.rehearsal.stays.iter();
    let own = stays.filter(|(message, ..)| outlook.extra.contains(message));
    own.filter_map(|(_, contact, stay)| match stay {
        Stay::Waits(wait)
            if matches!(wait.ends, Ends::Person(_)) || wait.reason.is_of_session() =>
        {
            Some((of.get(contact).copied()?, *wait))
        }
        _ => None,
    })
    .collect()
}

fn extra(row: &BroadcastRow, copy: &BroadcastCopy) -> ExtraMessage {
    ExtraMessage {
        contact: copy.contact,
        chars: copy.text.as_ref().map_or(0, MessageText::chars),
        lane: Lane::Broadcast,
        priority: 0,
        not_before: row.not_before,
        not_after: Some(row.not_after),
        waits_out_unanswered: true,
    }
}
