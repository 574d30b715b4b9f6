//! Who acts, and the proof that they may.

use domain::{
    Timestamp,
    config::Pacing,
    ids::WorkerId,
    release::{ReleaseRules, Rulebook},
    session::SessionName,
};

use crate::{Error, db::Tx, leases};

/// Who acts on a session, and by which rules.
#[derive(Debug, Clone, Copy)]
pub struct Claimer<'a> {
    /// The session.
    pub session: &'a SessionName,
    /// The worker that holds its lease.
    pub owner: WorkerId,
    /// The epoch of that lease.
    pub epoch: i64,
    /// The rules.
    pub book: &'a Rulebook,
    /// Their numbers.
    pub rules: &'a ReleaseRules,
    /// How long things take.
    pub pacing: &'a Pacing,
}

impl Claimer<'_> {
    /// Locks the session's row, and tells when the claimer's lease ends; `None`: another owner or epoch has the session.
    pub(super) async fn lock(&self, tx: &mut Tx) -> Result<Option<Timestamp>, Error> {
        leases::lock_as_holder(tx, self.session, self.owner, self.epoch).await
    }
}
