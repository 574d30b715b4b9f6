//! Accounts of the couple's page, browsers that are signed in, and links that work once. Secrets come here as their hashes,
//! but that of a second factor, which is sealed.
//!
//! The rules that must hold: a link makes one account or changes one password, once; whoever loses the right to be signed in
//! (new password, removal) is signed out in the same transaction; every change is audited.

mod browsers;
mod known_browsers;
mod links;
mod people;
mod second_factor;

pub use links::{LinkPurpose, NewLink, Redeemed};
pub use people::{AccountRow, NewAccount, folded_name};
pub use second_factor::{EnablingBrowser, SecondFactor};
