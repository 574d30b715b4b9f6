//! The database failed us. What the business refuses is never an error: it is in the methods' answers.

use std::borrow::Cow;

use sqlx::postgres::{PgDatabaseError, PgSeverity};

/// Why a method of the store did not end.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The URL's scheme is neither `sqlite` nor `postgres`.
    #[error("DATABASE_URL must begin with sqlite:// or postgres://")]
    UnknownScheme,
    /// The URL cannot be read. It may hold a password, so it is not shown.
    #[error("DATABASE_URL cannot be read as a database address")]
    BadUrl,
    /// The schema is older than this program.
    #[error("the database needs a migration: start queue-api once, or run `queue-api migrate`")]
    PendingMigrations,
    /// A migration failed.
    #[error("a migration failed")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// The database is not there, or the connection broke before the work was committed: nothing was changed.
    #[error("the database cannot be reached")]
    Unavailable(#[source] sqlx::Error),
    /// There is no room on the database's disk: nothing was changed. `None`: as a write found a moment ago.
    #[error("cannot write: disk full")]
    Full(#[source] Option<sqlx::Error>),
    /// The database ended the transaction because of another one: nothing was changed.
    #[error("another transaction changed the same rows at the same time")]
    Overtaken(#[source] sqlx::Error),
    /// The connection broke inside COMMIT: it may have happened. Read back before acting.
    #[error("the connection broke during a commit")]
    UnclearCommit(#[source] sqlx::Error),
    /// A statement failed.
    #[error("a database statement failed")]
    Statement(#[source] sqlx::Error),
    /// A column is missing or has another type.
    #[error("column {column} cannot be read")]
    Column {
        /// The column.
        column: &'static str,
        /// What sqlx says.
        source: sqlx::Error,
    },
    /// A column holds what its type cannot be.
    #[error("column {column} holds a value that it must never hold")]
    Corrupt {
        /// The column.
        column: &'static str,
    },
    /// A statement that must touch one row touched another number of them.
    #[error("a statement touched {touched} rows instead of one")]
    UnexpectedRows {
        /// How many.
        touched: u64,
    },
    /// A transition the state machine does not know: a fault of ours.
    #[error(transparent)]
    Transition(#[from] domain::message_status::InvalidTransition),
    /// JSON that we wrote ourselves cannot be read.
    #[error("stored JSON cannot be read")]
    Json(#[from] serde_json::Error),
}

impl Error {
    /// Whether trying again later can help.
    pub const fn is_unavailable(&self) -> bool {
        matches!(
            self,
            Self::Unavailable(_) | Self::Full(_) | Self::Overtaken(_) | Self::UnclearCommit(_)
        )
    }

    /// Whether another transaction gave the same number to another contact at the same time.
    pub(crate) fn is_taken_number(&self) -> bool {
        matches!(self, Self::Overtaken(source) if broke_phone_key(source))
    }

    pub(crate) fn from_commit(source: sqlx::Error) -> Self {
        // a server that ends without room may have written the commit before
        if is_connection(&source) && (was_ended(&source) || !is_full(&source)) {
            Self::UnclearCommit(source)
        } else {
            Self::from(source)
        }
    }
}

impl From<sqlx::Error> for Error {
    fn from(source: sqlx::Error) -> Self {
        if is_full(&source) {
            Self::Full(Some(source))
        } else if is_connection(&source) {
            Self::Unavailable(source)
        } else if was_overtaken(&source) {
            Self::Overtaken(source)
        } else {
            Self::Statement(source)
        }
    }
}

/// 13: SQLite's disk is full; 53100: PostgreSQL's. Both have rolled the transaction back, a commit too.
fn is_full(error: &sqlx::Error) -> bool {
    matches!(code_of(error).as_deref(), Some("13" | "53100"))
}

fn code_of(error: &sqlx::Error) -> Option<Cow<'_, str>> {
    error
        .as_database_error()
        .and_then(sqlx::error::DatabaseError::code)
}

/// PostgreSQL has ended the connection, or refused it, for whatever reason: a server that finds no room refuses all with XX000.
fn was_ended(error: &sqlx::Error) -> bool {
    let error = error.as_database_error();
    let error = error.and_then(|error| error.try_downcast_ref::<PgDatabaseError>());
    error.is_some_and(|error| matches!(error.severity(), PgSeverity::Fatal | PgSeverity::Panic))
}

/// 40P01: a deadlock; 40001: a serialization failure. The transaction was rolled back.
fn was_overtaken(error: &sqlx::Error) -> bool {
    matches!(code_of(error).as_deref(), Some("40P01" | "40001")) || broke_phone_key(error)
}

/// A number belongs to one contact, and every statement that sets a number checks that first. So another transaction set the same number at
/// the same time.
fn broke_phone_key(error: &sqlx::Error) -> bool {
    let error = error.as_database_error();
    error.is_some_and(|error| error.constraint() == Some("contact_phone_key"))
}

fn is_connection(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        // a server that ends in the middle of an answer
        | sqlx::Error::Protocol(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => true,
        _ if was_ended(error) => true,
        // 57P0x: the server is stopping or starting; 08xxx: connection; 53xxx: out of resources;
        // 25P03: we slept inside a transaction, and the server has ended it; 5 and 6: SQLite busy, locked
        sqlx::Error::Database(inner) => inner.code().is_some_and(|code| {
            code.starts_with("57P")
                || code.starts_with("08")
                || code.starts_with("53")
                || code == "25P03"
                || code == "5"
                || code == "6"
        }),
        _ => false,
    }
}
