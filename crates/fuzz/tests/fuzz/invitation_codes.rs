//! First messages of strangers: the invitation code inside, and words that stop or start messages.

use domain::config::Language;
use domain::invitation::{InvitationToken, prefilled_text, wa_me_link};
use domain::message_text::MessageText;
use domain::opt_out;
use domain::phone_number::{Country, PhoneNumber};

use crate::harness::Target;

const INVITATION_CODES: Target = Target {
    name: "invitation_codes",
    words: &[
        b"K7M-Q4XR-P2W9",
        b"k7mq4xrp2w9",
        b"K7M",
        b"Q4XR",
        b"P2W9",
        b"C3D-F4HJ-K5MN",
        b"-",
        b" - ",
        b"\xE2\x80\x93",
        b"\xE2\x80\x91",
        b"\xC2\xAD",
        b"\xE2\x80\x8B",
        b"\n",
        b"*",
        b"_",
        b"9",
        b"X",
        b"\xD0\x9A",
        b"\xEF\xBC\xAB",
        b"\xCC\x80",
        b"stop",
        b"STOP",
        b"basta",
        b"non scrivermi",
        b"unsubscribe",
        b"start",
        b"grazie",
        b"haha",
        b"\xF0\x9F\x92\x8C",
        b"https://wa.me/393470000001?text=",
        b"\xC4\xB0",
        b"\xF0\x9D\x90\x92",
    ],
    round: 3_000,
};

#[test]
fn invitation_codes() {
    INVITATION_CODES.run(check);
}

/// Asserts what holds for any text and returns what was found in it.
pub(crate) fn check(input: &[u8]) -> String {
    let text = String::from_utf8_lossy(input);
    if let Ok(token) = text.parse::<InvitationToken>() {
        assert_eq!(token.to_string().parse(), Ok(token), "a code reads back");
    }
    let found = InvitationToken::find_in(&text);
    // each one costs a look into the database
    assert!(found.len() <= 8, "{} codes in one text", found.len());
    let letters = text.chars().filter(char::is_ascii_alphanumeric).count();
    assert!(
        found.len() * 11 <= letters,
        "more codes than the text has letters"
    );
    let once = found
        .iter()
        .enumerate()
        .all(|(at, token)| !found[..at].contains(token));
    assert!(once, "a code is found twice");
    let solid: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
    for token in &found {
        let symbols = token.to_string().replace('-', "");
        assert!(
            solid.to_ascii_uppercase().contains(&symbols),
            "a code that is not in the text"
        );
        prefilled(*token, &text);
    }
    let meaning = opt_out::read(&text);
    assert_eq!(
        meaning,
        opt_out::read(&format!("  {text}\n")),
        "white space changes the meaning"
    );
    let sendable = MessageText::parse(text.as_ref()).is_ok();
    format!("{} {meaning:?} {sendable}", found.len())
}

/// The code of a text that we prefill is found again, whatever the couple is called.
fn prefilled(token: InvitationToken, text: &str) {
    let names: String = text
        .chars()
        .filter(|c| !c.is_alphanumeric() || c.is_alphabetic())
        .take(60)
        .collect();
    let said = prefilled_text(Language::Italian, &names, &token);
    assert!(
        InvitationToken::find_in(&said).contains(&token),
        "the code of {said:?} is lost"
    );
    let number = PhoneNumber::parse("+39 347 000 0001", Country::ITALY).unwrap();
    let link = wa_me_link(&number, &said);
    let rest = link.strip_prefix("https://wa.me/393470000001?text=");
    let safe = rest.is_some_and(|rest| {
        rest.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"%-_.~".contains(&byte))
    });
    assert!(safe, "the link has another part: {link}");
}
