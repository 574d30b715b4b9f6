//! Phones that came in by a household's code: whose each of them is, and that one is no guest's.

use domain::{
    Timestamp,
    chat_id::ChatId,
    ids::{ContactId, GuestId, HouseholdId},
};

use crate::{
    Actor, CancelReason, Error, Store,
    audit::Deed,
    db::{Row, Sql, Tx, args},
    facts::{seats::free_seats, unconfirmed},
    locks,
    release::{self, queue_rows},
};

/// A phone of a household.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HouseholdPhone {
    /// The contact.
    pub contact: ContactId,
    /// The household.
    pub household: HouseholdId,
}

/// Whose a phone is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhoneOwner {
    /// One guest's, and nobody else's of the household.
    Guest(GuestId),
    /// All share it who have no other phone.
    Everyone,
}

/// What came of saying whose a phone is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhoneAssigned {
    /// It is theirs.
    Done,
    /// The household has no such phone.
    NoSuchPhone,
    /// The household has no such guest.
    NoSuchGuest,
    /// The guest has another phone.
    GuestHasAnother,
}

const IS_OF: Sql = Sql::both("SELECT id FROM contact WHERE id = $1 AND household_id = $2");

const GUEST: Sql = Sql::both("SELECT contact_id FROM guest WHERE id = $1 AND household_id = $2");

/// `may_be!(own, contact, household)`: guests `g` whose phone a contact of the household may be: those without one, those who share one,
/// and those whose number may be this hidden id. Never the account's own number, on a session to which the hidden id wrote.
macro_rules! may_be {
    ($select:literal, $contact:literal, $household:literal) => {
        concat!(
            "SELECT ", $select, " FROM guest g LEFT JOIN contact p ON p.id = g.contact_id
             WHERE g.household_id = ", $household, " AND (g.contact_id IS NULL OR g.contact_id <> ", $contact, ")
               AND (g.contact_id IS NULL
                    OR EXISTS (SELECT 1 FROM guest o
                               WHERE o.contact_id = g.contact_id AND o.household_id = g.household_id AND o.id <> g.id)
                    OR p.phone IS NOT NULL
                       AND NOT EXISTS (SELECT 1 FROM contact_lid l WHERE l.contact_id = p.id)
                       AND EXISTS (SELECT 1 FROM contact h WHERE h.id = ", $contact, " AND h.phone IS NULL)
                       AND NOT EXISTS (SELECT 1 FROM session_number n
                                       JOIN contact_session s ON s.session = n.session AND s.contact_id = ", $contact, "
                                       WHERE n.number = p.phone))"
        )
    };
}

const MAY_BE: Sql = Sql::both(concat!(
    may_be!("g.id", "$1", "$2"),
    " ORDER BY g.created_at, g.id"
));

const SHARES: Sql = Sql::both(
    "SELECT o.id FROM guest g JOIN guest o ON o.contact_id = g.contact_id AND o.household_id = g.household_id AND o.id <> g.id
     WHERE g.id = $1 LIMIT 1",
);

const HIDDEN_ID: Sql = Sql::both("SELECT min(lid) AS lid FROM contact_lid WHERE contact_id = $1");

const ASSIGNED: Sql = Sql::both("UPDATE contact SET assigned_at = $2 WHERE id = $1");

const NOBODYS: Sql =
    Sql::both("UPDATE guest SET contact_id = NULL WHERE contact_id = $1 AND household_id = $2");

const IS_THEIRS: Sql = Sql::both("UPDATE guest SET contact_id = $1 WHERE id = $2");

const ALL_SHARE: Sql =
    Sql::both("UPDATE guest SET contact_id = $1 WHERE household_id = $2 AND contact_id IS NULL");

const SPEND_SEAT: Sql = Sql::both(
    "UPDATE invitation_phone SET refused_at = $3, push_name = NULL
     WHERE contact_id = $1 AND invitation_id IN (SELECT i.id FROM invitation i WHERE i.household_id = $2)",
);

const UNTIE: Sql =
    Sql::both("UPDATE contact SET household_id = NULL, assigned_at = NULL WHERE id = $1");

const ANOTHERS: Sql = Sql::both("SELECT id FROM guest WHERE contact_id = $1 LIMIT 1");

const NO_EVIDENCE: Sql = Sql::both(
    "UPDATE contact_session SET evidence_id = NULL, chat_id = NULL WHERE contact_id = $1",
);

const WAITING: Sql = queue_rows!(
    "WHERE q.contact_id = $1 AND q.status IN ('pending', 'composing', 'sending', 'uncertain', 'failed')
       AND q.status IN ('pending', 'composing')
     ORDER BY q.id"
);

const UNASSIGNED: Sql = Sql::both(concat!(
    "SELECT c.id, c.household_id FROM contact c
     WHERE c.household_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM guest o WHERE o.contact_id = c.id) AND EXISTS (",
    may_be!("1", "c.id", "c.household_id"),
    ") ORDER BY c.id LIMIT $1"
));

const FREE: Sql = Sql::both(concat!(
    "SELECT ",
    free_seats!(),
    " AS free FROM invitation i WHERE i.household_id = $1 AND i.revoked_at IS NULL"
));

impl Store {
    /// Phones of households that are nobody's own, and may be a guest's: a person says whose each is. `limit` at most.
    pub async fn unassigned_phones(&self, limit: u32) -> Result<Vec<HouseholdPhone>, Error> {
        let mut tx = self.db.read().await?;
        let rows = tx.all(&UNASSIGNED, args![i64::from(limit)]).await?;
        let phone = |row: &Row| {
            Ok(HouseholdPhone {
                contact: row.parsed("id")?,
                household: row.parsed("household_id")?,
            })
        };
        rows.iter().map(phone).collect()
    }

