//! Takes apart contacts in which WAHA 2026.8.1 to 2026.9 had mixed other people with the account itself (#2241, #2299).
//!
//! Nobody writes to a session under that session's own number: what came in so is of the person whose hidden id its chat has. The rules
//! that must hold: nothing of it is lost; nothing is sent to any of these contacts until they write again or a person confirms them.

use std::collections::BTreeMap;

use domain::{
    Timestamp,
    chat_id::ChatId,
    ids::{ContactId, HouseholdId, InvitationId},
    invitation::InvitationToken,
};

use crate::{
    Actor, Error, Store,
    audit::Deed,
    db::{Sql, Tx, args},
    locks,
};

use super::{
    seats::{self, Phone},
    tying,
};

// An own message alone may be of the chat of the account with itself, unless its hidden id is known.
const MIXED: Sql = Sql::both(
    "SELECT DISTINCT c.id AS contact_id, l.lid
     FROM session_number n
     JOIN contact c ON c.phone = n.number
     JOIN contact_lid l ON l.contact_id = c.id
     JOIN conversation_message m ON m.contact_id = c.id AND m.session = n.session AND m.own_number = n.number
         AND m.chat_id = l.lid || '@lid'
     WHERE m.direction = 'inbound' OR n.lid <> l.lid
     ORDER BY c.id, l.lid",
);

// Which of them asked for no messages cannot be told: each did.
const ADD: Sql = Sql::both(
    "INSERT INTO contact
         (id, phone, created_at, identity_unconfirmed_since, opted_out_at, suspended_at, opted_in_at, wish_told_at, opt_in_told_at)
     SELECT $1, NULL, $2, $2, opted_out_at, suspended_at, opted_in_at, wish_told_at, opt_in_told_at FROM contact WHERE id = $3",
);

const MOVE_LID: Sql = Sql::both("UPDATE contact_lid SET contact_id = $1 WHERE lid = $2");

// What was sent on this evidence follows by the foreign key's cascade.
const MOVE_CHAT: Sql = Sql::both(
    "UPDATE conversation_message SET contact_id = $1 WHERE contact_id = $2 AND chat_id = $3",
);

const FOLLOW: [Sql; 3] = [
    Sql::both(
        "UPDATE send_reservation SET contact_id = $1
         WHERE contact_id = $2 AND message_id IN (SELECT q.id FROM whatsapp_message_queue q WHERE q.contact_id = $1)",
    ),
    Sql::both(
        "UPDATE send_refusal SET contact_id = $1
         WHERE contact_id = $2 AND message_id IN (SELECT q.id FROM whatsapp_message_queue q WHERE q.contact_id = $1)",
    ),
    Sql::both(
        "UPDATE message_reaction SET contact_id = $1
         WHERE contact_id = $2 AND EXISTS
             (SELECT 1 FROM conversation_message m
              WHERE m.contact_id = $1 AND m.session = message_reaction.session AND m.raw_id = message_reaction.target_raw)",
    ),
];

/// `own!("m")`: rows of a contact with the own number of their session: those are nobody's evidence.
macro_rules! own {
    ($row:literal) => {
        concat!(
            "EXISTS (SELECT 1 FROM contact c JOIN session_number n ON n.number = c.phone
                     WHERE c.id = ",
            $row,
            ".contact_id AND n.session = ",
            $row,
            ".session AND n.number = ",
            $row,
            ".own_number)"
        )
    };
}

const DROP_SESSIONS: Sql = Sql::both(concat!(
    "DELETE FROM contact_session
     WHERE contact_id = $1
       AND (",
    own!("contact_session"),
    " OR NOT EXISTS (SELECT 1 FROM conversation_message m
                     WHERE m.contact_id = $1 AND m.session = contact_session.session AND m.own_number = contact_session.own_number))"
));

