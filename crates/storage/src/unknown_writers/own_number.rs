//! Unknown senders whom WAHA 2026.8.1 to 2026.9 named by the account's own number (#2299), and those who were taken apart from it.

use domain::{
    Timestamp,
    chat_id::ChatId,
    ids::{ContactId, HouseholdId},
};

use super::{
    kept::Kept,
    rows::{self, WriterRow, seal_identity},
};
use crate::{
    Error, Store,
    db::{Sql, Tx, args},
    locks,
};

const OWN: Sql = Sql::both(
    "SELECT name, own_number FROM whatsapp_session_status WHERE own_number IS NOT NULL ORDER BY name",
);

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

const WROTE_TO: Sql = Sql::both(
    "SELECT session, min(at) AS first_at, max(at) AS last_at FROM conversation_message
     WHERE contact_id = $1 AND direction = 'inbound' GROUP BY session ORDER BY session",
);

impl Store {
    /// Knows those by their hidden id alone who were kept under a session's own number.
    pub(crate) async fn repair_unknown_writers(&self, tx: &mut Tx) -> Result<(), Error> {
        let Some(key) = &self.unknown_writers_key else {
            return Ok(());
        };
        locks::lock_becoming_known(tx).await?;
        for row in tx.all(&OWN, Vec::new()).await? {
            let session = row.parsed("name")?;
            let own = ChatId::Phone(row.text("own_number")?);
            let own = seal_identity(key, &session, &own);
            tx.execute(&FORGET, args![&session, &own]).await?;
            tx.execute(&RENAME, args![&session, &own]).await?;
        }
        Ok(())
    }

    /// Keeps that a contact without a household wrote, for a person to say who it is.
    pub(crate) async fn keep_separated_writer(
        &self,
        tx: &mut Tx,
        contact: ContactId,
        chat: &ChatId,
        suggested: Option<HouseholdId>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let Some(key) = &self.unknown_writers_key else {
            return Ok(());
        };
        for row in tx.all(&WROTE_TO, args![contact]).await? {
            let session = row.parsed("session")?;
            let kept = Kept {
                push_name: None,
                suggested,
                first_at: row.time("first_at")?,
                last_at: row.time("last_at")?,
                ignored_at: None,
            };
            let writer = WriterRow {
                id: self.ids.unknown_writer(now),
                identity: seal_identity(key, &session, chat),
                alt: None,
                kept,
            };
            rows::insert(tx, key, &session, writer).await?;
        }
        Ok(())
    }
}
