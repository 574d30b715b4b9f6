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
use domain::wait::{Ends, Wait, WaitReason};
use serde::Serialize;
use storage::{BroadcastPlan, BroadcastRow};
use utoipa::ToSchema;

use crate::app::App;
use crate::outlook::{ExtraMessage, Outlook, rehearse};

/// What would happen on one session.
pub(crate) struct Forecast<'a> {
    pub(crate) session: SessionName,
    /// Copies with the time at which each probably leaves, in that order.
    pub(crate) expected: Vec<(&'a BroadcastCopy, Timestamp)>,
    /// When the last of them has left: nearly sure. `None`: nothing leaves by itself.
    pub(crate) last: Option<Timestamp>,
    /// The same for contacts who have not written for long, of whom only a few are written to each day.
    pub(crate) last_cold: Option<Timestamp>,
    /// Copies that would not arrive in time.
    pub(crate) missed: Vec<(&'a BroadcastCopy, MissedBy)>,
    /// What each day sends then, with all that waits already.
    pub(crate) days: Vec<DayUse>,
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

impl Forecast<'_> {
    /// How many of the copies go to contacts who have not written for long.
    pub(crate) fn cold(&self) -> usize {
        let missed = self
            .missed
            .iter()
            .filter(|(_, by)| *by == MissedBy::NotAfter);
        let all = self.expected.iter().map(|(copy, _)| copy);
        all.chain(missed.map(|(copy, _)| copy))
            .filter(|copy| copy.is_cold)
            .count()
    }
}

/// The forecast of every session that would send copies of the plan.
pub(crate) async fn forecast<'a>(
    app: &App,
    planned: &'a BroadcastPlan,
) -> Result<Vec<Forecast<'a>>, storage::Error> {
    let (config, _) = app.store.config().await?;
    let wedding = config.wedding_is_over().filter(|over| *over > app.now());
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
            all.push(of_session(
                session,
                &own,
                outlook,
                (planned.row.not_after, wedding),
            ));
        }
    }
    Ok(all)
}

fn of_session<'a>(
    session: &SessionName,
    copies: &[&'a BroadcastCopy],
    outlook: Outlook,
    (not_after, wedding): (Timestamp, Option<Timestamp>),
) -> Forecast<'a> {
    let of: HashMap<ContactId, &BroadcastCopy> =
        copies.iter().map(|copy| (copy.contact, *copy)).collect();
    let leaves = outlook.rehearsal.leaves.iter();
    let leaves = leaves.filter(|one| outlook.extra.contains(&one.message));
    let leaves = leaves.map(|one| (one.contact, one.at, one.band.to));
    // those that wait for an answer leave at the end of that wait at the latest
    let stays = || {
        let stays = outlook.rehearsal.stays.iter();
        stays.filter(|(message, ..)| outlook.extra.contains(message))
    };
    let held = stays().filter_map(|(_, contact, stay)| match stay {
        Stay::Waits(Wait {
            reason: WaitReason::UnansweredLimit,
            ends: Ends::At(until),
        }) => Some((*contact, *until, *until)),
        _ => None,
    });
    let copies_at = leaves.chain(held).filter_map(|(contact, at, latest)| {
        let copy = *of.get(&contact)?;
        Some((copy, at, latest))
    });
    let (mut own, held_too_long): (Vec<_>, Vec<_>) =
        copies_at.partition(|(_, at, _)| *at <= not_after);
    own.sort_by_key(|(_, at, _)| *at);
    let last = |cold: bool| {
        let some = own.iter().filter(|(copy, ..)| copy.is_cold || !cold);
        some.map(|(.., latest)| *latest).max()
    };
    let expired = stays().filter(|(.., stay)| *stay == Stay::Never(RefuseReason::Expired));
    let expired = expired.filter_map(|(_, contact, _)| of.get(contact).copied());
    let expired = expired.chain(held_too_long.iter().map(|(copy, ..)| *copy));
    let too_late = own
        .iter()
        .filter(|(_, at, _)| wedding.is_some_and(|over| *at > over));
    let missed = expired.map(|copy| (copy, MissedBy::NotAfter));
    Forecast {
        session: session.clone(),
        last: last(false),
        last_cold: last(true),
        missed: missed
            .chain(too_late.map(|(copy, ..)| (*copy, MissedBy::AfterWedding)))
            .collect(),
        expected: own.iter().map(|(copy, at, _)| (*copy, *at)).collect(),
        days: outlook.days,
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
