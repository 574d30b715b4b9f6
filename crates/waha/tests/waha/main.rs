//! The client against what real servers answered, and against the answers they have not given yet.

mod chats;
mod errors;
mod ids;
mod login;
mod presence;
mod recordings;
mod sending;
mod server;
mod session_config;
mod sessions;
mod versions;
mod webhooks;
