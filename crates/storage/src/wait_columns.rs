//! The columns `wait_reason`, `wait_ends` and `eligible_at` of a waiting message: the only place that reads or writes their codes.
//!
//! `wait_ends` is `at` (the time is `eligible_at`), `event:<AwaitedEvent>` or `person:<AwaitedPerson>`.

use domain::{
    Timestamp,
    wait::{Ends, Wait},
};

use crate::{Error, db::Row};

/// The code of a wait that ends at `eligible_at`.
pub(crate) const AT: &str = "at";

/// The code of a wait's end for `wait_ends`.
pub(crate) fn ends_code(ends: Ends) -> String {
    match ends {
        Ends::At(_) => AT.to_owned(),
        Ends::Event(event) => format!("event:{event}"),
        Ends::Person(person) => format!("person:{person}"),
    }
}

/// What `eligible_at` holds for a wait that ends so: only a time makes a row eligible by itself.
pub(crate) const fn eligible_at(ends: Ends) -> Option<Timestamp> {
    match ends {
        Ends::At(at) => Some(at),
        Ends::Event(_) | Ends::Person(_) => None,
    }
}

/// Reads the three columns. `None`: the row does not wait for anything of its own.
pub(crate) fn read_wait(row: &Row) -> Result<Option<Wait>, Error> {
    let Some(reason) = row.opt_parsed("wait_reason")? else {
        return Ok(None);
    };
    let code = row.text("wait_ends")?;
    let corrupt = || Error::Corrupt {
        column: "wait_ends",
    };
    let ends = match code.split_once(':') {
        None if code == AT => Ends::At(row.time("eligible_at")?),
        Some(("event", event)) => Ends::Event(event.parse().map_err(|_| corrupt())?),
        Some(("person", person)) => Ends::Person(person.parse().map_err(|_| corrupt())?),
        _ => return Err(corrupt()),
    };
    Ok(Some(Wait { reason, ends }))
}
