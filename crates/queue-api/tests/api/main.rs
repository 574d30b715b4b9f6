//! The API, asked as its callers ask it: requests through the routers, a database of each test's own, virtual time, and
//! a worker and an integration that remember what they were told.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests fail like the tests themselves"
)]

mod authorization;
mod configuration;
mod facts;
mod guests;
mod idempotency;
mod listening;
mod messages;
mod neighbours;
mod openapi;
mod refusals;
mod sessions;
mod settling;
mod tokens;
mod world;
