//! The texts of the page, by their key, from the files that the page has them from: a story names what a person looks for,
//! not its words in each language.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};

/// A name and what stands for it in a text.
pub(crate) type Arg<'a> = (&'static str, FluentValue<'a>);

/// The marks that keep directions apart; nobody sees them.
pub(crate) const ISOLATES: [char; 2] = ['\u{2068}', '\u{2069}'];

/// The texts of one language, and how to tell those of the other.
pub(crate) struct Texts {
    bundle: FluentBundle<FluentResource>,
    own: BTreeSet<Sentence>,
    foreign: BTreeSet<Sentence>,
    /// What was judged before: pages say the same again and again.
    judged: Mutex<HashMap<String, bool>>,
}

/// A text, in the pieces around what is filled in.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Sentence(Vec<String>);

/// Fewer letters than this around a gap fit too many texts.
const TELLING: usize = 9;

impl Texts {
    pub(crate) fn of(language: &str) -> Self {
        let mut bundle = FluentBundle::new(vec![language.parse().expect("a language")]);
        bundle.set_use_isolating(false);
        for file in files(language) {
            let text = fs::read_to_string(file).expect("a text");
            let resource = FluentResource::try_new(text).expect("a text that can be read");
            bundle
                .add_resource(resource)
                .expect("a text that is there once");
        }
        let other = if language == "it" { "en" } else { "it" };
        Self {
            bundle,
            own: sentences(language),
            foreign: sentences(other),
            judged: Mutex::default(),
        }
    }

    /// The text with that key and what belongs into it.
    pub(crate) fn with(&self, key: &str, args: &[Arg<'_>]) -> String {
        let message = self.bundle.get_message(key);
        let message = message.unwrap_or_else(|| panic!("there is no text {key}"));
        let args: FluentArgs<'_> = args.iter().cloned().collect();
        let mut errors = Vec::new();
        let pattern = message.value().expect("a text");
        let text = self
            .bundle
            .format_pattern(pattern, Some(&args), &mut errors);
        assert!(errors.is_empty(), "{key}: {errors:?}");
        text.into_owned()
    }

    /// Whether the other language says that, and this one does not.
    pub(crate) fn is_foreign(&self, text: &str) -> bool {
        let mut judged = self.judged.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(is_foreign) = judged.get(text) {
            return *is_foreign;
        }
        let says = |all: &BTreeSet<Sentence>| all.iter().any(|one| one.fits(text));
        let is_foreign = says(&self.foreign) && !says(&self.own);
        judged.insert(text.to_owned(), is_foreign);
        is_foreign
    }
}

impl Sentence {
    fn of(pattern: &str) -> Self {
        let mut pieces = vec![String::new()];
        for (index, part) in pattern.split('{').enumerate() {
            let (gap, literal) = part.split_once('}').unwrap_or(("", part));
            match gap.trim().trim_matches('"') {
                // braces that are meant as such
                brace @ ("{" | "}") => pieces.last_mut().expect("one").push_str(brace),
                _ if index > 0 => pieces.push(String::new()),
                _ => {}
            }
            pieces.last_mut().expect("one").push_str(literal);
        }
        Self(pieces)
    }

    fn is_telling(&self) -> bool {
        let letters = self.0.iter().flat_map(|piece| piece.chars());
        let letters = letters.filter(|c| c.is_alphabetic()).count();
        letters > 0 && (self.0.len() == 1 || letters >= TELLING)
    }

    fn fits(&self, text: &str) -> bool {
        let [first, rest @ ..] = self.0.as_slice() else {
            return false;
        };
        let Some(mut text) = text.strip_prefix(first.as_str()) else {
            return false;
        };
        let Some((last, middle)) = rest.split_last() else {
            return text.is_empty();
        };
        for piece in middle {
            let Some(at) = text.find(piece.as_str()) else {
                return false;
            };
            text = &text[at + piece.len()..];
        }
        text.ends_with(last.as_str())
    }
}

fn files(language: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../queue-api/locales");
    let files = fs::read_dir(folder.join(language)).expect("a folder of texts");
    files.map(|file| file.expect("a file").path()).collect()
}

/// Every text of a language: each variant of those that count is one.
fn sentences(language: &str) -> BTreeSet<Sentence> {
    let texts = files(language).into_iter().map(fs::read_to_string);
    let texts: Vec<String> = texts.map(|text| text.expect("a text")).collect();
    let lines = texts.iter().flat_map(|text| text.lines());
    let patterns = lines.filter_map(|line| {
        let variant = line.trim_start().trim_start_matches('*').strip_prefix('[');
        match variant {
            Some(variant) => variant.split_once(']').map(|(_, text)| text),
            None if line.starts_with(|c: char| c.is_ascii_lowercase()) => {
                line.split_once('=').map(|(_, text)| text)
            }
            None => None,
        }
    });
    patterns
        .map(str::trim)
        .filter(|pattern| !pattern.ends_with("->"))
        .map(Sentence::of)
        .filter(Sentence::is_telling)
        .collect()
}

#[test]
fn a_text_of_the_other_language_is_told_also_where_something_is_filled_in() {
    let texts = Texts::of("it");
    assert!(texts.is_foreign("Sign out"));
    assert!(texts.is_foreign("Everybody who has written will have it by today."));
    assert!(texts.is_foreign("3 of 10 messages sent"));
    for own in [
        texts.with("shell-sign-out", &[]),
        texts.with(
            "broadcasts-progress",
            &[("sent", 3.into()), ("all", 10.into())],
        ),
        "Password".to_owned(),
        "Giulia & Marco".to_owned(),
    ] {
        assert!(!texts.is_foreign(&own), "{own}");
    }
}
