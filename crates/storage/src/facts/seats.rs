//! The seats of an invitation: one for each person of its household. A phone that writes the code takes one.
//!
//! The rules that must hold: a code never brings in more phones than its household has people; a phone is one person's only where that
//! is known, else a person is asked; a seat that a person took back, or that was erased, stays spent until there is a new code.

use domain::{
    Timestamp,
    ids::{ContactId, GuestId, HouseholdId, InvitationId},
};

use crate::{
    Error,
    db::{Row, Sql, Tx, args},
    search_text::folded,
};

use super::tying;

/// `free_seats!()`: how many more phones may come in by the invitation `i`: its people, less the phones that came in by it, those of the
/// household that are nobody's own, and those of its people who wrote without it. A phone that a person said several share has the seat
/// of each; one that turned out to be of another household's guest has none.
macro_rules! free_seats {
    () => {
        "CAST((SELECT count(*) FROM guest g WHERE g.household_id = i.household_id)
              - (SELECT count(*) FROM contact c WHERE c.id IN
                     (SELECT p.contact_id FROM invitation_phone p
                      WHERE p.invitation_id = i.id
                        AND (p.refused_at IS NOT NULL
                             OR NOT EXISTS (SELECT 1 FROM guest o
                                            WHERE o.contact_id = p.contact_id AND o.household_id <> i.household_id))
                      UNION
                      SELECT n.id FROM contact n
                      WHERE n.household_id = i.household_id AND NOT EXISTS (SELECT 1 FROM guest o WHERE o.contact_id = n.id)
                      UNION
                      SELECT g.contact_id FROM guest g JOIN contact_session s ON s.contact_id = g.contact_id
                      WHERE g.household_id = i.household_id AND s.last_in_at IS NOT NULL))
              - (SELECT count(*) FROM guest g JOIN contact c ON c.id = g.contact_id
                 WHERE g.household_id = i.household_id AND c.assigned_at IS NOT NULL
                   AND g.id > (SELECT min(o.id) FROM guest o
                               WHERE o.household_id = g.household_id AND o.contact_id = g.contact_id)) AS BIGINT)"
    };
}
pub(crate) use free_seats;

const FREE: Sql = Sql::both(concat!(
    "SELECT ",
    free_seats!(),
    " AS free FROM invitation i WHERE i.id = $1"
));

const SEAT: Sql = Sql::both(
    "SELECT refused_at FROM invitation_phone WHERE invitation_id = $1 AND contact_id = $2",
);

const TAKE: Sql = Sql::both(
    "INSERT INTO invitation_phone (invitation_id, contact_id, tied_at, push_name) VALUES ($1, $2, $3, $4)
     ON CONFLICT (invitation_id, contact_id) DO UPDATE SET tied_at = excluded.tied_at, push_name = excluded.push_name",
);

const PEOPLE: Sql = Sql::both(
    "SELECT id, name_folded, contact_id FROM guest WHERE household_id = $1 ORDER BY created_at, id",
);

// Another phone of the household that is nobody's own yet, or one of a listed number that may be this hidden id.
const MAY_BE_ANOTHERS: Sql = Sql::both(
    "SELECT c.id FROM contact c
     LEFT JOIN guest g ON g.contact_id = c.id AND g.household_id = $1
     WHERE c.id <> $2
       AND (c.household_id = $1 AND NOT EXISTS (SELECT 1 FROM guest o WHERE o.contact_id = c.id)
            OR g.id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM contact_lid l WHERE l.contact_id = c.id)
               AND EXISTS (SELECT 1 FROM contact w WHERE w.id = $2 AND w.phone IS NULL))
     LIMIT 1",
);

const IS_THEIRS: Sql = Sql::both("UPDATE guest SET contact_id = $2 WHERE id = $1");

// A guest leaves the list with the seat of the guest's own phone.
const LEAVE: Sql =
    Sql::both("DELETE FROM invitation_phone WHERE contact_id = $1 AND refused_at IS NULL");

const SPEND: Sql = Sql::both(
    "INSERT INTO invitation_phone (invitation_id, contact_id, tied_at, refused_at)
     SELECT i.id, c.id, $2, $2 FROM contact c JOIN invitation i ON i.household_id = c.household_id
     WHERE c.id = $1 AND i.revoked_at IS NULL
     ON CONFLICT (invitation_id, contact_id) DO NOTHING",
);

/// A phone that comes in by a code.
#[derive(Clone, Copy)]
pub(super) struct Phone<'a> {
    pub(super) contact: ContactId,
    /// The name it shows, where that is known.
    pub(super) push_name: Option<&'a str>,
    /// When it wrote the code.
    pub(super) at: Timestamp,
}

