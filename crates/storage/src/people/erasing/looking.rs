//! What erasing a guest would do, for whoever is asked whether they mean it. Reading only.

use domain::ids::GuestId;

use super::own_contacts;
use crate::{
    Error, Store,
    db::{Sql, args},
    people::guests::find,
};

/// What goes with a guest, and what does not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Erasable {
    /// Their name.
    pub name: String,
    /// Others on the list who have the same number: what was said stays theirs.
    pub shared_with: Vec<String>,
    /// How many messages of the conversation go.
    pub said: u32,
    /// How many messages wait for them and are cancelled.
    pub waiting: u32,
    /// They are the last of their household, which goes with its invitation.
    pub last_of_household: bool,
}

const SHARED: Sql = Sql::both(
    "SELECT o.name FROM guest g JOIN guest o ON o.contact_id = g.contact_id AND o.id <> g.id WHERE g.id = $1",
);

const OTHERS: Sql = Sql::both("SELECT id FROM guest WHERE household_id = $1 AND id <> $2 LIMIT 1");

const COUNTS: Sql = Sql::both(
    "SELECT (SELECT CAST(count(*) AS BIGINT) FROM conversation_message m WHERE m.contact_id = $1) AS said,
            (SELECT CAST(count(*) AS BIGINT) FROM whatsapp_message_queue q
             WHERE q.contact_id = $1 AND q.status = 'pending') AS waiting",
);

impl Store {
    /// What erasing that guest would do; `None`: there is no such guest.
    pub async fn erasable(&self, id: GuestId) -> Result<Option<Erasable>, Error> {
        let mut tx = self.db.read().await?;
        let Some(guest) = find(&mut tx, id).await? else {
            return Ok(None);
        };
        let shared = tx.all(&SHARED, args![id]).await?;
        let shared = shared.iter().map(|row| row.text("name"));
        let mut shared_with = shared.collect::<Result<Vec<_>, _>>()?;
        shared_with.sort_unstable();
        let others = tx.first(&OTHERS, args![guest.household_id, id]).await?;
        let (mut said, mut waiting) = (0, 0);
        for contact in own_contacts(&mut tx, id).await? {
            if let Some(row) = tx.first(&COUNTS, args![contact]).await? {
                said += row.count("said")?;
                waiting += row.count("waiting")?;
            }
        }
        Ok(Some(Erasable {
            name: guest.name,
            shared_with,
            said,
            waiting,
            last_of_household: others.is_none(),
        }))
    }
}
