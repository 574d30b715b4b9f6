//! Readers for JSON members that WAHA writes in more than one shape, or leaves out.
//!
//! A member that cannot be understood reads as absent: an odd extra must never make a whole answer
//! unreadable.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// For `#[serde(default, deserialize_with)]`: the member, or `None` when it is null or of another
/// shape.
pub(crate) fn or_none<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    Ok(serde_json::from_value(Value::deserialize(deserializer)?).ok())
}

/// For `#[serde(default, deserialize_with)]`: a whole number in any of the shapes of
/// [`whole_number`].
pub(crate) fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    Ok(whole_number(&Value::deserialize(deserializer)?))
}

/// A whole number written as a number (a fraction is cut) or as text.
pub(crate) fn whole_number(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number
            .as_i64()
            .or_else(|| number.as_f64().map(cut_fraction)),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the cast saturates, and times are far below 2^53"
)]
fn cut_fraction(number: f64) -> i64 {
    number as i64
}

/// The text at `path` inside `value`, when there is one and it is not empty.
pub(crate) fn text_at<'a>(value: &'a Value, path: &[&str]) -> Option<&'a str> {
    path.iter()
        .try_fold(value, |value, key| value.get(key))?
        .as_str()
        .filter(|text| !text.is_empty())
}