/// Whether the phone of these contacts may come in by the invitation: it has a seat, or one is free, and no person said that it is not a
/// guest's.
pub(super) async fn is_free(
    tx: &mut Tx,
    invitation: InvitationId,
    contacts: &[ContactId],
) -> Result<bool, Error> {
    let mut seated = false;
    for contact in contacts {
        let Some(seat) = tx.first(&SEAT, args![invitation, *contact]).await? else {
            continue;
        };
        if seat.opt_time("refused_at")?.is_some() {
            return Ok(false);
        }
        seated = true;
    }
    if seated {
        return Ok(true);
    }
    let row = tx.first(&FREE, args![invitation]).await?;
    row.map_or(Ok(false), |row| Ok(row.int("free")? > 0))
}

/// Gives the phone a seat: it is the household's from now on, and one person's where that is known. Returns the person; the outer `None`:
/// no seat is free. The caller holds the guest list.
pub(super) async fn take(
    tx: &mut Tx,
    invitation: InvitationId,
    household: HouseholdId,
    phone: Phone<'_>,
) -> Result<Option<Option<GuestId>>, Error> {
    let Phone {
        contact,
        push_name,
        at,
    } = phone;
    if !is_free(tx, invitation, &[contact]).await? {
        return Ok(None);
    }
    let person = assign_if_known(tx, household, contact, push_name).await?;
    tying::belongs(tx, contact, household).await?;
    let name = push_name.map(str::to_owned);
    tx.execute(&TAKE, args![invitation, contact, at, name])
        .await?;
    Ok(Some(person))
}

/// Makes the phone one person's of the household where that is known. Returns the person.
pub(crate) async fn assign_if_known(
    tx: &mut Tx,
    household: HouseholdId,
    contact: ContactId,
    push_name: Option<&str>,
) -> Result<Option<GuestId>, Error> {
    let person = person(tx, household, contact, push_name).await?;
    if let Some(person) = person {
        tx.execute_one(&IS_THEIRS, args![person, contact]).await?;
    }
    Ok(person)
}

/// The seat of a phone of which everything is erased: it goes with the guest whose `own` it is, else it stays spent.
pub(crate) async fn erased(
    tx: &mut Tx,
    contact: ContactId,
    own: bool,
    now: Timestamp,
) -> Result<(), Error> {
    if own {
        tx.execute(&LEAVE, args![contact]).await?;
    } else {
        tx.execute(&SPEND, args![contact, now]).await?;
    }
    Ok(())
}

/// Whose phone it is: of the one whose name it shows; where it shows none, of the only one without a phone, unless it may be another's.
async fn person(
    tx: &mut Tx,
    household: HouseholdId,
    contact: ContactId,
    push_name: Option<&str>,
) -> Result<Option<GuestId>, Error> {
    let people = tx.all(&PEOPLE, args![household]).await?;
    let mut without = Vec::new();
    for row in &people {
        if row.opt_text("contact_id")?.is_none() {
            without.push(row.parsed("id")?);
        }
    }
    let shown = push_name.map(folded).unwrap_or_default();
    let shown: Vec<_> = words(&shown).collect();
    if !shown.is_empty() {
        let named = named(&people, &shown)?;
        return Ok(named.filter(|guest| without.contains(guest)));
    }
    let [only] = without.as_slice() else {
        return Ok(None);
    };
    let others = tx.first(&MAY_BE_ANOTHERS, args![household, contact]);
    Ok(others.await?.is_none().then_some(*only))
}

/// The one of these people whose name has the most of the words that a phone shows. Names that each have a word which the other lacks
/// are of two people, though they share a surname.
fn named(people: &[Row], shown: &[&str]) -> Result<Option<GuestId>, Error> {
    let mut best: (usize, Option<GuestId>) = (0, None);
    for row in people {
        let own = row.text("name_folded")?;
        let own: Vec<_> = words(&own).collect();
        let common = own.iter().filter(|word| shown.contains(word)).count();
        if common < own.len() && !shown.iter().all(|word| own.contains(word)) {
            continue;
        }
        match common.cmp(&best.0) {
            std::cmp::Ordering::Greater => best = (common, Some(row.parsed("id")?)),
            std::cmp::Ordering::Equal => best.1 = None,
            std::cmp::Ordering::Less => {}
        }
    }
    Ok(best.1)
}

/// Words of a name: initials are none.
fn words(name: &str) -> impl Iterator<Item = &str> {
    let words = name.split(|c: char| !c.is_alphanumeric());
    words.filter(|word| word.chars().count() > 1)
}
