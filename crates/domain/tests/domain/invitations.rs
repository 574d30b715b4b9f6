//! Invitation tokens as they are made, printed, mangled and found again, and the link that carries them.

use std::collections::HashSet;

use domain::{
    config::Language,
    invitation::{InvitationToken, prefilled_text, wa_me_link},
    phone_number::{Country, PhoneNumber},
};
use proptest::prelude::*;
use rand::{SeedableRng, rngs::StdRng};
use rstest::rstest;

const PRINTED: &str = "K7M-Q4XR-P2W9";

fn token() -> InvitationToken {
    PRINTED.parse().expect("valid")
}

fn any_token() -> impl Strategy<Value = InvitationToken> {
    any::<u64>().prop_map(|seed| InvitationToken::new(&mut StdRng::seed_from_u64(seed)))
}

#[test]
fn new_tokens_differ_and_use_every_character_but_look_alikes() {
    let dice = &mut StdRng::seed_from_u64(7);
    let tokens: HashSet<String> = (0..5_000)
        .map(|_| InvitationToken::new(dice).to_string())
        .collect();
    assert_eq!(tokens.len(), 5_000);
    let used: HashSet<char> = tokens.iter().flat_map(|token| token.chars()).collect();
    let expected: HashSet<char> = "CDFHJKMNPQRTVWXY23456789-".chars().collect();
    assert_eq!(used, expected);
}

#[rstest]
#[case("K7M-Q4XR-P2W9")]
#[case("k7m-q4xr-p2w9")]
#[case("K7MQ4XRP2W9")]
#[case(" k7m q4xr p2w9 ")]
#[case("K7M – Q4XR – P2W9")]
#[case("K7M\u{2011}Q4XR\u{2212}P2W9")]
#[case("K7MQ-4XRP-2W9")]
fn one_token_is_read_however_it_is_written(#[case] written: &str) {
    let token: InvitationToken = written.parse().expect(written);
    assert_eq!(token.to_string(), PRINTED);
}

#[rstest]
#[case::empty("")]
#[case::too_short("K7M-Q4XR-P2W")]
#[case::too_long("K7M-Q4XR-P2W99")]
#[case::look_alike("K7M-Q4XR-P2WO")]
#[case::vowel("K7M-Q4XR-P2WA")]
#[case::no_digit("KTM-QWXR-PCWD")]
#[case::no_letter("347-5556-7894")]
#[case::other_script("К7М-Q4XR-P2W9")]
#[case::other_sign("K7M/Q4XR/P2W9")]
#[case::a_sentence("codice K7M-Q4XR-P2W9")]
fn what_is_not_a_token_is_refused_without_repeating_it(#[case] written: &str) {
    let error = written.parse::<InvitationToken>().expect_err(written);
    assert!(written.is_empty() || !error.to_string().contains(written));
}

#[rstest]
#[case::sentence("Il codice è K7M-Q4XR-P2W9.")]
#[case::lower_case("il codice è k7m-q4xr-p2w9, grazie!")]
#[case::solid("codice:k7mq4xrp2w9")]
#[case::typographic("codice K7M–Q4XR–P2W9 💌")]
#[case::spaced_dashes("codice K7M - Q4XR - P2W9")]
#[case::spaces("my code is k7m q4xr p2w9 thanks")]
#[case::half_joined("K7M-Q4XRP2W9 e K7MQ4XR-P2W9")]
#[case::quoted("«K7M-Q4XR-P2W9»")]
#[case::emphasised("*K7M-Q4XR-P2W9* _K7M-Q4XR-P2W9_")]
#[case::broken_line("> Ecco il codice: K7M-Q4XR-\nP2W9")]
#[case::link("https://example.org/i/K7M-Q4XR-P2W9?x=1")]
#[case::after_short_words("il 7 K7M-Q4XR-P2W9 27")]
#[case::wrapped("(K7M-Q4XR-P2W9)eccolo")]
#[case::twice("K7M-Q4XR-P2W9 K7M-Q4XR-P2W9")]
fn a_token_is_found_whatever_people_do_to_the_text(#[case] text: &str) {
    assert_eq!(InvitationToken::find_in(text), [token()]);
}

#[rstest]
#[case("Ciao, siamo Giulia e Marco! Ci vediamo il 27 settembre 2026 alle 16:30")]
#[case("il mio numero è +39 347 555 6789, oppure 347-5556-7894")]
#[case("34755567894 / 23456789234")]
#[case("IBAN IT60 X054 2811 1010 0000 0123 456")]
#[case("il volo è FR4567 da BGY, targa CD345FG, camera 7")]
#[case("congratulations! Glückwünsche! nonostante strngthslyr")]
#[case("K7M-Q4XR-P2W")]
#[case("K7M-Q4XR-P2W9X")]
#[case("xK7M-Q4XR-P2W9")]
#[case("K7M, Q4XR, P2W9")]
#[case("K7MQ 4XRP 2W9")]
#[case("K7M --- - Q4XR-P2W9")]
#[case("")]
fn words_numbers_and_pieces_are_no_tokens(#[case] text: &str) {
    assert_eq!(InvitationToken::find_in(text), []);
}

