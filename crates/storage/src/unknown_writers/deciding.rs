//! What a spouse says about somebody unknown: they belong to that household, or they are no guest.
//!
//! The rule that must hold: tying somebody is no consent. Only what they really wrote is, found by reading their chat back.

use domain::{
    Timestamp,
    chat_id::ChatId,
    ids::{ContactId, GuestId, HouseholdId, UnknownWriterId},
    session::SessionName,
};

use super::{kept::FORGOTTEN_AFTER, rows::open_identity};
use crate::{
    Actor, Error, Store,
    audit::Deed,
    chat_reading,
    db::{Sql, Tx, args},
    facts::{own_identity::OwnIdentities, seats, tying, unconfirmed},
    locks,
};

/// As whom somebody unknown is known from now on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Member {
    /// As somebody of this household; its guests without a contact get theirs.
    Household(HouseholdId),
    /// As this guest.
    Guest(GuestId),
}

/// What came of tying somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tied {
    /// They are this contact; their chats are to be read.
    Done(ContactId),
    /// There is no such writer on that session, or not any more.
    NoSuchWriter,
    /// There is no such household.
    NoSuchHousehold,
    /// There is no such guest.
    NoSuchGuest,
    /// The guest has another contact.
    GuestHasAnother,
}

const WRITER: Sql = Sql::both(
    "SELECT identity, alt_identity FROM unknown_writer
     WHERE id = $1 AND session = $2 AND (last_at > $3 OR ignored_at IS NOT NULL)",
);

const HOUSEHOLD: Sql = Sql::both("SELECT id AS household_id FROM household WHERE id = $1");

const GUEST: Sql = Sql::each(
    "SELECT household_id, contact_id FROM guest WHERE id = $1",
    "SELECT household_id, contact_id FROM guest WHERE id = $1 FOR NO KEY UPDATE",
);

// Of each kind of identity: whether the guest's contact has one. The session's own number is nobody else's.
const GUESTS_OWN: Sql = Sql::both(
    "SELECT c.id, c.phone, (SELECT min(l.lid) FROM contact_lid l WHERE l.contact_id = c.id) AS lid
     FROM guest g JOIN contact c ON c.id = g.contact_id
     WHERE g.id = $1 AND NOT EXISTS (SELECT 1 FROM session_number n WHERE n.session = $2 AND n.number = c.phone)",
);

const ASSIGNED: Sql = Sql::both("UPDATE contact SET assigned_at = $2 WHERE id = $1");

const IS_THEIRS: Sql = Sql::both("UPDATE guest SET contact_id = $2 WHERE id = $1");

const IGNORE: Sql = Sql::both(
    "UPDATE unknown_writer
     SET ignored_at = $3, push_name = NULL, suggested_household_id = NULL
     WHERE id = $1 AND session = $2",
);

