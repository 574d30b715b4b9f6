//! Who is behind a LID, asked of WAHA once and then remembered. Unknown is a normal answer: people may hide it.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::chat_id::ChatId;
use tokio::time::Instant;
use tracing::debug;
use waha::Waha;

use super::observed::direct;
use crate::sessions::OwnChats;

/// How many LIDs are remembered; a wedding has fewer guests.
const MOST: usize = 4096;
/// An unknown one is asked for again after this.
const UNKNOWN_LASTS: Duration = Duration::from_mins(10);
/// Facts must not wait long for something they can do without.
const PATIENCE: Duration = Duration::from_secs(3);

/// The answers of one session's WAHA.
#[derive(Default)]
pub(crate) struct LidPhones(Mutex<HashMap<ChatId, Known>>);

#[derive(Clone)]
struct Known {
    phone: Option<ChatId>,
    since: Instant,
}

impl LidPhones {
    /// The phone chat of the person whose hidden id `chat` is; `None` for phone chats, unknown people, and where WAHA answers the
    /// account's own number.
    pub(crate) async fn of(&self, waha: &Waha, chat: &ChatId, own: &OwnChats) -> Option<ChatId> {
        if !matches!(chat, ChatId::Lid(_)) {
            return None;
        }
        if let Some(known) = self.remembered(chat) {
            return known.phone.filter(|phone| !own.has(phone));
        }
        let lid = waha::ChatId::new(&chat.to_string());
        match tokio::time::timeout(PATIENCE, waha.lid_phone(&lid)).await {
            Ok(Ok(phone)) => {
                let phone = phone.as_ref().and_then(direct);
                let phone = phone.filter(|phone| !own.has(phone));
                self.remember(chat, phone.clone());
                phone
            }
            Ok(Err(error)) => {
                debug!(%error, "WAHA did not say who is behind a hidden id");
                None
            }
            Err(_) => None,
        }
    }

    /// What a message told by itself.
    pub(crate) fn learn(&self, lid: &ChatId, phone: &ChatId) {
        if matches!((lid, phone), (ChatId::Lid(_), ChatId::Phone(_))) {
            self.remember(lid, Some(phone.clone()));
        }
    }

    fn remembered(&self, lid: &ChatId) -> Option<Known> {
        let known = self.known();
        let found = known.get(lid)?;
        let fresh = found.phone.is_some() || found.since.elapsed() < UNKNOWN_LASTS;
        fresh.then(|| found.clone())
    }

    fn remember(&self, lid: &ChatId, phone: Option<ChatId>) {
        let mut known = self.known();
        if known.len() >= MOST {
            // cheap and rare: what matters will be asked for again
            known.clear();
        }
        let since = Instant::now();
        known.insert(lid.clone(), Known { phone, since });
    }

    fn known(&self) -> MutexGuard<'_, HashMap<ChatId, Known>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
