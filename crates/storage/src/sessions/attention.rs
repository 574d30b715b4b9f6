//! What waits for a person. Counted from indexes that hold nothing else: the page asks after each thing that happens.

use domain::{Timestamp, ids::ContactId, session::SessionName};

use crate::{
    Error, Store,
    db::{Sql, args},
};

/// How many of a session's messages wait for a person.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Attention {
    /// Nobody can say whether they left.
    pub uncertain: u32,
    /// They failed, and nobody has tried again or left them at that.
    pub failed: u32,
    /// They were put aside for somebody to look at.
    pub aside: u32,
}

// The condition of `aside` is the index's own.
const OF_SESSION: Sql = Sql::both(
    "SELECT
         CAST((SELECT count(*) FROM whatsapp_message_queue
               WHERE session = $1 AND status = 'uncertain') AS BIGINT) AS uncertain,
         CAST((SELECT count(*) FROM whatsapp_message_queue
               WHERE session = $1 AND status = 'failed' AND committed_at > $2 AND failure_left_at IS NULL) AS BIGINT) AS failed,
         CAST((SELECT count(*) FROM whatsapp_message_queue
               WHERE session = $1 AND status = 'pending' AND wait_ends = 'person:review') AS BIGINT) AS aside",
);

const SUSPENDED: Sql = Sql::both(
    "SELECT CAST(count(*) AS BIGINT) AS suspended FROM contact
     WHERE suspended_at IS NOT NULL AND opted_out_at IS NULL",
);

const WHICH_SUSPENDED: Sql = Sql::both(
    "SELECT id FROM contact WHERE suspended_at IS NOT NULL AND opted_out_at IS NULL ORDER BY id LIMIT $1",
);

impl Store {
    /// What of a session waits for a person; failures only of attempts after `since`.
    pub async fn attention(
        &self,
        session: &SessionName,
        since: Timestamp,
    ) -> Result<Attention, Error> {
        let mut tx = self.db.read().await?;
        let row = tx.first(&OF_SESSION, args![session, since]).await?;
        let row = row.ok_or(Error::UnexpectedRows { touched: 0 })?;
        Ok(Attention {
            uncertain: row.count("uncertain")?,
            failed: row.count("failed")?,
            aside: row.count("aside")?,
        })
    }

    /// How many contacts may have asked for no more, and nobody has decided yet.
    pub async fn suspended_contacts(&self) -> Result<u32, Error> {
        let mut tx = self.db.read().await?;
        let row = tx.first(&SUSPENDED, Vec::new()).await?;
        row.map_or(Ok(0), |row| row.count("suspended"))
    }

    /// Which contacts those are, so many at most.
    pub async fn which_contacts_are_suspended(&self, limit: u32) -> Result<Vec<ContactId>, Error> {
        let mut tx = self.db.read().await?;
        let rows = tx.all(&WHICH_SUSPENDED, args![i64::from(limit)]).await?;
        rows.iter().map(|row| row.parsed("id")).collect()
    }
}
