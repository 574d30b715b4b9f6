//! Guests out of a file: what each line would do to the list, and doing it, all of it or nothing.
//!
//! Not here: reading the file (crate `guest-import`). The rules that must hold: a dry run and an import make the same plan
//! with the same function; and what was imported, imported again, changes nothing.

mod known;
#[cfg(test)]
#[path = "../../../tests/unit/import_laws.rs"]
mod laws;
mod places;
mod plan;
mod write;
mod write_sql;

use domain::{
    Timestamp, config::Language, ids::GuestId, phone_number::PhoneNumber, session::SessionName,
};

use super::{guest_field::GuestField, households::key};
use crate::{Actor, Error, Store, audit::Deed, db::Tx, locks, search_text::folded};
use known::known;
use plan::plan;

/// A guest as a line of a file describes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportLine {
    /// Which line.
    pub number: u32,
    /// The name.
    pub name: String,
    /// The number. What is not said here and below stays as it is on the list.
    pub phone: Option<PhoneNumber>,
    /// Whether the number has to be confirmed before a guest gets it. A guest who has it already keeps it.
    pub phone_unconfirmed: bool,
    /// With whom they are invited, by name.
    pub household: Option<String>,
    /// Whose guest.
    pub side: Option<SessionName>,
    /// The language to write in.
    pub language: Option<Language>,
}

/// What a line does to the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinePlan {
    /// Its guest is new.
    Add,
    /// Its guest is on the list, and the line says something else of them.
    Update {
        /// The guest.
        guest: GuestId,
        /// What is different.
        fields: Vec<GuestField>,
    },
    /// Its guest is on the list already, as the line says.
    Unchanged {
        /// The guest.
        guest: GuestId,
    },
    /// Refused: another line means the same guest.
    SameAsLine {
        /// That line.
        line: u32,
    },
    /// Refused: its guest would get a number that is not confirmed.
    PhoneUnconfirmed,
}

/// What an import came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// What each line does, in the order given.
    pub plans: Vec<LinePlan>,
    /// Whether it was done. It is not when a line is refused and none may be left out.
    pub done: bool,
}

/// Lines that were refused before anybody looked at the list, and what is to be done about refused ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusedLines {
    /// None so far, and if there is one, nothing is imported.
    None,
    /// So many so far; all refused ones are left out.
    LeftOut(usize),
}

/// A line with its texts as they are compared.
struct Entry<'a> {
    line: &'a ImportLine,
    name: String,
    /// `None`: the line names no household.
    household: Option<String>,
}

impl<'a> Entry<'a> {
    fn of(line: &'a ImportLine) -> Self {
        Self {
            line,
            name: folded(&line.name),
            household: line.household.as_deref().map(key),
        }
    }
}

impl Store {
    /// What an import of these lines would do now. Nothing is written.
    pub async fn plan_import(&self, lines: &[ImportLine]) -> Result<Vec<LinePlan>, Error> {
        let entries: Vec<_> = lines.iter().map(Entry::of).collect();
        let mut tx = self.db.read().await?;
        let known = known(&mut tx, &entries).await?;
        Ok(plan(&known, &entries))
    }

    /// Imports the lines in one transaction: all good ones, or nothing.
    pub async fn import_guests(
        &self,
        lines: &[ImportLine],
        refused: RefusedLines,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Imported, Error> {
        let entries: Vec<_> = lines.iter().map(Entry::of).collect();
        let mut tx = self.db.write().await?;
        locks::lock_guest_list(&mut tx).await?;
        let known = known(&mut tx, &entries).await?;
        let plans = plan(&known, &entries);
        let counts = Counts::of(&plans);
        if counts.refused > 0 && refused == RefusedLines::None {
            return Ok(Imported { plans, done: false });
        }
        if counts.add + counts.update > 0 {
            self.write_lines(&mut tx, &known, &entries, &plans, now)
                .await?;
            self.write_import(&mut tx, counts.and(refused), actor, now)
                .await?;
            tx.commit().await?;
        }
        Ok(Imported { plans, done: true })
    }

    async fn write_import(
        &self,
        tx: &mut Tx,
        counts: Counts,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<(), Error> {
        let Counts {
            add,
            update,
            unchanged,
            refused,
        } = counts;
        let detail =
            format!("added: {add}, changed: {update}, unchanged: {unchanged}, refused: {refused}");
        let deed = Deed {
            action: "guest.import",
            subject: "guests",
            detail: Some(&detail),
        };
        self.write_audit(tx, actor, deed, now).await
    }
}

/// How many lines do what.
#[derive(Default)]
struct Counts {
    add: usize,
    update: usize,
    unchanged: usize,
    refused: usize,
}

impl Counts {
    fn of(plans: &[LinePlan]) -> Self {
        let mut counts = Self::default();
        for plan in plans {
            *match plan {
                LinePlan::Add => &mut counts.add,
                LinePlan::Update { .. } => &mut counts.update,
                LinePlan::Unchanged { .. } => &mut counts.unchanged,
                LinePlan::SameAsLine { .. } | LinePlan::PhoneUnconfirmed => &mut counts.refused,
            } += 1;
        }
        counts
    }

    fn and(mut self, refused: RefusedLines) -> Self {
        if let RefusedLines::LeftOut(before) = refused {
            self.refused += before;
        }
        self
    }
}
