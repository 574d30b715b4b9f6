//! Tying phones to a household: those that write its invitation's token, as long as seats are free.
//!
//! The rules that must hold: a token ties no more phones than its household has people (`seats`); what ties is the first word after the
//! pairing; being tied is no consent, only the word is, on the session where it was written.

use domain::{
    Timestamp,
    ids::{ContactId, HouseholdId},
    invitation::InvitationToken,
    session::SessionName,
    wire::ObservedMessage,
};

use crate::{
    Actor, Error, Store,
    audit::Deed,
    chat_reading,
    db::{Sql, Tx, args},
    locks,
};

use super::{
    identity::{self, Standing},
    messages::contacts_of,
    seats::{self, Phone},
};

const INVITATION: Sql =
    Sql::both("SELECT id, household_id, valid_until, revoked_at FROM invitation WHERE token = $1");

const LOCK_FREE: Sql = Sql::each(
    "SELECT id, household_id FROM invitation
     WHERE token = $1 AND revoked_at IS NULL AND valid_until > $2",
    "SELECT id, household_id FROM invitation
     WHERE token = $1 AND revoked_at IS NULL AND valid_until > $2
     FOR NO KEY UPDATE",
);

const BELONGS: Sql = Sql::both("UPDATE contact SET household_id = $2 WHERE id = $1");

const HOUSEHOLD_WROTE: Sql = Sql::both(
    "UPDATE invitation SET tied_at = $2
     WHERE revoked_at IS NULL AND tied_at IS NULL
       AND household_id IN (SELECT g.household_id FROM guest g WHERE g.contact_id = $1
                            UNION ALL
                            SELECT c.household_id FROM contact c WHERE c.id = $1)",
);

/// How it stands with the invitation of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// It ties the next phone that writes it.
    Free,
    /// No seat is free.
    Used,
    /// Its time is over.
    Expired,
}

/// A token of ours that somebody wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) token: InvitationToken,
    pub(super) household: HouseholdId,
    pub(super) used: Use,
}

/// The token of ours in what the writer with these contacts wrote: of several one that still ties. One that was revoked is none.
pub(super) async fn token_in(
    tx: &mut Tx,
    message: &ObservedMessage,
    writer: &[ContactId],
    now: Timestamp,
) -> Result<Option<Written>, Error> {
    let mut other = None;
    let body = message.body.as_deref().filter(|_| !message.from_me);
    for token in InvitationToken::find_in(body.unwrap_or_default()) {
        let Some(row) = tx.first(&INVITATION, args![token]).await? else {
            continue;
        };
        if row.opt_time("revoked_at")?.is_some() {
            continue;
        }
        let used = if row.time("valid_until")? <= now {
            Use::Expired
        } else if seats::is_free(tx, row.parsed("id")?, writer).await? {
            Use::Free
        } else {
            Use::Used
        };
        let written = Written {
            token,
            household: row.parsed("household_id")?,
            used,
        };
        if used == Use::Free {
            return Ok(Some(written));
        }
        other = other.or(Some(written));
    }
    Ok(other)
}

impl Store {
    /// Ties the message's writer to the household of `token`. Returns their contact. `None`: things have changed meanwhile, look
    /// again; nothing of this transaction may be kept then. The caller holds the session and the guest list.
    pub(super) async fn tie_by_token(
        &self,
        tx: &mut Tx,
        session: &SessionName,
        message: &ObservedMessage,
        token: InvitationToken,
        now: Timestamp,
    ) -> Result<Option<ContactId>, Error> {
        let found = contacts_of(tx, session, message).await?;
        if identity::standing(tx, &found).await? == Standing::Invited {
            return Ok(None);
        }
        let (chat, alt) = (&message.chat, message.alt.as_ref());
        let Some(contact) = self.contact_behind(tx, chat, alt, None, now).await? else {
            return Ok(None);
        };
        locks::lock_contact(tx, contact).await?;
        let both: Vec<_> = std::iter::once(chat).chain(alt).collect();
        self.no_longer_unknown(tx, &both, now).await?;
        // Of two that write it in this moment one waits here, and then finds its seats taken.
        let Some(row) = tx.first(&LOCK_FREE, args![token, now]).await? else {
            return Ok(None);
        };
        let household = row.parsed("household_id")?;
        let phone = Phone {
            contact,
            push_name: message.push_name.as_deref(),
            at: message.at.min(now),
        };
        let seat = seats::take(tx, row.parsed("id")?, household, phone).await?;
        if seat.is_none() {
            return Ok(None);
        }
        // What they wrote before was a stranger's.
        for chat in both {
            chat_reading::ask(tx, session, chat, now).await?;
        }
        let deed = Deed {
            action: "invitation.tie",
            subject: &household.to_string(),
            detail: Some(&contact.to_string()),
        };
        self.write_audit(tx, &Actor::contact(), deed, now).await?;
        Ok(Some(contact))
    }
}

/// The contact is somebody of that household.
pub(crate) async fn belongs(
    tx: &mut Tx,
    contact: ContactId,
    household: HouseholdId,
) -> Result<(), Error> {
    tx.execute_one(&BELONGS, args![contact, household]).await
}

/// Somebody of the contact's households has written: the couple sees that their invitations have arrived.
pub(crate) async fn household_wrote(
    tx: &mut Tx,
    contact: ContactId,
    at: Timestamp,
) -> Result<(), Error> {
    tx.execute(&HOUSEHOLD_WROTE, args![contact, at]).await?;
    Ok(())
}
