//! One contact, and all that was said with it.

use chrono::TimeDelta;
use domain::{Timestamp, chat_id::ChatId, ids::ContactId, phone_number::PhoneNumber};

use crate::{
    Error, SealingKey, Store,
    db::{Sql, Tx, args},
};

/// What spouses typed by hand is counted for a day (design §6); a clock may have been set.
const COUNTED: TimeDelta = TimeDelta::days(2);

/// What stands in place of a text: a message always has one.
const NO_TEXT: &str = "✕";

const PHONE: Sql = Sql::both("SELECT phone FROM contact WHERE id = $1");

const LIDS: Sql = Sql::both("SELECT lid FROM contact_lid WHERE contact_id = $1");

// Not its id at WhatsApp either: an own message that is seen again must not be known by it, and be stored anew.
const MESSAGES: Sql = Sql::both(
    "UPDATE whatsapp_message_queue
     SET body = $2, body_folded = '', reply_to = NULL, client_raw_id = NULL, raw_id = NULL, snapshot = NULL,
         evidence_id = CASE WHEN status = 'sent' THEN evidence_id END
     WHERE contact_id = $1",
);

const FORGET_RECEIPTS: Sql = Sql::both(
    "DELETE FROM ack_parking WHERE EXISTS
         (SELECT 1 FROM send_reservation r
          WHERE r.contact_id = $1 AND r.session = ack_parking.session AND r.raw_id = ack_parking.raw_id)",
);

const SLOTS: Sql = Sql::both(
    "UPDATE send_reservation SET raw_id = NULL, snapshot = NULL, body = NULL WHERE contact_id = $1",
);

const FORGET: [Sql; 7] = [
    Sql::both("DELETE FROM early_change WHERE contact_id = $1"),
    Sql::both("DELETE FROM unreadable_message WHERE contact_id = $1"),
    Sql::both("DELETE FROM message_reaction WHERE contact_id = $1"),
    Sql::both("UPDATE invitation_phone SET push_name = NULL WHERE contact_id = $1"),
    Sql::both("DELETE FROM contact_session WHERE contact_id = $1"),
    Sql::both("DELETE FROM contact_lid WHERE contact_id = $1"),
    Sql::both("DELETE FROM conversation_seen WHERE contact_id = $1"),
];

// What proves that they had written first stays without what they wrote; and what spouses typed, as long as it is counted.
const FORGET_SAID: Sql = Sql::both(
    "DELETE FROM conversation_message
     WHERE contact_id = $1 AND NOT (origin = 'phone' AND at > $2)
       AND NOT EXISTS (SELECT 1 FROM whatsapp_message_queue q WHERE q.evidence_id = conversation_message.id)",
);

const EMPTY_SAID: Sql = Sql::both(
    "UPDATE conversation_message
     SET raw_id = 'erased-' || id, full_id = 'erased-' || id, chat_id = 'erased', body = NULL, reply_to_raw = NULL
     WHERE contact_id = $1",
);

const FORGET_CHAT: Sql = Sql::both("DELETE FROM chat_reading WHERE chat_id = $1");

// Reasons that people gave may hold anything.
const EMPTY_DEEDS: Sql = Sql::both(
    "UPDATE audit_log SET detail = NULL
     WHERE subject = $1 AND action IN ('contact.opt_out', 'contact.opt_in')",
);

// A wish for no messages holds for a number that is known again; where it cannot be, it holds for nobody.
const EMPTY: Sql = Sql::both(
    "UPDATE contact
     SET phone = NULL, household_id = NULL, assigned_at = NULL, suspended_at = NULL, opted_in_at = NULL, opt_in_told_at = NULL,
         opted_out_at = CASE WHEN CAST($2 AS TEXT) IS NOT NULL THEN opted_out_at END,
         wish_told_at = CASE WHEN CAST($2 AS TEXT) IS NOT NULL THEN wish_told_at END,
         erased_seal = $2, erased_at = $3
     WHERE id = $1",
);

const FORGET_CONTACT: Sql = Sql::both(
    "DELETE FROM contact
     WHERE id = $1 AND opted_out_at IS NULL
       AND NOT EXISTS (SELECT 1 FROM invitation_phone p WHERE p.contact_id = contact.id)
       AND NOT EXISTS (SELECT 1 FROM whatsapp_message_queue q WHERE q.contact_id = contact.id)
       AND NOT EXISTS (SELECT 1 FROM conversation_message m WHERE m.contact_id = contact.id)",
);

impl Store {
    /// Forgets whoever wrote under the contact's identities before they were known. Before households are locked.
    pub(super) async fn forget_writer(
        &self,
        tx: &mut Tx,
        contact: ContactId,
        now: Timestamp,
    ) -> Result<(), Error> {
        let identities = identities(tx, contact).await?;
        let identities: Vec<_> = identities.iter().collect();
        self.no_longer_unknown(tx, &identities, now).await
    }
}

/// In the caller's transaction, which has locked the contact, and in which no message to it is open.
pub(super) async fn erase(
    tx: &mut Tx,
    contact: ContactId,
    key: Option<&SealingKey>,
    now: Timestamp,
) -> Result<(), Error> {
    for chat in identities(tx, contact).await? {
        tx.execute(&FORGET_CHAT, args![&chat]).await?;
    }
    let phone = phone(tx, contact).await?;
    let seal = key.zip(phone).map(|(key, phone)| key.seal_number(&phone));
    tx.execute(&FORGET_RECEIPTS, args![contact]).await?;
    tx.execute(&SLOTS, args![contact]).await?;
    tx.execute(&MESSAGES, args![contact, NO_TEXT]).await?;
    for sql in &FORGET {
        tx.execute(sql, args![contact]).await?;
    }
    tx.execute(&FORGET_SAID, args![contact, now - COUNTED])
        .await?;
    tx.execute(&EMPTY_SAID, args![contact]).await?;
    tx.execute(&EMPTY_DEEDS, args![contact]).await?;
    tx.execute_one(&EMPTY, args![contact, seal, now]).await?;
    tx.execute(&FORGET_CONTACT, args![contact]).await?;
    Ok(())
}

async fn phone(tx: &mut Tx, contact: ContactId) -> Result<Option<PhoneNumber>, Error> {
    let row = tx.first(&PHONE, args![contact]).await?;
    row.map_or(Ok(None), |row| row.opt_made("phone"))
}

/// The chats that may be theirs.
async fn identities(tx: &mut Tx, contact: ContactId) -> Result<Vec<ChatId>, Error> {
    let mut all = Vec::new();
    let phone = phone(tx, contact).await?;
    all.extend(phone.map(|phone| ChatId::Phone(phone.digits().to_owned())));
    for row in tx.all(&LIDS, args![contact]).await? {
        all.push(ChatId::Lid(row.text("lid")?));
    }
    Ok(all)
}
