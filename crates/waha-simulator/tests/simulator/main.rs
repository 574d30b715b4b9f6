//! The simulator compared with what two real servers answered, under virtual time.

mod broken_connections;
mod control;
mod forgetting;
mod gates;
mod keys;
mod linking;
mod login;
mod passkey;
mod people;
mod presence;
mod reading;
mod restrictions;
mod scene;
mod sending;
mod sessions;
mod story;
mod trouble;
mod webhook_mischief;
mod webhooks;
