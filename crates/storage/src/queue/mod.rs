//! The queue as people and the API see it: enqueue, read, change. What the worker does with it is in `release`.

mod aside;
mod cancel_reason;
mod cancelling;
mod changing;
mod editing;
mod enqueue;
mod enqueue_sql;
mod explaining;
mod hurrying;
pub(crate) mod idempotency;
mod leaving;
mod message_row;
mod readdressing;
mod reading;
mod requeueing;
mod scene;
mod standing;
mod verdict;

pub(crate) use enqueue_sql::JsonEvent;

pub use cancel_reason::CancelReason;
pub use changing::Changed;
pub use editing::Edit;
pub use enqueue::{Enqueued, Idempotency, NewMessage};
pub use explaining::Explained;
pub use message_row::MessageRow;
pub use readdressing::Readdressed;
pub use reading::MessageFilter;
pub use scene::QueueScene;
pub use verdict::PersonVerdict;
