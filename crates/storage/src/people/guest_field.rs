//! What of a guest can change, by the names that the audit log and the API use.

/// One thing that the list says of a guest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GuestField {
    /// The name.
    Name,
    /// The number, and so the contact.
    Phone,
    /// Whose guest.
    Side,
    /// The language to write in.
    Language,
    /// With whom they are invited.
    Household,
}

impl GuestField {
    /// Its name: what it holds never reaches the log.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Phone => "phone",
            Self::Side => "side",
            Self::Language => "language",
            Self::Household => "household",
        }
    }
}

/// Those of the fields that changed.
pub(super) fn changed(fields: impl IntoIterator<Item = (GuestField, bool)>) -> Vec<GuestField> {
    let fields = fields.into_iter();
    fields
        .filter_map(|(field, is)| is.then_some(field))
        .collect()
}

/// Their names, for the audit log.
pub(super) fn names(fields: &[GuestField]) -> String {
    let names: Vec<_> = fields.iter().map(|field| field.as_str()).collect();
    names.join(", ")
}
