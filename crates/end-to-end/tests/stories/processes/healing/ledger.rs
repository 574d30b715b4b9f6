//! What was acknowledged, and how it differs from what is stored.

use std::collections::BTreeMap;

use serde_json::Value;
use tokio::time::Instant;

use super::super::chaos::{Queued, word};

/// One answer to a write of the load: when it came, and the status and code of a refusal.
pub(super) struct Answered {
    pub(super) at: Instant,
    pub(super) refused: Option<String>,
}

/// A guest's words, which are stored once in the end.
pub(super) struct Word {
    pub(super) session: &'static str,
    pub(super) text: String,
}

/// All that the load did.
#[derive(Default)]
pub(super) struct Ledger {
    pub(super) acknowledged: Vec<Queued>,
    pub(super) answers: Vec<Answered>,
    pub(super) words: Vec<Word>,
}

impl Ledger {
    /// What was refused since then, by status and code.
    pub(super) fn refused_since(&self, since: Instant) -> BTreeMap<String, usize> {
        let mut refused = BTreeMap::new();
        let answers = self.answers.iter().filter(|answer| answer.at >= since);
        for code in answers.filter_map(|answer| answer.refused.clone()) {
            *refused.entry(code).or_default() += 1;
        }
        refused
    }

    /// When the first write since then was taken.
    pub(super) fn first_taken_since(&self, since: Instant) -> Option<Instant> {
        let taken = self
            .answers
            .iter()
            .filter(|answer| answer.refused.is_none());
        taken.map(|answer| answer.at).find(|at| *at >= since)
    }

    /// The longest time without a write that was taken.
    pub(super) fn longest_gap_since(&self, since: Instant) -> std::time::Duration {
        let taken = self
            .answers
            .iter()
            .filter(|answer| answer.refused.is_none());
        let times: Vec<_> = taken
            .map(|answer| answer.at)
            .filter(|at| *at >= since)
            .collect();
        let gaps = times.windows(2).map(|pair| pair[1] - pair[0]);
        gaps.max().unwrap_or_default()
    }
}

/// Each acknowledged message is there once, as it was sent; nothing else is there: each write was repeated until it was acknowledged.
pub(super) fn differences(acknowledged: &[Queued], rows: &[Value]) -> Vec<String> {
    let mut found = Vec::new();
    let mut by_id: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
    for row in rows {
        by_id.entry(word(row, "id")).or_default().push(row);
    }
    for message in acknowledged {
        let (text, id) = (short(&message.text), &message.id);
        match by_id.remove(id.as_str()).as_deref() {
            None => found.push(format!("acknowledged and lost: {text} ({id})")),
            Some([row]) if word(row, "text") == message.text => {}
            Some([_]) => found.push(format!("stored with another text: {text} ({id})")),
            Some(_) => found.push(format!("acknowledged twice with one id: {text} ({id})")),
        }
    }
    let more = by_id.into_values().flatten();
    found.extend(
        more.map(|row| format!("stored and not acknowledged: {}", short(word(row, "text")))),
    );
    found
}

/// Each of the guests' words is stored once.
pub(super) fn words_that_differ(words: &[Word], stored: &[String]) -> Vec<String> {
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    for text in stored {
        *times.entry(text).or_default() += 1;
    }
    let stored = |word: &Word| times.get(word.text.as_str()).copied().unwrap_or_default();
    let differ = words.iter().filter(|word| stored(word) != 1);
    differ
        .map(|word| {
            format!(
                "{} to the {} is stored {} times",
                word.text,
                word.session,
                stored(word)
            )
        })
        .collect()
}

fn short(text: &str) -> &str {
    text.get(..24).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn message(id: &str, text: &str) -> Queued {
        Queued {
            id: id.to_owned(),
            session: "groom",
            guest: "393470000001",
            text: text.to_owned(),
        }
    }

    #[test]
    fn finds_no_difference_when_each_message_is_there_once() {
        let rows = [
            json!({"id": "b", "text": "due"}),
            json!({"id": "a", "text": "uno"}),
        ];

        let found = differences(&[message("a", "uno"), message("b", "due")], &rows);

        assert_eq!(found, Vec::<String>::new());
    }

    #[test]
    fn tells_what_is_lost_changed_and_too_much() {
        let acknowledged = ["a", "b", "c"].map(|id| message(id, id));
        let rows = [
            json!({"id": "b", "text": "x"}),
            json!({"id": "c", "text": "c"}),
            json!({"id": "d", "text": "c"}),
        ];

        let found = differences(&acknowledged, &rows);

        let expected = [
            "acknowledged and lost: a (a)",
            "stored with another text: b (b)",
            "stored and not acknowledged: c",
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn tells_which_words_are_missing_or_stored_twice() {
        let words = ["uno", "due", "tre"].map(|text| Word {
            session: "bride",
            text: text.to_owned(),
        });
        let stored = ["uno", "tre", "tre", "Ciao"].map(str::to_owned);

        let found = words_that_differ(&words, &stored);

        let expected = [
            "due to the bride is stored 0 times",
            "tre to the bride is stored 2 times",
        ];
        assert_eq!(found, expected);
    }
}
