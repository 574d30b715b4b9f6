//! Adding something once: a call that is repeated with its key finds what the first one added.

use domain::Timestamp;
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    Error, Idempotency,
    db::Tx,
    queue::idempotency::{self, Seen},
};

/// What came of adding something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added<T> {
    /// It is there now.
    New(T),
    /// The same call was made before and added this.
    Repeated(T),
    /// The key was used for another body: nothing was written.
    KeyReused,
}

/// Takes the key for what is about to be added as `id`; or what an earlier call with it added.
pub(crate) async fn added_before<T: Copy + Serialize + DeserializeOwned>(
    tx: &mut Tx,
    key: Option<&Idempotency>,
    id: T,
    now: Timestamp,
) -> Result<Option<Added<T>>, Error> {
    let Some(key) = key else { return Ok(None) };
    Ok(match idempotency::take(tx, key, &[id], now).await? {
        Seen::Never => None,
        Seen::SameBody(made) => made.first().copied().map(Added::Repeated),
        Seen::OtherBody => Some(Added::KeyReused),
    })
}
