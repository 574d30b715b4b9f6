//! Databases of a test's own, and raw SQL for tests that look or tamper. Compiled for tests and benchmarks only.
//!
//! The rule that must hold: a test without PostgreSQL fails and says what to do; it never passes by skipping.

#![expect(clippy::missing_panics_doc, reason = "a test that cannot go on panics")]

mod full_disk;
mod sent;
mod upgraded;

use std::{fs, path::Path, str::FromStr};

use domain::{Timestamp, ids::ContactId, release::Lock, session::SessionName};
use rand::{RngExt, rngs::StdRng};
use secrecy::SecretString;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, postgres::PgConnectOptions};
use tempfile::TempDir;

use crate::{
    Actor, Added, Error, GuestRow, HouseholdNaming, Migrate, NewGuest, Options, SealingKey, Store,
    audit::Deed,
    db::{Row, Sql, Tx, args},
    locks::lock_session,
    session_number::{self, NewLock, SessionNumber},
    test_templates,
};

pub use crate::{
    db::watch::{Watched, reads_of},
    filling::{Filling, History, Standing},
    ways::{Observer, Ways},
};

#[cfg(feature = "testing")]
pub use crate::db::{
    heard::statements_of,
    turns::{LockMonitor, Turns, TurnsTaken},
};

/// A migrated database that lives as long as this value.
pub struct TestDatabase {
    store: Store,
    url: String,
    home: Home,
}

impl Store {
    /// Puts a guest on the list, without a key.
    pub async fn add_guest(&self, guest: &NewGuest, now: Timestamp) -> Result<GuestRow, Error> {
        let somebody = Actor::new("test");
        self.put_on_list(guest, &somebody, None, now).await?;
        let row = self.guest(guest.id).await?;
        row.ok_or(Error::UnexpectedRows { touched: 0 })
    }

    /// Makes a household, without a key.
    pub async fn add_household(
        &self,
        name: &str,
        now: Timestamp,
    ) -> Result<HouseholdNaming, Error> {
        let somebody = Actor::new("test");
        let added = self.put_household_on_list(name, &somebody, None, now);
        Ok(match added.await? {
            Ok(Added::New(id) | Added::Repeated(id)) => HouseholdNaming::Done(id),
            Ok(Added::KeyReused) => HouseholdNaming::Unknown,
            Err(other) => HouseholdNaming::Taken(other),
        })
    }

    /// Locks the session's number, replies too; a lock that holds longer stays.
    pub async fn lock(
        &self,
        session: &SessionName,
        lock: Lock,
        reason: &str,
        now: Timestamp,
    ) -> Result<(), Error> {
        let mut tx = self.db.write().await?;
        let row = lock_session(&mut tx, session)
            .await?
            .ok_or(Error::UnexpectedRows { touched: 0 })?;
        let number = row.opt_text("own_number")?.unwrap_or_default();
        let of = SessionNumber {
            session,
            number: &number,
        };
        let holds = session_number::holds(&mut tx, of.number).await?;
        let new = NewLock {
            lock: holds.lock.map_or(lock, |known| known.max(lock)),
            reason,
            replies: true,
            count: holds.locks + 1,
        };
        session_number::keep_lock(&mut tx, of, &new).await?;
        let deed = Deed {
            action: "session.lock",
            subject: session.as_str(),
            detail: Some(reason),
        };
        self.write_audit(&mut tx, &Actor::worker(), deed, now)
            .await?;
        tx.commit().await
    }

    /// The same store, which also keeps who wrote and is on no list, as the services' own do.
    #[must_use]
    pub fn keeping_unknown_writers(&self) -> Self {
        let secret = SecretString::from("unknown-writers-of-tests-0123456789");
        let key = SealingKey::new(&secret).expect("long enough");
        Self {
            unknown_writers_key: Some(key),
            ..self.clone()
        }
    }
}

/// A transaction in a test's hands.
pub struct OpenTransaction(Tx);

impl OpenTransaction {
    /// Runs a statement in it.
    pub async fn execute(&mut self, sql: &str) {
        let done = self.0.execute(&statement(sql), Vec::new()).await;
        done.expect("a good statement");
    }

    /// Makes it last.
    pub async fn commit(self) {
        self.0.commit().await.expect("a commit");
    }
}

/// What is removed at the end.
enum Home {
    Sqlite { folder: TempDir },
    Postgres { server: String, name: String },
}

