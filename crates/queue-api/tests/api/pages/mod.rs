//! The couple's page, asked as a browser without script asks it.

pub(crate) mod browser;
mod confirming;
mod conversations;
mod every_page;
mod following;
mod guesses;
mod guests;
mod home;
mod hosts;
mod linking;
mod markup;
mod news;
mod own_browsers;
mod pairing;
mod passkey;
mod people;
mod queue;
mod restrictions;
mod second_factor;
mod settings;
mod signing_in;
mod undelivered;
mod unreadable;
