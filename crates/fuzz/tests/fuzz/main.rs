//! One test per fuzz target. `harness` mutates the files of `corpus/<target>/` and runs a target on each result. A target
//! asserts what must hold for any input and returns a short outcome, such as an error code. An input with a new outcome
//! becomes a seed of its round, so that later mutations start from it.
//!
//! Without `FUZZ_SECONDS` each target runs a fixed number of executions from a fixed seed (`make test`). With it, the target
//! runs rounds for that long, each from its own seed (`make fuzz`).

#![expect(
    clippy::unwrap_used,
    reason = "a test stops where its input or its environment is not as it should be"
)]

mod cursors;
mod findings;
mod guest_files;
mod harness;
mod installation;
mod invitation_codes;
mod mutation;
mod phone_numbers;
mod requests;
mod templates;
mod webhook_delivery;
mod webhooks;
