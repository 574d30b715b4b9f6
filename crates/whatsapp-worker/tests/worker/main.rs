//! The worker from outside, mostly without any socket. Its work on messages is told in the stories of `end-to-end`.

mod broken_rows;
mod first_start;
mod heard;
mod listeners;
mod pruning;