    /// Says whose a phone of the household is, also when it was another's before. One that is the hidden id of a guest's number becomes one
    /// contact with it.
    pub async fn assign_phone(
        &self,
        phone: &HouseholdPhone,
        owner: PhoneOwner,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<PhoneAssigned, Error> {
        let HouseholdPhone { contact, household } = *phone;
        let mut tx = self.db.write().await?;
        locks::lock_all_sessions(&mut tx).await?;
        locks::lock_guest_list(&mut tx).await?;
        if tx.first(&IS_OF, args![contact, household]).await?.is_none() {
            return Ok(PhoneAssigned::NoSuchPhone);
        }
        let mut kept = contact;
        match owner {
            PhoneOwner::Everyone => {
                locks::lock_contact(&mut tx, contact).await?;
                tx.execute(&ALL_SHARE, args![contact, household]).await?;
            }
            PhoneOwner::Guest(guest) => {
                let Some(row) = tx.first(&GUEST, args![guest, household]).await? else {
                    return Ok(PhoneAssigned::NoSuchGuest);
                };
                let theirs: Option<ContactId> = row.opt_parsed("contact_id")?;
                if theirs != Some(contact) {
                    if !may_be(&mut tx, phone).await?.contains(&guest) {
                        return Ok(PhoneAssigned::GuestHasAnother);
                    }
                    kept = self.one_phone(&mut tx, guest, theirs, contact, now).await?;
                }
                locks::lock_contact(&mut tx, kept).await?;
                tx.execute(&NOBODYS, args![kept, household]).await?;
                tx.execute_one(&IS_THEIRS, args![kept, guest]).await?;
                unconfirmed::confirm(&mut tx, kept).await?;
            }
        }
        tx.execute_one(&ASSIGNED, args![kept, now]).await?;
        self.write_phone_audit(&mut tx, actor, "household.assign_phone", phone, now)
            .await?;
        tx.commit().await?;
        Ok(PhoneAssigned::Done)
    }

    /// The contact of a phone that is this guest's: one with the guest's own contact, unless others share that one.
    async fn one_phone(
        &self,
        tx: &mut Tx,
        guest: GuestId,
        theirs: Option<ContactId>,
        contact: ContactId,
        now: Timestamp,
    ) -> Result<ContactId, Error> {
        let hidden = tx.first(&HIDDEN_ID, args![contact]).await?;
        let hidden = hidden.map_or(Ok(None), |row| row.opt_text("lid"))?;
        let (Some(theirs), Some(hidden)) = (theirs, hidden) else {
            return Ok(contact);
        };
        if tx.first(&SHARES, args![guest]).await?.is_some() {
            return Ok(contact);
        }
        let hidden = ChatId::Lid(hidden);
        let one = self.contact_behind(tx, &hidden, None, Some(theirs), now);
        Ok(one.await?.unwrap_or(contact))
    }

    /// "Not a guest": the phone is no more of the household, what waits for it is cancelled, and what it wrote permits no message. Its seat
    /// stays spent. Returns whether the household had such a phone.
    pub async fn refuse_phone(
        &self,
        phone: &HouseholdPhone,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let HouseholdPhone { contact, household } = *phone;
        let mut tx = self.db.write().await?;
        locks::lock_all_sessions(&mut tx).await?;
        locks::lock_guest_list(&mut tx).await?;
        locks::lock_contact(&mut tx, contact).await?;
        if tx.first(&IS_OF, args![contact, household]).await?.is_none() {
            return Ok(false);
        }
        tx.execute(&NOBODYS, args![contact, household]).await?;
        self.take_out(&mut tx, contact, household, now).await?;
        self.write_phone_audit(&mut tx, actor, "household.refuse_phone", phone, now)
            .await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Takes a phone that is no guest's out of its household. The caller holds every session's lock, the guest list's and the contact's.
    pub(crate) async fn take_out(
        &self,
        tx: &mut Tx,
        contact: ContactId,
        household: HouseholdId,
        now: Timestamp,
    ) -> Result<(), Error> {
        tx.execute_one(&UNTIE, args![contact]).await?;
        tx.execute(&SPEND_SEAT, args![contact, household, now])
            .await?;
        locks::lock_becoming_known(tx).await?;
        if tx.first(&ANOTHERS, args![contact]).await?.is_some() {
            return Ok(());
        }
        tx.execute(&NO_EVIDENCE, args![contact]).await?;
        for row in release::all(tx, &WAITING, args![contact]).await? {
            self.cancel_by_rule(tx, &row, CancelReason::Person, now)
                .await?;
        }
        self.keep_former_contact(tx, contact, None, true, now).await
    }

    async fn write_phone_audit(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        action: &'static str,
        phone: &HouseholdPhone,
        now: Timestamp,
    ) -> Result<(), Error> {
        let deed = Deed {
            action,
            subject: &phone.household.to_string(),
            detail: Some(&phone.contact.to_string()),
        };
        self.write_audit(tx, actor, deed, now).await
    }
}

/// The guests whose a phone of the household may be, but for those whose it is, in the order in which they were added.
pub(super) async fn may_be(tx: &mut Tx, phone: &HouseholdPhone) -> Result<Vec<GuestId>, Error> {
    let rows = tx.all(&MAY_BE, args![phone.contact, phone.household]);
    let rows = rows.await?;
    rows.iter().map(|row| row.parsed("id")).collect()
}

/// How many more phones the code of the household in force may bring in.
pub(super) async fn free_seats(tx: &mut Tx, household: HouseholdId) -> Result<u32, Error> {
    let row = tx.first(&FREE, args![household]).await?;
    let free = row.map_or(Ok(0), |row| row.int("free"))?;
    Ok(u32::try_from(free).unwrap_or(0))
}
