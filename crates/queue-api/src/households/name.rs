//! The name of a household as somebody sends it, and what is said when it cannot have it.

use chassis::Problem;
use domain::ids::HouseholdId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::guests::{LONGEST, is_text};

/// A household's name.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = HouseholdName)]
pub(crate) struct Named {
    /// The name, which no other household has, in capitals or not.
    #[schema(example = "Famiglia Rossi", min_length = 1, max_length = 200)]
    pub(crate) name: String,
}

impl Named {
    /// The name, or 422 `invalid_household`.
    pub(super) fn checked(self) -> Result<String, Problem> {
        let name = self.name.trim();
        if !name.is_empty() && is_text(name) {
            return Ok(name.to_owned());
        }
        let message = format!("write 1 to {LONGEST} characters, and no NUL");
        let detail = format!("Nothing was changed. `name`: {message}.");
        Err(Problem::unprocessable("invalid_household", detail).field("name", message))
    }
}

/// 409 `household_exists`.
pub(super) fn taken(by: HouseholdId) -> Problem {
    Problem::conflict(
        "household_exists",
        "Another household has this name: choose another one, or use that household.",
    )
    .with("household", by.to_string())
}
