//! Reading broadcasts: one, and pages of them.

use domain::ids::BroadcastId;

use super::row::{BroadcastRow, broadcast_query, find, with_counts};
use crate::{
    Cursor, Error, Page, Store,
    db::{Sql, args},
};

const PAGE: Sql = broadcast_query!("WHERE id < $1 ORDER BY id DESC LIMIT $2");

impl Store {
    /// One broadcast.
    pub async fn broadcast(&self, id: BroadcastId) -> Result<Option<BroadcastRow>, Error> {
        find(&mut self.db.read().await?, id).await
    }

    /// A page of broadcasts, newest first.
    pub async fn broadcasts(
        &self,
        after: Option<&Cursor>,
        limit: u32,
    ) -> Result<Page<BroadcastRow>, Error> {
        let args = args![Cursor::before(after), Page::<BroadcastRow>::fetch(limit)];
        let mut tx = self.db.read().await?;
        let rows = tx.all(&PAGE, args).await?;
        let items = with_counts(&mut tx, &rows).await?;
        Ok(Page::of(items, limit, |row: &BroadcastRow| {
            row.id.as_uuid()
        }))
    }
}
