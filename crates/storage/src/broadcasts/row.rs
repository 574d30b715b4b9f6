//! A broadcast as it is stored, with its counts.

use domain::{
    Timestamp,
    broadcast::{Audience, BroadcastState, Template},
    ids::BroadcastId,
    session::SessionName,
};

use super::counts::{BroadcastCounts, counts_of};
use crate::{
    Error,
    db::{Row, Sql, Tx, args},
    locks,
};

/// One piece of news to many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BroadcastRow {
    /// Its id.
    pub id: BroadcastId,
    /// What the couple calls it.
    pub title: String,
    /// What it says.
    pub template: Template,
    /// To whom.
    pub audience: Audience,
    /// Who writes to those who are nobody's guests and have written to nobody.
    pub session: SessionName,
    /// Not earlier than this.
    pub not_before: Option<Timestamp>,
    /// Not later than this.
    pub not_after: Timestamp,
    /// Where it is in its life.
    pub state: BroadcastState,
    /// Counts changes.
    pub version: i64,
    /// When it was first written.
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: String,
    /// When it was started.
    pub started_at: Option<Timestamp>,
    /// By whom.
    pub started_by: Option<String>,
    /// When it was last paused, resumed or cancelled.
    pub steered_at: Option<Timestamp>,
    /// By whom.
    pub steered_by: Option<String>,
    /// How its copies stand.
    pub counts: BroadcastCounts,
}

impl BroadcastRow {
    /// Whether it was started and every copy has come to an end.
    pub const fn is_done(&self) -> bool {
        self.state.is_under_way() && self.counts.open() == 0
    }
}

/// `broadcast_query!("WHERE …")`: a query for broadcasts.
macro_rules! broadcast_query {
    ($rest:literal) => {
        $crate::db::Sql::both(concat!(
            "SELECT id, title, template, audience, session, not_before, not_after, state, version, created_at, created_by,
                    started_at, started_by, steered_at, steered_by
             FROM broadcast ",
            $rest
        ))
    };
}
pub(super) use broadcast_query;

const ONE: Sql = broadcast_query!("WHERE id = $1");

/// The broadcast, in the caller's transaction.
pub(super) async fn find(tx: &mut Tx, id: BroadcastId) -> Result<Option<BroadcastRow>, Error> {
    let rows = tx.all(&ONE, args![id]).await?;
    Ok(with_counts(tx, &rows).await?.pop())
}

/// The broadcast, locked against every other change; `None`: there is no such broadcast.
pub(super) async fn locked(tx: &mut Tx, id: BroadcastId) -> Result<Option<BroadcastRow>, Error> {
    if !locks::lock_broadcast(tx, id).await? {
        return Ok(None);
    }
    find(tx, id).await
}

/// What rows of a `broadcast_query!` say, with the counts.
pub(super) async fn with_counts(tx: &mut Tx, rows: &[Row]) -> Result<Vec<BroadcastRow>, Error> {
    let mut found = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    let ids: Vec<_> = found.iter().map(|row| row.id).collect();
    let counts = counts_of(tx, &ids).await?;
    for row in &mut found {
        row.counts = counts.get(&row.id).copied().unwrap_or_default();
    }
    Ok(found)
}

fn read(row: &Row) -> Result<BroadcastRow, Error> {
    Ok(BroadcastRow {
        id: row.parsed("id")?,
        title: row.text("title")?,
        template: row.made("template")?,
        audience: serde_json::from_str(&row.text("audience")?)?,
        session: row.parsed("session")?,
        not_before: row.opt_time("not_before")?,
        not_after: row.time("not_after")?,
        state: row.parsed("state")?,
        version: row.int("version")?,
        created_at: row.time("created_at")?,
        created_by: row.text("created_by")?,
        started_at: row.opt_time("started_at")?,
        started_by: row.opt_text("started_by")?,
        steered_at: row.opt_time("steered_at")?,
        steered_by: row.opt_text("steered_by")?,
        counts: BroadcastCounts::default(),
    })
}
