//! The schema and the rows of an earlier version, for tests of upgrades. Compiled for tests only.

use std::str::FromStr;

use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, postgres::PgConnectOptions,
    sqlite::SqliteConnectOptions,
};

use super::connect::{POSTGRES_MIGRATIONS, SQLITE_MIGRATIONS};
use crate::Error;

/// Runs the migrations up to `version` in the new SQLite file of `url`, then the statements of `data`.
pub(crate) async fn fill_sqlite(url: &str, version: i64, data: &str) -> Result<(), Error> {
    let options = SqliteConnectOptions::from_str(url)?.create_if_missing(true);
    let mut connection = options.connect().await?;
    SQLITE_MIGRATIONS.run_to(version, &mut connection).await?;
    let data = sqlx::raw_sql(AssertSqlSafe(data.to_owned()));
    data.execute(&mut connection).await?;
    Ok(connection.close().await?)
}

/// Removes everything from the PostgreSQL database of `url`, then does the same there.
pub(crate) async fn refill_postgres(url: &str, version: i64, data: &str) -> Result<(), Error> {
    let mut connection = PgConnectOptions::from_str(url)?.connect().await?;
    let empty = sqlx::raw_sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
    empty.execute(&mut connection).await?;
    POSTGRES_MIGRATIONS.run_to(version, &mut connection).await?;
    let data = sqlx::raw_sql(AssertSqlSafe(data.to_owned()));
    data.execute(&mut connection).await?;
    Ok(connection.close().await?)
}
