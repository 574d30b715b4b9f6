//! The API, asked as its callers ask it: requests through the routers, a database of each test's own, virtual time, and
//! a worker and an integration that remember what they were told.

#![expect(
    clippy::unwrap_used,
    reason = "what tests are written with fails like the tests themselves"
)]

mod asvs;
mod authorization;
mod broadcasts;
mod changing;
mod configuration;
mod contract;
mod conversations;
mod deployment;
mod facts;
mod full_disk;
mod guests;
mod households;
mod idempotency;
mod import;
mod invitations;
mod linked_numbers;
mod linking;
mod listeners;
mod listening;
mod neighbours;
mod nudges;
mod openapi;
mod operations;
mod outages;
mod outlook;
mod pages;
mod permissions;
mod public_limit;
mod public_pages;
mod public_secrets;
mod queuing;
mod refusals;
mod refused_forms;
mod sessions;
mod settling;
mod tokens;
mod unknown_writers;
mod visits;
mod waha_images;
mod waiting;
mod warnings;
mod worker;
mod world;
