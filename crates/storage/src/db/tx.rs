//! One transaction on either database.

use sqlx::{
    Postgres, Sqlite, Transaction, postgres::PgArguments, query::Query, sqlite::SqliteArguments,
};

use crate::Error;

use super::{Row, Sql, Value};

/// A transaction. Dropped without `commit`, it is rolled back.
pub(crate) struct Tx {
    pub(super) inner: Inner,
    /// Virtual time stands still while the database works.
    #[cfg(feature = "testing")]
    pub(super) _hold: super::hold::Hold,
    /// Set while a test gives the turns.
    #[cfg(feature = "testing")]
    pub(super) _scheduled: Option<super::turns::OpenTransaction>,
}

pub(super) enum Inner {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

impl Tx {
    /// Runs a statement; how many rows it touched.
    pub(crate) async fn execute(&mut self, sql: &Sql, args: Vec<Value>) -> Result<u64, Error> {
        #[cfg(feature = "testing")]
        super::heard::note(sql);
        #[cfg(feature = "testing")]
        super::turns::next().await;
        #[cfg(feature = "scratch-databases")]
        super::watch::note(&mut self.inner, sql, &args).await?;
        match &mut self.inner {
            Inner::Sqlite(tx) => bind_sqlite(sql, args)
                .execute(&mut **tx)
                .await
                .map(|done| done.rows_affected()),
            Inner::Postgres(tx) => bind_postgres(sql, args)
                .execute(&mut **tx)
                .await
                .map(|done| done.rows_affected()),
        }
        .map_err(Error::from)
    }

    /// Runs a statement that must touch exactly one row.
    pub(crate) async fn execute_one(&mut self, sql: &Sql, args: Vec<Value>) -> Result<(), Error> {
        match self.execute(sql, args).await? {
            1 => Ok(()),
            touched => Err(Error::UnexpectedRows { touched }),
        }
    }

    /// All rows.
    pub(crate) async fn all(&mut self, sql: &Sql, args: Vec<Value>) -> Result<Vec<Row>, Error> {
        #[cfg(feature = "testing")]
        super::heard::note(sql);
        #[cfg(feature = "testing")]
        super::turns::next().await;
        #[cfg(feature = "scratch-databases")]
        super::watch::note(&mut self.inner, sql, &args).await?;
        match &mut self.inner {
            Inner::Sqlite(tx) => {
                let rows = bind_sqlite(sql, args).fetch_all(&mut **tx).await?;
                Ok(rows.into_iter().map(Row::Sqlite).collect())
            }
            Inner::Postgres(tx) => {
                let rows = bind_postgres(sql, args).fetch_all(&mut **tx).await?;
                Ok(rows.into_iter().map(Row::Postgres).collect())
            }
        }
    }

    /// The first row, if there is one.
    pub(crate) async fn first(
        &mut self,
        sql: &Sql,
        args: Vec<Value>,
    ) -> Result<Option<Row>, Error> {
        #[cfg(feature = "testing")]
        super::heard::note(sql);
        #[cfg(feature = "testing")]
        super::turns::next().await;
        #[cfg(feature = "scratch-databases")]
        super::watch::note(&mut self.inner, sql, &args).await?;
        match &mut self.inner {
            Inner::Sqlite(tx) => Ok(bind_sqlite(sql, args)
                .fetch_optional(&mut **tx)
                .await?
                .map(Row::Sqlite)),
            Inner::Postgres(tx) => Ok(bind_postgres(sql, args)
                .fetch_optional(&mut **tx)
                .await?
                .map(Row::Postgres)),
        }
    }

    /// Makes it last. A connection that breaks here leaves the question open: [`Error::UnclearCommit`].
    pub(crate) async fn commit(self) -> Result<(), Error> {
        #[cfg(feature = "testing")]
        super::turns::next().await;
        match self.inner {
            Inner::Sqlite(tx) => tx.commit().await,
            Inner::Postgres(tx) => tx.commit().await,
        }
        .map_err(Error::from_commit)
    }
}

fn bind_sqlite(sql: &Sql, args: Vec<Value>) -> Query<'static, Sqlite, SqliteArguments> {
    args.into_iter()
        .fold(sqlx::query(sql.sqlite), |query, value| match value {
            Value::Text(text) => query.bind(text),
            Value::Int(int) => query.bind(int),
        })
}

fn bind_postgres(sql: &Sql, args: Vec<Value>) -> Query<'static, Postgres, PgArguments> {
    args.into_iter()
        .fold(sqlx::query(sql.postgres), |query, value| match value {
            Value::Text(text) => query.bind(text),
            Value::Int(int) => query.bind(int),
        })
}
