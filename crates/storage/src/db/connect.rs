//! Opening: the URL's scheme picks the database; settings that the promises rest on are made here.

use std::{
    fs::{self, OpenOptions, Permissions},
    io::ErrorKind,
    os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _},
    path::Path,
    str::FromStr,
    time::Duration,
};

use sqlx::{
    Connection as _,
    migrate::Migrator,
    postgres::{PgConnectOptions, PgPool, PgPoolOptions},
    sqlite::{
        SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
    },
};

use crate::{Error, SealingKey};

use super::tx::{Inner, Tx};

/// The largest SQLite file that is written anew, in bytes: that takes as much memory.
const SMALL: i64 = 64 * 1024 * 1024;
const SIZE: &str = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()";

pub(super) static SQLITE_MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/sqlite");
pub(super) static POSTGRES_MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/postgres");

/// What to do about migrations when opening.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Migrate {
    /// Bring the schema up to date.
    Run,
    /// Refuse to open when one is pending.
    Refuse,
}

/// How to open a database.
#[derive(Debug, Clone)]
pub struct Options {
    /// Migrations.
    pub migrate: Migrate,
    /// Connections at most: readers on SQLite (one more writes), all on PostgreSQL.
    pub connections: u32,
    /// Whether a commit must outlive a power cut. Only tests say no.
    pub durable: bool,
    /// Seed of the dice that ids of rows are made with; `None`: the operating system's. Only tests give one.
    pub dice_seed: Option<u64>,
    /// What unknown writers are sealed with. Without it none is kept: who only migrates or makes a token needs none.
    pub unknown_writers_key: Option<SealingKey>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            migrate: Migrate::Refuse,
            connections: 4,
            durable: true,
            dice_seed: None,
            unknown_writers_key: None,
        }
    }
}

#[derive(Clone)]
pub(crate) enum Db {
    /// One connection writes: SQLite has one writer anyway, and so nobody meets "database is locked" within a process.
    Sqlite {
        writer: SqlitePool,
        readers: SqlitePool,
    },
    Postgres(PgPool),
}

/// SQLite waits this long for another process's write; PostgreSQL's pool this long for a connection.
const BUSY: Duration = Duration::from_secs(5);

/// Each connection that reads from SQLite keeps so much, in KiB: every write makes it throw all of it away, at the cost of its next
/// read. The more a long history fills it, the dearer is a short read after a long one. The operating system keeps the file's pages besides.
const CACHE: &str = "-256";

/// PostgreSQL ends the transaction of a process that fell asleep inside it and holds rows locked, the lease's among
/// them. Shorter than a lease (30 s), so that it keeps nobody from taking over; no transaction of ours waits for
/// anything but the database.
const ASLEEP_IN_TRANSACTION: &str = "10s";

/// What writes finds its rows by keys, whatever the arguments: planning it at every call costs more than reading the rows, and what
/// PostgreSQL chooses by itself after five calls differs from connection to connection. Lists are planned for their arguments.
const WRITE: &str = "BEGIN; SET LOCAL plan_cache_mode = force_generic_plan";

/// Differs between two schemas: a database that tests are copied from is made once for each.
#[cfg(feature = "scratch-databases")]
pub(crate) fn postgres_fingerprint() -> u64 {
    fingerprint(&POSTGRES_MIGRATIONS)
}

/// The same of the other schema.
#[cfg(feature = "scratch-databases")]
pub(crate) fn sqlite_fingerprint() -> u64 {
    fingerprint(&SQLITE_MIGRATIONS)
}

#[cfg(feature = "scratch-databases")]
fn fingerprint(migrations: &Migrator) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    for migration in migrations.iter() {
        migration.checksum.hash(&mut hasher);
    }
    hasher.finish()
}

