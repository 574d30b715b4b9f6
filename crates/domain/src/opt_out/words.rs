//! A message as plain words: what people vary without meaning anything by it is taken away here.
//! Question marks stay, as words of their own: "stop?" asks, it does not tell.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Whoever says stop says it in fewer words; a longer message is about something else.
const MOST_WORDS: usize = 40;
/// The same before spelled letters are joined and repetitions dropped.
const MOST_PIECES: usize = 4 * MOST_WORDS;

/// The words of a short message, in order.
pub(super) struct Words {
    /// Lower case, unaccented, unstretched, without repetitions of a word.
    pub(super) said: Vec<String>,
    /// Whether there was a laugh among them; it is not one of the words.
    pub(super) laughing: bool,
}

impl Words {
    /// Reads a message; nothing when it is too long to be only about being written to.
    pub(super) fn of(text: &str) -> Option<Self> {
        let plain = plain(text);
        let pieces: Vec<&str> = plain.split_whitespace().take(MOST_PIECES + 1).collect();
        if pieces.len() > MOST_PIECES {
            return None;
        }
        let mut said: Vec<String> = pieces
            .chunk_by(|a, b| is_letter(a) && is_letter(b))
            .flat_map(spelled)
            .map(|word| unstretched(&word).collect())
            .collect();
        let all = said.len();
        said.retain(|word| !is_laugh(word));
        let laughing = said.len() < all;
        said.dedup();
        (said.len() <= MOST_WORDS).then_some(Self { said, laughing })
    }
}

/// The letters of a word, each once however long it was held: "stoooop" and "messsaggi" are typed like that, and no
/// word of the grammar is told from another by a double letter.
pub(super) fn unstretched(word: &str) -> impl Iterator<Item = char> {
    let mut last = None;
    word.chars().filter(move |&c| last.replace(c) != Some(c))
}

/// Case, accents, styled letters (𝗦𝗧𝗢𝗣), apostrophes and invisible characters folded away; the rest is white space.
fn plain(text: &str) -> String {
    let letters = text
        .chars()
        .filter(|c| !is_apostrophe(*c) && !is_invisible(*c))
        .nfkd()
        .flat_map(any_case)
        .filter(|c| !is_combining_mark(*c));
    let mut plain = String::with_capacity(text.len());
    for c in letters {
        match c {
            '?' | '+' | '😂' => plain.extend([' ', c, ' ']),
            '🤣' | '😆' | '😹' => plain.push_str(" 😂 "),
            c if c.is_alphanumeric() => plain.push(c),
            _ => plain.push(' '),
        }
    }
    plain
}

/// Down, up and down again: "ß", "ẞ" and "SS" become the same two letters.
fn any_case(c: char) -> impl Iterator<Item = char> {
    c.to_lowercase()
        .flat_map(char::to_uppercase)
        .flat_map(char::to_lowercase)
}

/// "don't", "don’t", "don´t" and "dont" are one word, and so are "più" and "piu'".
const fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | '`' | '´' | 'ʼ' | '′')
}

/// Zero-width, direction and soft-hyphen characters, which phones and copying leave behind.
const fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'
    )
}

/// "S.T.O.P." is one word, spelled; two letters ("a e") are just letters.
fn spelled(words: &[&str]) -> Vec<String> {
    if words.len() >= 3 {
        vec![words.concat()]
    } else {
        words.iter().map(|&word| word.to_owned()).collect()
    }
}

fn is_letter(word: &str) -> bool {
    let mut chars = word.chars();
    chars.next().is_some_and(char::is_alphabetic) && chars.next().is_none()
}

/// "ahahah", "hehe", "lol", 😂.
fn is_laugh(word: &str) -> bool {
    let sounds = word.chars().all(|c| "aehi".contains(c));
    let breaths = word.chars().filter(|c| *c == 'h').count();
    matches!(word, "😂" | "lol" | "lmao" | "rofl" | "xd") || (sounds && breaths >= 2)
}
