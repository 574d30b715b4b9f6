//! Pages of long lists, newest first, continued from an opaque cursor.

use std::{fmt, str::FromStr};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use uuid::Uuid;

/// Where a page ended. As text it is opaque: base64url of the last id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor(Uuid);

/// The text is not a cursor that a page gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a cursor: use the one that the last page gave")]
pub struct InvalidCursor;

impl Cursor {
    /// The id of the last item, for lists that are in another order than their ids.
    pub(crate) fn id(&self) -> String {
        self.0.to_string()
    }

    /// The id to continue from; without a cursor, one that is later than all.
    pub(crate) fn before(after: Option<&Self>) -> String {
        after.map_or(Uuid::max(), |cursor| cursor.0).to_string()
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(self.0.as_bytes()))
    }
}

impl FromStr for Cursor {
    type Err = InvalidCursor;

    fn from_str(text: &str) -> Result<Self, InvalidCursor> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| InvalidCursor)?;
        Uuid::from_slice(&bytes)
            .map(Self)
            .map_err(|_| InvalidCursor)
    }
}

/// Some items of a list, and where the rest begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The items, newest first.
    pub items: Vec<T>,
    /// Where to go on; `None`: this was the last page.
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    /// How many rows to ask for, so that one too many tells that there is another page.
    pub(crate) fn fetch(limit: u32) -> i64 {
        i64::from(limit.max(1)) + 1
    }

    /// Makes a page of what was found when asking for [`Page::fetch`] rows.
    pub(crate) fn of(mut items: Vec<T>, limit: u32, id: impl Fn(&T) -> Uuid) -> Self {
        let limit = usize::try_from(limit.max(1)).unwrap_or(usize::MAX);
        let more = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| more).map(|last| Cursor(id(last)));
        Self { items, next }
    }
}
