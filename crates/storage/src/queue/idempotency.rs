//! Keys that make a repeated call harmless: the first call with a key leaves what it made, in its own transaction.
//!
//! A key is stored as its hash: callers may have made it of a guest's name, whom erasing would not find there.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::Timestamp;
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};

use super::Idempotency;
use crate::{
    Error,
    db::{Sql, Tx, args},
};

/// Whether a key was used before.
pub(crate) enum Seen<T> {
    /// No: it is taken now.
    Never,
    /// For the same body, which made these.
    SameBody(Vec<T>),
    /// For another body.
    OtherBody,
}

// On PostgreSQL a second call with the same key waits here for the first one's end. Versions before 0025 stored the key itself ($6), for 30 days.
const TAKE: Sql = Sql::both(
    "INSERT INTO idempotency_key (owner, key, fingerprint, message_ids, at)
     SELECT $1, $2, $3, $4, $5 WHERE NOT EXISTS (SELECT 1 FROM idempotency_key WHERE owner = $1 AND key = $6)
     ON CONFLICT (owner, key) DO NOTHING",
);

const KNOWN: Sql = Sql::both(
    "SELECT fingerprint, message_ids FROM idempotency_key WHERE owner = $1 AND key IN ($2, $3)",
);

const CORRECT: Sql =
    Sql::both("UPDATE idempotency_key SET message_ids = $3 WHERE owner = $1 AND key = $2");

/// Takes the key for a call that makes `ids`, of messages or of whatever else the fingerprint is of, unless it was used before.
pub(crate) async fn take<T: Serialize + DeserializeOwned>(
    tx: &mut Tx,
    key: &Idempotency,
    ids: &[T],
    now: Timestamp,
) -> Result<Seen<T>, Error> {
    let made = serde_json::to_string(ids)?;
    let (hash, raw) = (hash(&key.key), &key.key);
    let args = args![key.owner, &hash, &key.fingerprint, made, now, raw];
    if tx.execute(&TAKE, args).await? == 1 {
        return Ok(Seen::Never);
    }
    let known = tx.first(&KNOWN, args![key.owner, &hash, raw]).await?;
    let known = known.ok_or(Error::UnexpectedRows { touched: 0 })?;
    if known.text("fingerprint")? != key.fingerprint {
        return Ok(Seen::OtherBody);
    }
    let made = serde_json::from_str(&known.text("message_ids")?)?;
    Ok(Seen::SameBody(made))
}

/// The call made fewer than it wanted.
pub(super) async fn correct(
    tx: &mut Tx,
    key: &Idempotency,
    ids: &[impl Serialize],
) -> Result<(), Error> {
    let made = serde_json::to_string(ids)?;
    tx.execute_one(&CORRECT, args![key.owner, hash(&key.key), made])
        .await
}

fn hash(key: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(key))
}
