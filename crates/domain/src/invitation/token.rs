//! The secret on an invitation that ties whoever writes it to their household.
//!
//! Made for people: short, in three groups, without characters that are taken for one another. No marker such as `inv-` stands
//! before it, because people cut what looks like noise. Instead the alphabet has no vowels and a token always has
//! both a letter and a digit: so no word, no phone number and no date can be one.

use std::{fmt, str::FromStr};

use rand::{Rng, RngExt};
use serde::{Deserialize, Serialize};

/// No vowels, and of each pair that looks alike at most one: no 0/O, 1/I/L, 5/S, 2/Z, 8/B, 6/G.
const ALPHABET: &[u8; 24] = b"CDFHJKMNPQRTVWXY23456789";
const DIGITS: u64 = 8;
const LENGTH: usize = 11;
/// Where one group ends and the next begins: `K7M-Q4XR-P2W9`.
const GROUP_ENDS: [usize; 2] = [3, 7];
/// The most tokens that are looked for in one text: each is asked for in the database, and nobody has more invitations.
const MOST_FOUND: usize = 8;
/// The most characters between two groups: " - ".
const WIDEST_SEPARATOR: usize = 3;

/// How many tokens there are: all strings but those of letters or of digits alone.
const TOKENS: u64 =
    power(ALPHABET.len() as u64) - power(ALPHABET.len() as u64 - DIGITS) - power(DIGITS);
const _: () = assert!(
    TOKENS == 1_504_080_367_190_016,
    "50.4 random bits: a token that can be guessed is no secret"
);

const fn power(symbols: u64) -> u64 {
    symbols.pow(11)
}

/// Eleven characters in groups of 3, 4 and 4: 50.4 random bits (24¹¹ less the all-letter and all-digit ones). Upper case, read in any.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct InvitationToken([u8; LENGTH]);

/// The text is not an invitation's token. It does not say which text: that may be a secret with one slip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an invitation code: a code has 11 letters and digits, as printed on the invitation")]
pub struct InvalidInvitationToken;

impl InvitationToken {
    /// A new token, every one as likely as any other. About one draw in 86 lacks a digit and is made again.
    pub fn new(dice: &mut impl Rng) -> Self {
        loop {
            let drawn: [u8; LENGTH] =
                std::array::from_fn(|_| ALPHABET[dice.random_range(0..ALPHABET.len())]);
            if let Some(token) = Self::of_symbols(drawn) {
                return token;
            }
        }
    }

    /// The first eight distinct tokens in what somebody wrote, in order: in any case, with dashes of any kind, spaces or nothing between
    /// the groups, and anything but letters and digits around them.
    pub fn find_in(text: &str) -> Vec<Self> {
        let runs: Vec<Run<'_>> = runs_of(text);
        let mut found = Vec::new();
        let mut rest = runs.as_slice();
        while !rest.is_empty() && found.len() < MOST_FOUND {
            let Some((token, length)) = Self::starting_with(rest) else {
                rest = &rest[1..];
                continue;
            };
            rest = &rest[length..];
            if !found.contains(&token) {
                found.push(token);
            }
        }
        found
    }

    /// A token whose groups are the first runs, and how many it takes.
    fn starting_with(runs: &[Run<'_>]) -> Option<(Self, usize)> {
        let mut symbols = String::with_capacity(LENGTH);
        for (index, run) in runs.iter().enumerate().take(GROUP_ENDS.len() + 1) {
            let joined = index == 0 || (run.joined && GROUP_ENDS.contains(&symbols.len()));
            if !joined || symbols.len() + run.text.len() > LENGTH {
                return None;
            }
            symbols.push_str(run.text);
            if symbols.len() == LENGTH {
                return symbols.parse().ok().map(|token| (token, index + 1));
            }
        }
        None
    }

    fn of_symbols(symbols: [u8; LENGTH]) -> Option<Self> {
        let known = symbols.iter().all(|symbol| ALPHABET.contains(symbol));
        let digit = symbols.iter().any(u8::is_ascii_digit);
        let letter = symbols.iter().any(u8::is_ascii_alphabetic);
        (known && digit && letter).then_some(Self(symbols))
    }
}

/// Letters and digits without anything between them.
struct Run<'a> {
    text: &'a str,
    /// Only what may stand between two groups is before it.
    joined: bool,
}

fn runs_of(text: &str) -> Vec<Run<'_>> {
    let mut runs = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(char::is_alphanumeric) {
        let (before, from) = rest.split_at(start);
        let end = from
            .find(|c: char| !c.is_alphanumeric())
            .unwrap_or(from.len());
        let (run, after) = from.split_at(end);
        runs.push(Run {
            text: run,
            joined: before.chars().count() <= WIDEST_SEPARATOR && before.chars().all(is_separator),
        });
        rest = after;
    }
    runs
}

/// What keyboards, print and copying make of a dash.
fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '-' | '_' | '\u{ad}' | '\u{2010}'
                ..='\u{2015}'
                    | '\u{2212}'
                    | '\u{fe58}'
                    | '\u{fe63}'
                    | '\u{ff0d}'
                    | '\u{200b}'
                    | '\u{2060}'
        )
}

impl FromStr for InvitationToken {
    type Err = InvalidInvitationToken;

    /// Reads one token and nothing else; dashes and spaces may be anywhere in it.
    fn from_str(text: &str) -> Result<Self, InvalidInvitationToken> {
        // what stays 0 is no symbol: a text that is too short is refused with the rest
        let mut symbols = [0; LENGTH];
        let written = text.chars().filter(|c| !is_separator(*c));
        for (at, c) in written.enumerate() {
            let symbol = u8::try_from(c).map_err(|_| InvalidInvitationToken)?;
            *symbols.get_mut(at).ok_or(InvalidInvitationToken)? = symbol.to_ascii_uppercase();
        }
        Self::of_symbols(symbols).ok_or(InvalidInvitationToken)
    }
}

/// As it is stored and printed: `K7M-Q4XR-P2W9`. Whoever prints it shows the secret.
impl fmt::Display for InvitationToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, symbol) in self.0.iter().enumerate() {
            if GROUP_ENDS.contains(&index) {
                f.write_str("-")?;
            }
            write!(f, "{}", char::from(*symbol))?;
        }
        Ok(())
    }
}

// A token in a log is a leak: show only that there is one.
impl fmt::Debug for InvitationToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InvitationToken(…)")
    }
}

impl TryFrom<String> for InvitationToken {
    type Error = InvalidInvitationToken;

    fn try_from(text: String) -> Result<Self, InvalidInvitationToken> {
        text.parse()
    }
}

impl From<InvitationToken> for String {
    fn from(token: InvitationToken) -> Self {
        token.to_string()
    }
}
