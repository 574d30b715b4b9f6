//! The arguments of a statement: text or integers, or their absence.

use domain::Timestamp;

/// One argument. The kind is known also when it is absent: PostgreSQL wants to know.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    Text(Option<String>),
    Int(Option<i64>),
}

/// `args![a, b, c]`: the arguments of a statement, in the order of `$1`, `$2`, …
macro_rules! args {
    ($($value:expr),* $(,)?) => { vec![$($crate::db::Value::from($value)),*] };
}
pub(crate) use args;

macro_rules! into_value {
    ($($from:ty => |$x:ident| $variant:ident($into:expr);)+) => {$(
        impl From<$from> for Value {
            fn from($x: $from) -> Self {
                Self::$variant(Some($into))
            }
        }

        impl From<Option<$from>> for Value {
            fn from(value: Option<$from>) -> Self {
                Self::$variant(value.map(|$x| $into))
            }
        }
    )+};
}

into_value! {
    &str => |x| Text(x.to_owned());
    String => |x| Text(x);
    &String => |x| Text(x.clone());
    i64 => |x| Int(x);
    i32 => |x| Int(i64::from(x));
    u32 => |x| Int(i64::from(x));
    bool => |x| Int(i64::from(x));
    Timestamp => |x| Int(x.timestamp_millis());
    domain::ids::MessageId => |x| Text(x.to_string());
    domain::ids::ContactId => |x| Text(x.to_string());
    domain::ids::GuestId => |x| Text(x.to_string());
    domain::ids::HouseholdId => |x| Text(x.to_string());
    domain::ids::InvitationId => |x| Text(x.to_string());
    domain::ids::UnknownWriterId => |x| Text(x.to_string());
    domain::ids::AttemptId => |x| Text(x.to_string());
    domain::ids::EventId => |x| Text(x.to_string());
    domain::ids::ConversationMessageId => |x| Text(x.to_string());
    domain::ids::ReservationId => |x| Text(x.to_string());
    domain::ids::BroadcastId => |x| Text(x.to_string());
    domain::ids::TokenId => |x| Text(x.to_string());
    domain::ids::AccountId => |x| Text(x.to_string());
    domain::account::Role => |x| Text(x.as_str().to_owned());
    domain::ids::WorkerId => |x| Text(x.to_string());
    domain::ids::AuditId => |x| Text(x.to_string());
    &domain::session::SessionName => |x| Text(x.as_str().to_owned());
    &domain::chat_id::ChatId => |x| Text(x.to_string());
    &domain::phone_number::PhoneNumber => |x| Text(x.digits().to_owned());
    domain::invitation::InvitationToken => |x| Text(x.to_string());
    &domain::message_text::MessageText => |x| Text(x.as_str().to_owned());
    domain::message_status::MessageStatus => |x| Text(x.as_str().to_owned());
    domain::lane::Lane => |x| Text(x.as_str().to_owned());
    domain::lane::ReleaseLane => |x| Text(x.as_str().to_owned());
    domain::session::SessionState => |x| Text(x.as_str().to_owned());
    domain::session::SessionProblem => |x| Text(x.as_str().to_owned());
    domain::outcome::FailureReason => |x| Text(x.as_str().to_owned());
    domain::broadcast::BroadcastState => |x| Text(x.as_str().to_owned());
    &domain::broadcast::Template => |x| Text(x.as_str().to_owned());
    domain::release::CappingLevel => |x| Text(x.as_str().to_owned());
    domain::release::Refusal => |x| Text(x.as_str().to_owned());
    domain::wait::WaitReason => |x| Text(x.as_str().to_owned());
    domain::config::Language => |x| Text(x.as_str().to_owned());
    domain::wire::MessageKind => |x| Text(x.as_str().to_owned());
    domain::ack::Ack => |x| Int(x.level());
}
