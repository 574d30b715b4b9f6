//! Who changed what. Details never hold a phone number or a text.

use domain::{Timestamp, ids::AuditId};

use crate::{
    Cursor, Error, Page, Store,
    db::{Row, Sql, Tx, args},
};

/// Who did something: the name of a token, or of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The name, as the audit log shows it.
    pub name: String,
}

impl Actor {
    /// An actor by name.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into() }
    }

    /// A contact, by what they wrote.
    pub fn contact() -> Self {
        Self::new("contact")
    }

    /// The worker, acting by itself.
    pub fn worker() -> Self {
        Self::new("worker")
    }
}

/// One line of the audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// Its id.
    pub id: AuditId,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: String,
    /// What was done, such as `message.cancel`.
    pub action: String,
    /// To what: an id or a session's name.
    pub subject: String,
    /// More, such as the names of changed settings.
    pub detail: Option<String>,
}

/// What was done to what.
pub(crate) struct Deed<'a> {
    pub(crate) action: &'static str,
    pub(crate) subject: &'a str,
    pub(crate) detail: Option<&'a str>,
}

const WRITE: Sql = Sql::both(
    "INSERT INTO audit_log (id, at, actor, action, subject, detail) VALUES ($1, $2, $3, $4, $5, $6)",
);

const PAGE: Sql = Sql::both(
    "SELECT id, at, actor, action, subject, detail FROM audit_log
     WHERE id < $1 ORDER BY id DESC LIMIT $2",
);

impl Store {
    /// Writes a line of the audit log in the transaction of the change itself.
    pub(crate) async fn write_audit(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        deed: Deed<'_>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let id = self.ids.audit(now);
        let detail = deed.detail.map(str::to_owned);
        tx.execute_one(
            &WRITE,
            args![id, now, &actor.name, deed.action, deed.subject, detail],
        )
        .await
    }

    /// A page of the audit log.
    pub async fn audit(&self, after: Option<&Cursor>, limit: u32) -> Result<Page<AuditRow>, Error> {
        let mut tx = self.db.read().await?;
        let args = args![Cursor::before(after), Page::<AuditRow>::fetch(limit)];
        let rows = tx.all(&PAGE, args).await?;
        let items = rows.iter().map(audit_row).collect::<Result<_, _>>()?;
        Ok(Page::of(items, limit, |row: &AuditRow| row.id.as_uuid()))
    }
}

fn audit_row(row: &Row) -> Result<AuditRow, Error> {
    Ok(AuditRow {
        id: row.parsed("id")?,
        at: row.time("at")?,
        actor: row.text("actor")?,
        action: row.text("action")?,
        subject: row.text("subject")?,
        detail: row.opt_text("detail")?,
    })
}
