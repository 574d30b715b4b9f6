//! Somebody who had written becomes a guest, or somebody the queue writes to: what was kept of them goes, and wherever they
//! had written, that chat is read from its beginning. So whoever wrote before being put on the list is found at once.

use domain::{Timestamp, chat_id::ChatId, session::SessionName};

use super::rows::{open_identity, seal_identity};
use crate::{
    Error, Store, chat_reading,
    db::{Sql, Tx, args, one_of},
    locks,
};

const SESSIONS: Sql = Sql::both(
    "SELECT s.name FROM whatsapp_session_status s
     WHERE EXISTS (SELECT 1 FROM unknown_writer u WHERE u.session = s.name) ORDER BY s.name",
);

// Locked by id, as by whoever keeps that they wrote, and only then deleted.
const FORGET: Sql = Sql::each(
    concat!(
        "DELETE FROM unknown_writer
         WHERE session = $1 AND (identity ",
        one_of!(sqlite "$2"),
        " OR alt_identity ",
        one_of!(sqlite "$2"),
        ")
         RETURNING identity, alt_identity"
    ),
    concat!(
        "WITH theirs AS MATERIALIZED (
             SELECT id FROM unknown_writer
             WHERE session = $1 AND identity ",
        one_of!(postgres "$2"),
        "
                OR session = $1 AND alt_identity ",
        one_of!(postgres "$2"),
        "
             ORDER BY id FOR UPDATE)
         DELETE FROM unknown_writer WHERE id = ANY (ARRAY(SELECT id FROM theirs))
         RETURNING identity, alt_identity"
    ),
);

impl Store {
    /// These identities are of people we know: none of them is an unknown writer any more, on no session.
    ///
    /// Cheap for ten thousand of them: one statement for each session that has unknown writers at all.
    pub(crate) async fn no_longer_unknown(
        &self,
        tx: &mut Tx,
        identities: &[&ChatId],
        now: Timestamp,
    ) -> Result<(), Error> {
        let Some(key) = &self.unknown_writers_key else {
            return Ok(());
        };
        if identities.is_empty() {
            return Ok(());
        }
        locks::lock_becoming_known(tx).await?;
        for row in tx.all(&SESSIONS, Vec::new()).await? {
            let session: SessionName = row.parsed("name")?;
            let sealed: Vec<_> = identities
                .iter()
                .map(|identity| seal_identity(key, &session, identity))
                .collect();
            let sealed = serde_json::to_string(&sealed)?;
            for row in tx.all(&FORGET, args![&session, sealed]).await? {
                let both = [Some(row.text("identity")?), row.opt_text("alt_identity")?];
                let chats = both
                    .iter()
                    .flatten()
                    .filter_map(|sealed| open_identity(key, &session, sealed));
                for chat in chats {
                    chat_reading::ask(tx, &session, &chat, now).await?;
                }
            }
        }
        Ok(())
    }
}
