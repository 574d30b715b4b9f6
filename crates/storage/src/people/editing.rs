//! Changing a guest on the list.
//!
//! The rule that must hold: what was said stays with the contact it was said with; another number ties the guest to
//! another contact and moves nothing else.

use domain::{
    Timestamp,
    config::Language,
    ids::{ContactId, GuestId, HouseholdId},
    phone_number::PhoneNumber,
    session::SessionName,
};

use super::{
    before::{Had, Moved, keep, keep_second_phones},
    guest_field::{GuestField, changed, names},
    guests::{GuestRow, find},
    households::key,
    leaving::{forget_empty, lock_left},
};
use crate::{
    Actor, Error, Store,
    audit::Deed,
    db::{Sql, Tx, args},
    locks,
    search_text::folded,
};

/// What to change; `None` stays as it is.
#[derive(Debug, Clone, Default)]
pub struct GuestEdit {
    /// The name.
    pub name: Option<String>,
    /// The number; `Some(None)` takes it away.
    pub phone: Option<Option<PhoneNumber>>,
    /// Whose guest; `Some(None)` takes it away.
    pub side: Option<Option<SessionName>>,
    /// The language to write in; `Some(None)` takes it away.
    pub language: Option<Option<Language>>,
    /// With whom they are invited, by name, the household being made when there is none; `Some(None)`: alone.
    pub household: Option<Option<String>>,
}

impl GuestEdit {
    /// What is really different.
    fn fields(&self, before: &GuestRow) -> Vec<GuestField> {
        let household = before.household.as_deref().map(key);
        let name = self.name.as_ref().is_some_and(|new| *new != before.name);
        // without a number there may still be a contact, which goes with "no number"
        let phone = self
            .phone
            .as_ref()
            .is_some_and(|new| *new != before.phone || new.is_none() && before.contact.is_some());
        let side = self.side.as_ref().is_some_and(|new| *new != before.side);
        let language = self.language.is_some_and(|new| new != before.language);
        let moves = self.household.as_ref();
        let moves = moves.is_some_and(|new| new.as_deref().map(key) != household);
        changed([
            (GuestField::Name, name),
            (GuestField::Phone, phone),
            (GuestField::Side, side),
            (GuestField::Language, language),
            (GuestField::Household, moves),
        ])
    }
}

const EDIT: Sql = Sql::both(
    "UPDATE guest
     SET name = $2, name_folded = $3, side = $4, language = $5, household_id = $6, contact_id = $7
     WHERE id = $1",
);

impl Store {
    /// Changes a guest. A household that they were the last of goes with its invitations. `None`: there is no such guest.
    pub async fn edit_guest(
        &self,
        id: GuestId,
        edit: &GuestEdit,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Option<GuestRow>, Error> {
        let mut tx = self.db.write().await?;
        locks::lock_guest_list(&mut tx).await?;
        let Some(before) = find(&mut tx, id).await? else {
            return Ok(None);
        };
        let fields = edit.fields(&before);
        if fields.is_empty() {
            return Ok(Some(before));
        }
        self.apply(&mut tx, &before, edit, &fields, now).await?;
        let deed = Deed {
            action: "guest.edit",
            subject: &id.to_string(),
            detail: Some(&names(&fields)),
        };
        self.write_audit(&mut tx, actor, deed, now).await?;
        let after = find(&mut tx, id).await?;
        tx.commit().await?;
        Ok(after)
    }

    async fn apply(
        &self,
        tx: &mut Tx,
        before: &GuestRow,
        edit: &GuestEdit,
        fields: &[GuestField],
        now: Timestamp,
    ) -> Result<(), Error> {
        let contact = match &edit.phone {
            Some(phone) if fields.contains(&GuestField::Phone) => {
                self.contact_with(tx, phone.as_ref(), now).await?
            }
            _ => before.contact,
        };
        let name = edit.name.as_ref().unwrap_or(&before.name);
        keep(tx, &had(before, contact, name)).await?;
        let moves = fields.contains(&GuestField::Household);
        let left = if moves {
            vec![before.household_id]
        } else {
            Vec::new()
        };
        lock_left(tx, &left).await?;
        let household = match &edit.household {
            Some(name) if moves => self.household_of(tx, name.as_deref(), now).await?,
            _ => before.household_id,
        };
        let args = args![
            before.id,
            name,
            folded(name),
            edit.side.as_ref().unwrap_or(&before.side).as_ref(),
            edit.language.unwrap_or(before.language),
            household,
            contact
        ];
        tx.execute_one(&EDIT, args).await?;
        let departures = left.iter().map(|from| Moved {
            guest: before.id,
            from: *from,
        });
        keep_second_phones(tx, &departures.collect::<Vec<_>>()).await?;
        forget_empty(tx, &left).await?;
        Ok(())
    }

    /// The contact with that number, if there is a number, made when there is none.
    pub(super) async fn contact_with(
        &self,
        tx: &mut Tx,
        phone: Option<&PhoneNumber>,
        now: Timestamp,
    ) -> Result<Option<ContactId>, Error> {
        match phone {
            Some(phone) => Ok(Some(self.contact_of(tx, phone, now).await?)),
            None => Ok(None),
        }
    }

    /// The household with that name, made when there is none; without a name one for somebody alone.
    pub(super) async fn household_of(
        &self,
        tx: &mut Tx,
        name: Option<&str>,
        now: Timestamp,
    ) -> Result<HouseholdId, Error> {
        match name {
            Some(name) => self.household_named(tx, name, now).await,
            None => self.household_alone(tx, now).await,
        }
    }
}

/// What the guest has no longer.
fn had<'a>(before: &'a GuestRow, contact: Option<ContactId>, name: &str) -> Vec<Had<'a>> {
    let contact = before.contact.filter(|had| Some(*had) != contact);
    let name = Some(before.name.as_str()).filter(|had| *had != name);
    let had = |contact, name| Had {
        guest: before.id,
        contact,
        name,
    };
    let contact = contact.map(|contact| had(Some(contact), None));
    let name = name.map(|name| had(None, Some(name)));
    contact.into_iter().chain(name).collect()
}
