//! The own number that a session is linked to, read at this moment.

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
