//! Chat ids and message ids in all their spellings.

use rstest::rstest;
use waha::{ChatId, ChatKind, MessageId, raw_id};

#[rstest]
#[case(
    "393470000001@c.us",
    "393470000001@c.us",
    ChatKind::Person("393470000001")
)]
#[case(
    "393470000001@s.whatsapp.net",
    "393470000001@c.us",
    ChatKind::Person("393470000001")
)]
#[case(
    "393470000001:12@s.whatsapp.net",
    "393470000001@c.us",
    ChatKind::Person("393470000001")
)]
#[case("393470000001", "393470000001@c.us", ChatKind::Person("393470000001"))]
#[case("77@lid", "77@lid", ChatKind::Lid("77"))]
#[case("77:3@lid", "77@lid", ChatKind::Lid("77"))]
#[case("120363000000000001@g.us", "120363000000000001@g.us", ChatKind::Group)]
#[case("1203-44@g.us", "1203-44@g.us", ChatKind::Group)]
#[case("12@newsletter", "12@newsletter", ChatKind::Newsletter)]
#[case("status@broadcast", "status@broadcast", ChatKind::Status)]
#[case("99@broadcast", "99@broadcast", ChatKind::Broadcast)]
#[case("pippo@c.us", "pippo@c.us", ChatKind::Other)]
#[case("", "@c.us", ChatKind::Other)]
fn a_chat_id_is_normalised(#[case] text: &str, #[case] normal: &str, #[case] kind: ChatKind<'_>) {
    let chat = ChatId::new(text);
    assert_eq!(chat.as_str(), normal);
    assert_eq!(chat.kind(), kind);
    assert_eq!(ChatId::new(normal), chat, "a normal id stays as it is");
}

#[test]
fn only_a_person_has_a_phone_and_both_forms_are_direct() {
    let (person, lid) = (ChatId::person("+393470000001"), ChatId::new("77@lid"));
    assert_eq!(person.phone(), Some("393470000001"));
    assert_eq!(lid.phone(), None);
    assert!(person.is_direct() && lid.is_direct());
    assert!(!ChatId::new("1@g.us").is_direct());
}

#[test]
fn a_full_id_is_taken_apart_and_put_together() {
    let text = "false_120363000000000001@g.us_3EB0GRP_393470000001@c.us";
    let id = MessageId::parse(text).unwrap();
    assert!(!id.from_me);
    assert_eq!(id.chat, ChatId::new("120363000000000001@g.us"));
    assert_eq!(id.raw, "3EB0GRP");
    assert_eq!(id.participant, Some(ChatId::person("393470000001")));
    assert_eq!(id.full(), text);
}

#[rstest]
#[case("3EB0AAAABBBB")]
#[case("maybe_393470000001@c.us_3EB0")]
#[case("true_393470000001@c.us_")]
#[case("true_nochat_3EB0")]
#[case("")]
fn what_is_not_a_full_id_is_not_parsed(#[case] text: &str) {
    assert_eq!(MessageId::parse(text), None);
}

#[rstest]
#[case("true_393470000001@c.us_3EB0AA", "3EB0AA")]
#[case("false_77@lid_3EB0AA", "3EB0AA")]
#[case("false_1@g.us_3EB0AA_393470000001@c.us", "3EB0AA")]
#[case("3EB0AA", "3EB0AA")]
fn ids_are_compared_by_their_raw_part(#[case] text: &str, #[case] raw: &str) {
    assert_eq!(raw_id(text), raw);
}
