//! Mutations of a seed: of bytes, of words that the target's format knows, and of the values inside JSON.

use proptest::{prelude::*, sample::Index};
use serde_json::{Value, json};

/// The longest input that is tried, in bytes. Larger inputs have named tests.
const MAX_INPUT: usize = 64 * 1024;

/// One change to an input.
#[derive(Debug, Clone)]
pub(crate) enum Mutation {
    SetByte(Index, u8),
    FlipBit(Index, u8),
    InsertWord(Index, Index),
    ReplaceWithWord(Index, Index, Index),
    Remove(Index, Index),
    Duplicate(Index, Index),
    Repeat(Index, Index, u16),
    Truncate(Index),
    Splice(Index, Index, Index),
    SetNumber(Index, Index),
    SetJson(Index, Index),
    RemoveJson(Index),
}

/// Numbers at the limits of types.
const NUMBERS: &[&str] = &[
    "0",
    "-1",
    "1",
    "255",
    "256",
    "65536",
    "2147483648",
    "4294967296",
    "-9223372036854775808",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551616",
    "1e308",
    "1e999",
    "00",
    "0x10",
];

impl Mutation {
    /// Any mutation.
    pub(crate) fn any() -> impl Strategy<Value = Self> {
        let at = any::<Index>;
        prop_oneof![
            1 => (at(), any::<u8>()).prop_map(|(at, byte)| Self::SetByte(at, byte)),
            1 => (at(), 0..8_u8).prop_map(|(at, bit)| Self::FlipBit(at, bit)),
            4 => (at(), at()).prop_map(|(at, word)| Self::InsertWord(at, word)),
            2 => (at(), at(), at()).prop_map(|(at, end, word)| Self::ReplaceWithWord(at, end, word)),
            1 => (at(), at()).prop_map(|(from, to)| Self::Remove(from, to)),
            1 => (at(), at()).prop_map(|(from, to)| Self::Duplicate(from, to)),
            1 => (at(), at(), 2..400_u16).prop_map(|(from, to, times)| Self::Repeat(from, to, times)),
            1 => at().prop_map(Self::Truncate),
            1 => (at(), at(), at()).prop_map(|(seed, from, at)| Self::Splice(seed, from, at)),
            1 => (at(), at()).prop_map(|(at, number)| Self::SetNumber(at, number)),
            3 => (at(), at()).prop_map(|(node, value)| Self::SetJson(node, value)),
            1 => at().prop_map(Self::RemoveJson),
        ]
    }

    /// Applies this mutation. `seeds` is never empty.
    pub(crate) fn apply(&self, input: &mut Vec<u8>, words: &[&[u8]], seeds: &[Vec<u8>]) {
        let range = |input: &[u8], a: &Index, b: &Index, longest: usize| {
            let (a, b) = (a.index(input.len() + 1), b.index(input.len() + 1));
            a.min(b)..a.max(b).min(a.min(b) + longest)
        };
        match self {
            Self::SetByte(at, byte) if !input.is_empty() => *at.get_mut(input) = *byte,
            Self::FlipBit(at, bit) if !input.is_empty() => *at.get_mut(input) ^= 1 << bit,
            Self::InsertWord(at, word) if !words.is_empty() => {
                let at = at.index(input.len() + 1);
                input.splice(at..at, word.get(words).iter().copied());
            }
            Self::ReplaceWithWord(at, end, word) if !words.is_empty() => {
                let range = range(input, at, end, 12);
                input.splice(range, word.get(words).iter().copied());
            }
            Self::Remove(from, to) => drop(input.drain(range(input, from, to, 40))),
            Self::Duplicate(from, to) => {
                let range = range(input, from, to, 400);
                let copy = input[range.clone()].to_vec();
                input.splice(range.end..range.end, copy);
            }
            Self::Repeat(from, to, times) => {
                let range = range(input, from, to, 16);
                let copies = input[range.clone()].repeat(usize::from(*times));
                input.splice(range.end..range.end, copies);
            }
            Self::Truncate(at) => input.truncate(at.index(input.len() + 1)),
            Self::Splice(seed, from, at) => {
                let other = seed.get(seeds);
                let from = from.index(other.len() + 1);
                input.truncate(at.index(input.len() + 1));
                input.extend_from_slice(&other[from..]);
            }
            Self::SetNumber(at, number) => {
                set_number(input, *at, NUMBERS[number.index(NUMBERS.len())]);
            }
            Self::SetJson(node, value) => in_json(input, *node, |node| *node = odd_value(*value)),
            Self::RemoveJson(node) => in_json(input, *node, remove_first_member),
            Self::SetByte(..)
            | Self::FlipBit(..)
            | Self::InsertWord(..)
            | Self::ReplaceWithWord(..) => {}
        }
        input.truncate(MAX_INPUT);
    }
}

