//! A database that was restored from a backup: it does not know what was sent since.

use domain::{Timestamp, ids::WorkerId, session::SessionName};

use super::steering::RESTORED_BACKUP;
use crate::{
    Actor, Error, Store,
    audit::Deed,
    db::{Sql, args},
    leases, locks,
};

// Above every epoch that the integration has served: the next holder's is served again.
const RAISE: Sql = Sql::both("UPDATE whatsapp_session_status SET lease_epoch = $2 WHERE name = $1");

const NOT_PAUSED: Sql = Sql::both(
    "SELECT name FROM whatsapp_session_status
     WHERE paused_by IS NULL OR paused_by <> 'restored_backup' ORDER BY name",
);

const PAUSE: Sql =
    Sql::both("UPDATE whatsapp_session_status SET paused_by = $2, paused_at = $3 WHERE name = $1");

impl Store {
    /// The integration has served the epoch `newest`, which this database does not know. Raises the session's epoch to it and pauses
    /// every session until a person has looked at what was sent since. Whether the session is still `owner`'s, in that `epoch`; if
    /// not, nothing is changed.
    pub async fn pause_after_restore(
        &self,
        session: &SessionName,
        owner: WorkerId,
        epoch: i64,
        newest: i64,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let mut tx = self.db.write().await?;
        locks::lock_all_sessions(&mut tx).await?;
        let held = leases::lock_as_holder(&mut tx, session, owner, epoch).await?;
        if held.is_none() || newest <= epoch {
            return Ok(false);
        }
        tx.execute_one(&RAISE, args![session, newest]).await?;
        for row in tx.all(&NOT_PAUSED, args![]).await? {
            let name: SessionName = row.parsed("name")?;
            tx.execute_one(&PAUSE, args![&name, RESTORED_BACKUP, now])
                .await?;
            let deed = Deed {
                action: "session.pause",
                subject: name.as_str(),
                detail: Some(RESTORED_BACKUP),
            };
            self.write_audit(&mut tx, &Actor::worker(), deed, now)
                .await?;
        }
        tx.commit().await?;
        Ok(true)
    }
}
