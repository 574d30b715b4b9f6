//! Which contacts a chat's identities belong to. Reading only.

use domain::{chat_id::ChatId, ids::ContactId};

use crate::{
    Error,
    db::{Sql, Tx, args},
};

const BY_PHONE: Sql = Sql::both("SELECT id AS contact_id FROM contact WHERE phone = $1");

const BY_LID: Sql = Sql::both("SELECT contact_id FROM contact_lid WHERE lid = $1");

// Somebody on the list, or somebody the queue writes to.
const KNOWN: Sql = Sql::both(
    "SELECT id FROM guest WHERE contact_id = $1
     UNION ALL
     SELECT id FROM whatsapp_message_queue WHERE contact_id = $1
     LIMIT 1",
);

/// The contacts behind a chat and its other identity, the chat's own first; two when they were not known to be one person.
pub(crate) async fn find(
    tx: &mut Tx,
    chat: &ChatId,
    alt: Option<&ChatId>,
) -> Result<Vec<ContactId>, Error> {
    let mut found = Vec::new();
    for identity in [Some(chat), alt].into_iter().flatten() {
        let (sql, digits) = match identity {
            ChatId::Phone(digits) => (&BY_PHONE, digits),
            ChatId::Lid(digits) => (&BY_LID, digits),
        };
        if let Some(row) = tx.first(sql, args![digits]).await? {
            let contact = row.parsed("contact_id")?;
            if !found.contains(&contact) {
                found.push(contact);
            }
        }
    }
    Ok(found)
}

/// Whether one of them is a guest, or somebody the queue writes to. All others are none of our business.
pub(crate) async fn any_known(tx: &mut Tx, contacts: &[ContactId]) -> Result<bool, Error> {
    for contact in contacts {
        if tx.first(&KNOWN, args![*contact]).await?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}