/// Replaces a run of digits.
fn set_number(input: &mut Vec<u8>, at: Index, number: &str) {
    let from = at.index(input.len() + 1);
    let Some(begin) = input[from..].iter().position(u8::is_ascii_digit) else {
        return;
    };
    let begin = from + begin;
    let digits = input[begin..]
        .iter()
        .take_while(|byte| byte.is_ascii_digit());
    let end = begin + digits.count();
    input.splice(begin..end, number.bytes());
}

/// Changes one value of the JSON document that the input is, or that follows its first empty line.
fn in_json(input: &mut Vec<u8>, chosen: Index, change: impl FnOnce(&mut Value)) {
    let blank = input.windows(2).position(|pair| pair == b"\n\n");
    let begin = blank.map_or(0, |at| at + 2);
    let Ok(mut document) = serde_json::from_slice::<Value>(&input[begin..]) else {
        return;
    };
    let mut place = chosen.index(count(&document));
    if let Some(node) = node_at(&mut document, &mut place) {
        change(node);
    }
    input.truncate(begin);
    input.extend_from_slice(document.to_string().as_bytes());
}

fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(count).sum::<usize>(),
        Value::Object(members) => members.values().map(count).sum(),
        _ => 0,
    }
}

/// The node at that place of a walk in document order.
fn node_at<'a>(value: &'a mut Value, place: &mut usize) -> Option<&'a mut Value> {
    if *place == 0 {
        return Some(value);
    }
    *place -= 1;
    match value {
        Value::Array(items) => items.iter_mut().find_map(|item| node_at(item, place)),
        Value::Object(members) => members.values_mut().find_map(|item| node_at(item, place)),
        _ => None,
    }
}

fn remove_first_member(value: &mut Value) {
    match value {
        Value::Object(members) => {
            if let Some(name) = members.keys().next().cloned() {
                members.remove(&name);
            }
        }
        Value::Array(items) if !items.is_empty() => drop(items.remove(0)),
        other => *other = Value::Null,
    }
}

/// A value that a reader may not expect.
fn odd_value(chosen: Index) -> Value {
    let deep = (0..100).fold(json!([]), |inner, _| json!([inner]));
    let odd = [
        json!(null),
        json!(true),
        json!(""),
        json!(" "),
        json!("\0"),
        json!("a\u{0}b\u{1f}\u{7f}"),
        json!("\u{202e}abc\u{200d}\u{feff}"),
        json!("x".repeat(3_000)),
        json!("💌".repeat(300)),
        json!("_"),
        json!("true_393470000001@c.us_3EB0AA"),
        json!("false_77:1@lid_A_B_"),
        json!("393470000001:12@s.whatsapp.net"),
        json!("120363@g.us"),
        json!("status@broadcast"),
        json!("+39 347 000 0001"),
        json!("01920c4e-7b6d-7c3a-8f21-0a1b2c3d4e5f"),
        json!("2026-06-01T10:00:00Z"),
        json!("+262143-12-31T23:59:59Z"),
        json!("-262143-01-01T00:00:00Z"),
        json!(-1),
        json!(0),
        json!(i64::MAX),
        json!(i64::MIN),
        json!(u64::MAX),
        json!(1e300),
        json!(0.5),
        json!([]),
        json!({}),
        json!({ "low": -1, "high": i64::MAX }),
        json!({ "_serialized": "true_1@c.us_X", "id": "" }),
        deep,
    ];
    chosen.get(&odd).clone()
}
