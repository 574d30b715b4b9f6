//! Who works a session: one worker at a time, until its lease ends; the epoch only grows (design §5, fencing).
//!
//! Not here: what the holder does. The rule that must hold: whoever writes as a holder locks the lease's row first, and an
//! older epoch is refused.

use std::time::Duration;

use domain::{Timestamp, ids::WorkerId, session::SessionName};

use crate::{
    Error, Store,
    db::{Sql, Tx, args},
    locks,
};

/// What came of asking for a session's lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lease {
    /// It is ours; everything older is refused from now on.
    Taken {
        /// The new epoch: one more than the last.
        epoch: i64,
    },
    /// Another worker holds it.
    Held {
        /// Who.
        by: WorkerId,
        /// Until when, unless they renew it.
        until: Timestamp,
    },
    /// There is no such session: queue-api makes the rows of all sessions when it starts.
    NoSession,
}

const TAKE: Sql = Sql::both(
    "UPDATE whatsapp_session_status
     SET lease_owner = $2, lease_epoch = lease_epoch + 1, lease_expires_at = $3, lease_renewed_at = $4
     WHERE name = $1",
);

// The reading of the clock is the last one that is trusted: after a restart of the machine it shows a clock that went back.
const RENEW: Sql = Sql::both(
    "UPDATE whatsapp_session_status SET lease_expires_at = $4, lease_renewed_at = $5, clock_seen_at = $5
     WHERE name = $1 AND lease_owner = $2 AND lease_epoch = $3",
);

// The end of the lease stays: it tells since when no worker holds the session.
const GIVE_BACK: Sql = Sql::both(
    "UPDATE whatsapp_session_status SET lease_owner = NULL
     WHERE name = $1 AND lease_owner = $2 AND lease_epoch = $3",
);

impl Store {
    /// Takes the session's lease for `ttl` when it is free, has ended, or is the owner's own. Every taking begins a new epoch.
    pub async fn take_lease(
        &self,
        session: &SessionName,
        owner: WorkerId,
        ttl: Duration,
        now: Timestamp,
    ) -> Result<Lease, Error> {
        let mut tx = self.db.write().await?;
        let Some(row) = locks::lock_session(&mut tx, session).await? else {
            return Ok(Lease::NoSession);
        };
        let holder: Option<WorkerId> = row.opt_parsed("lease_owner")?;
        let until = row.opt_time("lease_expires_at")?;
        let renewed = row.opt_time("lease_renewed_at")?;
        if let (Some(by), Some(until)) = (holder, until)
            && by != owner
            && until > now
            // Renewed at a time to come: the clock was set back since, and the epoch refuses a holder that is still there. The
            // clocks of two machines differ by less than a lease.
            && renewed.is_none_or(|renewed| renewed <= now + ttl)
        {
            return Ok(Lease::Held { by, until });
        }
        tx.execute_one(&TAKE, args![session, owner, now + ttl, now])
            .await?;
        tx.commit().await?;
        let epoch = row.int("lease_epoch")? + 1;
        Ok(Lease::Taken { epoch })
    }

    /// Makes the owner's leases last until `now + ttl`; which of them are still the owner's, with that epoch.
    /// One that has ended but that nobody took is still the owner's.
    pub async fn renew_leases(
        &self,
        owner: WorkerId,
        epochs: &[(SessionName, i64)],
        ttl: Duration,
        now: Timestamp,
    ) -> Result<Vec<SessionName>, Error> {
        let mut ours = Vec::new();
        for (session, epoch) in epochs {
            // One transaction each: a session that is busy must not keep the others' leases from being renewed.
            let mut tx = self.db.write().await?;
            let args = args![session, owner, *epoch, now + ttl, now];
            if tx.execute(&RENEW, args).await? == 1 {
                tx.commit().await?;
                ours.push(session.clone());
            }
        }
        Ok(ours)
    }

    /// Gives a lease back, so that another worker need not wait for its end. Whether it was still the owner's.
    pub async fn release_lease(
        &self,
        session: &SessionName,
        owner: WorkerId,
        epoch: i64,
    ) -> Result<bool, Error> {
        let mut tx = self.db.write().await?;
        let touched = tx.execute(&GIVE_BACK, args![session, owner, epoch]).await?;
        tx.commit().await?;
        Ok(touched == 1)
    }
}

/// Locks the session's row, and tells when the lease of this owner and epoch ends; `None`: it is not theirs any more.
pub(crate) async fn lock_as_holder(
    tx: &mut Tx,
    session: &SessionName,
    owner: WorkerId,
    epoch: i64,
) -> Result<Option<Timestamp>, Error> {
    let Some(row) = locks::lock_session(tx, session).await? else {
        return Ok(None);
    };
    let held = row.opt_parsed("lease_owner")? == Some(owner) && row.int("lease_epoch")? == epoch;
    Ok(row.opt_time("lease_expires_at")?.filter(|_| held))
}
