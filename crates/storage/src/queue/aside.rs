//! What was put aside for a person: no rule lets it go again.

use domain::session::SessionName;

use super::message_row::message_query;
use crate::{
    Error, MessageRow, Store,
    db::{Sql, args},
};

// The condition is the index's own.
const ASIDE: Sql = message_query!(
    "WHERE q.session = $1 AND q.status = 'pending' AND q.wait_ends = 'person:review' ORDER BY q.id LIMIT $2"
);

impl Store {
    /// The session's messages that wait for somebody to look at them, oldest first, so many at most.
    pub async fn messages_aside(
        &self,
        session: &SessionName,
        limit: u32,
    ) -> Result<Vec<MessageRow>, Error> {
        let mut tx = self.db.read().await?;
        let rows = tx.all(&ASIDE, args![session, i64::from(limit)]).await?;
        rows.iter().map(MessageRow::read).collect()
    }
}
