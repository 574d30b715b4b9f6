//! Keeping that somebody wrote, when it says something new. Private chatter must cost little: it locks nothing that others
//! wait for, and what would hardly change a row is not written.

use domain::{Timestamp, ids::UnknownWriterId, session::SessionName, wire::ObservedMessage};

use super::{
    kept::{Kept, Seen},
    rows::{self, Sealed, WriterRow},
};
use crate::{Error, Store, db::Tx};

/// What there is of the writer of a message.
pub(crate) struct Found {
    person: Sealed,
    rows: Vec<WriterRow>,
    /// What their rows say together; `None`: nobody has heard of them, or not for long.
    kept: Option<Kept>,
}

impl Found {
    /// Whether the spouse said "not a guest".
    pub(crate) fn is_ignored(&self) -> bool {
        self.kept
            .as_ref()
            .is_some_and(|kept| kept.ignored_at.is_some())
    }

    /// What the message makes of it, when that is worth writing.
    pub(crate) fn after(&self, seen: Seen<'_>, now: Timestamp) -> Option<Kept> {
        let after = Kept::after(self.kept.as_ref(), seen, now)?;
        let as_it_is = match (self.rows.as_slice(), &self.kept) {
            ([row], Some(kept)) => self.is_written_so(row) && after.hardly_differs(kept),
            _ => false,
        };
        (!as_it_is).then_some(after)
    }

    fn is_written_so(&self, row: &WriterRow) -> bool {
        row.identity == self.person.identity && row.alt == self.person.alt
    }
}

impl Store {
    /// What there is of the writer of that message on that session; `None`: nobody is kept, for want of a key.
    pub(crate) async fn find_unknown_writer(
        &self,
        tx: &mut Tx,
        session: &SessionName,
        message: &ObservedMessage,
        now: Timestamp,
        lock: bool,
    ) -> Result<Option<Found>, Error> {
        let Some(key) = &self.unknown_writers_key else {
            return Ok(None);
        };
        let sealed = Sealed::of(key, session, &message.chat, message.alt.as_ref());
        let (rows, person) = rows::find(tx, key, session, sealed, lock).await?;
        let each = rows.iter().map(|row| row.kept.clone());
        let kept = each.reduce(Kept::joined);
        Ok(Some(Found {
            person,
            kept: kept.and_then(|kept| kept.left_at(now)),
            rows,
        }))
    }

    /// Writes what is to be kept into one row.
    pub(crate) async fn write_unknown_writer(
        &self,
        tx: &mut Tx,
        session: &SessionName,
        found: Found,
        kept: Kept,
        now: Timestamp,
    ) -> Result<(), Error> {
        let Some(key) = &self.unknown_writers_key else {
            return Ok(());
        };
        let ids: Vec<_> = found.rows.iter().map(|row| row.id).collect();
        // Whoever was forgotten begins anew.
        let goes_on = ids.first().filter(|_| found.kept.is_some()).copied();
        for id in &ids {
            if Some(*id) != goes_on {
                rows::delete(tx, *id).await?;
            }
        }
        let row = |id: UnknownWriterId| WriterRow {
            id,
            identity: found.person.identity,
            alt: found.person.alt,
            kept,
        };
        match goes_on {
            Some(id) => rows::update(tx, key, session, row(id)).await,
            None => rows::insert(tx, key, session, row(self.ids.unknown_writer(now))).await,
        }
    }
}
