//! A household as people see it, and its name as they send it.

use chassis::Problem;
use chrono::{DateTime, Utc};
use domain::ids::{ContactId, GuestId, HouseholdId};
use serde::{Deserialize, Serialize};
use storage::{HouseholdPeople, HouseholdRow, TiedContact};
use utoipa::ToSchema;

use crate::guests::GuestView;
use crate::short_text::{LONGEST, trimmed};

/// People who are invited together, as a list shows them.
#[derive(Serialize, ToSchema)]
#[schema(as = Household)]
pub(super) struct HouseholdView {
    /// Its id.
    #[schema(value_type = Uuid)]
    id: HouseholdId,
    /// Its name; none: somebody who is invited alone.
    name: Option<String>,
    /// The names of its guests.
    guests: Vec<String>,
    /// Since when it is there.
    created_at: DateTime<Utc>,
}

/// People who are invited together, with all that is known of them.
#[derive(Serialize, ToSchema)]
#[schema(as = HouseholdDetail)]
pub(super) struct HouseholdDetail {
    /// Its id.
    #[schema(value_type = Uuid)]
    pub(super) id: HouseholdId,
    /// Its name; none: somebody who is invited alone.
    name: Option<String>,
    /// Its guests.
    guests: Vec<GuestView>,
    /// Who wrote with its invitation, whether or not a guest has that number.
    contacts: Vec<TiedContactView>,
    /// How many more phones its code may bring in: one for each of its people, less the phones that came in or wrote.
    free_seats: u32,
    /// Since when it is there.
    created_at: DateTime<Utc>,
}

/// Somebody who wrote with a household's invitation.
#[derive(Serialize, ToSchema)]
#[schema(as = TiedContact)]
struct TiedContactView {
    /// The contact.
    #[schema(value_type = Uuid)]
    id: ContactId,
    /// Its phone number, when it is known.
    #[schema(example = "+39 347 000 0001")]
    phone: Option<String>,
    /// When it wrote a code of the household. Absent: a person tied it.
    came_in_at: Option<DateTime<Utc>>,
    /// That code is the one in force.
    by_code_in_force: bool,
    /// The name that it showed then.
    name: Option<String>,
    /// The guests whose it may be, but for those whose it is.
    #[schema(value_type = Vec<Uuid>)]
    may_be: Vec<GuestId>,
}

impl From<HouseholdRow> for HouseholdView {
    fn from(row: HouseholdRow) -> Self {
        Self {
            id: row.id,
            name: row.name,
            guests: row.guests,
            created_at: row.created_at,
        }
    }
}

impl From<HouseholdPeople> for HouseholdDetail {
    fn from(people: HouseholdPeople) -> Self {
        Self {
            id: people.id,
            name: people.name,
            guests: people.guests.into_iter().map(Into::into).collect(),
            contacts: people.contacts.into_iter().map(Into::into).collect(),
            free_seats: people.free_seats,
            created_at: people.created_at,
        }
    }
}

impl From<TiedContact> for TiedContactView {
    fn from(contact: TiedContact) -> Self {
        Self {
            id: contact.id,
            phone: contact.phone.map(|phone| phone.international()),
            came_in_at: contact.came_in_at,
            by_code_in_force: contact.by_code_in_force,
            name: contact.push_name,
            may_be: contact.may_be,
        }
    }
}

/// A household's name.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = HouseholdName)]
pub(crate) struct Named {
    /// The name, which no other household has, in capitals or not.
    #[schema(value_type = crate::schemas::ShortText)]
    pub(crate) name: String,
}

impl Named {
    /// The name, or 422 `invalid_household`.
    pub(super) fn checked(self) -> Result<String, Problem> {
        if let Some(name) = trimmed(&self.name, LONGEST) {
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
