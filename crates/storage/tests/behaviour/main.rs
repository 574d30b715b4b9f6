//! The behaviour suite: every story is told to both databases (design §7).

mod leases;
mod stage;
