//! A database that an earlier version filled, brought up to date by this one.

use super::{Home, TestDatabase, open};
use crate::{
    Migrate,
    db::earlier::{fill_sqlite, refill_postgres},
};

impl TestDatabase {
    /// Replaces everything: the schema of migration `version`, the rows that the statements of `data` insert, then
    /// every later migration.
    #[must_use]
    pub async fn upgraded(mut self, version: i64, data: &str) -> Self {
        self.store.close().await;
        match &self.home {
            Home::Sqlite { folder } => {
                self.url = format!("sqlite://{}", folder.path().join("earlier.db").display());
                fill_sqlite(&self.url, version, data).await
            }
            Home::Postgres { .. } => refill_postgres(&self.url, version, data).await,
        }
        .expect("the database of an earlier version");
        self.store = open(&self.url, Migrate::Run).await;
        self
    }
}
