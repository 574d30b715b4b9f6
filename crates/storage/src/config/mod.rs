//! `global_config`: one row of typed columns, changed only by whoever saw its newest version.

mod columns;

use domain::{Timestamp, config::GlobalConfig};

use crate::{
    Actor, Error, Store,
    audit::Deed,
    db::{Sql, Tx, args},
};
use columns::{changed, names, places, read, values};

/// What came of changing the configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConfigUpdate {
    /// It is changed.
    Done {
        /// The version it has now.
        version: i64,
    },
    /// Somebody changed it since the caller looked.
    Conflict {
        /// The version it has now.
        current: i64,
    },
}

const FIRST: Sql = Sql::both(concat!(
    "INSERT INTO global_config (id, version, updated_at, ",
    names!(),
    ") VALUES (1, 1, $1, ",
    places!(),
    ") ON CONFLICT (id) DO NOTHING"
));

const GET: Sql = Sql::both("SELECT * FROM global_config WHERE id = 1");

const LOCKED: Sql = Sql::each(
    "SELECT * FROM global_config WHERE id = 1",
    "SELECT * FROM global_config WHERE id = 1 FOR UPDATE",
);

const CHANGE: Sql = Sql::both(concat!(
    "UPDATE global_config SET version = version + 1, updated_at = $1, (",
    names!(),
    ") = (",
    places!(),
    ") WHERE id = 1"
));

impl Store {
    /// Makes the row with the defaults when there is none: they are in `domain`, where a migration cannot read them.
    pub(crate) async fn ensure_config(&self) -> Result<(), Error> {
        let mut tx = self.db.write().await?;
        let mut args = args![Timestamp::UNIX_EPOCH];
        args.extend(values(&GlobalConfig::default()));
        tx.execute(&FIRST, args).await?;
        tx.commit().await
    }

    /// The configuration and its version.
    pub async fn config(&self) -> Result<(GlobalConfig, i64), Error> {
        let mut tx = self.db.read().await?;
        read_config(&mut tx).await
    }

    /// Replaces the configuration, if it is still the version that the caller saw. The caller has validated it. Each session's worker
    /// looks again at what the old one made wait ([`Store::look_again`]).
    pub async fn update_config(
        &self,
        config: &GlobalConfig,
        expected_version: i64,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<ConfigUpdate, Error> {
        let mut tx = self.db.write().await?;
        let row = tx.first(&LOCKED, Vec::new()).await?;
        let row = row.ok_or(Error::UnexpectedRows { touched: 0 })?;
        let current = row.int("version")?;
        if current != expected_version {
            return Ok(ConfigUpdate::Conflict { current });
        }
        let mut args = args![now];
        args.extend(values(config));
        tx.execute_one(&CHANGE, args).await?;
        let before = read(&row)?;
        let deed = Deed {
            action: "config.update",
            subject: "global_config",
            detail: Some(&changed(&before, config)),
        };
        self.write_audit(&mut tx, actor, deed, now).await?;
        tx.commit().await?;
        Ok(ConfigUpdate::Done {
            version: current + 1,
        })
    }
}

/// The configuration and its version, in the caller's transaction.
pub(crate) async fn read_config(tx: &mut Tx) -> Result<(GlobalConfig, i64), Error> {
    let row = tx.first(&GET, Vec::new()).await?;
    let row = row.ok_or(Error::UnexpectedRows { touched: 0 })?;
    Ok((read(&row)?, row.int("version")?))
}
