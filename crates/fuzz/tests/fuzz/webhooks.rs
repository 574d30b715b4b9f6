//! Webhooks as a WAHA posts them: the body as an event, the message ids in it, and the signature of the raw bytes.

use secrecy::SecretString;
use serde_json::Value;
use waha::{BadEvent, ChatId, Event, EventKind, Message, MessageId, Signature, raw_id};

use crate::harness::Target;

const WEBHOOKS: Target = Target {
    name: "webhooks",
    words: WORDS,
    round: 2_000,
};

/// Words of WAHA's events.
pub(crate) const WORDS: &[&[u8]] = &[
    b"\"",
    b"\\",
    b"\\u0000",
    b"\\ud83d",
    b"\\udc8c",
    b"\\u00e8",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"null",
    b"-1",
    b"\"event\":\"message.any\"",
    b"\"event\":\"message.ack\"",
    b"\"event\":\"message.reaction\"",
    b"\"event\":\"message.edited\"",
    b"\"event\":\"message.revoked\"",
    b"\"event\":\"message.waiting\"",
    b"\"event\":\"session.status\"",
    b"\"fromMe\":true,",
    b"true_393470000001@c.us_3EB0AA",
    b"false_77@lid_A_9@c.us",
    b"@c.us",
    b"@lid",
    b"@g.us",
    b"_",
    b":12",
    b"\"ack\":3,",
    b"\0",
    b"\xED\xA0\xBD",
    b"\xFF",
    b"1e400",
];

#[test]
fn webhooks() {
    WEBHOOKS.run(check);
}

/// Asserts what holds for any body and returns what it was.
pub(crate) fn check(body: &[u8]) -> String {
    signature(body);
    let text = String::from_utf8_lossy(body);
    let short: String = text.chars().take(200).collect();
    message_id(&short);
    let event = Event::parse(body);
    assert_eq!(event, Event::parse(body), "reading twice differs");
    match event {
        Err(BadEvent::Envelope) => "envelope".to_owned(),
        Err(BadEvent::Payload { event }) => format!("payload {event}").chars().take(30).collect(),
        Ok(event) => check_event(&event, body),
    }
}

fn check_event(event: &Event, body: &[u8]) -> String {
    let room = 3 * body.len();
    let fits = |text: &str| {
        assert!(!text.contains('\0'), "a NUL, which no database takes");
        assert!(text.len() <= room, "a text is longer than the body");
    };
    fits(&event.session);
    let outcome = match &event.kind {
        EventKind::Message(message) | EventKind::Waiting(message) => check_message(message, fits),
        EventKind::Edited {
            target_raw_id,
            message,
        } => {
            fits(target_raw_id);
            check_message(message, fits)
        }
        EventKind::Reaction {
            target_raw_id,
            emoji,
            message,
        } => {
            fits(target_raw_id);
            fits(emoji.as_deref().unwrap_or_default());
            check_message(message, fits)
        }
        EventKind::Ack {
            raw_id, chat, ack, ..
        } => {
            fits(raw_id);
            fits(chat.as_str());
            check_ack(*ack);
            format!("{ack:?} {:?}", chat.is_direct())
        }
        EventKind::Revoked {
            target_raw_id,
            chat,
        } => {
            fits(target_raw_id);
            format!("{}", chat.is_some())
        }
        EventKind::SessionStatus { status, data } => format!("{status:?} {}", data.is_some())
            .chars()
            .take(30)
            .collect(),
        EventKind::Other(name) => {
            fits(name);
            String::new()
        }
    };
    // names of events that we do not know are not told apart
    let kind = if matches!(event.kind, EventKind::Other(_)) {
        "other"
    } else {
        event.kind.name()
    };
    format!("{kind} {outcome} {}", event.me.is_some())
}

fn check_ack(ack: waha::Ack) {
    let again = waha::Ack::from_level(i64::from(ack.level()));
    assert_eq!(again, Some(ack), "a level reads back");
}

