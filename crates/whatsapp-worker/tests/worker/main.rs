//! The worker from outside, without any socket. Its work on messages is told in the stories of `end-to-end`.

mod first_start;
mod heard;
