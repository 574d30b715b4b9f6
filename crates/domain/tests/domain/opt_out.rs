//! What whole messages mean for writing to somebody: the labelled table, and what makes no difference to it.

use std::collections::{HashMap, HashSet};

use domain::{
    config::Language,
    invitation::{InvitationToken, prefilled_text},
    opt_out::{Meaning, read},
};
use proptest::prelude::*;
use rand::{SeedableRng, rngs::StdRng};

/// The table: label, tab, message; `#` begins a remark, `\n` is a line break.
const TABLE: &str = include_str!("opt_out.tsv");

fn labelled() -> Vec<(Meaning, String)> {
    let lines = TABLE
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let (label, text) = line.split_once('\t').expect(line);
            (label.parse().expect(line), text.replace("\\n", "\n"))
        })
        .collect()
}

#[test]
fn every_labelled_message_means_what_people_say_it_means() {
    let wrong: Vec<String> = labelled()
        .into_iter()
        .filter(|(meaning, text)| read(text) != *meaning)
        .map(|(meaning, text)| format!("{text:?} is {meaning}, was read as {}", read(&text)))
        .collect();
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn the_table_is_large_has_no_line_twice_and_knows_every_meaning() {
    let table = labelled();
    let distinct: HashSet<&String> = table.iter().map(|(_, text)| text).collect();
    assert_eq!(distinct.len(), table.len());
    let mut counts: HashMap<Meaning, usize> = HashMap::new();
    for (meaning, _) in &table {
        *counts.entry(*meaning).or_default() += 1;
    }
    let at_least = [
        (Meaning::OptOut, 80),
        (Meaning::OptIn, 30),
        (Meaning::Pause, 12),
        (Meaning::Nothing, 100),
    ];
    for (meaning, wanted) in at_least {
        assert!(
            counts[&meaning] >= wanted,
            "{meaning}: {}",
            counts[&meaning]
        );
    }
}

#[test]
fn the_invitations_own_text_says_nothing_about_it() {
    let token = InvitationToken::new(&mut StdRng::seed_from_u64(1));
    for language in Language::ALL {
        let text = prefilled_text(*language, "Giulia e Marco", &token);
        assert_eq!(read(&text), Meaning::Nothing);
    }
}

#[test]
fn a_very_long_message_is_about_something_else_and_read_at_once() {
    assert_eq!(read(&"stop per favore ".repeat(4_000)), Meaning::Nothing);
    let ends_otherwise = format!("{}che vi raggiungo", "stop ".repeat(4_000));
    assert_eq!(read(&ends_otherwise), Meaning::Nothing);
    assert_eq!(read(&"s".repeat(65_536)), Meaning::Nothing);
    assert_eq!(
        read(&format!("{}stop", "\n".repeat(60_000))),
        Meaning::OptOut
    );
}

fn any_labelled() -> impl Strategy<Value = (Meaning, String)> {
    prop::sample::select(labelled())
}

proptest! {
    #[test]
    fn case_and_spaces_around_make_no_difference(
        (meaning, text) in any_labelled(),
        before in "[ \t\n\u{a0}]{0,4}",
        after in "[ \t\n\u{a0}]{0,4}",
        upper in any::<Vec<bool>>(),
    ) {
        let mixed: String = text
            .chars()
            .enumerate()
            .flat_map(|(at, c)| match upper.get(at % upper.len().max(1)) {
                Some(true) => c.to_uppercase().collect::<Vec<_>>(),
                _ => c.to_lowercase().collect(),
            })
            .collect();
        for variant in [text.to_uppercase(), text.to_lowercase(), mixed] {
            prop_assert_eq!(read(&format!("{before}{variant}{after}")), meaning);
        }
    }

    #[test]
    fn any_text_is_read_and_its_case_and_spaces_around_make_no_difference(text in "\\PC*", before in "\\s*", after in "\\s*") {
        let meaning = read(&text);
        prop_assert_eq!(read(&format!("{before}{text}{after}")), meaning);
        prop_assert_eq!(read(&text.to_uppercase()), meaning);
        prop_assert_eq!(read(&text.to_lowercase()), meaning);
    }

    #[test]
    fn a_word_that_is_not_in_the_grammar_leaves_nothing((_, text) in any_labelled(), name in "(marco|giulia|sabato|photos)") {
        prop_assert_eq!(read(&format!("{text} {name}")), Meaning::Nothing);
        prop_assert_eq!(read(&format!("{name} {text}")), Meaning::Nothing);
    }

    #[test]
    fn a_laugh_never_makes_more_of_a_message((meaning, text) in any_labelled(), laugh in "(😂|🤣🤣|ahahah|haha|lol)") {
        let laughed = read(&format!("{text} {laugh}"));
        let stop = matches!(meaning, Meaning::OptOut | Meaning::Pause);
        prop_assert!(laughed == Meaning::Nothing || (laughed == Meaning::Pause && stop));
    }
}
