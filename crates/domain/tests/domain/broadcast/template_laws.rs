//! What holds for every template, whatever somebody types.

use domain::{
    broadcast::{Template, TemplateMistake},
    message_text::MessageText,
};
use proptest::prelude::*;

use super::people::{anna, some_contact, template};

/// What people type around braces.
fn typed() -> impl Strategy<Value = String> {
    let bits = prop_oneof![
        Just("{".to_owned()),
        Just("}".to_owned()),
        Just("|".to_owned()),
        Just("name".to_owned()),
        Just("{first_name}".to_owned()),
        Just("{Ciao|Salve}".to_owned()),
        "[a-z è🎉]{0,3}",
    ];
    prop::collection::vec(bits, 0..12).prop_map(|bits| bits.concat())
}

proptest! {
    #[test]
    fn reading_never_panics_and_points_into_the_text(source in typed()) {
        if let Err(error) = Template::parse(source.as_str()) {
            let inside = error.at < source.chars().count();
            let whole = matches!(error.mistake, TemplateMistake::Text(_));
            prop_assert!(inside || whole, "{error}");
        }
    }

    #[test]
    fn what_can_be_read_can_be_rendered_and_is_always_the_same(source in typed(), seed in 0_u64..50) {
        if let Ok(template) = Template::parse(source.as_str()) {
            let to = anna(some_contact(seed));
            let text = template.render(&to);
            prop_assert_eq!(&text, &template.render(&to));
            prop_assert_eq!(&text, &Template::parse(template.as_str()).expect("read before").render(&to));
        }
    }

    #[test]
    fn any_text_can_be_said_by_doubling_its_braces(text in "[a-z{}| \n]{1,40}") {
        prop_assume!(!text.trim().is_empty());
        let escaped = text.replace('{', "{{").replace('}', "}}");
        let said = template(&escaped).render(&anna(some_contact(1)));
        prop_assert_eq!(said.as_ref().map(MessageText::as_str), Ok(text.as_str()));
    }

    #[test]
    fn exactly_one_alternative_is_said(options in prop::collection::vec("[a-z]{1,5}", 2..6), seed in 0_u64..500) {
        let source = format!("<{{{}}}>", options.join("|"));
        let said = template(&source).render(&anna(some_contact(seed))).expect("a text");
        let inner = said.as_str().trim_start_matches('<').trim_end_matches('>');
        prop_assert!(options.iter().any(|option| option == inner));
    }
}

/// Alternatives at two places are not told in step, and each is told to its share.
#[test]
fn alternatives_are_spread() {
    let template = template("{a|b}{c|d}");
    let mut counts = std::collections::BTreeMap::new();
    for seed in 0..4_000 {
        let text = template.render(&anna(some_contact(seed))).expect("a text");
        *counts.entry(String::from(text)).or_insert(0) += 1;
    }
    assert_eq!(counts.len(), 4, "{counts:?}");
    assert!(
        counts.values().all(|count| (880..=1_120).contains(count)),
        "{counts:?}"
    );
}

/// What was shown before an update of this program is what is queued after it.
#[test]
fn a_contact_is_told_the_same_in_every_version() {
    let template = template("{0|1|2|3|4|5|6|7|8|9}{0|1|2|3|4|5|6|7|8|9}");
    let said: Vec<String> = (1..=4)
        .map(|seed| template.render(&anna(some_contact(seed))).expect("a text"))
        .map(String::from)
        .collect();
    assert_eq!(said, ["70", "91", "47", "09"]);
}
