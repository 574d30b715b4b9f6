//! Stories: the whole system at work, measured on what the guests' phones would have shown.
//!
//! `virtual_time`: every service in one process under tokio's paused clock, no sockets, on a real database.
//! `processes`: the real binaries, killed and stopped at the worst moments.

mod processes;
mod virtual_time;