fn check_message(message: &Message, fits: impl Fn(&str)) -> String {
    fits(&message.full_id);
    fits(message.chat.as_str());
    assert!(!message.raw_id.is_empty(), "a message without an id");
    assert_eq!(
        message.raw_id,
        raw_id(&message.full_id),
        "the raw id is that of the full one"
    );
    [
        &message.body,
        &message.push_name,
        &message.reply_to,
        &message.media_mimetype,
    ]
    .into_iter()
    .flatten()
    .for_each(|text| fits(text));
    let shown = format!("{message:?}");
    let secret =
        |text: &str| text.len() > 8 && !message.raw_id.contains(text) && shown.contains(text);
    assert!(
        !message.body.as_deref().is_some_and(secret),
        "Debug shows the text"
    );
    assert!(
        message.chat.phone().is_none_or(|digits| digits.len() < 8
            || message.raw_id.contains(digits)
            || !shown.contains(digits)),
        "Debug shows the number"
    );
    format!(
        "{:?} {} {:?}",
        message.content,
        message.from_me,
        message.chat.kind()
    )
    .chars()
    .filter(|c| !c.is_ascii_digit())
    .collect()
}

fn message_id(text: &str) {
    assert!(
        text.contains(raw_id(text)),
        "a raw id is a part of the text"
    );
    assert_eq!(
        ChatId::new(ChatId::new(text).as_str()),
        ChatId::new(text),
        "normalising twice differs"
    );
    let Some(id) = MessageId::parse(text) else {
        return;
    };
    assert_eq!(raw_id(text), id.raw, "both readers find the same raw id");
    assert_eq!(
        MessageId::parse(&id.full()).as_ref(),
        Some(&id),
        "a full id reads back"
    );
}

/// Only the exact code of exactly these bytes is accepted.
fn signature(body: &[u8]) {
    let key = SecretString::from("a key of the couple's installation");
    let other = SecretString::from("a key of somebody else, as long as it");
    let right = Signature::of(&key, body).to_string();
    let accepts = |text: &str, body: &[u8]| {
        Signature::from_header(text).is_some_and(|signature| signature.proves(&key, body))
    };
    assert!(accepts(&right, body), "the right signature is refused");
    assert!(
        !accepts(&Signature::of(&other, body).to_string(), body),
        "another key signs"
    );
    let at = body.len() % right.len();
    let mut wrong = right.clone().into_bytes();
    wrong[at] = if wrong[at] == b'0' { b'1' } else { b'0' };
    assert!(
        !accepts(&String::from_utf8(wrong).unwrap(), body),
        "digit {at} of the signature is not looked at"
    );
    assert!(
        !accepts(&right[..right.len() - 2], body) && !accepts(&format!("{right}00"), body),
        "a signature of another length"
    );
    let mut changed = body.to_vec();
    match changed.len() {
        0 => changed.push(0),
        length => changed[at % length] ^= 1,
    }
    assert!(!accepts(&right, &changed), "a changed body is accepted");
    // the input itself as the header: only the right text in hexadecimal is a proof
    let header: String = String::from_utf8_lossy(body).chars().take(300).collect();
    assert!(!accepts(&header, body), "a body proves itself");
    if let Some(signature) = Signature::from_header(&header) {
        assert_eq!(
            signature.to_string(),
            header.trim().to_ascii_lowercase(),
            "a header reads back"
        );
    }
}

/// The value of a member of a JSON document in the corpus.
#[test]
fn corpus_holds_events_of_every_kind() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/webhooks");
    let mut kinds: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .filter_map(|file| {
            serde_json::from_slice::<Value>(&std::fs::read(file.unwrap().path()).unwrap()).ok()
        })
        .filter_map(|event| Some(event.get("event")?.as_str()?.to_owned()))
        .collect();
    kinds.sort();
    kinds.dedup();
    for kind in [
        "message.any",
        "message.ack",
        "message.reaction",
        "message.edited",
        "message.revoked",
        "message.waiting",
        "session.status",
    ] {
        assert!(
            kinds.iter().any(|known| known == kind),
            "no {kind} in the corpus"
        );
    }
}
