//! The operations that meet.

use futures_util::{FutureExt as _, future::BoxFuture};
use rand::rngs::StdRng;
use storage::Error;

use super::{answer::Answer, calls, world::World};

/// An operation that touches the contact of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Operation {
    Claim,
    Commit,
    Finish,
    GiveBack,
    Enqueue,
    Edit,
    Cancel,
    Pause,
    Settle,
    Inbound,
    OptOut,
    OptIn,
    Decide,
    OwnMessage,
    Merge,
    Link,
    Import,
    Erase,
    AnotherNumber,
    /// An unlock, changed limits, or "try again".
    Free,
    /// A late outcome of an uncertain message, or a failed message is tried again.
    Late,
}

impl Operation {
    pub(super) const ALL: [Self; 21] = [
        Self::Claim,
        Self::Commit,
        Self::Finish,
        Self::GiveBack,
        Self::Enqueue,
        Self::Edit,
        Self::Cancel,
        Self::Pause,
        Self::Settle,
        Self::Inbound,
        Self::OptOut,
        Self::OptIn,
        Self::Decide,
        Self::OwnMessage,
        Self::Merge,
        Self::Link,
        Self::Import,
        Self::Erase,
        Self::AnotherNumber,
        Self::Free,
        Self::Late,
    ];

    /// The call, not yet begun. `Err`: what the store answered that it must never answer.
    pub(super) fn call<'w>(
        self,
        world: &'w World<'_>,
        rng: StdRng,
    ) -> BoxFuture<'w, Result<Answer, String>> {
        let done = async move { self.run(world, rng).await };
        done.map(move |done| done.map_err(|error| format!("{self:?} failed: {error:?}")))
            .boxed()
    }

    async fn run(self, world: &World<'_>, mut rng: StdRng) -> Result<Answer, Error> {
        let rng = &mut rng;
        match self {
            Self::Claim => calls::claim(world, rng).await,
            Self::Commit => calls::commit(world).await,
            Self::Finish => calls::finish(world, rng).await,
            Self::GiveBack => calls::give_back(world, rng).await,
            Self::Enqueue => calls::enqueue(world, rng).await,
            Self::Edit => calls::edit(world, rng).await,
            Self::Cancel => calls::cancel(world, rng).await,
            Self::Pause => calls::pause(world, rng).await,
            Self::Settle => calls::settle(world, rng).await,
            Self::Inbound => calls::writes(world, "Ciao!", rng).await,
            Self::OptOut => calls::writes(world, "STOP", rng).await,
            Self::OptIn => calls::writes(world, "START", rng).await,
            Self::Decide => calls::decide(world, rng).await,
            Self::OwnMessage => calls::own_message(world, rng).await,
            Self::Merge => calls::merge(world, rng).await,
            Self::Link => calls::link(world, rng).await,
            Self::Import => calls::import(world).await,
            Self::Erase => calls::erase(world).await,
            Self::AnotherNumber => calls::another_number(world, rng).await,
            Self::Free => calls::free(world, rng).await,
            Self::Late => calls::late(world, rng).await,
        }
    }
}
