//! Changing what a message says and when it may go.

use domain::{Timestamp, ids::MessageId, message_status::MessageStatus, message_text::MessageText};

use super::{
    changing::{Changed, Told, locked, standing_args},
    standing::{scheduled, standing},
};
use crate::{
    Actor, Error, MessageRow, Store,
    db::{Sql, Tx, args},
    search_text::folded,
};

/// What to change; `None` stays as it is.
#[derive(Debug, Clone, Default)]
pub struct Edit {
    /// What it says.
    pub text: Option<MessageText>,
    /// Higher goes first.
    pub priority: Option<i32>,
    /// Not earlier than this; `Some(None)` takes it away.
    pub not_before: Option<Option<Timestamp>>,
    /// Not later than this; `Some(None)` takes it away.
    pub not_after: Option<Option<Timestamp>>,
    /// Cancel it when the contact writes.
    pub drop_if_answered: Option<bool>,
}

impl Edit {
    /// The names of what is changed: a text itself never reaches the log.
    fn names(&self) -> String {
        let changed = [
            ("text", self.text.is_some()),
            ("priority", self.priority.is_some()),
            ("not_before", self.not_before.is_some()),
            ("not_after", self.not_after.is_some()),
            ("drop_if_answered", self.drop_if_answered.is_some()),
        ];
        let names: Vec<_> = changed
            .iter()
            .filter_map(|(name, is)| is.then_some(*name))
            .collect();
        names.join(", ")
    }
}

// The new version is what a commit under way finds. Somebody has looked at the message: its abandoned tries are forgotten.
const EDIT: Sql = Sql::both(
    "UPDATE whatsapp_message_queue
     SET due = $1, eligible_at = $2, wait_reason = $3, wait_ends = $4,
         body = $6, body_folded = $7, priority = $8, not_before = $9, not_after = $10, drop_if_answered = $11,
         version = version + 1, abandoned = 0, abandoned_since = NULL
     WHERE id = $5",
);

// What it has said until now, for a send of it that turns out to have arrived.
const KEEP_TEXT: Sql = Sql::both(
    "UPDATE send_reservation SET body = $2
     WHERE message_id = $1 AND committed_at IS NOT NULL AND body IS NULL",
);

impl Store {
    /// Changes a message that has not been committed. `version`: the one the caller saw, when it cares.
    /// One that is being composed goes back to the queue at the latest when its commit finds the new version.
    pub async fn edit(
        &self,
        id: MessageId,
        version: Option<i64>,
        edit: &Edit,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Changed, Error> {
        let mut tx = self.db.write().await?;
        let Some(row) = locked(&mut tx, id).await? else {
            return Ok(Changed::Unknown);
        };
        if version.is_some_and(|seen| seen != row.version) {
            return Ok(Changed::Conflict {
                current_version: row.version,
            });
        }
        if !matches!(
            row.status,
            MessageStatus::Pending | MessageStatus::Composing
        ) {
            return Ok(Changed::WrongStatus(row.status));
        }
        apply(&mut tx, &row, edit, now).await?;
        let told = Told {
            phase: "edited",
            action: "message.edit",
            detail: Some(&edit.names()),
        };
        self.told(tx, id, told, actor, now).await
    }
}

async fn apply(tx: &mut Tx, row: &MessageRow, edit: &Edit, now: Timestamp) -> Result<(), Error> {
    let text = edit.text.as_ref().unwrap_or(&row.text);
    if *text != row.text {
        tx.execute(&KEEP_TEXT, args![row.id, &row.text]).await?;
    }
    let not_before = edit.not_before.unwrap_or(row.not_before);
    let wait = scheduled(not_before, row.send_now, now);
    let wait = standing(tx, &row.session, row.contact, wait).await?;
    let mut args = standing_args(wait);
    args.extend(args![
        row.id,
        text,
        folded(text.as_str()),
        edit.priority.unwrap_or(row.priority),
        not_before,
        edit.not_after.unwrap_or(row.not_after),
        edit.drop_if_answered.unwrap_or(row.drop_if_answered)
    ]);
    tx.execute_one(&EDIT, args).await
}
