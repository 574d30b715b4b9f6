//! Reading columns, by name. What cannot be read is a corrupt row, and the error names the column, never the value.

use std::str::FromStr;

use domain::Timestamp;
use sqlx::{Row as _, postgres::PgRow, sqlite::SqliteRow};

use crate::Error;

/// One row of an answer.
pub(crate) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

impl Row {
    pub(crate) fn opt_text(&self, column: &'static str) -> Result<Option<String>, Error> {
        match self {
            Self::Sqlite(row) => row.try_get(column),
            Self::Postgres(row) => row.try_get(column),
        }
        .map_err(|source| Error::Column { column, source })
    }

    pub(crate) fn opt_int(&self, column: &'static str) -> Result<Option<i64>, Error> {
        match self {
            Self::Sqlite(row) => row.try_get(column),
            Self::Postgres(row) => row.try_get(column),
        }
        .map_err(|source| Error::Column { column, source })
    }

    pub(crate) fn text(&self, column: &'static str) -> Result<String, Error> {
        self.opt_text(column)?.ok_or(Error::Corrupt { column })
    }

    pub(crate) fn int(&self, column: &'static str) -> Result<i64, Error> {
        self.opt_int(column)?.ok_or(Error::Corrupt { column })
    }

    pub(crate) fn flag(&self, column: &'static str) -> Result<bool, Error> {
        Ok(self.int(column)? != 0)
    }

    /// A count or a limit that fits 32 bits.
    pub(crate) fn count(&self, column: &'static str) -> Result<u32, Error> {
        u32::try_from(self.int(column)?).map_err(|_| Error::Corrupt { column })
    }

    pub(crate) fn opt_time(&self, column: &'static str) -> Result<Option<Timestamp>, Error> {
        let read =
            |millis| Timestamp::from_timestamp_millis(millis).ok_or(Error::Corrupt { column });
        self.opt_int(column)?.map(read).transpose()
    }

    pub(crate) fn time(&self, column: &'static str) -> Result<Timestamp, Error> {
        self.opt_time(column)?.ok_or(Error::Corrupt { column })
    }

    /// Any domain type that reads from text: ids, names, states.
    pub(crate) fn opt_parsed<T: FromStr>(&self, column: &'static str) -> Result<Option<T>, Error> {
        let read = |text: String| text.parse().map_err(|_| Error::Corrupt { column });
        self.opt_text(column)?.map(read).transpose()
    }

    pub(crate) fn parsed<T: FromStr>(&self, column: &'static str) -> Result<T, Error> {
        self.opt_parsed(column)?.ok_or(Error::Corrupt { column })
    }

    /// Any domain type that is made from an owned text: chat ids, phone numbers, message texts.
    pub(crate) fn opt_made<T: TryFrom<String>>(
        &self,
        column: &'static str,
    ) -> Result<Option<T>, Error> {
        let read = |text: String| T::try_from(text).map_err(|_| Error::Corrupt { column });
        self.opt_text(column)?.map(read).transpose()
    }

    pub(crate) fn made<T: TryFrom<String>>(&self, column: &'static str) -> Result<T, Error> {
        self.opt_made(column)?.ok_or(Error::Corrupt { column })
    }
}
