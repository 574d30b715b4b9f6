//! WhatsApp's addresses: direct chats parse and fold, everything else is refused.

use domain::chat_id::ChatId;
use rstest::rstest;

#[rstest]
#[case("393470000001@c.us", "393470000001@c.us")]
#[case("393470000001@s.whatsapp.net", "393470000001@c.us")]
#[case("393470000001:12@s.whatsapp.net", "393470000001@c.us")]
#[case("393470000001", "393470000001@c.us")]
#[case("77@lid", "77@lid")]
#[case("77:3@lid", "77@lid")]
fn forms_of_one_person_fold_into_one(#[case] text: &str, #[case] folded: &str) {
    assert_eq!(ChatId::parse(text).expect(text).to_string(), folded);
}

#[rstest]
#[case("120363000000000001@g.us")]
#[case("393470000001-1400000000@g.us")]
#[case("status@broadcast")]
#[case("123@newsletter")]
#[case("@c.us")]
#[case("hello@c.us")]
#[case("+393470000001@c.us")]
#[case("")]
fn what_is_no_direct_chat_is_refused(#[case] text: &str) {
    assert!(ChatId::parse(text).is_err(), "{text:?} was taken");
}

#[rstest]
#[case::longest(32, true)]
#[case::too_long(33, false)]
fn a_chat_has_at_most_32_digits(#[case] digits: usize, #[case] valid: bool) {
    let text = format!("{}@lid", "7".repeat(digits));
    assert_eq!(ChatId::parse(&text).is_ok(), valid);
}

#[rstest]
#[case("393470000001:12@s.whatsapp.net", Some("393470000001"))]
#[case("77@lid", None)]
fn only_a_phone_chat_has_the_digits_of_a_phone(#[case] text: &str, #[case] digits: Option<&str>) {
    assert_eq!(ChatId::parse(text).expect(text).phone_digits(), digits);
}

#[test]
fn json_holds_the_folded_chat_and_refuses_another() {
    let text = "\"393470000001:12@s.whatsapp.net\"";
    let chat: ChatId = serde_json::from_str(text).expect("reads");
    let json = serde_json::to_string(&chat).expect("writes");
    assert_eq!(json, "\"393470000001@c.us\"");
    assert!(serde_json::from_str::<ChatId>("\"status@broadcast\"").is_err());
}

#[rstest]
#[case("393470000001@c.us", "ChatId(phone …)")]
#[case("77@lid", "ChatId(lid …)")]
fn debug_shows_the_kind_and_never_the_number(#[case] text: &str, #[case] shown: &str) {
    let chat = ChatId::parse(text).expect(text);
    assert_eq!(format!("{chat:?}"), shown);
}
