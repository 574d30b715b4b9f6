//! Who wrote to a spouse without being on the list: that they wrote, sealed, for a while, and only for that spouse.
//!
//! Not here: what they wrote, which is nowhere. The rules that must hold: a row belongs to one session and says nothing
//! without the key; whoever is a guest, or is written to by the queue, has none; whoever was ignored stays so.

mod becoming_known;
mod deciding;
mod forgetting;
mod keeping;
mod kept;
mod listing;
mod own_number;
mod rows;

pub use deciding::{Member, Tied};
pub(crate) use keeping::Found;
pub(crate) use kept::{Kept, Seen, Suggestion};
pub use listing::UnknownWriterRow;
