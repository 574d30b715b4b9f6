//! The only crate that speaks SQL: what the business does to its data, one transaction for each fact.
//!
//! Not here: whether a message may go (crate `domain` decides, this crate brings it the facts) and anything over HTTP.
//! The rule that must hold: no transaction object leaves this crate, and nothing is half-written.

mod db;
mod error;

pub use db::{Migrate, Options};
pub use error::Error;

use db::Db;

/// The data, on SQLite or PostgreSQL. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    db: Db,
}

impl Store {
    /// Opens the database that `url` names: `sqlite://path` or `postgres://…`.
    pub async fn open(url: &str, options: Options) -> Result<Self, Error> {
        Ok(Self {
            db: Db::open(url, options).await?,
        })
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), Error> {
        self.db.read().await?.commit().await
    }

    /// Closes all connections; what is under way is finished first.
    pub async fn close(&self) {
        self.db.close().await;
    }
}
