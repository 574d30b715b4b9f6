//! An unknown writer as their spouse sees them.

use chrono::{DateTime, Utc};
use domain::ids::{HouseholdId, UnknownWriterId};
use serde::Serialize;
use storage::UnknownWriterRow;
use utoipa::ToSchema;

/// Somebody who wrote to this spouse and is on no list. What they wrote is not kept.
#[derive(Serialize, ToSchema)]
#[schema(as = UnknownWriter)]
pub(super) struct UnknownWriterView {
    /// Their id, to tie or ignore them.
    #[schema(value_type = Uuid)]
    id: UnknownWriterId,
    /// Their number; none when WhatsApp told a hidden id only.
    #[schema(example = "+39 347 000 0001")]
    number: Option<String>,
    /// The name they gave themselves.
    name: Option<String>,
    /// When they first wrote.
    first_at: DateTime<Utc>,
    /// When they last wrote, to the minute.
    last_at: DateTime<Utc>,
    /// Whose invitation they wrote with, when it did not tie them: no seat was free, or it had expired.
    suggested_household: Option<SuggestedHousehold>,
}

/// A household.
#[derive(Serialize, ToSchema)]
struct SuggestedHousehold {
    /// Its id.
    #[schema(value_type = Uuid)]
    id: HouseholdId,
    /// Its name; of somebody who is invited alone, their own.
    name: Option<String>,
}

impl From<UnknownWriterRow> for UnknownWriterView {
    fn from(row: UnknownWriterRow) -> Self {
        Self {
            id: row.id,
            number: row.phone.map(|phone| phone.international()),
            name: row.push_name,
            first_at: row.first_at,
            last_at: row.last_at,
            suggested_household: row
                .suggested
                .map(|(id, name)| SuggestedHousehold { id, name }),
        }
    }
}
