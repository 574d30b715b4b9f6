//! Writing what the lines of a file change, with as few statements as one person's change would take.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::{
    Timestamp,
    ids::{ContactId, GuestId, HouseholdId},
};
use serde::Serialize;

use super::{
    Entry, LinePlan,
    known::Known,
    write_sql::{ADD, CHANGE, JsonChange, JsonGuest},
};
use crate::{
    Error, Recipient, Store,
    db::{Sql, Tx, Value},
    people::{
        before::{Had, Moved, keep, keep_second_phones},
        guest_field::GuestField,
        households::{ROWS, json},
        leaving::{forget_empty, lock_left},
        recipients::Held,
    },
};

/// A line that changes the list.
struct Deed<'a> {
    entry: &'a Entry<'a>,
    /// The guest it changes; none: it adds one.
    changes: Option<GuestId>,
    /// Its number, when it becomes the guest's.
    number: Option<Recipient>,
    /// Whether its household becomes the guest's.
    moves: bool,
}

impl<'a> Deed<'a> {
    fn of((entry, plan): (&'a Entry<'a>, &LinePlan)) -> Option<Self> {
        let (changes, number, moves) = match plan {
            LinePlan::Add => (None, true, true),
            LinePlan::Update { guest, fields } => (
                Some(*guest),
                fields.contains(&GuestField::Phone),
                fields.contains(&GuestField::Household),
            ),
            LinePlan::Unchanged { .. }
            | LinePlan::SameAsLine { .. }
            | LinePlan::PhoneUnconfirmed => return None,
        };
        let phone = entry.line.phone.as_ref().filter(|_| number);
        Some(Self {
            entry,
            changes,
            number: phone.cloned().map(Recipient::Phone),
            moves,
        })
    }

    /// The household that it takes its guest to, when that has a name.
    fn household(&self) -> Option<(&String, &'a str)> {
        let key = self.entry.household.as_ref().filter(|_| self.moves)?;
        let name = self.entry.line.household.as_deref()?;
        Some((key, name.trim()))
    }

    fn is_alone(&self) -> bool {
        self.changes.is_none() && self.entry.household.is_none()
    }
}

impl Store {
    /// Does what the plans say, in the caller's transaction, which holds the lock of the list.
    pub(super) async fn write_lines(
        &self,
        tx: &mut Tx,
        known: &[Known],
        entries: &[Entry<'_>],
        plans: &[LinePlan],
        now: Timestamp,
    ) -> Result<(), Error> {
        let deeds: Vec<_> = entries.iter().zip(plans).filter_map(Deed::of).collect();
        let (had, moved) = before(known, &deeds);
        let earlier = had.iter().filter_map(|had| had.contact);
        let earlier: Vec<_> = earlier.map(Recipient::Contact).collect();
        let numbers = deeds.iter().filter_map(|deed| deed.number.as_ref());
        let held: Vec<_> = numbers.chain(&earlier).collect();
        let contacts = self.hold_recipients(tx, &held, now).await?;
        keep(tx, &had).await?;
        let left = left(&moved);
        lock_left(tx, &left).await?;
        let households = self.households_for(tx, &deeds, now).await?;
        let (mut new, mut changes) = (Vec::new(), Vec::new());
        for (deed, household) in deeds.iter().zip(households) {
            let contact = contact(&contacts, deed)?;
            if let Some(id) = deed.changes {
                changes.push(change(deed, id, household, contact));
            } else {
                let household = household.ok_or_else(lost)?;
                new.push(guest(deed, self.ids.guest(now), household, contact));
            }
        }
        write(tx, &ADD, &new, |_| now.into()).await?;
        write(tx, &CHANGE, &changes, Into::into).await?;
        keep_second_phones(tx, &moved).await?;
        forget_empty(tx, &left).await?;
        Ok(())
    }

    /// The household each deed takes its guest to; none: the guest stays where they are.
    async fn households_for(
        &self,
        tx: &mut Tx,
        deeds: &[Deed<'_>],
        now: Timestamp,
    ) -> Result<Vec<Option<HouseholdId>>, Error> {
        let mut names = BTreeMap::new();
        for (key, name) in deeds.iter().filter_map(Deed::household) {
            names.entry(key.clone()).or_insert(name);
        }
        let found = self.households_named(tx, &names, now).await?;
        let alone = deeds.iter().filter(|deed| deed.is_alone()).count();
        let mut alone = self.households_alone(tx, alone, now).await?.into_iter();
        let each = deeds.iter().map(|deed| match deed.household() {
            Some((key, _)) => found.get(key).copied().map(Some).ok_or_else(lost),
            None if deed.is_alone() => alone.next().map(Some).ok_or_else(lost),
            None => Ok(None),
        });
        each.collect()
    }
}

/// The contacts that guests lose to those with the numbers of their lines, and the moves of guests.
fn before(known: &[Known], deeds: &[Deed<'_>]) -> (Vec<Had<'static>>, Vec<Moved>) {
    let known: HashMap<_, _> = known.iter().map(|guest| (guest.id, guest)).collect();
    let (mut had, mut moved) = (Vec::new(), Vec::new());
    for deed in deeds {
        let Some(guest) = deed.changes.and_then(|id| known.get(&id)) else {
            continue;
        };
        if deed.number.is_some() && guest.contact.is_some() {
            had.push(Had {
                guest: guest.id,
                contact: guest.contact,
                name: None,
            });
        }
        if deed.moves {
            moved.push(Moved {
                guest: guest.id,
                from: guest.household_id,
            });
        }
    }
    (had, moved)
}

/// The households that guests are taken from, each once and in one order for all who lock them: some may have lost their last.
fn left(moved: &[Moved]) -> Vec<HouseholdId> {
    let left = moved.iter().map(|moved| moved.from);
    left.collect::<BTreeSet<_>>().into_iter().collect()
}

fn contact(contacts: &Held, deed: &Deed<'_>) -> Result<Option<ContactId>, Error> {
    let number = deed.number.as_ref();
    number
        .map(|number| contacts.contact(number).ok_or_else(lost))
        .transpose()
}

fn guest<'a>(
    deed: &Deed<'a>,
    id: GuestId,
    household: HouseholdId,
    contact: Option<ContactId>,
) -> JsonGuest<'a> {
    let line = deed.entry.line;
    JsonGuest {
        id,
        name: &line.name,
        folded: &deed.entry.name,
        side: line.side.as_ref(),
        language: line.language,
        household,
        contact,
    }
}

const fn change<'a>(
    deed: &Deed<'a>,
    id: GuestId,
    household: Option<HouseholdId>,
    contact: Option<ContactId>,
) -> JsonChange<'a> {
    let line = deed.entry.line;
    JsonChange {
        id,
        side: line.side.as_ref(),
        language: line.language,
        household,
        contact,
    }
}

/// Writes the rows, each of which must be touched. The second argument is made of their number.
async fn write<T: Serialize>(
    tx: &mut Tx,
    sql: &Sql,
    rows: &[T],
    second: impl Fn(i64) -> Value,
) -> Result<(), Error> {
    for some in rows.chunks(ROWS) {
        let count = i64::try_from(some.len()).map_err(|_| lost())?;
        let args = vec![json(some)?.into(), second(count)];
        let touched = tx.execute(sql, args).await?;
        if i64::try_from(touched) != Ok(count) {
            return Err(Error::UnexpectedRows { touched });
        }
    }
    Ok(())
}

/// What was just made is not there.
const fn lost() -> Error {
    Error::UnexpectedRows { touched: 0 }
}
