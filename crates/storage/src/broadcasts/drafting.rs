//! Drafts: written, changed by whoever saw the newest version, and thrown away. What was started is none any more.

use domain::{
    Timestamp,
    broadcast::{Audience, BroadcastState, Template},
    ids::BroadcastId,
    session::SessionName,
};

use super::row::{BroadcastRow, locked};
use crate::{
    Actor, Added, Error, Idempotency, Store,
    added::added_before,
    audit::Deed,
    db::{Sql, Tx, args},
};

/// A broadcast to be written down.
#[derive(Debug, Clone)]
pub struct NewBroadcast {
    /// Its id, from the caller.
    pub id: BroadcastId,
    /// What the couple calls it.
    pub title: String,
    /// What it says.
    pub template: Template,
    /// To whom.
    pub audience: Audience,
    /// Who writes to those who are nobody's guests and have written to nobody. The session must exist.
    pub session: SessionName,
    /// Not earlier than this.
    pub not_before: Option<Timestamp>,
    /// Not later than this; later than `not_before`.
    pub not_after: Timestamp,
}

/// What to change of a draft; `None` stays as it is.
#[derive(Debug, Clone, Default)]
pub struct BroadcastEdit {
    /// What the couple calls it.
    pub title: Option<String>,
    /// What it says.
    pub template: Option<Template>,
    /// To whom.
    pub audience: Option<Audience>,
    /// Who writes to those who are nobody's guests and have written to nobody. The session must exist.
    pub session: Option<SessionName>,
    /// Not earlier than this; `Some(None)` takes it away.
    pub not_before: Option<Option<Timestamp>>,
    /// Not later than this.
    pub not_after: Option<Timestamp>,
}

/// What came of changing a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BroadcastChanged {
    /// It is done; the broadcast as it is now, or was before it was thrown away.
    Done(Box<BroadcastRow>),
    /// There is no such broadcast.
    Unknown,
    /// Somebody changed it since the caller looked.
    Conflict {
        /// The version it has now.
        current_version: i64,
    },
    /// It is no draft any more.
    WrongState(BroadcastState),
    /// It would have to go before its first moment: nothing was changed.
    NoTimeLeft,
}

const ADD: Sql = Sql::both(
    "INSERT INTO broadcast (id, title, template, audience, session, not_before, not_after, state, created_at, created_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, 'draft', $8, $9)",
);

const EDIT: Sql = Sql::both(
    "UPDATE broadcast
     SET title = $2, template = $3, audience = $4, session = $5, not_before = $6, not_after = $7, version = version + 1
     WHERE id = $1",
);

const DELETE: Sql = Sql::both("DELETE FROM broadcast WHERE id = $1 AND state = 'draft'");

impl Store {
    /// Writes a draft down. With the key of an earlier call nothing is written.
    pub async fn add_broadcast(
        &self,
        new: &NewBroadcast,
        actor: &Actor,
        idempotency: Option<&Idempotency>,
        now: Timestamp,
    ) -> Result<Added<BroadcastId>, Error> {
        let mut tx = self.db.write().await?;
        if let Some(added) = added_before(&mut tx, idempotency, new.id, now).await? {
            return Ok(added);
        }
        let args = args![
            new.id,
            &new.title,
            &new.template,
            serde_json::to_string(&new.audience)?,
            &new.session,
            new.not_before,
            new.not_after,
            now,
            &actor.name
        ];
        tx.execute_one(&ADD, args).await?;
        self.write_audit(
            &mut tx,
            actor,
            deed("broadcast.create", &new.id.to_string()),
            now,
        )
        .await?;
        tx.commit().await?;
        Ok(Added::New(new.id))
    }

    /// Changes a draft. `version`: the one the caller saw, when it cares.
    pub async fn edit_broadcast(
        &self,
        id: BroadcastId,
        version: Option<i64>,
        edit: &BroadcastEdit,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<BroadcastChanged, Error> {
        let mut tx = self.db.write().await?;
        let row = match draft(&mut tx, id, version).await? {
            Ok(row) => row,
            Err(refused) => return Ok(refused),
        };
        let edited = edit.applied_to(row);
        if edited
            .not_before
            .is_some_and(|from| from >= edited.not_after)
        {
            return Ok(BroadcastChanged::NoTimeLeft);
        }
        let args = args![
            id,
            &edited.title,
            &edited.template,
            serde_json::to_string(&edited.audience)?,
            &edited.session,
            edited.not_before,
            edited.not_after
        ];
        tx.execute_one(&EDIT, args).await?;
        self.write_audit(&mut tx, actor, deed("broadcast.edit", &id.to_string()), now)
            .await?;
        tx.commit().await?;
        let version = edited.version + 1;
        Ok(BroadcastChanged::Done(Box::new(BroadcastRow {
            version,
            ..edited
        })))
    }

    /// Throws a draft away.
    pub async fn delete_broadcast(
        &self,
        id: BroadcastId,
        version: Option<i64>,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<BroadcastChanged, Error> {
        let mut tx = self.db.write().await?;
        let row = match draft(&mut tx, id, version).await? {
            Ok(row) => row,
            Err(refused) => return Ok(refused),
        };
        tx.execute_one(&DELETE, args![id]).await?;
        self.write_audit(
            &mut tx,
            actor,
            deed("broadcast.delete", &id.to_string()),
            now,
        )
        .await?;
        tx.commit().await?;
        Ok(BroadcastChanged::Done(Box::new(row)))
    }
}

/// The draft, locked, in the version that was seen; or why it cannot be changed.
async fn draft(
    tx: &mut Tx,
    id: BroadcastId,
    version: Option<i64>,
) -> Result<Result<BroadcastRow, BroadcastChanged>, Error> {
    let Some(row) = locked(tx, id).await? else {
        return Ok(Err(BroadcastChanged::Unknown));
    };
    Ok(if row.state != BroadcastState::Draft {
        Err(BroadcastChanged::WrongState(row.state))
    } else if version.is_some_and(|seen| seen != row.version) {
        Err(BroadcastChanged::Conflict {
            current_version: row.version,
        })
    } else {
        Ok(row)
    })
}

impl BroadcastEdit {
    fn applied_to(&self, row: BroadcastRow) -> BroadcastRow {
        BroadcastRow {
            title: self.title.clone().unwrap_or(row.title),
            template: self.template.clone().unwrap_or(row.template),
            audience: self.audience.clone().unwrap_or(row.audience),
            session: self.session.clone().unwrap_or(row.session),
            not_before: self.not_before.unwrap_or(row.not_before),
            not_after: self.not_after.unwrap_or(row.not_after),
            ..row
        }
    }
}

fn deed<'a>(action: &'static str, subject: &'a str) -> Deed<'a> {
    Deed {
        action,
        subject,
        detail: None,
    }
}
