//! The pilot as a person runs it: the program in a terminal, and the document that it writes into.

#![expect(
    clippy::unwrap_used,
    reason = "a test fails where its world is not as it should be"
)]

mod api;
mod documents;
mod program;
