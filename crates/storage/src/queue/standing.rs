//! How a pending row stands before a claim has looked at it: due, scheduled, or waiting for the guest to write.
//!
//! Only what needs no rule is decided here; all else is the claim's.

use domain::{
    Timestamp,
    ids::ContactId,
    session::SessionName,
    wait::{AwaitedEvent, Ends, Wait, WaitReason},
};

use crate::{
    Error,
    db::{Sql, Tx, args},
};

/// The wait of a row whose contact has not written to the own number of its session.
pub(super) const CONSENT: Wait =
    Wait::event(WaitReason::GuestHasNotWritten, AwaitedEvent::ContactWrites);

/// The time a scheduled row waits for, if it does.
pub(super) fn scheduled(
    not_before: Option<Timestamp>,
    send_now: bool,
    now: Timestamp,
) -> Option<Wait> {
    not_before
        .filter(|at| !send_now && *at > now)
        .map(|at| Wait {
            reason: WaitReason::NotBefore,
            ends: Ends::At(at),
        })
}

const HAS_EVIDENCE: Sql = Sql::both(
    "SELECT s.evidence_id FROM contact_session s
     JOIN whatsapp_session_status l ON l.name = s.session AND l.own_number = s.own_number
     WHERE s.contact_id = $1 AND s.session = $2 AND s.evidence_id IS NOT NULL",
);

/// What a row waits for when a person put it (back) into the queue; `None`: it is due.
pub(super) async fn standing(
    tx: &mut Tx,
    session: &SessionName,
    contact: ContactId,
    scheduled: Option<Wait>,
) -> Result<Option<Wait>, Error> {
    let wrote = tx.first(&HAS_EVIDENCE, args![contact, session]).await?;
    Ok(match wrote {
        Some(_) => scheduled,
        None => Some(CONSENT),
    })
}
