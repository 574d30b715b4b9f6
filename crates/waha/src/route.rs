//! Paths of calls: every part that is not ours to choose is escaped (`@` is `%40`, WAHA §5.1).

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Everything but RFC 3986's unreserved characters.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// A path with its query, built piece by piece.
#[derive(Clone)]
pub(crate) struct Route {
    text: String,
    has_query: bool,
}

impl Route {
    /// Starts with a literal path, without a slash at the end.
    pub(crate) fn new(path: &'static str) -> Self {
        Self {
            text: path.to_owned(),
            has_query: false,
        }
    }

    /// `/api/sessions/{session}`.
    pub(crate) fn of_session(session: &str) -> Self {
        Self::new("/api/sessions").part(session)
    }

    /// `/api/{session}`.
    pub(crate) fn within(session: &str) -> Self {
        Self::new("/api").part(session)
    }

    /// Adds one path segment.
    pub(crate) fn part(mut self, segment: &str) -> Self {
        self.text.push('/');
        self.text.extend(utf8_percent_encode(segment, ESCAPED));
        self
    }

    /// Adds `key=value` to the query.
    pub(crate) fn query(mut self, key: &'static str, value: &str) -> Self {
        self.text.push(if self.has_query { '&' } else { '?' });
        self.has_query = true;
        self.text.push_str(key);
        self.text.push('=');
        self.text.extend(utf8_percent_encode(value, ESCAPED));
        self
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }
}