impl Store {
    /// Makes somebody who wrote to that session one of us. Their chat there is read from its first message.
    pub async fn tie_unknown_writer(
        &self,
        session: &SessionName,
        writer: UnknownWriterId,
        member: Member,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Tied, Error> {
        let mut tx = self.db.write().await?;
        // Their two identities may turn out to be two contacts.
        locks::lock_all_sessions(&mut tx).await?;
        locks::lock_guest_list(&mut tx).await?;
        let Some((chat, alt)) = self.who(&mut tx, session, writer, now).await? else {
            return Ok(Tied::NoSuchWriter);
        };
        let identities: Vec<_> = std::iter::once(&chat).chain(&alt).collect();
        let guests_own = may_be_theirs(&mut tx, session, member, &identities).await?;
        let Some(contact) = self
            .contact_behind(&mut tx, &chat, alt.as_ref(), guests_own, now)
            .await?
        else {
            return Ok(Tied::NoSuchWriter);
        };
        locks::lock_contact(&mut tx, contact).await?;
        self.no_longer_unknown(&mut tx, &identities, now).await?;
        let household = match be(&mut tx, contact, member).await? {
            Ok(household) => household,
            Err(refused) => return Ok(refused),
        };
        tx.execute_one(&ASSIGNED, args![contact, now]).await?;
        unconfirmed::confirm(&mut tx, contact).await?;
        tying::belongs(&mut tx, contact, household).await?;
        tying::household_wrote(&mut tx, contact, now).await?;
        for chat in identities {
            chat_reading::ask(&mut tx, session, chat, now).await?;
        }
        let deed = Deed {
            action: "unknown_writer.tie",
            subject: &writer.to_string(),
            detail: Some(&format!("household {household}")),
        };
        self.write_audit(&mut tx, actor, deed, now).await?;
        tx.commit().await?;
        Ok(Tied::Done(contact))
    }

    /// "Not a guest": whatever they write, they are not shown again, unless they come with an invitation. Their name is
    /// erased. Whether there is such a writer on that session.
    pub async fn ignore_unknown_writer(
        &self,
        session: &SessionName,
        writer: UnknownWriterId,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let mut tx = self.db.write().await?;
        if tx.execute(&IGNORE, args![writer, session, now]).await? == 0 {
            return Ok(false);
        }
        let deed = Deed {
            action: "unknown_writer.ignore",
            subject: &writer.to_string(),
            detail: None,
        };
        self.write_audit(&mut tx, actor, deed, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    async fn who(
        &self,
        tx: &mut Tx,
        session: &SessionName,
        writer: UnknownWriterId,
        now: Timestamp,
    ) -> Result<Option<(ChatId, Option<ChatId>)>, Error> {
        let Some(key) = &self.unknown_writers_key else {
            return Ok(None);
        };
        let args = args![writer, session, now - FORGOTTEN_AFTER];
        let Some(row) = tx.first(&WRITER, args).await? else {
            return Ok(None);
        };
        let open = |sealed: &str| open_identity(key, session, sealed);
        let alt = row.opt_text("alt_identity")?;
        let Some(chat) = open(&row.text("identity")?) else {
            return Ok(None);
        };
        let alt = alt.and_then(|alt| open(&alt));
        let own = OwnIdentities::read_every(tx, session).await?;
        let others = own.without(&chat, alt.as_ref());
        Ok(others.map(|(chat, alt)| (chat.clone(), alt.cloned())))
    }
}

/// The guest's own contact, when the writer's identities may be the ones that are missing there: a hidden id of somebody whose
/// number is on the list, mostly.
async fn may_be_theirs(
    tx: &mut Tx,
    session: &SessionName,
    member: Member,
    identities: &[&ChatId],
) -> Result<Option<ContactId>, Error> {
    let Member::Guest(guest) = member else {
        return Ok(None);
    };
    let Some(row) = tx.first(&GUESTS_OWN, args![guest, session]).await? else {
        return Ok(None);
    };
    let (phone, lid) = (row.opt_text("phone")?, row.opt_text("lid")?);
    let is_missing = |identity: &&ChatId| match identity {
        ChatId::Phone(_) => phone.is_none(),
        ChatId::Lid(_) => lid.is_none(),
    };
    let all = identities.iter().all(is_missing);
    Ok(if all { Some(row.parsed("id")?) } else { None })
}

/// Makes the contact that member of a household; the household.
async fn be(
    tx: &mut Tx,
    contact: ContactId,
    member: Member,
) -> Result<Result<HouseholdId, Tied>, Error> {
    match member {
        Member::Household(household) => {
            if tx.first(&HOUSEHOLD, args![household]).await?.is_none() {
                return Ok(Err(Tied::NoSuchHousehold));
            }
            // whose of several it is, a person is asked on the household's page
            seats::assign_if_known(tx, household, contact, None).await?;
            Ok(Ok(household))
        }
        Member::Guest(guest) => {
            let Some(row) = tx.first(&GUEST, args![guest]).await? else {
                return Ok(Err(Tied::NoSuchGuest));
            };
            let theirs: Option<ContactId> = row.opt_parsed("contact_id")?;
            if theirs.is_some_and(|theirs| theirs != contact) {
                return Ok(Err(Tied::GuestHasAnother));
            }
            tx.execute_one(&IS_THEIRS, args![guest, contact]).await?;
            Ok(Ok(row.parsed("household_id")?))
        }
    }
}
