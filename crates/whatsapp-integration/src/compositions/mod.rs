//! What a person would do with a message: look at the chat, read, type, pause, send (design §5, "two calls").
//!
//! Not whether the message may go: that is the worker's. The rule that must hold: whatever happens, whoever went
//! online goes offline again, and a WAHA call that began is finished and its outcome told.

mod actor;
mod cancel;
mod compose;
mod fence;
mod lines;
mod outcome;
mod own_number;
mod send;
mod sequence;
mod show;
mod time_lock;
mod timeline;
mod view;

pub(crate) use cancel::cancel;
pub(crate) use compose::compose;
pub(crate) use fence::fence;
pub(crate) use send::send;
pub(crate) use view::attempt;
