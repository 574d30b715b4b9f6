//! A guest as people see them.

use chrono::{DateTime, Utc};
use domain::config::Language;
use domain::ids::{ContactId, GuestId, HouseholdId};
use domain::session::SessionName;
use serde::Serialize;
use storage::GuestRow;
use utoipa::ToSchema;

use crate::schemas;

/// A person on the list.
#[derive(Serialize, ToSchema)]
#[schema(as = Guest)]
pub(crate) struct GuestView {
    /// Their id.
    #[schema(value_type = Uuid)]
    pub(super) id: GuestId,
    /// Their name.
    name: String,
    /// Whose guest they are, by session.
    #[schema(value_type = Option<String>)]
    side: Option<SessionName>,
    /// The language they are written to in.
    #[schema(value_type = Option<schemas::GuestLanguage>)]
    language: Option<Language>,
    /// With whom they are invited.
    #[schema(value_type = Uuid)]
    household_id: HouseholdId,
    /// The name of that household; none: they are invited alone.
    household: Option<String>,
    /// Their WhatsApp identity, which several guests may share.
    #[schema(value_type = Option<Uuid>)]
    contact: Option<ContactId>,
    /// Their phone number.
    #[schema(example = "+39 347 000 0001")]
    phone: Option<String>,
    /// Since when they are on the list.
    created_at: DateTime<Utc>,
}

impl From<GuestRow> for GuestView {
    fn from(row: GuestRow) -> Self {
        Self {
            id: row.id,
            name: row.name,
            side: row.side,
            language: row.language,
            household_id: row.household_id,
            household: row.household,
            contact: row.contact,
            phone: row.phone.map(|phone| phone.international()),
            created_at: row.created_at,
        }
    }
}
