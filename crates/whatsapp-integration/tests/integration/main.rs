//! The whole service in one process and mostly in virtual time, against a simulated WAHA and a queue-api that remembers.

#![expect(
    clippy::unwrap_used,
    reason = "a test fails where its world is not as it should be"
)]

mod auth;
mod composing;
mod configuration;
mod endings;
mod hand_typed;
mod identities;
mod linking;
mod listeners;
mod own_number;
mod passkey;
mod presence;
mod queue_api;
mod reading;
mod sending;
mod sessions;
mod set_up;
mod stopping;
mod stream;
mod webhooks;
mod world;