// Which of them WhatsApp refused cannot be told: each.
const MAKE_SESSIONS: Sql = Sql::both(concat!(
    "INSERT INTO contact_session
         (contact_id, session, own_number, evidence_id, chat_id, last_in_at, last_out_at, answered_at, hand_typed_at,
          refused_at, refusals, delivered_at)
     SELECT s.contact_id, s.session, s.own_number, e.id, e.chat_id, s.last_in_at, s.last_out_at, s.last_in_at, s.hand_typed_at,
            f.refused_at, COALESCE(f.refusals, 0),
            (SELECT max(q.delivered_at) FROM whatsapp_message_queue q
             WHERE q.contact_id = s.contact_id AND q.session = s.session AND q.own_number = s.own_number)
     FROM (SELECT m.contact_id, m.session, m.own_number,
                  max(CASE WHEN m.direction = 'inbound' THEN m.at END) AS last_in_at,
                  max(CASE WHEN m.direction = 'outbound' THEN m.at END) AS last_out_at,
                  max(CASE WHEN m.origin = 'phone' THEN m.at END) AS hand_typed_at
           FROM conversation_message m
           WHERE m.contact_id = $1 AND NOT ",
    own!("m"),
    " GROUP BY m.contact_id, m.session, m.own_number) s
     LEFT JOIN contact_session f ON f.contact_id = $2 AND f.session = s.session AND f.own_number = s.own_number
     LEFT JOIN conversation_message e ON e.id =
         (SELECT max(i.id) FROM conversation_message i
          WHERE i.contact_id = $1 AND i.session = s.session AND i.own_number = s.own_number AND i.direction = 'inbound'
            AND i.at = s.last_in_at)
     WHERE true
     ON CONFLICT (contact_id, session, own_number) DO UPDATE
     SET evidence_id = excluded.evidence_id, chat_id = excluded.chat_id, last_in_at = excluded.last_in_at,
         last_out_at = excluded.last_out_at, answered_at = excluded.answered_at, hand_typed_at = excluded.hand_typed_at,
         delivered_at = excluded.delivered_at"
));

const SAID: Sql = Sql::both(
    "SELECT body, at FROM conversation_message
     WHERE contact_id = $1 AND direction = 'inbound' AND body IS NOT NULL ORDER BY at, id",
);

const INVITED: Sql =
    Sql::both("SELECT id, household_id FROM invitation WHERE token = $1 AND revoked_at IS NULL");

const UNTIE_FROM: Sql =
    Sql::both("UPDATE contact SET household_id = NULL WHERE id = $1 AND household_id = $2");

const FREE_SEAT: Sql = Sql::both(
    "DELETE FROM invitation_phone WHERE contact_id = $1 AND invitation_id = $2 AND refused_at IS NULL",
);

const TIED_TO: Sql =
    Sql::both("SELECT household_id FROM contact WHERE id = $1 AND household_id IS NOT NULL");

const UNTIE_GUESTS: Sql =
    Sql::both("UPDATE guest SET contact_id = NULL WHERE contact_id = $1 AND household_id = $2");

const UNTIE: Sql =
    Sql::both("UPDATE contact SET household_id = NULL, assigned_at = NULL WHERE id = $1");

const GUESTS: Sql = Sql::both("SELECT id FROM guest WHERE contact_id = $1 LIMIT 1");

const MESSAGES_FOLLOW: Sql = Sql::both(
    "UPDATE whatsapp_message_queue SET contact_id = $1 WHERE contact_id = $2 AND status = 'pending'",
);

const UNCONFIRMED: Sql =
    Sql::both("UPDATE contact SET identity_unconfirmed_since = $2 WHERE id = $1");

const WAIT: Sql = Sql::both(
    "UPDATE whatsapp_message_queue
     SET due = 0, eligible_at = NULL, wait_reason = 'identity_unconfirmed', wait_ends = 'person:confirm_contact'
     WHERE contact_id = $1 AND status = 'pending' AND (wait_ends IS NULL OR wait_ends NOT LIKE 'person:%')",
);

/// One person's part of a contact that was taken apart.
struct Part {
    contact: ContactId,
    code: Option<Code>,
}

/// The code of a household that somebody wrote first.
#[derive(Clone, Copy)]
struct Code {
    at: Timestamp,
    invitation: InvitationId,
    household: HouseholdId,
}

impl Store {
    /// Takes apart every contact with the own number of a session in which others were mixed with the account, and what was kept of
    /// unknown senders under that number. Returns how many contacts were taken apart. To be called at each start: it changes nothing twice.
    pub async fn repair_identities(&self, now: Timestamp) -> Result<usize, Error> {
        let mut tx = self.db.write().await?;
        locks::lock_all_sessions(&mut tx).await?;
        locks::lock_guest_list(&mut tx).await?;
        let mut mixed = BTreeMap::<ContactId, Vec<String>>::new();
        for row in tx.all(&MIXED, Vec::new()).await? {
            let lids = mixed.entry(row.parsed("contact_id")?).or_default();
            lids.push(row.text("lid")?);
        }
        for (contact, lids) in &mixed {
            self.take_apart(&mut tx, *contact, lids, now).await?;
        }
        self.repair_unknown_writers(&mut tx).await?;
        tx.commit().await?;
        Ok(mixed.len())
    }

    async fn take_apart(
        &self,
        tx: &mut Tx,
        contact: ContactId,
        lids: &[String],
        now: Timestamp,
    ) -> Result<(), Error> {
        locks::lock_contact(tx, contact).await?;
        let mut parts = Vec::new();
        for lid in lids {
            parts.push(self.separate(tx, contact, lid, now).await?);
        }
        make_sessions(tx, contact, contact).await?;
        parts.sort_by_key(|part| part.code.map_or(Timestamp::MAX_UTC, |code| code.at));
        let mut tied = Vec::new();
        for part in &parts {
            if tie_by_code(tx, contact, part).await? {
                tied.push(part.contact);
            }
        }
        let household = untie_unproven(tx, contact).await?;
        if let [heir] = tied.as_slice()
            && tx.first(&GUESTS, args![contact]).await?.is_none()
        {
            tx.execute(&MESSAGES_FOLLOW, args![*heir, contact]).await?;
        }
        tx.execute_one(&UNCONFIRMED, args![contact, now]).await?;
        for each in parts.iter().map(|part| part.contact).chain([contact]) {
            tx.execute(&WAIT, args![each]).await?;
        }
        for part in parts.iter().filter(|part| !tied.contains(&part.contact)) {
            self.keep_former_contact(tx, part.contact, household, false, now)
                .await?;
        }
        let names = parts.iter().map(|part| part.contact.to_string());
        let deed = Deed {
            action: "contact.separate",
            subject: &contact.to_string(),
            detail: Some(&names.collect::<Vec<_>>().join(" ")),
        };
        self.write_audit(tx, &Actor::new("facts"), deed, now).await
    }

    /// Gives a hidden id a contact of its own, with all that was said in its chat.
    async fn separate(
        &self,
        tx: &mut Tx,
        from: ContactId,
        lid: &str,
        now: Timestamp,
    ) -> Result<Part, Error> {
        let (contact, chat) = (self.ids.contact(now), ChatId::Lid(lid.to_owned()));
        tx.execute_one(&ADD, args![contact, now, from]).await?;
        tx.execute_one(&MOVE_LID, args![contact, lid]).await?;
        tx.execute(&MOVE_CHAT, args![contact, from, &chat]).await?;
        for sql in &FOLLOW {
            tx.execute(sql, args![contact, from]).await?;
        }
        make_sessions(tx, contact, from).await?;
        let code = code_of(tx, contact).await?;
        Ok(Part { contact, code })
    }
}

/// Makes what passed between a contact and each session anew, of its messages, and of what WhatsApp refused of the mixture.
async fn make_sessions(tx: &mut Tx, contact: ContactId, mixture: ContactId) -> Result<(), Error> {
    tx.execute(&DROP_SESSIONS, args![contact]).await?;
    tx.execute(&MAKE_SESSIONS, args![contact, mixture]).await?;
    Ok(())
}

async fn code_of(tx: &mut Tx, contact: ContactId) -> Result<Option<Code>, Error> {
    for said in tx.all(&SAID, args![contact]).await? {
        for token in InvitationToken::find_in(&said.text("body")?) {
            if let Some(row) = tx.first(&INVITED, args![token]).await? {
                return Ok(Some(Code {
                    at: said.time("at")?,
                    invitation: row.parsed("id")?,
                    household: row.parsed("household_id")?,
                }));
            }
        }
    }
    Ok(None)
}

/// Ties a part to the household of its code in place of the mixture, if a seat is free. Returns whether it did.
async fn tie_by_code(tx: &mut Tx, mixed: ContactId, part: &Part) -> Result<bool, Error> {
    let Some(code) = part.code else {
        return Ok(false);
    };
    let of_household = || args![mixed, code.household];
    tx.execute(&UNTIE_GUESTS, of_household()).await?;
    tx.execute(&UNTIE_FROM, of_household()).await?;
    tx.execute(&FREE_SEAT, args![mixed, code.invitation])
        .await?;
    // "Not a guest" was said of the mixture, and of which of them cannot be told.
    if !seats::is_free(tx, code.invitation, &[mixed]).await? {
        return Ok(false);
    }
    let phone = Phone {
        contact: part.contact,
        push_name: None,
        at: code.at,
    };
    let taken = seats::take(tx, code.invitation, code.household, phone).await?;
    if taken.is_some() {
        tying::household_wrote(tx, part.contact, code.at).await?;
    }
    Ok(taken.is_some())
}

/// A mixture that did not write the household's code itself was tied by the words of others, or by a person who took it for one of them: it
/// is tied no more. What the account's owner wrote to the other session proves nothing of them. Returns the household.
async fn untie_unproven(tx: &mut Tx, contact: ContactId) -> Result<Option<HouseholdId>, Error> {
    let Some(row) = tx.first(&TIED_TO, args![contact]).await? else {
        return Ok(None);
    };
    let household = row.parsed("household_id")?;
    let code = code_of(tx, contact).await?;
    if code.is_some_and(|code| code.household == household) {
        return Ok(None);
    }
    tx.execute(&UNTIE_GUESTS, args![contact, household]).await?;
    tx.execute(&UNTIE, args![contact]).await?;
    Ok(Some(household))
}
