//! Until when an invitation is good, as people say it.

use chassis::Problem;
use domain::Timestamp;

use crate::moment;

/// Reads a time that is still to come.
pub(super) fn parse(text: &str, now: Timestamp) -> Result<Timestamp, Problem> {
    let at = moment::parse(text).map_err(refused)?;
    if at <= now {
        return Err(refused(
            "not in the future: say a later time, or revoke the invitation with DELETE",
        ));
    }
    Ok(at)
}

fn refused(message: &'static str) -> Problem {
    Problem::unprocessable(
        "invalid_valid_until",
        format!("Nothing was changed. `valid_until`: {message}."),
    )
    .field("valid_until", message)
}
