//! What a session is doing, and the calls that pair and steer it.

mod knowledge;
mod link;
mod login;
mod operate;
mod own_number;
mod passkey;
mod restrictions;
mod view;

pub(crate) use knowledge::Knowledge;
pub(crate) use link::link;
pub(crate) use login::{pairing_code, qr, qr_png};
pub(crate) use operate::{logout, restart, start};
pub(crate) use own_number::{OwnChats, linked_number, number_of};
pub(crate) use passkey::{PasskeyProgress, answer, confirm, passkey};
pub(crate) use restrictions::end as time_lock_end;
pub(crate) use view::{judged, own, read_view, session};
