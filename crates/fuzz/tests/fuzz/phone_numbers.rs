//! Phone numbers as people write them, and the chat ids of WhatsApp. The first line of an input is the country.

use domain::chat_id::ChatId;
use domain::phone_number::{Country, PhoneNumber};

use crate::harness::Target;

const PHONE_NUMBERS: Target = Target {
    name: "phone_numbers",
    words: &[
        b"+39",
        b"0039",
        b"+",
        b"00",
        b"(0)",
        b"347",
        b"000 0001",
        b" ",
        b"-",
        b".",
        b"/",
        b";ext=5",
        b" x12",
        b"tel:",
        b";phone-context=+39",
        b"\xEF\xBC\x8B",
        b"\xEF\xBC\x93",
        b"\xD9\xA3",
        b"\xE2\x80\xAA",
        b"\xC2\xA0",
        b"0800 FLOWERS",
        b"@c.us",
        b"@lid",
        b"@s.whatsapp.net",
        b":12",
        b"@g.us",
        b"\n",
        b"GB\n",
        b"US\n",
        b"DE\n",
        b"AR\n",
        b"001\n",
        b"it\n",
    ],
    round: 4_000,
};

#[test]
fn phone_numbers() {
    PHONE_NUMBERS.run(check);
}

/// E.164: a country code that does not begin with 0, and at most 15 digits.
pub(crate) fn assert_e164(phone: &PhoneNumber) {
    let digits = phone.digits();
    let shape = digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
    assert!(
        shape && (5..=15).contains(&digits.len()),
        "not E.164: {digits}"
    );
}

/// Asserts what holds for any text and returns how it was read.
pub(crate) fn check(input: &[u8]) -> String {
    let text = String::from_utf8_lossy(input);
    let (country, text) = text.split_once('\n').unwrap_or(("IT", &text));
    let country = country_of(country);
    format!("{} {}", check_phone(text, country), check_chat(text))
}

fn country_of(text: &str) -> Country {
    let Ok(country) = Country::parse(text) else {
        return Country::ITALY;
    };
    assert_eq!(
        Country::parse(&country.code()),
        Ok(country),
        "a country reads back"
    );
    country
}

fn check_phone(text: &str, country: Country) -> String {
    let phone = match PhoneNumber::parse(text, country) {
        Ok(phone) => phone,
        Err(problem) => return format!("{problem:?}"),
    };
    assert_e164(&phone);
    let digits = phone.digits().to_owned();
    let again = |text: String, how: &str| {
        let parsed = PhoneNumber::parse(&text, country);
        assert_eq!(
            parsed.as_ref(),
            Ok(&phone),
            "{how} {text} of {}",
            phone.digits()
        );
    };
    again(format!("+{digits}"), "E.164");
    again(format!("00{digits}"), "international prefix");
    again(phone.international(), "international form");
    assert_eq!(
        PhoneNumber::from_whatsapp(&digits).as_ref(),
        Ok(&phone),
        "as WhatsApp writes it"
    );
    assert!(
        !format!("{phone:?}").contains(&digits),
        "Debug shows the number"
    );
    format!("{}-{}", digits.len(), &digits[..2])
}

fn check_chat(text: &str) -> String {
    let wire = waha::ChatId::new(text);
    assert_eq!(
        waha::ChatId::new(wire.as_str()),
        wire,
        "normalising twice differs"
    );
    let Ok(chat) = ChatId::parse(text) else {
        return "no chat".to_owned();
    };
    assert_eq!(
        ChatId::parse(&chat.to_string()),
        Ok(chat.clone()),
        "a chat id reads back"
    );
    assert_eq!(
        chat.to_string(),
        wire.as_str(),
        "both crates read the same chat"
    );
    assert!(wire.is_direct(), "a direct chat for both crates");
    if let Some(phone) = chat.phone_digits() {
        let digits = phone.bytes().all(|byte| byte.is_ascii_digit());
        assert!(
            digits && (1..=32).contains(&phone.len()),
            "the digits of a chat"
        );
    }
    format!("{chat:?}")
}
