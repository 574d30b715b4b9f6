//! Unknown senders whom WAHA 2026.8.1 to 2026.9 named by the account's own number (#2299), and contacts that are no household's any more.

use domain::{
    Timestamp,
    chat_id::ChatId,
    ids::{ContactId, HouseholdId},
};

use super::{
    kept::Kept,
    rows::{self, Sealed, WriterRow, seal_identity},
};
use crate::{
    Error, Store,
    db::{Sql, Tx, args},
    locks,
};

const OWN: Sql = Sql::both("SELECT session, number FROM session_number ORDER BY session, number");

// Nobody but the account itself, or one whose hidden id has a row.
const FORGET: Sql = Sql::both(
    "DELETE FROM unknown_writer
     WHERE session = $1 AND identity = $2
       AND (alt_identity IS NULL
            OR EXISTS (SELECT 1 FROM unknown_writer o WHERE o.session = $1 AND o.identity = unknown_writer.alt_identity))",
);

// "Not a guest" was said of several people.
const RENAME: Sql = Sql::both(
    "UPDATE unknown_writer SET identity = alt_identity, alt_identity = NULL, ignored_at = NULL
     WHERE session = $1 AND identity = $2",
);

const IDENTITIES: Sql = Sql::both(
    "SELECT phone, (SELECT min(l.lid) FROM contact_lid l WHERE l.contact_id = contact.id) AS lid FROM contact WHERE id = $1",
);

const WROTE_TO: Sql = Sql::both(
    "SELECT session, min(at) AS first_at, max(at) AS last_at FROM conversation_message
     WHERE contact_id = $1 AND direction = 'inbound' GROUP BY session ORDER BY session",
);

impl Store {
    /// Knows those by their hidden id alone who were kept under a number that is or was a session's own.
    pub(crate) async fn repair_unknown_writers(&self, tx: &mut Tx) -> Result<(), Error> {
        let Some(key) = &self.unknown_writers_key else {
            return Ok(());
        };
        locks::lock_becoming_known(tx).await?;
        for row in tx.all(&OWN, Vec::new()).await? {
            let session = row.parsed("session")?;
            let own = ChatId::Phone(row.text("number")?);
            let own = seal_identity(key, &session, &own);
            tx.execute(&FORGET, args![&session, &own]).await?;
            tx.execute(&RENAME, args![&session, &own]).await?;
        }
        Ok(())
    }

    /// Keeps of a contact that is no household's any more that it wrote: for a person to say who it is, or `ignored` as no guest.
    pub(crate) async fn keep_former_contact(
        &self,
        tx: &mut Tx,
        contact: ContactId,
        suggested: Option<HouseholdId>,
        ignored: bool,
        now: Timestamp,
    ) -> Result<(), Error> {
        let (Some(key), Some(row)) = (
            &self.unknown_writers_key,
            tx.first(&IDENTITIES, args![contact]).await?,
        ) else {
            return Ok(());
        };
        let phone = row.opt_text("phone")?.map(ChatId::Phone);
        let lid = row.opt_text("lid")?.map(ChatId::Lid);
        let Some(chat) = phone.as_ref().or(lid.as_ref()) else {
            return Ok(());
        };
        let alt = lid.as_ref().filter(|lid| *lid != chat);
        for row in tx.all(&WROTE_TO, args![contact]).await? {
            let session = row.parsed("session")?;
            let kept = Kept {
                push_name: None,
                suggested,
                first_at: row.time("first_at")?,
                last_at: row.time("last_at")?,
                ignored_at: ignored.then_some(now),
            };
            let sealed = Sealed::of(key, &session, chat, alt);
            let writer = WriterRow {
                id: self.ids.unknown_writer(now),
                identity: sealed.identity,
                alt: sealed.alt,
                kept,
            };
            rows::insert(tx, key, &session, writer).await?;
        }
        Ok(())
    }
}
