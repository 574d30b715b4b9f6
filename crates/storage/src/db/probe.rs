//! Whether the database takes writes: a small one of our own, seldom.
//!
//! Not a read: a database whose disk is full still answers those. The rule that must hold: the answer comes soon, also while others
//! write.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::Mutex,
    time::{Instant, timeout},
};

use super::{Db, Sql, args};
use crate::Error;

/// Asked more often, the answer is the one before: reading health costs no write each time.
const HOLDS: Duration = Duration::from_secs(5);

/// Another write takes longer than this now and then. That is no full disk.
const PATIENCE: Duration = Duration::from_millis(100);

const WRITE: Sql = Sql::both("UPDATE write_probe SET writes = writes + 1 WHERE id = 1");

/// What the last write of our own met.
#[derive(Clone, Default)]
pub(crate) struct WriteProbe(Arc<Mutex<Option<Seen>>>);

struct Seen {
    at: Instant,
    full: bool,
}

impl WriteProbe {
    /// Fails with [`Error::Full`] when there is no room, and when the database cannot be reached.
    pub(crate) async fn ask(&self, db: &Db) -> Result<(), Error> {
        let mut seen = self.0.lock().await;
        if let Some(seen) = &*seen
            && seen.at.elapsed() < HOLDS
        {
            return if seen.full {
                Err(Error::Full(None))
            } else {
                Ok(())
            };
        }
        // a write that had to wait tells nothing about room
        let outcome = timeout(PATIENCE, write(db)).await.unwrap_or(Ok(()));
        let full = matches!(outcome, Err(Error::Full(_)));
        *seen = Some(Seen {
            at: Instant::now(),
            full,
        });
        outcome
    }
}

async fn write(db: &Db) -> Result<(), Error> {
    let mut tx = db.write().await?;
    tx.execute_one(&WRITE, args![]).await?;
    tx.commit().await
}
