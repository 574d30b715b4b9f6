//! Tests of `pages/settings/changes.rs`, with its private items.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use domain::config::Language;

use super::*;
use crate::pages::words::words;

/// Every action that the storage writes: `noun.verb` in a string of its own. Columns in statements stand in longer strings.
fn actions(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            actions(&path, found);
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let of_actions = text.contains("Deed") || text.contains("deed(");
        let strings = text.split('"').skip(1).step_by(2);
        found.extend(
            strings
                .filter(|s| of_actions && is_action(s))
                .map(str::to_owned),
        );
    }
}

fn is_action(text: &str) -> bool {
    let word =
        |word: &str| word.len() > 1 && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    text.split_once('.')
        .is_some_and(|(noun, verb)| word(noun) && word(verb))
}

#[test]
fn every_action_has_its_words() {
    let storage = Path::new(env!("CARGO_MANIFEST_DIR")).join("../storage/src");
    let mut found = BTreeSet::new();
    actions(&storage, &mut found);
    for known in [
        "session.pause",
        "message.cancel",
        "account.add",
        "config.update",
    ] {
        assert!(
            found.contains(known),
            "the search misses {known}: {found:?}"
        );
    }
    assert!(found.len() > 30, "{found:?}");
    for language in [Language::Italian, Language::English] {
        for action in &found {
            let key = key(action);
            assert!(words(language).find(&key).is_some(), "{language}: {key}");
        }
    }
}