impl TestDatabase {
    /// A SQLite file in a folder of its own, copied from a migrated one.
    pub async fn sqlite() -> Self {
        Self::sqlite_in(&std::env::temp_dir()).await
    }

    /// The same, with its folder in `parent`: a test may fill that volume.
    pub async fn sqlite_in(parent: &Path) -> Self {
        #[cfg(feature = "testing")]
        let _hold = crate::db::hold::Hold::new();
        let folder = tempfile::tempdir_in(parent).expect("a temporary folder");
        let file = folder.path().join("queue.db");
        fs::copy(test_templates::sqlite().await, &file).expect("a copy of the template");
        let url = format!("sqlite://{}", file.display());
        let store = open(&url, Migrate::Refuse).await;
        Self {
            store,
            url,
            home: Home::Sqlite { folder },
        }
    }

    /// A database with a random name on the server of `TEST_POSTGRES_URL`.
    pub async fn postgres() -> Self {
        let server = std::env::var("TEST_POSTGRES_URL").expect(
            "TEST_POSTGRES_URL is not set: `make test` starts a private PostgreSQL and sets it; \
             for a single test, run it through tools/with-postgres.sh",
        );
        Self::postgres_at(&server).await
    }

    /// A database with a random name on that server.
    pub async fn postgres_at(server: &str) -> Self {
        #[cfg(feature = "testing")]
        let _hold = crate::db::hold::Hold::new();
        let server = server.to_owned();
        let template = test_templates::postgres(&server).await;
        let name = format!("test_{:016x}", dice().random::<u64>());
        let create = format!("CREATE DATABASE {name} TEMPLATE {template}");
        let mut admin = connect(&server).await;
        run(&mut admin, create).await;
        admin.close().await.expect("closing");
        let url = with_database(&server, &name);
        let store = open(&url, Migrate::Refuse).await;
        Self {
            store,
            url,
            home: Home::Postgres { server, name },
        }
    }

    /// One of each: a test's story is told to both.
    pub async fn each() -> [Self; 2] {
        [Self::sqlite().await, Self::postgres().await]
    }

    /// The store on this database.
    pub const fn store(&self) -> &Store {
        &self.store
    }