/// Each would be asked for in the database: a text made of nothing else must not keep it busy.
#[test]
fn of_thousands_in_one_text_the_first_eight_are_found() {
    let mut dice = StdRng::seed_from_u64(5);
    let tokens: Vec<_> = (0..2_000)
        .map(|_| InvitationToken::new(&mut dice))
        .collect();
    // the first one again and again counts once
    let written = tokens.iter().flat_map(|token| [tokens[0], *token]);
    let text: Vec<_> = written.map(|token| token.to_string()).collect();
    assert_eq!(InvitationToken::find_in(&text.join(", ")), tokens[..8]);
}

#[test]
fn two_invitations_in_one_message_are_both_found_in_order() {
    let found = InvitationToken::find_in("il nostro C3D-F4HJ-K5MN e quello di zia: k7mq4xrp2w9");
    assert_eq!(found, ["C3D-F4HJ-K5MN".parse().expect("valid"), token()]);
}

#[test]
fn json_holds_the_printed_form_and_debug_and_errors_hold_nothing() {
    let json = serde_json::to_string(&token()).expect("writes");
    assert_eq!(json, format!("\"{PRINTED}\""));
    let back: InvitationToken = serde_json::from_str("\"k7mq4xrp2w9\"").expect("reads");
    assert_eq!(back, token());
    assert_eq!(format!("{back:?}"), "InvitationToken(…)");
    let refused =
        serde_json::from_str::<InvitationToken>("\"K7M-Q4XR-P2WO\"").expect_err("refused");
    assert!(!refused.to_string().contains("Q4XR"));
}

#[test]
fn the_prefilled_text_is_friendly_with_and_without_names() {
    let italian = prefilled_text(Language::Italian, " Giulia e Marco ", &token());
    assert_eq!(
        italian,
        "Ciao Giulia e Marco! 💌 Ecco il codice del vostro invito: K7M-Q4XR-P2W9"
    );
    let english = prefilled_text(Language::English, "", &token());
    assert_eq!(
        english,
        "Hi! 💌 Here is the code of your invitation: K7M-Q4XR-P2W9"
    );
}

#[test]
fn the_link_opens_the_chat_of_that_number_with_that_text() {
    let number = PhoneNumber::parse("+39 347 000 0001", Country::ITALY).expect("valid");
    assert_eq!(
        wa_me_link(&number, "Sì & no? 50% + a/b#c-d_e.f~g\n💌"),
        "https://wa.me/393470000001?text=S%C3%AC%20%26%20no%3F%2050%25%20%2B%20a%2Fb%23c-d_e.f~g%0A%F0%9F%92%8C"
    );
}

fn any_separator() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "", "-", " ", "–", "—", "\u{2011}", " - ", "\n", "\u{a0}",
    ])
    .prop_map(str::to_owned)
}

proptest! {
    #[test]
    fn every_token_is_read_back_and_found_in_its_prefilled_text(
        token in any_token(),
        names in "[\\p{Latin} '&.]{0,40}",
        italian in any::<bool>(),
    ) {
        prop_assert_eq!(token.to_string().parse(), Ok(token));
        let language = if italian { Language::Italian } else { Language::English };
        let text = prefilled_text(language, &names, &token);
        prop_assert_eq!(InvitationToken::find_in(&text), [token]);
        prop_assert_eq!(InvitationToken::find_in(&text.to_lowercase()), [token]);
        prop_assert_eq!(InvitationToken::find_in(&text.to_uppercase()), [token]);
    }

    #[test]
    fn every_token_is_found_with_other_dashes_case_and_neighbours(
        token in any_token(),
        first in any_separator(),
        second in any_separator(),
        lower in any::<bool>(),
        before in "(|ciao, |invito: |[(\"«*]|grazie\n)",
        after in "(|[.,!?)\"»*]| grazie|, siamo in 4)",
    ) {
        let printed = token.to_string();
        let groups: Vec<&str> = printed.split('-').collect();
        let mut written = format!("{}{first}{}{second}{}", groups[0], groups[1], groups[2]);
        if lower {
            written.make_ascii_lowercase();
        }
        prop_assert_eq!(InvitationToken::find_in(&format!("{before}{written}{after}")), [token]);
    }

    #[test]
    fn no_text_breaks_the_search_and_no_word_or_number_is_a_token(text in "\\PC*", words in "[a-zA-Z àèéìòù,.'-]{0,200}", digits in "[0-9 +()/.-]{0,60}") {
        for found in InvitationToken::find_in(&text) {
            prop_assert_eq!(found.to_string().parse(), Ok(found));
        }
        prop_assert_eq!(InvitationToken::find_in(&words), []);
        prop_assert_eq!(InvitationToken::find_in(&digits), []);
    }
}
