//! Phone number and LID of one person become one contact: limits, order, consent and opt-out are per contact (design §4).
//!
//! The rule that must hold: two contacts with different phone numbers are two people.

use domain::{
    Timestamp, chat_id::ChatId, ids::ContactId, phone_number::PhoneNumber, session::SessionName,
    wire::ObservedMessage,
};

use crate::{
    Error, Store,
    db::{Sql, Tx, args},
};

use super::{contact_merging::Merge, identity, messages::contacts_of};

// Known by a hidden id only.
const ADD: Sql = Sql::both("INSERT INTO contact (id, phone, created_at) VALUES ($1, NULL, $2)");

const DROP: Sql = Sql::both("DELETE FROM contact WHERE id = $1");

const PHONE: Sql = Sql::both("SELECT phone FROM contact WHERE id = $1");

const LEARN_LID: Sql = Sql::both(
    "INSERT INTO contact_lid (lid, contact_id) VALUES ($1, $2) ON CONFLICT (lid) DO NOTHING",
);

const LEARN_PHONE: Sql = Sql::both(
    "UPDATE contact SET phone = $2
     WHERE id = $1 AND phone IS NULL AND NOT EXISTS (SELECT 1 FROM contact o WHERE o.phone = $2)",
);

impl Store {
    /// The one contact behind a message's identities, with what the message tells of them; `None`: nobody we know.
    pub(super) async fn fold_identities(
        &self,
        tx: &mut Tx,
        session: &SessionName,
        message: &ObservedMessage,
        now: Timestamp,
    ) -> Result<Option<ContactId>, Error> {
        let found = contacts_of(tx, session, message).await?;
        if !identity::any_known(tx, &found).await? {
            return Ok(None);
        }
        let (chat, alt) = (&message.chat, message.alt.as_ref());
        let contact = self.one_contact(tx, &found, chat, alt, now).await?;
        // Of one of two that became one a person had said that it is no guest's.
        Ok(match contact {
            Some(contact) if identity::any_known(tx, &[contact]).await? => Some(contact),
            _ => None,
        })
    }

    /// The one contact behind the identities of somebody who becomes known, made when there is none; `theirs` is another one
    /// of theirs. `None`: such an identity nobody can have.
    pub(crate) async fn contact_behind(
        &self,
        tx: &mut Tx,
        chat: &ChatId,
        alt: Option<&ChatId>,
        theirs: Option<ContactId>,
        now: Timestamp,
    ) -> Result<Option<ContactId>, Error> {
        let mut found = identity::find(tx, chat, alt).await?;
        found.extend(theirs.filter(|theirs| !found.contains(theirs)));
        if found.is_empty() {
            self.make_contact(tx, chat, alt, now).await?;
            found = identity::find(tx, chat, alt).await?;
        }
        self.one_contact(tx, &found, chat, alt, now).await
    }

    /// Makes one contact of all that were found, and tells it both identities.
    async fn one_contact(
        &self,
        tx: &mut Tx,
        found: &[ContactId],
        chat: &ChatId,
        alt: Option<&ChatId>,
        now: Timestamp,
    ) -> Result<Option<ContactId>, Error> {
        let contact = match found {
            [one, other, ..] => match merge_of(tx, *one, *other).await? {
                Some(merge) => self.merge_contacts(tx, merge, now).await?,
                None => *one,
            },
            [one] => *one,
            [] => return Ok(None),
        };
        for identity in [Some(chat), alt].into_iter().flatten() {
            learn(tx, contact, identity).await?;
        }
        Ok(Some(contact))
    }

    async fn make_contact(
        &self,
        tx: &mut Tx,
        chat: &ChatId,
        alt: Option<&ChatId>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let identities = || [Some(chat), alt].into_iter().flatten();
        let digits = identities().find_map(ChatId::phone_digits);
        if let Some(phone) = digits.and_then(|digits| PhoneNumber::from_whatsapp(digits).ok()) {
            self.contact_of(tx, &phone, now).await?;
            return Ok(());
        }
        for identity in identities() {
            let ChatId::Lid(lid) = identity else { continue };
            let contact = self.ids.contact(now);
            tx.execute_one(&ADD, args![contact, now]).await?;
            // Somebody else made one for it in this moment: theirs is taken.
            if tx.execute(&LEARN_LID, args![lid, contact]).await? == 0 {
                tx.execute_one(&DROP, args![contact]).await?;
            }
        }
        Ok(())
    }
}

/// Which of two contacts goes into which: the one with a phone number stays. Two numbers are two people.
async fn merge_of(tx: &mut Tx, one: ContactId, other: ContactId) -> Result<Option<Merge>, Error> {
    let (mut has_phone, both) = (Vec::new(), [one, other]);
    for contact in both {
        if let Some(row) = tx.first(&PHONE, args![contact]).await?
            && row.opt_text("phone")?.is_some()
        {
            has_phone.push(contact);
        }
    }
    let kept = match has_phone.as_slice() {
        [_, _, ..] => return Ok(None),
        [with_phone] => *with_phone,
        [] => one.min(other),
    };
    let gone = if kept == one { other } else { one };
    Ok(Some(Merge { kept, gone }))
}

async fn learn(tx: &mut Tx, contact: ContactId, identity: &ChatId) -> Result<(), Error> {
    match identity {
        ChatId::Lid(lid) => tx.execute(&LEARN_LID, args![lid, contact]).await?,
        ChatId::Phone(digits) => match PhoneNumber::from_whatsapp(digits) {
            Ok(phone) => tx.execute(&LEARN_PHONE, args![contact, &phone]).await?,
            Err(_) => 0,
        },
    };
    Ok(())
}