/// SQLite ends a transaction by itself when its disk is full, and sqlx, whose rollback then fails, counts it as open for ever. So a
/// connection that is not out of its transaction once it was asked to roll back is closed, on PostgreSQL too.
fn sqlite_pool() -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        // released ones were looked at, and a file does not go away
        .test_before_acquire(false)
        .after_release(|connection, _| {
            Box::pin(async {
                connection.ping().await?;
                Ok(!connection.is_in_transaction())
            })
        })
}

/// What earlier versions gave a file under the usual umask.
const READ_BY_ALL: u32 = 0o644;
const OWNER_S_ALONE: u32 = 0o600;

/// A new file is its owner's alone, and so is what SQLite puts beside it, whatever the umask. A file of an earlier version becomes so, unless
/// it was given other rights.
fn for_us_alone(file: &Path) -> Result<(), Error> {
    let made = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(OWNER_S_ALONE)
        .open(file);
    match made {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            for beside in ["", "-wal", "-shm"] {
                let mut name = file.as_os_str().to_owned();
                name.push(beside);
                narrow(Path::new(&name));
            }
            Ok(())
        }
        Err(error) => Err(Error::Unavailable(error.into())),
        Ok(_) => Ok(()),
    }
}

fn narrow(file: &Path) {
    let mode = fs::metadata(file).map(|file| file.permissions().mode() & 0o777);
    if mode.is_ok_and(|mode| mode == READ_BY_ALL) {
        // another user's file stays as that user has it
        drop(fs::set_permissions(
            file,
            Permissions::from_mode(OWNER_S_ALONE),
        ));
    }
}

impl Db {
    pub(crate) async fn open(url: &str, options: &Options) -> Result<Self, Error> {
        #[cfg(feature = "testing")]
        let _hold = super::hold::Hold::new();
        let db = match url.split(':').next() {
            Some("sqlite") => Self::open_sqlite(url, options).await?,
            Some("postgres" | "postgresql") => Self::open_postgres(url, options).await?,
            _ => return Err(Error::UnknownScheme),
        };
        db.migrate(options.migrate).await?;
        Ok(db)
    }

    async fn open_sqlite(url: &str, options: &Options) -> Result<Self, Error> {
        let connect = SqliteConnectOptions::from_str(url)
            .map_err(|_| Error::BadUrl)?
            .create_if_missing(options.migrate == Migrate::Run)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(if options.durable {
                SqliteSynchronous::Full
            } else {
                SqliteSynchronous::Off
            })
            .foreign_keys(true)
            // what was deleted is overwritten, but for the gaps of its page: `write_anew`
            .pragma("secure_delete", "ON")
            // no text of a guest outside the file, and no write that fails because `/tmp` is full
            .pragma("temp_store", "MEMORY")
            .busy_timeout(BUSY);
        if options.migrate == Migrate::Run {
            for_us_alone(connect.get_filename())?;
        }
        let writer = sqlite_pool()
            .max_connections(1)
            .connect_with(connect.clone())
            .await?;
        let readers = sqlite_pool()
            .max_connections(options.connections)
            .connect_with(connect.pragma("cache_size", CACHE))
            .await?;
        Ok(Self::Sqlite { writer, readers })
    }

    async fn open_postgres(url: &str, options: &Options) -> Result<Self, Error> {
        let durable = if options.durable { "on" } else { "off" };
        let connect = PgConnectOptions::from_str(url)
            .map_err(|_| Error::BadUrl)?
            .options([
                ("synchronous_commit", durable),
                ("idle_in_transaction_session_timeout", ASLEEP_IN_TRANSACTION),
            ]);
        let pool = PgPoolOptions::new()
            .max_connections(options.connections)
            .acquire_timeout(BUSY)
            .after_release(|connection, _| Box::pin(async { Ok(!connection.is_in_transaction()) }))
            .connect_with(connect)
            .await?;
        Ok(Self::Postgres(pool))
    }

