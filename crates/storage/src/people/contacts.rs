//! Contacts: one WhatsApp identity each. They are made in `recipients`; LIDs are folded in where facts are recorded.

use domain::{Timestamp, ids::ContactId, phone_number::PhoneNumber, session::SessionName};

use crate::{
    Error, Store,
    db::{Row, Sql, Tx, args},
};

/// A contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactRow {
    /// Its id.
    pub id: ContactId,
    /// Its number, when known.
    pub phone: Option<PhoneNumber>,
    /// Its hidden ids, as digits.
    pub lids: Vec<String>,
    /// When it asked for no more messages.
    pub opted_out_at: Option<Timestamp>,
    /// When it wrote something that may mean "no more", and nobody has decided since.
    pub suspended_at: Option<Timestamp>,
    /// The guests who share it, by name.
    pub guests: Vec<String>,
    /// What passed on each session.
    pub sessions: Vec<ContactSessionRow>,
}

/// What passed between a contact and a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactSessionRow {
    /// The session.
    pub session: SessionName,
    /// When the contact last wrote.
    pub last_in_at: Option<Timestamp>,
    /// When the queue last sent something.
    pub last_out_at: Option<Timestamp>,
    /// How many its number sent since the contact wrote or reacted.
    pub unanswered: u32,
}

const CONTACT: Sql =
    Sql::both("SELECT id, phone, opted_out_at, suspended_at FROM contact WHERE id = $1");
const LIDS: Sql = Sql::both("SELECT lid FROM contact_lid WHERE contact_id = $1");
const GUESTS: Sql = Sql::both("SELECT name FROM guest WHERE contact_id = $1");
const SESSIONS: Sql = Sql::both(
    "SELECT s.session, s.last_in_at, s.last_out_at,
            (SELECT CAST(count(DISTINCT r.message_id) AS BIGINT) FROM send_reservation r
             JOIN whatsapp_message_queue q ON q.id = r.message_id AND q.status = 'sent'
             WHERE r.contact_id = s.contact_id AND r.own_number = s.own_number AND r.state = 'committed'
               AND r.ended_at > COALESCE((SELECT max(a.answered_at) FROM contact_session a
                                          WHERE a.contact_id = s.contact_id AND a.own_number = s.own_number), 0)) AS unanswered
     FROM contact_session s
     JOIN whatsapp_session_status l ON l.name = s.session AND l.own_number = s.own_number
     WHERE s.contact_id = $1",
);

impl Store {
    /// One contact.
    pub async fn contact(&self, id: ContactId) -> Result<Option<ContactRow>, Error> {
        let mut tx = self.db.read().await?;
        let Some(row) = tx.first(&CONTACT, args![id]).await? else {
            return Ok(None);
        };
        let sessions = tx.all(&SESSIONS, args![id]).await?;
        let mut sessions = sessions
            .iter()
            .map(contact_session)
            .collect::<Result<Vec<_>, _>>()?;
        sessions.sort_unstable_by(|a, b| a.session.cmp(&b.session));
        Ok(Some(ContactRow {
            id: row.parsed("id")?,
            phone: row.opt_made("phone")?,
            lids: texts(&mut tx, &LIDS, "lid", id).await?,
            opted_out_at: row.opt_time("opted_out_at")?,
            suspended_at: row.opt_time("suspended_at")?,
            guests: texts(&mut tx, &GUESTS, "name", id).await?,
            sessions,
        }))
    }
}

/// One text of each row that belongs to the contact, sorted here: the databases' own orders differ.
async fn texts(
    tx: &mut Tx,
    sql: &Sql,
    column: &'static str,
    contact: ContactId,
) -> Result<Vec<String>, Error> {
    let rows = tx.all(sql, args![contact]).await?;
    let mut texts: Vec<_> = rows
        .iter()
        .map(|row| row.text(column))
        .collect::<Result<_, _>>()?;
    texts.sort_unstable();
    Ok(texts)
}

fn contact_session(row: &Row) -> Result<ContactSessionRow, Error> {
    Ok(ContactSessionRow {
        session: row.parsed("session")?,
        last_in_at: row.opt_time("last_in_at")?,
        last_out_at: row.opt_time("last_out_at")?,
        unanswered: row.count("unanswered")?,
    })
}
