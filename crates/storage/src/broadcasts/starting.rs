//! Starting: every text is written and every copy queued in one transaction, or nothing at all.

use domain::{
    Timestamp,
    broadcast::{BroadcastCopy, BroadcastState, BroadcastVerb, Plan},
    ids::{BroadcastId, MessageId},
    lane::Lane,
    session::SessionName,
};

use super::{
    planning::plan,
    row::{BroadcastRow, find, locked},
};
use crate::{
    Actor, Error, NewMessage, Recipient, Store,
    audit::Deed,
    db::{Sql, Tx, args},
    locks,
};

/// What came of starting a broadcast.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BroadcastStart {
    /// Its copies are in the queue.
    Done(Box<BroadcastRow>),
    /// It was started before: nothing was done.
    Already(Box<BroadcastRow>),
    /// There is no such broadcast.
    Unknown,
    /// Somebody changed it since the caller looked: nothing was done.
    Conflict {
        /// The version it has now.
        current_version: i64,
    },
    /// It was cancelled.
    Cancelled,
    /// Its last moment has passed: nothing was done.
    Expired,
    /// It is for nobody who can get it: nothing was done.
    Nobody,
    /// Some copies cannot be written ([`Plan::unwritten`]): nothing was done.
    Unwritten(Box<Plan>),
}

const START: Sql = Sql::both(
    "UPDATE broadcast SET state = $2, version = version + 1, started_at = $3, started_by = $4 WHERE id = $1",
);

impl Store {
    /// Starts a draft: queues a copy for everybody whom it is for, from these sessions. Started twice, the second does nothing.
    /// `version`: the one the caller saw, when it cares.
    ///
    /// Sessions and guest list are held: who is planned for is as they were planned when the copies are in.
    pub async fn start_broadcast(
        &self,
        id: BroadcastId,
        version: Option<i64>,
        sessions: &[SessionName],
        actor: &Actor,
        now: Timestamp,
    ) -> Result<BroadcastStart, Error> {
        let mut tx = self.db.write().await?;
        locks::lock_all_sessions(&mut tx).await?;
        locks::lock_guest_list(&mut tx).await?;
        let Some(row) = locked(&mut tx, id).await? else {
            return Ok(BroadcastStart::Unknown);
        };
        if let Some(refused) = refused(&row, version, now) {
            return Ok(refused);
        }
        let plan = plan(&mut tx, &row, sessions, now).await?;
        if plan.unwritten().next().is_some() {
            return Ok(BroadcastStart::Unwritten(Box::new(plan)));
        }
        if plan.copies.is_empty() {
            return Ok(BroadcastStart::Nobody);
        }
        let queued = self.queue_copies(&mut tx, &row, plan.copies, now).await?;
        let started = BroadcastVerb::Start.leads_to();
        tx.execute_one(&START, args![id, started, now, &actor.name])
            .await?;
        let deed = Deed {
            action: "broadcast.start",
            subject: &id.to_string(),
            detail: Some(&format!("copies: {queued}")),
        };
        self.write_audit(&mut tx, actor, deed, now).await?;
        let row = find(&mut tx, id).await?;
        tx.commit().await?;
        let row = row.ok_or(Error::UnexpectedRows { touched: 0 })?;
        Ok(BroadcastStart::Done(Box::new(row)))
    }

    async fn queue_copies(
        &self,
        tx: &mut Tx,
        row: &BroadcastRow,
        copies: Vec<BroadcastCopy>,
        now: Timestamp,
    ) -> Result<usize, Error> {
        let contacts: Vec<_> = copies.iter().map(|copy| copy.contact).collect();
        let recipients: Vec<_> = contacts.iter().copied().map(Recipient::from).collect();
        let recipients: Vec<_> = recipients.iter().collect();
        self.hold_recipients(tx, &recipients, now).await?;
        let ids = self.new_message_ids(tx, copies.len(), now).await?;
        let messages: Vec<_> = copies
            .into_iter()
            .zip(ids)
            .filter_map(|(copy, id)| copy_of(row, copy, id))
            .collect();
        Ok(self.enqueue_held(tx, &messages, contacts, now).await?.len())
    }
}

/// The copy as a message; `None`: it has no text, which was looked at before.
fn copy_of(row: &BroadcastRow, copy: BroadcastCopy, id: MessageId) -> Option<NewMessage> {
    Some(NewMessage {
        id,
        session: copy.session,
        to: copy.contact.into(),
        text: copy.text.ok()?,
        lane: Lane::Broadcast,
        priority: 0,
        not_before: row.not_before,
        not_after: Some(row.not_after),
        drop_if_answered: false,
        reply_to: None,
        send_now: false,
        broadcast: Some(row.id),
        link_preview: false,
    })
}

/// Why it cannot be started, before anybody is looked at. That it was started before is told first: whoever presses the button
/// twice has seen the version before the first time.
fn refused(row: &BroadcastRow, version: Option<i64>, now: Timestamp) -> Option<BroadcastStart> {
    match row.state {
        BroadcastState::Started | BroadcastState::Paused => {
            Some(BroadcastStart::Already(Box::new(row.clone())))
        }
        BroadcastState::Cancelled => Some(BroadcastStart::Cancelled),
        BroadcastState::Draft if version.is_some_and(|seen| seen != row.version) => {
            Some(BroadcastStart::Conflict {
                current_version: row.version,
            })
        }
        BroadcastState::Draft => (row.not_after <= now).then_some(BroadcastStart::Expired),
    }
}
