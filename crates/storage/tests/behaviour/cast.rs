//! Who and what the stories are about: two sessions, numbered guests, and messages as WAHA shows them.

use domain::{
    Timestamp,
    chat_id::ChatId,
    config::Pacing,
    message_text::MessageText,
    outcome::SendAnswer,
    phone_number::PhoneNumber,
    session::{SessionName, SessionState},
    wire::{MessageKind, ObservedMessage, OwnAccount, SessionView},
};

pub(crate) fn groom() -> SessionName {
    SessionName::parse("groom").expect("a name")
}

pub(crate) fn bride() -> SessionName {
    SessionName::parse("bride").expect("a name")
}

/// The n-th guest's number.
pub(crate) fn phone(n: u64) -> PhoneNumber {
    PhoneNumber::from_whatsapp(&format!("393470{n:06}")).expect("a number")
}

/// The n-th guest's chat by number.
pub(crate) fn chat(n: u64) -> ChatId {
    ChatId::Phone(phone(n).digits().to_owned())
}

/// A chat by hidden id.
pub(crate) fn lid(n: u64) -> ChatId {
    ChatId::Lid(format!("77{n:04}"))
}

pub(crate) fn text(text: &str) -> MessageText {
    MessageText::parse(text).expect("a text")
}

pub(crate) fn accepted(raw_id: &str) -> SendAnswer {
    SendAnswer::Accepted {
        raw_id: Some(raw_id.to_owned()),
    }
}

pub(crate) fn view(session: &SessionName, state: SessionState, at: Timestamp) -> SessionView {
    let number = if *session == groom() {
        "393330000001"
    } else {
        "393330000002"
    };
    SessionView {
        state,
        problem: None,
        own: Some(OwnAccount {
            chat: ChatId::Phone(number.to_owned()),
            lid: None,
            name: None,
        }),
        restriction: None,
        capping: None,
        server: None,
        at,
    }
}

pub(crate) fn inbound(chat: ChatId, raw_id: &str, at: Timestamp) -> ObservedMessage {
    ObservedMessage {
        raw_id: raw_id.to_owned(),
        full_id: format!("false_{chat}_{raw_id}"),
        own_number: None,
        read_in_chat: false,
        chat,
        alt: None,
        from_me: false,
        at,
        kind: MessageKind::Text,
        body: Some("Hello".to_owned()),
        reply_to: None,
        push_name: None,
        ack: None,
    }
}

pub(crate) fn own(chat: ChatId, raw_id: &str, body: &str, at: Timestamp) -> ObservedMessage {
    ObservedMessage {
        full_id: format!("true_{chat}_{raw_id}"),
        from_me: true,
        body: Some(body.to_owned()),
        ..inbound(chat, raw_id, at)
    }
}

/// Every step takes one second, so that plans can be reckoned with.
pub(crate) fn even_pace() -> Pacing {
    Pacing {
        reading_min_ms: 1_000,
        reading_max_ms: 1_000,
        reply_reading_min_ms: 1_000,
        reply_reading_max_ms: 1_000,
        typing_ms_per_char: 1_000,
        typing_cap_ms: 300_000,
        typing_spread_percent: 0,
        pause_min_ms: 1_000,
        pause_max_ms: 1_000,
    }
}
