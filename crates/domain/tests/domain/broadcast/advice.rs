//! What is advised of a broadcast.

use domain::broadcast::{Advice, AdviceCode, LONG_FIRST_MESSAGE};
use rstest::rstest;

use super::people::List;

fn advised(text: &str) -> Vec<(AdviceCode, Option<String>)> {
    let mut list = List::default();
    list.add("Anna", 1);
    let advice = list.plan(text).advice;
    advice.into_iter().map(|one| (one.code, one.link)).collect()
}

#[rstest]
#[case("Ciao {name}: https://nozze.example.org/{household}", &[])]
#[case("Ciao {name}, http://nozze.example.org!", &[(AdviceCode::PlainHttpLink, "http://nozze.example.org")])]
#[case("{name}: (HTTP://Nozze.example.org/a?b#c).", &[(AdviceCode::PlainHttpLink, "HTTP://Nozze.example.org/a?b#c")])]
#[case("{name} bit.ly/abc, ciao", &[(AdviceCode::ShortenedLink, "bit.ly/abc")])]
#[case("{name} «https://www.TinyURL.com/x»", &[(AdviceCode::ShortenedLink, "https://www.TinyURL.com/x")])]
#[case("{name} https://user@t.co:443/x", &[(AdviceCode::ShortenedLink, "https://user@t.co:443/x")])]
#[case("{name} {http://t.co/a|https://a.example}", &[(AdviceCode::PlainHttpLink, "http://t.co/a"), (AdviceCode::ShortenedLink, "http://t.co/a")])]
#[case("{name} https://notbit.ly/a alle 10.30, a.m.i.c.i", &[])]
#[case("{name} http://", &[(AdviceCode::PlainHttpLink, "http://")])]
fn links_are_looked_at(#[case] text: &str, #[case] expected: &[(AdviceCode, &str)]) {
    let expected: Vec<_> = expected
        .iter()
        .map(|(code, link)| (*code, Some((*link).to_owned())))
        .collect();
    assert_eq!(advised(text), expected);
}

#[test]
fn a_text_without_a_name_is_advised_against() {
    assert_eq!(advised("Ciao a tutti"), [(AdviceCode::NoName, None)]);
}

/// Only as a first message is a long text advised against, and it says to how many.
#[test]
fn a_long_first_message_is_advised_against() {
    let mut list = List::default();
    for n in 1..=3 {
        list.add("Anna", n);
    }
    let long = "x".repeat(LONG_FIRST_MESSAGE - 4) + "{name}";
    assert_eq!(list.plan(&long).advice, []);
    list.known(1).sent_before = false;
    list.known(2).sent_before = false;
    assert_eq!(list.plan(&long).advice, []);
    let longer = format!("x{long}");
    let expected = Advice {
        code: AdviceCode::LongFirstMessage,
        link: None,
        contacts: 2,
    };
    assert_eq!(list.plan(&longer).advice, [expected]);
}

#[test]
fn every_advice_has_a_sentence() {
    for code in AdviceCode::ALL {
        assert!(code.sentence().ends_with('.'), "{code}");
    }
}
