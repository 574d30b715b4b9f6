//! Stories of the couple's page in a real browser (Debian's Chromium by its driver), against the real binaries and simulated
//! phones. A story also fails on anything that the browser's console says, and on any page that [`checks`] finds fault with.

mod addresses;
mod album;
mod beginning;
mod checks;
mod chromium;
mod couple;
mod doubt;
mod everything;
mod guest_list;
mod guests;
mod hands;
mod linking;
mod news;
mod passkey;
mod person;
mod second_factor;
mod talking;
mod texts;
