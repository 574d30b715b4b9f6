//! What a guest's whole message means for writing to them: stop, go on again, or neither.
//!
//! Not a judge of mood, and not a search for the word "stop": a message counts only when a small grammar explains
//! every word of it, so that "non fermarti", "bus stop" and a stop in the middle of a story change nothing.
//! The rule that must hold: what is not clear never undoes an opt-out.

#[macro_use]
mod grammar;

mod courtesy;
mod english;
mod italian;
mod words;

use courtesy::{AGREEING, POLITE, REFUSING};
use grammar::{Phrases, explains};
use words::Words;

text_enum! {
    /// What a whole message says about being written to.
    pub enum Meaning("meaning of a message") {
        /// Write to me no more: holds for every spouse's number.
        OptOut = "opt_out",
        /// Write to me again: the contact's own clear words, which undo an opt-out.
        OptIn = "opt_in",
        /// A stop that may be about something else, such as a lone "basta": automatic messages wait, a person is asked.
        Pause = "pause",
        /// Nothing about that, or not clear enough to be taken for it.
        Nothing = "nothing",
    }
}

/// Reads a whole message. Case, accents, punctuation, emoji, stretched letters ("stoooop") and politeness around the
/// words make no difference; a name, a reason of one's own or any other word that is not in the grammar does.
pub fn read(text: &str) -> Meaning {
    let Some(Words { said, laughing }) = Words::of(text) else {
        return Meaning::Nothing;
    };
    let meaning = meaning_of(&said);
    if laughing { in_jest(meaning) } else { meaning }
}

fn meaning_of(said: &[String]) -> Meaning {
    let means = |phrases: &[Phrases], company: &[Phrases]| explains(said, phrases, company);
    let stop = [italian::OPT_OUT, english::OPT_OUT];
    let beside_a_stop = [POLITE, REFUSING, italian::ENOUGH, english::ENOUGH];
    let go_on = [italian::OPT_IN, english::OPT_IN];
    let unclear = [
        italian::ENOUGH,
        italian::FOR_NOW,
        english::ENOUGH,
        english::FOR_NOW,
    ];
    if means(&stop, &beside_a_stop) {
        Meaning::OptOut
    } else if means(&go_on, &[POLITE, AGREEING]) {
        Meaning::OptIn
    } else if means(&unclear, &[POLITE]) {
        Meaning::Pause
    } else {
        Meaning::Nothing
    }
}

/// Friends laugh and say "stop": a laugh takes one step off what was said. A person still sees what may have been meant.
const fn in_jest(meaning: Meaning) -> Meaning {
    match meaning {
        Meaning::OptOut => Meaning::Pause,
        Meaning::OptIn | Meaning::Pause | Meaning::Nothing => Meaning::Nothing,
    }
}
