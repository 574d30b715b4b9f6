//! The words that headers use, in Italian and English, of people, Google Contacts, Outlook and phones.

use crate::{phones::Kind, written::folded};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Column {
    /// The whole name, whatever other columns there are.
    FullName,
    /// The whole name, unless the family name has a column of its own and the given one has none.
    Name,
    GivenName,
    MiddleName,
    FamilyName,
    Phone(Kind),
    Household,
    Side,
    Language,
}

impl Column {
    /// Whether several guests may have it in common.
    pub(crate) const fn is_shared(self) -> bool {
        matches!(
            self,
            Self::Phone(_) | Self::Household | Self::Side | Self::Language
        )
    }
}

/// Each header as [`folded`] and without numbers leaves it.
const KNOWN: &[(Column, &[&str])] = &[
    (Column::Name, &["nome", "name", "nominativo"]),
    (
        Column::FullName,
        &[
            "nome completo",
            "nome e cognome",
            "nome cognome",
            "cognome e nome",
            "cognome nome",
            "invitato",
            "nome invitato",
            "ospite",
            "nome ospite",
            "full name",
            "display name",
            "first and last name",
            "guest",
            "guest name",
        ],
    ),
    (
        Column::GivenName,
        &[
            "first name",
            "given name",
            "firstname",
            "forename",
            "nome di battesimo",
        ],
    ),
    (
        Column::MiddleName,
        &["middle name", "additional name", "secondo nome"],
    ),
    (
        Column::FamilyName,
        &["cognome", "last name", "family name", "lastname", "surname"],
    ),
    (
        Column::Phone(Kind::Mobile),
        &[
            "cellulare",
            "cell",
            "n cellulare",
            "tel cellulare",
            "numero cellulare",
            "numero di cellulare",
            "telefono cellulare",
            "telefonino",
            "numero whatsapp",
            "mobile",
            "mobile phone",
            "mobile number",
            "mobile no",
            "cell phone",
            "cellphone",
            "whatsapp",
            "whatsapp number",
        ],
    ),
    (
        Column::Phone(Kind::Phone),
        &[
            "telefono",
            "tel",
            "numero",
            "numero telefono",
            "numero di telefono",
            "n telefono",
            "n di telefono",
            "recapito",
            "recapito telefonico",
            "telefono principale",
            "phone",
            "phone value",
            "phone number",
            "phone no",
            "contact number",
            "telephone",
            "telephone number",
            "number",
            "primary phone",
        ],
    ),
    (
        Column::Phone(Kind::Place),
        &[
            "telefono casa",
            "telefono abitazione",
            "abitazione",
            "telefono fisso",
            "telefono ufficio",
            "ufficio",
            "altro telefono",
            "home phone",
            "business phone",
            "work phone",
            "other phone",
        ],
    ),
    (
        Column::Household,
        &[
            "famiglia",
            "nucleo",
            "nucleo familiare",
            "invito",
            "nome famiglia",
            "gruppo",
            "household",
            "household name",
            "family",
            "invitation",
            "party",
            "group",
        ],
    ),
    (
        Column::Side,
        &[
            "lato",
            "parte",
            "da parte di",
            "invitato da",
            "sposo sposa",
            "sposo o sposa",
            "sposa sposo",
            "sessione",
            "side",
            "invited by",
            "guest of",
            "bride groom",
            "bride or groom",
            "groom bride",
            "session",
        ],
    ),
    (Column::Language, &["lingua", "language", "lang"]),
];

/// What the column below this header holds; nothing when the header is not known.
pub(crate) fn column(header: &str) -> Option<Column> {
    let header = without_numbers(&folded(header));
    KNOWN
        .iter()
        .find(|(_, words)| words.contains(&header.as_str()))
        .map(|(column, _)| *column)
}

/// All headers that are understood, for a sentence.
pub(crate) fn understood_headers() -> String {
    let words: Vec<_> = KNOWN
        .iter()
        .flat_map(|(_, words)| *words)
        .copied()
        .collect();
    words.join(", ")
}

/// `phone 2 value` and `phone value` are columns of one kind.
fn without_numbers(header: &str) -> String {
    let words: Vec<_> = header
        .split(' ')
        .filter(|word| !word.chars().all(char::is_numeric))
        .collect();
    words.join(" ")
}
