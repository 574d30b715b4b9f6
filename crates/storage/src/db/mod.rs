//! The two databases behind one connection type: the same statement text with the same arguments runs on both.
//!
//! Only integers and text cross this border (style: portable columns). A writer's transaction is `BEGIN IMMEDIATE` on
//! SQLite's only writing connection, and an ordinary one on PostgreSQL, where rows that matter are locked by name.
//! The rule that must hold: nobody outside this folder names a database.

mod connect;
mod probe;
mod row;
mod sql;
mod tx;
mod value;

#[cfg(feature = "scratch-databases")]
pub(crate) mod earlier;
#[cfg(feature = "testing")]
pub(crate) mod heard;
#[cfg(feature = "testing")]
pub(crate) mod hold;
#[cfg(feature = "testing")]
pub(crate) mod turns;
#[cfg(feature = "scratch-databases")]
pub(crate) mod watch;

pub(crate) use connect::Db;
pub use connect::{Migrate, Options};
#[cfg(feature = "scratch-databases")]
pub(crate) use connect::{postgres_fingerprint, sqlite_fingerprint};
pub(crate) use probe::WriteProbe;
pub(crate) use row::Row;
pub(crate) use sql::{Sql, one_of};
pub(crate) use tx::Tx;
pub(crate) use value::{Value, args};
