//! Times as people send them: RFC 3339, of this century, so that their year has four digits in each zone; kept in whole milliseconds like everything that is stored.

use chrono::{DateTime, SubsecRound};
use domain::Timestamp;

/// What to do about a time that cannot be read.
pub(crate) const EXPECTED: &str =
    "not a time: write it with its offset (RFC 3339), such as 2026-12-05T18:00:00+01:00";

/// Reads a time.
pub(crate) fn parse(text: &str) -> Result<Timestamp, &'static str> {
    let read = DateTime::parse_from_rfc3339(text).ok();
    let at = read.filter(|_| text.starts_with("20")).ok_or(EXPECTED)?;
    Ok(at.to_utc().trunc_subsecs(3))
}
