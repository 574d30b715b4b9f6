//! A grammar small enough to read aloud: a phrase is a row of slots, a slot is a choice of words.
//!
//! The rule that must hold: a message means something only when phrases explain all of it, from the first word to the last.

use super::words::unstretched;

/// One place in a phrase: alternatives separated by `|`, each of one or more words.
#[derive(Debug, Clone, Copy)]
pub(super) enum Slot {
    /// One of them is there.
    Must(&'static str),
    /// One of them, or nothing.
    May(&'static str),
}

/// Several ways to say one thing.
pub(super) type Phrases = &'static [&'static [Slot]];

/// Writes [`Phrases`] one to a line: `(NON "scrivetemi|scriveteci" [MORE])`; what is in brackets may be missing.
macro_rules! phrases {
    (@slot [$words:expr]) => { $crate::opt_out::grammar::Slot::May($words) };
    (@slot $words:expr) => { $crate::opt_out::grammar::Slot::Must($words) };
    ($(($($slot:tt)+))+) => { &[$(&[$(phrases!(@slot $slot)),+]),+] };
}

/// Whether `phrases` and what may keep them `company` explain every word, with at least one of `phrases` among them.
pub(super) fn explains(said: &[String], phrases: &[Phrases], company: &[Phrases]) -> bool {
    // what is explained up to each word: not at all, by company alone, or with a phrase that means something
    let mut explained: Vec<Option<bool>> = vec![None; said.len() + 1];
    explained[0] = Some(false);
    for from in 0..said.len() {
        let Some(meant) = explained[from] else {
            continue;
        };
        for (meaningful, group) in [(true, phrases), (false, company)] {
            for length in group
                .iter()
                .copied()
                .flat_map(|it| lengths(it, &said[from..]))
            {
                let reached = &mut explained[from + length];
                *reached = Some(reached.unwrap_or(false) || meant || meaningful);
            }
        }
    }
    explained[said.len()] == Some(true)
}

/// How many of the first words each phrase can take.
fn lengths(phrases: Phrases, said: &[String]) -> impl Iterator<Item = usize> {
    phrases
        .iter()
        .flat_map(|phrase| phrase_lengths(phrase, said))
        .filter(|length| *length > 0)
}

fn phrase_lengths(phrase: &[Slot], said: &[String]) -> Vec<usize> {
    let mut reached = vec![0];
    for slot in phrase {
        let (mut next, words) = match slot {
            Slot::Must(words) => (Vec::new(), words),
            Slot::May(words) => (reached.clone(), words),
        };
        for from in reached {
            let taken = words
                .split('|')
                .filter_map(|words| taken(words, &said[from..]));
            next.extend(taken.map(|length| from + length));
        }
        next.sort_unstable();
        next.dedup();
        reached = next;
    }
    reached
}

/// How many words the alternative takes, when they are the first ones said.
fn taken(alternative: &str, said: &[String]) -> Option<usize> {
    let mut length = 0;
    for word in alternative.split(' ') {
        let heard = said.get(length)?;
        if !unstretched(word).eq(heard.chars()) {
            return None;
        }
        length += 1;
    }
    Some(length)
}
