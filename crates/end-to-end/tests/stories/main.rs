//! Stories: the whole system at work, measured on what the guests' phones would have shown.
//!
//! `virtual_time`: every service in one process under tokio's paused clock, no sockets, on a real database.
//! `browser`: the couple's page in a real browser, against the real binaries.
//! `processes`: the real binaries, killed and stopped at the worst moments.

mod assertion;
mod browser;
mod processes;
mod stuck;
mod virtual_time;
