//! Lists come in pages: `limit` and `cursor` in, `next` out.

use chassis::Problem;
use serde::{Deserialize, Serialize};
use storage::Cursor;
use utoipa::{IntoParams, ToSchema};

const DEFAULT_LIMIT: u32 = 50;
const MOST: u32 = 200;

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Page)]
pub(crate) struct PageView<T> {
    /// The items, newest first unless said otherwise.
    pub(crate) items: Vec<T>,
    /// Where the next page begins: pass it as `cursor`. Absent on the last page.
    pub(crate) next: Option<String>,
}

impl<T> PageView<T> {
    pub(crate) fn of<Row>(page: storage::Page<Row>, view: impl FnMut(Row) -> T) -> Self {
        Self {
            items: page.items.into_iter().map(view).collect(),
            next: page.next.map(|cursor| cursor.to_string()),
        }
    }
}

/// Which page of a list without filters.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageQuery {
    /// `next` of the page before.
    cursor: Option<String>,
    /// How many: 1 to 200, default 50.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

/// Which page of a list that can be searched.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct SearchQuery {
    /// Only with this in a name, in capitals or not, or in a number: of the guest or household, or of one of its guests.
    search: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// How many: 1 to 200, default 50.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

impl SearchQuery {
    /// See [`read`]; and what to look for.
    pub(crate) fn read(&self) -> Result<(u32, Option<Cursor>, Option<&str>), Problem> {
        let (limit, after) = read(self.limit, self.cursor.as_deref())?;
        Ok((limit, after, search("search", self.search.as_deref())?))
    }
}

impl PageQuery {
    /// See [`read`].
    pub(crate) fn read(&self) -> Result<(u32, Option<Cursor>), Problem> {
        read(self.limit, self.cursor.as_deref())
    }
}

/// How many items were asked for, and after which one.
pub(crate) fn read(
    limit: Option<u32>,
    cursor: Option<&str>,
) -> Result<(u32, Option<Cursor>), Problem> {
    Ok((checked(limit)?, self::cursor(cursor)?))
}

/// 1 to 200, 50 when nothing is said.
fn checked(asked: Option<u32>) -> Result<u32, Problem> {
    let limit = asked.unwrap_or(DEFAULT_LIMIT);
    if (1..=MOST).contains(&limit) {
        return Ok(limit);
    }
    let message = format!("use a number from 1 to {MOST}");
    Err(Problem::bad_request(
        "invalid_query",
        format!("The query does not fit at `limit`: {message}."),
    )
    .field("limit", message))
}

pub(crate) fn cursor(text: Option<&str>) -> Result<Option<Cursor>, Problem> {
    text.map(str::parse).transpose().map_err(|_| {
        Problem::bad_request(
            "invalid_cursor",
            "The cursor is none of ours: pass `next` of the page before as it is, or leave it out for the first page.",
        )
        .field("cursor", "not a cursor of this list")
    })
}

/// The longest text to look for, in characters.
pub(crate) const LONGEST_SEARCH: usize = 200;

/// What to look for. A text with a NUL is in no database, and one of them says so with an error.
pub(crate) fn search<'a>(field: &str, text: Option<&'a str>) -> Result<Option<&'a str>, Problem> {
    if text.is_some_and(|text| text.contains('\0') || text.chars().count() > LONGEST_SEARCH) {
        let message = format!("at most {LONGEST_SEARCH} characters, and no NUL");
        return Err(Problem::bad_request(
            "invalid_query",
            format!("The query does not fit at `{field}`: {message}."),
        )
        .field(field, message));
    }
    Ok(text)
}
