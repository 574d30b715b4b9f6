//! Whose chats are read: the own number that is linked before and after.
//!
//! The rule that must hold: what one number received is never told as another's. A reading during which the number changed counts for
//! nothing; it is made again.

use domain::phone_number::PhoneNumber;
use waha::WahaError;

use super::read_chats::is_of_chat;
use crate::app::Session;
use crate::sessions::{OwnChats, linked_number};

/// The account whose chats are read, from the beginning of the reading.
pub(super) struct ChatOwner(PhoneNumber);

impl ChatOwner {
    /// To be called before the first chat is read.
    pub(super) async fn begin(session: &Session) -> Result<Self, WahaError> {
        read(session).await.map(Self)
    }

    pub(super) const fn number(&self) -> &PhoneNumber {
        &self.0
    }

    /// To be called when the last chat was read. Fails when another number is linked than at the beginning.
    pub(super) async fn end(self, session: &Session) -> Result<(), WahaError> {
        if read(session).await? == self.0 {
            Ok(())
        } else {
            Err(WahaError::SessionAway { status: None })
        }
    }
}

/// A session that cannot be read is no trouble of the chat that is to be read.
async fn read(session: &Session) -> Result<PhoneNumber, WahaError> {
    let away = WahaError::SessionAway { status: None };
    match session.waha.session().await {
        Ok(Some(info)) => {
            let number = linked_number(&info).ok_or(away)?;
            let me = info.me.as_ref().map(OwnChats::of);
            session.knowledge.learn_own_chats(me.unwrap_or_default());
            Ok(number)
        }
        Ok(None) => Err(WahaError::SessionMissing),
        Err(error) if is_of_chat(&error) => Err(away),
        Err(error) => Err(error),
    }
}
