//! Short texts that callers send: names, titles, reasons. They are no messages.
//!
//! The rule that must hold: the length is counted as the text was sent, as the description says; what is kept has no white space
//! around it.

/// The longest name, title or search, in characters.
pub(crate) const LONGEST: usize = 200;
/// The longest reason of an opt-out or opt-in, in characters.
pub(crate) const LONGEST_REASON: usize = 500;

/// Whether a text can be kept: PostgreSQL keeps no NUL.
pub(crate) fn is_text(text: &str, longest: usize) -> bool {
    text.chars().count() <= longest && !text.contains('\0')
}

/// The text without white space around it. `None`: nothing is left, or it cannot be kept.
pub(crate) fn trimmed(text: &str, longest: usize) -> Option<&str> {
    let kept = text.trim();
    (!kept.is_empty() && is_text(text, longest)).then_some(kept)
}
