//! Who wrote to one spouse without being on the list, as that spouse is shown it.

use std::fmt;

use domain::{
    Timestamp,
    ids::{HouseholdId, UnknownWriterId},
    phone_number::PhoneNumber,
    session::SessionName,
};

use super::{
    kept::FORGOTTEN_AFTER,
    rows::{open_identity, open_name, phone_of},
};
use crate::{
    Cursor, Error, Page, Store,
    db::{Row, Sql, args},
    sealing::SealingKey,
};

/// Somebody who wrote and is on no list.
#[derive(Clone, PartialEq, Eq)]
pub struct UnknownWriterRow {
    /// Its id.
    pub id: UnknownWriterId,
    /// Their number, unless WhatsApp told a hidden id only.
    pub phone: Option<PhoneNumber>,
    /// The name they gave themselves.
    pub push_name: Option<String>,
    /// The first message that was seen of them.
    pub first_at: Timestamp,
    /// The last one, to the minute.
    pub last_at: Timestamp,
    /// Whose invitation they wrote with, and what that household is called.
    pub suggested: Option<(HouseholdId, Option<String>)>,
}

// Who writes to a spouse is nobody else's business: not in a log, not even by name.
impl fmt::Debug for UnknownWriterRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnknownWriterRow")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

// A household without a name is shown by its guests' own.
const PAGE: Sql = Sql::both(
    "SELECT u.id, u.identity, u.push_name, u.first_at, u.last_at, u.suggested_household_id,
            COALESCE(h.name, (SELECT min(g.name) FROM guest g WHERE g.household_id = h.id)) AS household
     FROM unknown_writer u LEFT JOIN household h ON h.id = u.suggested_household_id
     WHERE u.session = $1 AND u.id < $2 AND u.last_at > $3
       AND (u.ignored_at IS NULL OR u.suggested_household_id IS NOT NULL)
     ORDER BY u.id DESC LIMIT $4",
);

impl Store {
    /// A page of the session's unknown writers, whoever was first heard of last on top. Those whose row another key sealed
    /// are not among them.
    pub async fn unknown_writers(
        &self,
        session: &SessionName,
        after: Option<&Cursor>,
        limit: u32,
        now: Timestamp,
    ) -> Result<Page<UnknownWriterRow>, Error> {
        let Some(key) = &self.unknown_writers_key else {
            return Ok(Page {
                items: Vec::new(),
                next: None,
            });
        };
        let args = args![
            session,
            Cursor::before(after),
            now - FORGOTTEN_AFTER,
            Page::<UnknownWriterRow>::fetch(limit)
        ];
        let mut tx = self.db.read().await?;
        let rows = tx.all(&PAGE, args).await?;
        let items = rows
            .iter()
            .map(|row| Ok((row.parsed("id")?, opened(row, key, session)?)))
            .collect::<Result<Vec<(UnknownWriterId, _)>, Error>>()?;
        let page = Page::of(items, limit, |(id, _)| id.as_uuid());
        Ok(Page {
            items: page.items.into_iter().filter_map(|(_, row)| row).collect(),
            next: page.next,
        })
    }
}

fn opened(
    row: &Row,
    key: &SealingKey,
    session: &SessionName,
) -> Result<Option<UnknownWriterRow>, Error> {
    let Some(identity) = open_identity(key, session, &row.text("identity")?) else {
        return Ok(None);
    };
    let id = row.parsed("id")?;
    let household = row.opt_text("household")?;
    let push_name = row.opt_text("push_name")?;
    Ok(Some(UnknownWriterRow {
        id,
        phone: phone_of(&identity),
        push_name: open_name(key, session, id, push_name.as_deref()),
        first_at: row.time("first_at")?,
        last_at: row.time("last_at")?,
        suggested: row
            .opt_parsed("suggested_household_id")?
            .map(|id| (id, household)),
    }))
}
