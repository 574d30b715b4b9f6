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

#[test]
fn debug_never_shows_the_number() {
    let chat = ChatId::parse("393470000001@c.us").expect("valid");
    assert!(!format!("{chat:?}").contains("347"));
}
