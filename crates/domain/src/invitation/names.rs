//! The couple's names, as a text to guests says them.

use crate::config::Language;

/// "Giulia e Marco", "Anna ed Enrico", "Giulia and Marco"; one name alone when only one is known, nothing when none is.
pub fn couple_names(language: Language, bride: &str, groom: &str) -> String {
    match (bride.trim(), groom.trim()) {
        (one, "") | ("", one) => one.to_owned(),
        (bride, groom) => format!("{bride} {} {groom}", and(language, groom)),
    }
}

/// The Italian "e" becomes "ed" before another e.
fn and(language: Language, next: &str) -> &'static str {
    match language {
        Language::Italian if next.starts_with(['e', 'E', 'è', 'È', 'é', 'É']) => "ed",
        Language::Italian => "e",
        Language::English => "and",
    }
}