    async fn migrate(&self, migrate: Migrate) -> Result<(), Error> {
        if migrate == Migrate::Run {
            match self {
                Self::Sqlite { writer, .. } => SQLITE_MIGRATIONS.run(writer).await?,
                Self::Postgres(pool) => POSTGRES_MIGRATIONS.run(pool).await?,
            }
        }
        self.refuse_pending().await
    }

    async fn refuse_pending(&self) -> Result<(), Error> {
        const APPLIED: super::Sql = super::Sql::both(
            "SELECT CAST(count(*) AS BIGINT) AS applied FROM _sqlx_migrations WHERE success",
        );
        let wanted = match self {
            Self::Sqlite { .. } => SQLITE_MIGRATIONS.iter().count(),
            Self::Postgres(_) => POSTGRES_MIGRATIONS.iter().count(),
        };
        let mut tx = self.read().await?;
        let applied = match tx.first(&APPLIED, Vec::new()).await {
            Ok(Some(row)) => row.int("applied")?,
            Ok(None) | Err(_) => 0,
        };
        if usize::try_from(applied).is_ok_and(|applied| applied >= wanted) {
            Ok(())
        } else {
            Err(Error::PendingMigrations)
        }
    }

    /// A transaction that writes.
    pub(crate) async fn write(&self) -> Result<Tx, Error> {
        #[cfg(feature = "testing")]
        let hold = super::hold::Hold::new();
        #[cfg(feature = "testing")]
        super::turns::next().await;
        let inner = match self {
            Self::Sqlite { writer, .. } => {
                Inner::Sqlite(writer.begin_with("BEGIN IMMEDIATE").await?)
            }
            Self::Postgres(pool) => Inner::Postgres(pool.begin_with(WRITE).await?),
        };
        #[cfg(feature = "testing")]
        let (inner, scheduled) = super::turns::opened(inner).await?;
        Ok(Tx {
            inner,
            #[cfg(feature = "testing")]
            _hold: hold,
            #[cfg(feature = "testing")]
            _scheduled: scheduled,
        })
    }

    /// A transaction that only reads, all of it from one moment.
    pub(crate) async fn read(&self) -> Result<Tx, Error> {
        #[cfg(feature = "testing")]
        let hold = super::hold::Hold::new();
        #[cfg(feature = "testing")]
        super::turns::next().await;
        let inner = match self {
            Self::Sqlite { readers, .. } => Inner::Sqlite(readers.begin().await?),
            Self::Postgres(pool) => Inner::Postgres(
                pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                    .await?,
            ),
        };
        #[cfg(feature = "testing")]
        let (inner, scheduled) = super::turns::opened(inner).await?;
        Ok(Tx {
            inner,
            #[cfg(feature = "testing")]
            _hold: hold,
            #[cfg(feature = "testing")]
            _scheduled: scheduled,
        })
    }

    /// Writes SQLite's file anew, if it is not larger than [`SMALL`]: cells that were moved inside it leave copies, which `secure_delete` does
    /// not overwrite. On PostgreSQL it collects the statistics anew, which hold samples of the rows.
    pub(crate) async fn write_anew(&self) -> Result<(), Error> {
        #[cfg(feature = "testing")]
        let _hold = super::hold::Hold::new();
        match self {
            Self::Sqlite { writer, .. } => {
                let size: i64 = sqlx::query_scalar(SIZE).fetch_one(writer).await?;
                if size <= SMALL {
                    sqlx::query("VACUUM").execute(writer).await?;
                }
            }
            Self::Postgres(pool) => {
                sqlx::query("ANALYZE").execute(pool).await?;
            }
        }
        Ok(())
    }

    /// Copies SQLite's write-ahead log into the file, and empties it.
    pub(crate) async fn truncate_log(&self) -> Result<(), Error> {
        #[cfg(feature = "testing")]
        let _hold = super::hold::Hold::new();
        if let Self::Sqlite { writer, .. } = self {
            sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
                .execute(writer)
                .await?;
        }
        Ok(())
    }

    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}
