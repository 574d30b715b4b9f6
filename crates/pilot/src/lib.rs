//! A guided run of the whole system by a person with two WhatsApp numbers: each step says what to do on the phones, waits until
//! the API shows it, and asks what only the person can see.
//!
//! Both phones are linked, and each is also the guest of the other. Not a test of the code: it finds out whether a release of WAHA
//! works with real accounts. The rule that must hold: the transcript holds no number, name, text, code or link. It is made of
//! fixed words, of the codes of problems, and of seconds.

mod api;
mod failure;
mod run;
mod steps;
mod tester;
mod transcript;
mod verified;

pub use api::Api;
pub use run::{InvalidSessions, Pilot};
pub use tester::{Question, Task, Tester};
pub use transcript::{Server, Transcript};
pub use verified::{NoTable, with_row};
