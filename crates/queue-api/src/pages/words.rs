//! What the pages say, in each language: Fluent files under `locales/`, one for each part of the page. A key that one language
//! lacks does not pass the tests below.

use std::sync::LazyLock;

use domain::config::Language;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use tracing::error;

/// The texts of one language.
pub(super) struct Words {
    language: Language,
    bundle: FluentBundle<FluentResource>,
}

/// A name and what stands for it in a text.
pub(super) type Arg<'a> = (&'static str, FluentValue<'a>);

macro_rules! files {
    ($language:literal: $($part:literal)+) => {
        &[$((
            concat!($language, "/", $part, ".ftl"),
            include_str!(concat!("../../locales/", $language, "/", $part, ".ftl")),
        )),+]
    };
}

macro_rules! languages {
    ($($part:literal)+) => {
        const ITALIAN: &[(&str, &str)] = files!("it": $($part)+);
        const ENGLISH: &[(&str, &str)] = files!("en": $($part)+);
    };
}

languages! { "shell" "problems" "sign_in" "waits" "home" "pairing" "passkey" "queue" "conversations" "guests" "broadcasts" "settings" "people" "changes" }

static WORDS: LazyLock<[Words; 2]> = LazyLock::new(|| {
    [
        Words::read(Language::Italian, ITALIAN),
        Words::read(Language::English, ENGLISH),
    ]
});

/// The texts of that language.
pub(super) fn words(language: Language) -> &'static Words {
    let [italian, english] = &*WORDS;
    match language {
        Language::Italian => italian,
        Language::English => english,
    }
}

impl Words {
    fn read(language: Language, files: &[(&str, &str)]) -> Self {
        // both tags are of the tests' languages, and read
        let tag = language.as_str().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![tag]);
        for (name, text) in files {
            let resource =
                FluentResource::try_new((*text).to_owned()).unwrap_or_else(|(good, bad)| {
                    error!(file = name, errors = ?bad, "a text cannot be read");
                    good
                });
            if let Err(errors) = bundle.add_resource(resource) {
                error!(file = name, ?errors, "a text is there twice");
            }
        }
        Self { language, bundle }
    }

    pub(super) const fn language(&self) -> Language {
        self.language
    }

    /// The text with that key.
    pub(super) fn text(&self, key: &str) -> String {
        self.with(key, &[])
    }

    /// The text with that key and what belongs into it.
    pub(super) fn with(&self, key: &str, args: &[Arg<'_>]) -> String {
        self.made(key, args).unwrap_or_else(|| {
            error!(key, language = %self.language, "a text is missing");
            format!("⟦{key}⟧")
        })
    }

    /// The text with that key, if there is one.
    pub(super) fn find(&self, key: &str) -> Option<String> {
        self.made(key, &[])
    }

    fn made(&self, key: &str, args: &[Arg<'_>]) -> Option<String> {
        let pattern = self.bundle.get_message(key)?.value()?;
        let args: FluentArgs<'_> = args.iter().cloned().collect();
        let mut errors = Vec::new();
        let text = self
            .bundle
            .format_pattern(pattern, Some(&args), &mut errors);
        if !errors.is_empty() {
            error!(key, ?errors, "a text lacks something");
            return None;
        }
        Some(text.into_owned())
    }
}

#[cfg(test)]
#[path = "../../tests/unit/words.rs"]
mod tests;
