//! Tests of `pages/settings/catalogue.rs`, with its private items.

use std::collections::BTreeSet;

use domain::config::{GlobalConfig, Language};

use super::*;
use crate::pages::words::words;

const DOCUMENTED: [&str; 2] = [
    include_str!("../../../domain/src/config/limits.rs"),
    include_str!("../../../domain/src/config/pacing.rs"),
];

#[test]
fn every_setting_there_is_can_be_set_here() {
    let config = serde_json::to_value(GlobalConfig::default()).unwrap();
    let mut there = BTreeSet::new();
    for (name, value) in config.as_object().unwrap() {
        match value.as_object() {
            Some(inner) => there.extend(inner.keys().cloned()),
            None => assert!(there.insert(name.clone())),
        }
    }
    let here: BTreeSet<_> = settings().map(|setting| setting.name.to_owned()).collect();
    assert_eq!(here.len(), settings().count(), "one is there twice");
    assert_eq!(here, there);
}

#[test]
fn every_setting_has_its_words() {
    let mut keys = BTreeSet::new();
    for group in GROUPS {
        keys.insert(format!("settings-group-{}", group.name));
        keys.insert(format!("settings-group-{}-hint", group.name));
    }
    for setting in settings() {
        keys.insert(format!("settings-name-{}", setting.name));
        keys.insert(format!("settings-risk-{}", setting.name));
        if let Some(source) = setting.source {
            keys.insert(format!("settings-source-{}", source.as_str()));
        }
        if let Kind::Number(unit) = setting.kind {
            keys.insert(format!("settings-unit-{}", unit.as_str()));
        }
    }
    for language in [Language::Italian, Language::English] {
        for key in &keys {
            assert!(words(language).find(key).is_some(), "{language}: {key}");
        }
    }
}

#[test]
fn defaults_come_from_where_their_documentation_says() {
    for setting in settings() {
        let Some(source) = setting.source else {
            continue;
        };
        let declared = [
            format!("    {}: ", setting.name),
            format!("pub {}: ", setting.name),
        ];
        let found = DOCUMENTED.iter().find_map(|text| {
            let lines: Vec<_> = text.lines().collect();
            let at = lines.iter().position(|line| {
                declared
                    .iter()
                    .any(|declared| line.contains(declared.as_str()))
            })?;
            let doc = lines[..at].iter().rev().take_while(|line| {
                let line = line.trim_start();
                line.starts_with("///") || line.starts_with("#[")
            });
            Some(doc.copied().collect::<String>())
        });
        let doc = found.unwrap_or_else(|| panic!("{} is nowhere", setting.name));
        let said = format!("({}", source.as_str());
        assert!(doc.contains(&said), "{}: {doc}", setting.name);
    }
}
