//! The client against what real servers answered, and against the answers they have not given yet.

#![expect(
    clippy::unwrap_used,
    reason = "a test fails where its world is not as it should be"
)]

mod chats;
mod contents;
mod documents;
mod errors;
mod failures;
mod ids;
mod login;
mod passkey;
mod presence;
mod recordings;
mod sending;
mod server;
mod session_config;
mod sessions;
mod versions;
mod webhooks;
