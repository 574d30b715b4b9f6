use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use fluent_bundle::FluentResource;

use super::*;

/// The keys of a language, with the names of what belongs into each text.
fn keys(files: &[(&str, &str)]) -> BTreeMap<String, BTreeSet<String>> {
    let mut found = BTreeMap::new();
    for (name, text) in files {
        let read = FluentResource::try_new((*text).to_owned());
        assert!(read.is_ok(), "{name}: {:?}", read.err().map(|(_, bad)| bad));
        for entry in messages(text) {
            let (key, value) = entry;
            let twice = found.insert(key.clone(), arguments(&value));
            assert!(twice.is_none(), "{name}: {key} is there twice");
        }
    }
    found
}

/// A Fluent file cut into messages: a key begins a line, what is indented belongs to it.
fn messages(text: &str) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let starts = line.starts_with(|c: char| c.is_ascii_lowercase());
        match line.split_once('=') {
            Some((key, value)) if starts => {
                all.push((key.trim().to_owned(), value.trim().to_owned()));
            }
            _ => {
                if let Some((_, value)) = all.last_mut() {
                    value.push('\n');
                    value.push_str(line);
                }
            }
        }
    }
    all
}

fn arguments(value: &str) -> BTreeSet<String> {
    let name = |rest: &str| {
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
        rest[..end.unwrap_or(rest.len())].to_owned()
    };
    value.split('$').skip(1).map(name).collect()
}

#[test]
fn both_languages_have_the_same_texts_with_the_same_gaps() {
    let (italian, english) = (keys(ITALIAN), keys(ENGLISH));
    assert!(!italian.is_empty());
    for (key, arguments) in &italian {
        assert_eq!(english.get(key), Some(arguments), "English differs: {key}");
    }
    for key in english.keys() {
        assert!(italian.contains_key(key), "Italian lacks {key}");
    }
}

#[test]
fn no_text_is_empty_or_the_same_sentence_in_both() {
    let long = |text: &str| text.split_whitespace().count() > 3;
    let english: BTreeMap<_, _> = ENGLISH
        .iter()
        .flat_map(|(_, text)| messages(text))
        .collect();
    for (key, italian) in ITALIAN.iter().flat_map(|(_, text)| messages(text)) {
        assert!(!italian.trim().is_empty(), "{key} says nothing");
        assert!(
            !(long(&italian) && english.get(&key) == Some(&italian)),
            "{key} is not translated"
        );
    }
}

/// Every key that a template or a handler names, as far as it is named in full.
fn named(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            named(&path, found);
            continue;
        }
        let Ok(text) = fs::read_to_string(&path) else {
            continue;
        };
        // examples in the documentation are no texts
        let code = text
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"));
        let text: String = code.collect::<Vec<_>>().join("\n");
        for call in [".t(\"", ".with(\"", ".text(\""] {
            for rest in text.split(call).skip(1) {
                let key: String = rest.chars().take_while(|c| *c != '"').collect();
                if key.contains('-') {
                    found.insert(key);
                }
            }
        }
    }
}

#[test]
fn every_text_that_is_named_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut used = BTreeSet::new();
    named(&root.join("templates/pages"), &mut used);
    named(&root.join("src/pages"), &mut used);
    let there = keys(ITALIAN);
    let missing: Vec<_> = used
        .iter()
        .filter(|key| !there.contains_key(*key))
        .collect();
    assert!(used.len() > 10, "the search found nothing");
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn what_people_wrote_keeps_its_direction_to_itself() {
    let words = words(Language::English);
    let text = words.with("shell-signed-in-as", &[("name", "\u{202e}anna".into())]);
    assert!(text.contains("\u{2068}\u{202e}anna\u{2069}"), "{text:?}");
}

#[test]
fn every_reason_of_a_wait_has_its_words() {
    use domain::wait::{AwaitedEvent, AwaitedPerson, WaitReason};
    let reasons = WaitReason::ALL.iter().map(|r| format!("wait-{r}"));
    let events = AwaitedEvent::ALL.iter().map(|e| format!("ends-{e}"));
    let people = AwaitedPerson::ALL.iter().map(|p| format!("ends-{p}"));
    for language in [Language::Italian, Language::English] {
        for key in reasons.clone().chain(events.clone()).chain(people.clone()) {
            assert!(words(language).find(&key).is_some(), "{language}: {key}");
        }
    }
}
