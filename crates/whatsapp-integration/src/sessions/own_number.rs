//! The own account that a session is linked to, read at this moment.

use domain::chat_id::ChatId;
use domain::phone_number::PhoneNumber;
use waha::{Me, SessionInfo, SessionStatus};

use crate::reading::direct;

/// The number of the account, where its id tells one.
pub(crate) fn number_of(me: &Me) -> Option<PhoneNumber> {
    let chat = direct(&me.id)?;
    PhoneNumber::from_whatsapp(chat.phone_digits()?).ok()
}

/// The number of a working session. Only WORKING proves that `me` is linked.
pub(crate) fn linked_number(info: &SessionInfo) -> Option<PhoneNumber> {
    let me = info.me.as_ref()?;
    number_of(me).filter(|_| info.status == SessionStatus::Working)
}

/// The chats by number and by hidden id of an account: never another person's on its session. WAHA 2026.8.1 to 2026.9 answers the own
/// number for the hidden ids of others, and files under it what is typed on the phone (#2241, #2299).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct OwnChats {
    phone: Option<ChatId>,
    lid: Option<ChatId>,
}

impl OwnChats {
    pub(crate) fn of(me: &Me) -> Self {
        Self {
            phone: direct(&me.id),
            lid: me.lid.as_ref().and_then(direct),
        }
    }

    pub(crate) fn has(&self, chat: &ChatId) -> bool {
        self.phone.as_ref() == Some(chat) || self.lid.as_ref() == Some(chat)
    }
}
