//! Reading chats again and again shows mostly what is known, and on a private number mostly strangers. What is left is worth
//! a transaction of its own. Nothing is written here, and nothing of a stranger is kept.

use std::{
    borrow::Cow,
    collections::{HashMap, hash_map::Entry},
};

use domain::{
    Timestamp, ack::Ack, chat_id::ChatId, invitation::InvitationToken, session::SessionName,
    wire::ObservedMessage,
};

use crate::{
    Error, Store,
    db::{Row, Sql, Tx, args},
};

use super::{affairs::Affair, identity, own_identity::OwnIdentities, own_messages};

const STORED: Sql = Sql::both(
    "SELECT m.origin, q.ack
     FROM conversation_message m
     LEFT JOIN whatsapp_message_queue q ON q.session = m.session AND q.raw_id = m.raw_id
     WHERE m.session = $1 AND m.direction = $2 AND m.raw_id = $3",
);

/// What is known of the person behind a chat's identities.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Known {
    Stranger,
    /// One of the identities is new, or they are not known to be one person.
    InPart,
    Whole,
}

/// Both identities of a person, as a message tells them.
type Identities<'a> = (&'a ChatId, Option<&'a ChatId>);

impl Store {
    /// Of messages that a chat shows, those that [`Store::record_message`] would learn something from, in the same order.
    pub async fn unrecorded<'a>(
        &self,
        session: &SessionName,
        messages: &'a [ObservedMessage],
        now: Timestamp,
    ) -> Result<Vec<&'a ObservedMessage>, Error> {
        let mut tx = self.db.read().await?;
        let mut people: HashMap<Identities<'_>, Known> = HashMap::new();
        let mut strangers: HashMap<Identities<'_>, Vec<usize>> = HashMap::new();
        let mut left = Vec::new();
        let seen = without_own(&mut tx, session, messages).await?;
        for (index, message) in seen.iter().enumerate() {
            let Some(message) = message else { continue };
            let identities = (&message.chat, message.alt.as_ref());
            let known = match people.get(&identities) {
                Some(known) => *known,
                None => person(&mut tx, identities).await?,
            };
            people.insert(identities, known);
            if known == Known::Stranger && !message.from_me {
                strangers.entry(identities).or_default().push(index);
            } else if says_something(&mut tx, session, message, known).await? {
                left.push(index);
            }
        }
        for indices in strangers.into_values() {
            for index in telling(messages, &indices) {
                let Some(message) = &seen[index] else {
                    continue;
                };
                let affair = self.affair(&mut tx, session, message, now, false).await?;
                if !matches!(affair, Affair::Nothing) {
                    left.push(index);
                }
            }
        }
        left.sort_unstable();
        Ok(left.into_iter().map(|index| &messages[index]).collect())
    }
}

/// Each message under identities of others than the account; `None`: it has none.
async fn without_own<'a>(
    tx: &mut Tx,
    session: &SessionName,
    messages: &'a [ObservedMessage],
) -> Result<Vec<Option<Cow<'a, ObservedMessage>>>, Error> {
    let mut numbers = HashMap::new();
    let mut seen = Vec::with_capacity(messages.len());
    for message in messages {
        let told = message.own_number.as_ref();
        let own = match numbers.entry(told) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(OwnIdentities::read(tx, session, told).await?),
        };
        seen.push(own.without_own(tx, session, message).await?);
    }
    Ok(seen)
}

/// Of a stranger's messages those that can tell something: the first, the last, and those with an invitation's token.
fn telling(messages: &[ObservedMessage], of_one: &[usize]) -> Vec<usize> {
    let at = |index: &usize| messages[*index].at;
    let ends = [
        of_one.iter().min_by_key(|index| at(index)),
        of_one.iter().max_by_key(|index| at(index)),
    ];
    let with_token = of_one.iter().filter(|index| {
        let body = messages[**index].body.as_deref();
        body.is_some_and(|body| !InvitationToken::find_in(body).is_empty())
    });
    let mut telling: Vec<_> = ends
        .into_iter()
        .flatten()
        .chain(with_token)
        .copied()
        .collect();
    telling.sort_unstable();
    telling.dedup();
    telling
}

async fn person(tx: &mut Tx, (chat, alt): Identities<'_>) -> Result<Known, Error> {
    let found = identity::find(tx, chat, alt).await?;
    if !identity::any_known(tx, &found).await? {
        return Ok(Known::Stranger);
    }
    let mut each = Vec::new();
    for identity in [Some(chat), alt].into_iter().flatten() {
        each.push(identity::find(tx, identity, None).await?);
    }
    let one_person = each.iter().all(|contacts| *contacts == found);
    Ok(if one_person {
        Known::Whole
    } else {
        Known::InPart
    })
}

async fn says_something(
    tx: &mut Tx,
    session: &SessionName,
    message: &ObservedMessage,
    known: Known,
) -> Result<bool, Error> {
    match known {
        Known::InPart => Ok(true),
        // Under an identity that nobody told us, an id of the queue's own tells whose it is.
        Known::Stranger => Ok(own_messages::contact_by_id(tx, session, message)
            .await?
            .is_some()),
        Known::Whole => {
            let direction = if message.from_me {
                "outbound"
            } else {
                "inbound"
            };
            let args = args![session, direction, &message.raw_id];
            let stored = tx.first(&STORED, args).await?;
            stored.map_or(Ok(true), |row| tells_more(&row, message.ack))
        }
    }
}

/// Whether the message, stored before, still has something to tell: who wrote it, or a better receipt.
fn tells_more(row: &Row, ack: Option<Ack>) -> Result<bool, Error> {
    Ok(match (row.text("origin")?.as_str(), ack) {
        ("parked", _) => true,
        ("queue", Some(ack)) => {
            let before = row.opt_int("ack")?.map(Ack::try_from).transpose();
            let before = before.map_err(|_| Error::Corrupt { column: "ack" })?;
            before != Some(Ack::fold(before, ack))
        }
        _ => false,
    })
}
