//! Which contacts a chat's identities belong to. Reading only.

use domain::{chat_id::ChatId, ids::ContactId};

use crate::{
    Error,
    db::{Sql, Tx, args},
};

const BY_PHONE: Sql = Sql::both("SELECT id AS contact_id FROM contact WHERE phone = $1");

const BY_LID: Sql = Sql::both("SELECT contact_id FROM contact_lid WHERE lid = $1");

// Somebody on the list, or of a household that was invited.
const INVITED: Sql = Sql::both(
    "SELECT id FROM guest WHERE contact_id = $1
     UNION ALL
     SELECT id FROM contact WHERE id = $1 AND household_id IS NOT NULL
     LIMIT 1",
);

// Not one of whom a person said that it is no guest's.
const ADDRESSED: Sql = Sql::both(
    "SELECT id FROM whatsapp_message_queue
     WHERE contact_id = $1
       AND NOT EXISTS (SELECT 1 FROM invitation_phone p WHERE p.contact_id = $1 AND p.refused_at IS NOT NULL)
     LIMIT 1",
);

/// What somebody is to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Standing {
    /// None of our business.
    Stranger,
    /// Somebody the queue writes to, and no more.
    Addressed,
    /// A guest, or somebody of a guest's household.
    Invited,
}

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

/// What the person with these contacts is to us.
pub(crate) async fn standing(tx: &mut Tx, contacts: &[ContactId]) -> Result<Standing, Error> {
    let mut standing = Standing::Stranger;
    for contact in contacts {
        if tx.first(&INVITED, args![*contact]).await?.is_some() {
            return Ok(Standing::Invited);
        }
        if tx.first(&ADDRESSED, args![*contact]).await?.is_some() {
            standing = Standing::Addressed;
        }
    }
    Ok(standing)
}

/// Whether one of them is a guest, or somebody the queue writes to. All others are none of our business.
pub(crate) async fn any_known(tx: &mut Tx, contacts: &[ContactId]) -> Result<bool, Error> {
    Ok(standing(tx, contacts).await? > Standing::Stranger)
}
