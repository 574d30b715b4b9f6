//! Households, invitations, guests, contacts and conversations, as lines of text.

use domain::Timestamp;
use storage::{ContactRow, ConversationRow, GuestRow, MessageFilter, Store};

use super::{MOST, or_none, time};

/// Households with their invitations, their guests, and what was said with each.
pub(super) async fn guests(store: &Store, now: Timestamp) -> Vec<String> {
    let mut lines = Vec::new();
    for row in store.households(None, None, MOST).await.unwrap().items {
        let (id, name) = (row.id, or_none(row.name.as_ref()));
        lines.push(format!(
            "household {id} name={name} guests={:?}",
            row.guests
        ));
        for tied in store.household(id).await.unwrap().unwrap().contacts {
            lines.push(format!("household {id} contact={}", tied.id));
        }
        let Some(invited) = store.invitation_of(id).await.unwrap() else {
            continue;
        };
        let row = invited.invitation;
        let found = store.invitation_in_force(Some(&row.token), now).await;
        lines.push(format!(
            "invitation {} household={id} token={} until={} revoked={} tied={} in_force={}",
            row.id,
            row.token,
            time(row.valid_until),
            or_none(row.revoked_at.map(time)),
            or_none(row.tied_at.map(time)),
            found.unwrap().is_some(),
        ));
    }
    let mut contacts = Vec::new();
    for guest in store.guests(None, None, MOST).await.unwrap().items {
        contacts.extend(guest.contact);
        lines.push(guest_line(&guest));
    }
    let queued = store.messages(&MessageFilter::default(), None, MOST).await;
    contacts.extend(queued.unwrap().items.iter().map(|row| row.contact));
    contacts.sort_unstable();
    contacts.dedup();
    for contact in contacts {
        let row = store.contact(contact).await.unwrap().unwrap();
        lines.extend(contact_lines(&row));
        let said = store.conversation(contact, None, None, MOST).await;
        let said = said.unwrap().unwrap().items;
        lines.extend(said.iter().map(|row| said_line(&contact.to_string(), row)));
    }
    lines
}

fn guest_line(row: &GuestRow) -> String {
    format!(
        "guest {} name={} side={} language={} household={} contact={}",
        row.id,
        row.name,
        or_none(row.side.as_ref()),
        or_none(row.language),
        row.household_id,
        or_none(row.contact),
    )
}

fn contact_lines(row: &ContactRow) -> Vec<String> {
    let id = row.id;
    let mut lines = vec![format!(
        "contact {id} phone={} lids={:?} opted_out={} suspended={} guests={:?}",
        row.phone.as_ref().map_or("-", |phone| phone.digits()),
        row.lids,
        or_none(row.opted_out_at.map(time)),
        or_none(row.suspended_at.map(time)),
        row.guests,
    )];
    for passed in &row.sessions {
        lines.push(format!(
            "contact {id} session={} in={} out={} unanswered={}",
            passed.session,
            or_none(passed.last_in_at.map(time)),
            or_none(passed.last_out_at.map(time)),
            passed.unanswered,
        ));
    }
    lines
}

fn said_line(contact: &str, row: &ConversationRow) -> String {
    let quotes = row.quotes.as_ref().and_then(|quoted| quoted.text.as_ref());
    format!(
        "said {contact} {} {} {} {} text={} quotes={} reactions={},{} edited={} revoked={}",
        row.session,
        time(row.at),
        row.origin,
        row.kind,
        or_none(row.text.as_ref()),
        or_none(quotes),
        or_none(row.their_reaction.as_ref()),
        or_none(row.our_reaction.as_ref()),
        or_none(row.edited_at.map(time)),
        or_none(row.revoked_at.map(time)),
    )
}
