//! Broadcast light: the same news to many guests, each copy in its own words.
//!
//! A template becomes one text for each contact, an audience says which guests it is for, and a plan puts both together:
//! who gets what from which session, who is left out and why. Nothing here is queued: what a copy waits for is `release`'s to say.
//! The rules that must hold: a text is whole or it is not there, a missing value is never a gap; nobody gets two copies.

mod addressee;
mod advice;
mod audience;
mod candidates;
mod choosing;
mod links;
mod plan;
mod state;
mod template;

pub use addressee::{Addressee, Named};
pub use advice::{Advice, AdviceCode, LONG_FIRST_MESSAGE};
pub use audience::{Audience, Wrote};
pub use candidates::{Candidate, Known};
pub use plan::{BroadcastCopy, LeftOut, Plan, Planning, WhyLeftOut};
pub use state::{BroadcastState, BroadcastVerb, InvalidBroadcastChange};
pub use template::{Placeholder, RenderError, Template, TemplateError, TemplateMistake};
