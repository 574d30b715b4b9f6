//! Broadcasts: drafts, what a start would queue, one transaction that queues it, and what a pause and a cancellation stop.

mod cancelling;
mod drafts;
mod known_again;
mod news;
mod pausing;
mod planning;
mod starting;
mod trying;
