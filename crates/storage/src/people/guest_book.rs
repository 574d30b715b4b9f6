//! The list as the couple looks at it: household by household, each guest with how they stand to us. Reading only.
//!
//! The rule that must hold: every guest has exactly one state, so that the counts of all states are the count of all guests.

use domain::{
    Timestamp,
    config::Language,
    ids::{ContactId, GuestId, HouseholdId},
    phone_number::PhoneNumber,
    session::SessionName,
};

use crate::{
    Cursor, Error, Page, Store,
    db::{Row, Sql, Tx, args},
    search_text::{contains, contains_digits},
};

/// How a guest stands to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GuestState {
    /// They wrote, not too long ago.
    Written,
    /// They wrote once, and for long no more.
    Cold,
    /// They have not written, so nobody writes to them.
    NotWritten,
    /// They want no messages.
    OptedOut,
}

impl GuestState {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Written, Self::Cold, Self::NotWritten, Self::OptedOut];

    /// Its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Written => "written",
            Self::Cold => "cold",
            Self::NotWritten => "not_written",
            Self::OptedOut => "opted_out",
        }
    }

    /// The state with that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }

    fn of(row: &Row) -> Result<Self, Error> {
        let name = row.text("state")?;
        Self::named(&name).ok_or(Error::Corrupt { column: "state" })
    }
}

/// Which guests to show; what is `None` does not matter.
#[derive(Debug, Clone, Default)]
pub struct GuestFilter {
    /// In that state.
    pub state: Option<GuestState>,
    /// The guests of that spouse.
    pub side: Option<SessionName>,
    /// Written to in that language.
    pub language: Option<Language>,
    /// Of that household.
    pub household: Option<HouseholdId>,
    /// With this in their name or their household's, whatever the case, or in their number.
    pub search: Option<String>,
}

impl GuestFilter {
    fn is_empty(&self) -> bool {
        self.state.is_none()
            && self.side.is_none()
            && self.language.is_none()
            && self.household.is_none()
            && self.search.is_none()
    }
}

/// A guest with how they stand to us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookGuest {
    /// Their id.
    pub id: GuestId,
    /// Their name.
    pub name: String,
    /// Whose guest.
    pub side: Option<SessionName>,
    /// The language to write in.
    pub language: Option<Language>,
    /// The WhatsApp identity, when known.
    pub contact: Option<ContactId>,
    /// Its number, when known.
    pub phone: Option<PhoneNumber>,
    /// How they stand to us.
    pub state: GuestState,
    /// When they last wrote to the spouse whose guest they are, who writes to them; if never, to any spouse.
    pub last_in_at: Option<Timestamp>,
    /// They wrote something that may mean "no more", and nobody has decided since.
    pub suspended: bool,
}

/// A household with those of its guests that the filter lets through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookHousehold {
    /// Its id.
    pub id: HouseholdId,
    /// Its name; none: somebody who is invited alone.
    pub name: Option<String>,
    /// Its guests, in the order in which they were added.
    pub guests: Vec<BookGuest>,
}

/// How many guests there are in each state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BookCounts([u32; 4]);

impl BookCounts {
    /// How many are in that state.
    pub const fn of(&self, state: GuestState) -> u32 {
        self.0[state as usize]
    }

    /// How many there are.
    pub fn all(&self) -> u32 {
        self.0.iter().sum()
    }
}

/// `book!(…)`: a query that knows `stated`, every guest with their state, and `matching`, those whom the filter lets through.
/// $1 wrote before this: cold, $2 side, $3 language, $4 search, $5 search in numbers, $6 state,
/// $7 household.
macro_rules! book {
    ($rest:literal) => {
        concat!(
            "WITH seen AS (
                 SELECT g.id, g.name, g.name_folded, g.side, g.language, g.household_id, g.contact_id, c.phone,
                        c.opted_out_at, c.suspended_at,
                        (SELECT COALESCE(max(CASE WHEN s.session = g.side THEN s.last_in_at END), max(s.last_in_at))
                         FROM contact_session s
                         JOIN whatsapp_session_status l ON l.name = s.session AND l.own_number = s.own_number
                         WHERE s.contact_id = g.contact_id AND s.evidence_id IS NOT NULL) AS last_in_at
                 FROM guest g LEFT JOIN contact c ON c.id = g.contact_id),
             stated AS (
                 SELECT seen.*, CASE WHEN opted_out_at IS NOT NULL THEN 'opted_out'
                                     WHEN last_in_at IS NULL THEN 'not_written'
                                     WHEN last_in_at < $1 THEN 'cold'
                                     ELSE 'written' END AS state
                 FROM seen),
             matching AS (
                 SELECT t.* FROM stated t JOIN household mh ON mh.id = t.household_id
                 WHERE ($2 IS NULL OR t.side = $2) AND ($3 IS NULL OR t.language = $3)
                   AND ($4 IS NULL OR t.name_folded LIKE $4 ESCAPE '\\' OR mh.name_folded LIKE $4 ESCAPE '\\'
                        OR ($5 IS NOT NULL AND t.phone LIKE $5))
                   AND ($6 IS NULL OR t.state = $6) AND ($7 IS NULL OR t.household_id = $7)) ",
            $rest
        )
    };
}

