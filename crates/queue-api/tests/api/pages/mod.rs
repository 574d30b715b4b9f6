//! The couple's page, asked as a browser without script asks it.

mod browser;
mod conversations;
mod every_page;
mod following;
mod queue;
mod signing_in;

pub(crate) use browser::Browser;