    /// The address, for a process or a second store that opens it by itself.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// `SQLite` or `PostgreSQL`.
    pub const fn kind(&self) -> &'static str {
        match self.home {
            Home::Sqlite { .. } => "SQLite",
            Home::Postgres { .. } => "PostgreSQL",
        }
    }

    /// Runs a statement; how many rows it touched.
    ///
    /// # Errors
    ///
    /// What the database says against it: constraints are there to be tried.
    pub async fn execute(&self, sql: &str) -> Result<u64, crate::Error> {
        let mut tx = self.store.db.write().await?;
        let touched = tx.execute(&statement(sql), Vec::new()).await?;
        tx.commit().await?;
        Ok(touched)
    }

    /// Puts a message that each session has sent to the contact at that time, for sessions that it has written to.
    pub async fn sent_to(&self, contact: ContactId, at: Timestamp) {
        let mut tx = self.store.db.write().await.expect("a transaction");
        let sessions = tx.all(&sent::SESSIONS, args![contact]).await;
        for row in sessions.expect("sessions") {
            let session = row.text("session").expect("a session");
            let [message, attempt, slot] = [(); 3].map(|()| sent::id(at).to_string());
            let args = args![message, attempt, contact, session, at, slot];
            for sql in &sent::SENT {
                tx.execute(sql, args.clone()).await.expect("a sent message");
            }
        }
        tx.commit().await.expect("a commit");
    }

    /// Runs a statement that no transaction may hold, on PostgreSQL.
    pub async fn execute_alone(&self, sql: &str) {
        run(&mut connect(&self.url).await, sql.to_owned()).await;
    }

    /// A transaction that stays open until the test ends it.
    pub async fn begin(&self) -> OpenTransaction {
        let tx = self.store.db.write().await;
        OpenTransaction(tx.expect("a transaction"))
    }

    /// The column `value` of all rows, as integers.
    pub async fn ints(&self, sql: &str) -> Vec<Option<i64>> {
        self.values(sql, |row| row.opt_int("value")).await
    }

    /// The column `value` of all rows, as texts.
    pub async fn texts(&self, sql: &str) -> Vec<Option<String>> {
        self.values(sql, |row| row.opt_text("value")).await
    }

    /// How the database would run a query without arguments, line by line.
    pub async fn plan(&self, sql: &str) -> Vec<String> {
        let (explain, column) = match self.home {
            Home::Sqlite { .. } => ("EXPLAIN QUERY PLAN ", "detail"),
            Home::Postgres { .. } => ("EXPLAIN ", "QUERY PLAN"),
        };
        let sql = format!("{explain}{sql}");
        self.values(&sql, |row| row.text(column)).await
    }

    /// Every row of every table as text, to see that nothing changed, or that something is nowhere.
    pub async fn dump(&self) -> Vec<String> {
        let tables = match self.home {
            Home::Sqlite { .. } => {
                "SELECT name AS value FROM sqlite_master WHERE type = 'table' ORDER BY name"
            }
            Home::Postgres { .. } => {
                "SELECT CAST(tablename AS TEXT) AS value FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
            }
        };
        let mut dump = Vec::new();
        for table in self.texts(tables).await.into_iter().flatten() {
            let row = self.row_as_text(&table).await;
            let rows = format!("SELECT {row} AS value FROM {table} t ORDER BY 1");
            let rows = self.texts(&rows).await.into_iter().flatten();
            dump.extend(rows.map(|row| format!("{table}: {row}")));
        }
        dump
    }

    async fn row_as_text(&self, table: &str) -> String {
        if let Home::Postgres { .. } = self.home {
            return "CAST(t AS TEXT)".to_owned();
        }
        let columns = format!("SELECT name AS value FROM pragma_table_info('{table}')");
        let columns = self.texts(&columns).await.into_iter().flatten();
        let quoted: Vec<_> = columns.map(|column| format!("quote({column})")).collect();
        quoted.join(" || ',' || ")
    }

    /// What the database's files hold, as far as it is text; nothing of a server's, which are its own.
    pub fn files_as_text(&self) -> String {
        let Home::Sqlite { folder } = &self.home else {
            return String::new();
        };
        let mut text = String::new();
        for file in std::fs::read_dir(folder.path()).expect("the folder") {
            let bytes = std::fs::read(file.expect("a file").path()).expect("its bytes");
            text.push_str(&String::from_utf8_lossy(&bytes));
        }
        text
    }

    async fn values<T>(
        &self,
        sql: &str,
        value: impl Fn(&Row) -> Result<T, crate::Error>,
    ) -> Vec<T> {
        let mut tx = self.store.db.read().await.expect("a transaction");
        let rows = tx.all(&statement(sql), Vec::new()).await.expect("rows");
        rows.iter()
            .map(|row| value(row).expect("a value"))
            .collect()
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the story failed on {}", self.kind());
        }
        if let Home::Postgres { server, name } = &self.home {
            drop_database(
                server.clone(),
                format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
            );
        }
    }
}

/// A runtime of its own: a test's may be ending, or its clock may stand still.
fn drop_database(server: String, drop: String) {
    let ended = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        runtime.block_on(async {
            let mut admin = connect(&server).await;
            run(&mut admin, drop).await;
        });
    });
    if ended.join().is_err() {
        eprintln!("a test's database was left behind");
    }
}

pub(crate) async fn open(url: &str, migrate: Migrate) -> Store {
    let options = Options {
        migrate,
        durable: false,
        ..Options::default()
    };
    Store::open(url, options)
        .await
        .expect("a database to test on")
}

pub(crate) async fn connect(server: &str) -> PgConnection {
    PgConnectOptions::from_str(server)
        .expect("TEST_POSTGRES_URL is a postgres:// address")
        .connect()
        .await
        .expect("the server of TEST_POSTGRES_URL answers")
}

/// Names of databases cannot be arguments. These are made of our own letters and digits.
pub(crate) async fn run(admin: &mut PgConnection, sql: String) {
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(admin)
        .await
        .expect("the tests may create databases");
}

pub(crate) fn with_database(server: &str, name: &str) -> String {
    let (address, options) = server.split_once('?').unwrap_or((server, ""));
    let base = address.rsplit_once('/').map_or(address, |(base, _)| base);
    let question = if options.is_empty() { "" } else { "?" };
    format!("{base}/{name}{question}{options}")
}

pub(crate) fn dice() -> StdRng {
    rand::make_rng()
}

/// Statements are static everywhere else; a test's few may stay in memory until it ends.
fn statement(sql: &str) -> Sql {
    Sql::both(Box::leak(sql.to_owned().into_boxed_str()))
}
