//! Searching text alike on both databases: `LIKE` ignores case on one and not on the other, so both sides are folded here.

/// What goes into a `…_folded` column.
pub(crate) fn folded(text: &str) -> String {
    text.to_lowercase()
}

/// A pattern for `folded LIKE $n ESCAPE '\'` that finds `text` anywhere, its own `%` and `_` taken literally.
pub(crate) fn contains(text: &str) -> String {
    let mut pattern = String::from("%");
    for character in folded(text).chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}

/// A pattern for a column of phone digits, when `text` is written like a number of at least three digits.
pub(crate) fn contains_digits(text: &str) -> Option<String> {
    let written_like_one = text
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, '+' | ' ' | '-' | '.' | '/' | '(' | ')'));
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    (written_like_one && digits.len() >= 3).then(|| format!("%{digits}%"))
}
