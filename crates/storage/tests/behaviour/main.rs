//! The behaviour suite: every story is told to both databases (design §7).

mod acks;
mod changing;
mod claiming;
mod committing;
mod editing;
mod enqueueing;
mod explaining;
mod finishing;
mod inbound;
mod leases;
mod people;
mod reading;
mod session_states;
mod settings;
mod settling;
mod stage;
mod steering;