/// Households in the order of their names, somebody alone by their own.
/// $8 whether those without guests are shown too, $9 the household to go on from, $10 limit.
macro_rules! page {
    ($order:literal) => {
        concat!(
            book!(
                ", named AS (
                     SELECT h.id, h.name, COALESCE(h.name_folded,
                                (SELECT min(g.name_folded) FROM guest g WHERE g.household_id = h.id), '') AS sorted
                     FROM household h),
                 homes AS (
                     SELECT n.id, n.name, n.sorted FROM named n
                     WHERE ($8 = 1 OR n.id IN (SELECT household_id FROM matching))
                       AND ($9 IS NULL OR "
            ),
            "(n.sorted", $order, ", n.id) > (SELECT a.sorted", $order, ", a.id FROM named a WHERE a.id = $9))
                     ORDER BY n.sorted", $order, ", n.id LIMIT $10)
                 SELECT o.id AS home_id, o.name AS home_name, m.id, m.name, m.side, m.language, m.contact_id, m.phone,
                        m.state, m.last_in_at, m.suspended_at
                 FROM homes o LEFT JOIN matching m ON m.household_id = o.id
                 ORDER BY o.sorted", $order, ", o.id, m.id"
        )
    };
}

// Byte by byte on both, so that a page goes on where the last one ended.
const PAGE: Sql = Sql::each(page!(""), page!(" COLLATE \"C\""));

const COUNTS: Sql = Sql::both(book!(
    "SELECT state, CAST(count(*) AS BIGINT) AS guests FROM matching GROUP BY state"
));

impl Store {
    /// A page of households by name, each with those of its guests that the filter lets through; without a filter also
    /// households that have no guest. Whoever last wrote before `cold_before` has gone cold.
    pub async fn guest_book(
        &self,
        filter: &GuestFilter,
        cold_before: Timestamp,
        after: Option<&Cursor>,
        limit: u32,
    ) -> Result<Page<BookHousehold>, Error> {
        let mut args = filter_args(filter, filter.state, cold_before);
        args.extend(args![
            filter.is_empty(),
            after.map(Cursor::id),
            Page::<BookHousehold>::fetch(limit)
        ]);
        let mut tx = self.db.read().await?;
        let homes = households(&tx.all(&PAGE, args).await?)?;
        Ok(Page::of(homes, limit, |home: &BookHousehold| {
            home.id.as_uuid()
        }))
    }

    /// How many of the filter's guests are in each state, whatever state the filter asks for.
    pub async fn guest_counts(
        &self,
        filter: &GuestFilter,
        cold_before: Timestamp,
    ) -> Result<BookCounts, Error> {
        let mut tx = self.db.read().await?;
        counts(&mut tx, filter, cold_before).await
    }
}

async fn counts(
    tx: &mut Tx,
    filter: &GuestFilter,
    cold_before: Timestamp,
) -> Result<BookCounts, Error> {
    let args = filter_args(filter, None, cold_before);
    let mut counts = BookCounts::default();
    for row in tx.all(&COUNTS, args).await? {
        counts.0[GuestState::of(&row)? as usize] = row.count("guests")?;
    }
    Ok(counts)
}

fn filter_args(
    filter: &GuestFilter,
    state: Option<GuestState>,
    cold_before: Timestamp,
) -> Vec<crate::db::Value> {
    let search = filter.search.as_deref();
    args![
        cold_before,
        filter.side.as_ref(),
        filter.language,
        search.map(contains),
        search.and_then(contains_digits),
        state.map(GuestState::as_str),
        filter.household
    ]
}

/// Puts the guests of each household together: they come one after the other.
fn households(rows: &[Row]) -> Result<Vec<BookHousehold>, Error> {
    let mut homes: Vec<BookHousehold> = Vec::new();
    for row in rows {
        let id = row.parsed("home_id")?;
        if homes.last().is_none_or(|last| last.id != id) {
            homes.push(BookHousehold {
                id,
                name: row.opt_text("home_name")?,
                guests: Vec::new(),
            });
        }
        if let (Some(home), Some(guest)) = (homes.last_mut(), guest(row)?) {
            home.guests.push(guest);
        }
    }
    Ok(homes)
}

fn guest(row: &Row) -> Result<Option<BookGuest>, Error> {
    let Some(id) = row.opt_parsed("id")? else {
        return Ok(None);
    };
    Ok(Some(BookGuest {
        id,
        name: row.text("name")?,
        side: row.opt_parsed("side")?,
        language: row.opt_parsed("language")?,
        contact: row.opt_parsed("contact_id")?,
        phone: row.opt_made("phone")?,
        state: GuestState::of(row)?,
        last_in_at: row.opt_time("last_in_at")?,
        suspended: row.opt_time("suspended_at")?.is_some(),
    }))
}
