//! The sealed rows of one writer: who they are on one session, and reading and writing their rows.

use domain::{
    chat_id::ChatId, ids::UnknownWriterId, phone_number::PhoneNumber, session::SessionName,
};

use super::kept::Kept;
use crate::{
    Error,
    db::{Row, Sql, Tx, args},
    sealing::SealingKey,
};

const IDENTITY: &str = "identity";

/// The columns of a row, of those that one of two identities finds.
macro_rules! of_writer {
    ($lock:literal) => {
        concat!(
            "SELECT id, identity, alt_identity, push_name, suggested_household_id, first_at, last_at, ignored_at
             FROM unknown_writer
             WHERE session = $1 AND (identity IN ($2, $3) OR alt_identity IN ($2, $3))
             ORDER BY id",
            $lock
        )
    };
}

const LOOK: Sql = Sql::both(of_writer!(""));

const LOCK: Sql = Sql::each(of_writer!(""), of_writer!(" FOR UPDATE"));

// Written by somebody else in this moment: then theirs stands until the next message.
const INSERT: Sql = Sql::both(
    "INSERT INTO unknown_writer
         (id, session, identity, alt_identity, push_name, suggested_household_id, first_at, last_at, ignored_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
);

const UPDATE: Sql = Sql::both(
    "UPDATE unknown_writer
     SET identity = $3, alt_identity = $4, push_name = $5, suggested_household_id = $6,
         first_at = $7, last_at = $8, ignored_at = $9
     WHERE id = $1 AND session = $2",
);

const DELETE: Sql = Sql::both("DELETE FROM unknown_writer WHERE id = $1");

/// Somebody's identities, sealed for one session: the number first where it is known, so that both have one place.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Sealed {
    pub(super) identity: String,
    pub(super) alt: Option<String>,
    /// `identity` is a number. A row with both always has the number there.
    is_phone: bool,
}

impl Sealed {
    pub(super) fn of(
        key: &SealingKey,
        session: &SessionName,
        chat: &ChatId,
        alt: Option<&ChatId>,
    ) -> Self {
        let seal = |identity| seal_identity(key, session, identity);
        match (chat, alt) {
            (ChatId::Lid(_), Some(phone @ ChatId::Phone(_))) => Self {
                identity: seal(phone),
                alt: Some(seal(chat)),
                is_phone: true,
            },
            (ChatId::Phone(_), Some(lid @ ChatId::Lid(_))) => Self {
                identity: seal(chat),
                alt: Some(seal(lid)),
                is_phone: true,
            },
            (chat, _) => Self {
                identity: seal(chat),
                alt: None,
                is_phone: matches!(chat, ChatId::Phone(_)),
            },
        }
    }

    /// What is known of the person together with their rows. Two numbers are two people: their rows are not among `rows`.
    pub(super) fn with(self, rows: &[WriterRow]) -> Self {
        if self.is_phone {
            let alt = self
                .alt
                .or_else(|| rows.iter().find_map(|row| row.alt.clone()));
            return Self { alt, ..self };
        }
        let whole = rows.iter().find(|row| row.alt.is_some());
        whole.map_or(self, |row| Self {
            identity: row.identity.clone(),
            alt: row.alt.clone(),
            is_phone: true,
        })
    }

    /// Whether the row is of somebody with another number.
    fn is_another(&self, row: &WriterRow) -> bool {
        self.is_phone && row.alt.is_some() && row.identity != self.identity
    }
}

pub(super) fn seal_identity(key: &SealingKey, session: &SessionName, identity: &ChatId) -> String {
    key.seal(session, IDENTITY, &identity.to_string())
}

/// Who is sealed there; `None`: sealed with another key.
pub(super) fn open_identity(
    key: &SealingKey,
    session: &SessionName,
    sealed: &str,
) -> Option<ChatId> {
    let text = key.open(session, IDENTITY, sealed)?;
    ChatId::parse(&text).ok()
}

/// The number behind an identity, when it is one.
pub(super) fn phone_of(identity: &ChatId) -> Option<PhoneNumber> {
    let digits = identity.phone_digits()?;
    PhoneNumber::from_whatsapp(digits).ok()
}

/// A name is sealed for its row: equal names do not show.
fn name_of(row: UnknownWriterId) -> String {
    format!("push name of {row}")
}

pub(super) fn open_name(
    key: &SealingKey,
    session: &SessionName,
    row: UnknownWriterId,
    sealed: Option<&str>,
) -> Option<String> {
    sealed.and_then(|sealed| key.open(session, &name_of(row), sealed))
}

/// One row, opened but for who it is.
pub(super) struct WriterRow {
    pub(super) id: UnknownWriterId,
    pub(super) identity: String,
    pub(super) alt: Option<String>,
    pub(super) kept: Kept,
}

/// The rows of a person, and the person as they are known; the hidden id is left out when it is somebody else's.
pub(super) async fn find(
    tx: &mut Tx,
    key: &SealingKey,
    session: &SessionName,
    sealed: Sealed,
    lock: bool,
) -> Result<(Vec<WriterRow>, Sealed), Error> {
    let sql = if lock { &LOCK } else { &LOOK };
    let args = args![session, &sealed.identity, sealed.alt.clone()];
    let mut rows = Vec::new();
    let mut alt_is_taken = false;
    for row in tx.all(sql, args).await? {
        let row = writer_row(&row, key, session)?;
        if sealed.is_another(&row) {
            alt_is_taken = true;
        } else {
            rows.push(row);
        }
    }
    let alt = sealed.alt.clone().filter(|_| !alt_is_taken);
    let person = Sealed { alt, ..sealed }.with(&rows);
    Ok((rows, person))
}

fn writer_row(row: &Row, key: &SealingKey, session: &SessionName) -> Result<WriterRow, Error> {
    let id = row.parsed("id")?;
    let push_name = row.opt_text("push_name")?;
    Ok(WriterRow {
        id,
        identity: row.text("identity")?,
        alt: row.opt_text("alt_identity")?,
        kept: Kept {
            push_name: open_name(key, session, id, push_name.as_deref()),
            suggested: row.opt_parsed("suggested_household_id")?,
            first_at: row.time("first_at")?,
            last_at: row.time("last_at")?,
            ignored_at: row.opt_time("ignored_at")?,
        },
    })
}

pub(super) async fn insert(
    tx: &mut Tx,
    key: &SealingKey,
    session: &SessionName,
    row: WriterRow,
) -> Result<(), Error> {
    tx.execute(&INSERT, columns(key, session, row)).await?;
    Ok(())
}

pub(super) async fn update(
    tx: &mut Tx,
    key: &SealingKey,
    session: &SessionName,
    row: WriterRow,
) -> Result<(), Error> {
    tx.execute_one(&UPDATE, columns(key, session, row)).await
}

pub(super) async fn delete(tx: &mut Tx, row: UnknownWriterId) -> Result<(), Error> {
    tx.execute(&DELETE, args![row]).await?;
    Ok(())
}

fn columns(key: &SealingKey, session: &SessionName, row: WriterRow) -> Vec<crate::db::Value> {
    let name = row.kept.push_name;
    let name = name.map(|name| key.seal(session, &name_of(row.id), &name));
    args![
        row.id,
        session,
        row.identity,
        row.alt,
        name,
        row.kept.suggested,
        row.kept.first_at,
        row.kept.last_at,
        row.kept.ignored_at
    ]
}
