//! The operations that meet, each as one call or as the calls that one worker makes in a row.

use chrono::TimeDelta;
use domain::{ids::MessageId, outcome::SendAnswer, wire::CompositionEnd};
use futures_util::{FutureExt as _, future::BoxFuture};
use rand::{RngExt as _, rngs::StdRng};
use storage::{
    Commit, ContactDecision, Edit, Error, ImportLine, Member, PersonVerdict, Recipient,
    RefusedLines, ReleaseReason,
};

use super::{
    super::{
        inviting::{says, with_alt},
        stage::{accepted, chat, inbound, own, phone, text},
    },
    world::{World, connected, own_number},
};

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
}

impl Operation {
    pub(super) const ALL: [Self; 19] = [
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
    ];

    /// The call, not yet begun. `Err`: what the store answered that it must never answer.
    pub(super) fn call<'w>(
        self,
        world: &'w World<'_>,
        rng: StdRng,
    ) -> BoxFuture<'w, Result<(), String>> {
        let done = async move { self.run(world, rng).await };
        done.map(move |done| done.map_err(|error| format!("{self:?} failed: {error:?}")))
            .boxed()
    }

    async fn run(self, world: &World<'_>, mut rng: StdRng) -> Result<(), Error> {
        match self {
            Self::Claim => claim(world, &mut rng).await,
            Self::Commit => commit(world).await.map(drop),
            Self::Finish => finish(world, &mut rng).await,
            Self::GiveBack => give_back(world, &mut rng).await,
            Self::Enqueue => enqueue(world, &mut rng).await,
            Self::Edit => edit(world, &mut rng).await,
            Self::Cancel => cancel(world, &mut rng).await,
            Self::Pause => pause(world, &mut rng).await,
            Self::Settle => settle(world, &mut rng).await,
            Self::Inbound => writes(world, "Ciao!", &mut rng).await,
            Self::OptOut => writes(world, "STOP", &mut rng).await,
            Self::OptIn => writes(world, "START", &mut rng).await,
            Self::Decide => decide(world, &mut rng).await,
            Self::OwnMessage => own_message(world, &mut rng).await,
            Self::Merge => merge(world, &mut rng).await,
            Self::Link => link(world).await,
            Self::Import => import(world).await,
            Self::Erase => erase(world).await,
            Self::AnotherNumber => another_number(world, &mut rng).await,
        }
    }
}

fn any_message(world: &World<'_>, rng: &mut StdRng) -> Option<MessageId> {
    let messages = &world.messages;
    (!messages.is_empty()).then(|| messages[rng.random_range(0..messages.len())])
}

/// Mostly the worker that has nothing open.
async fn claim(world: &World<'_>, rng: &mut StdRng) -> Result<(), Error> {
    let busy = world.open.as_ref().map(|open| open.worker);
    let worker = match busy {
        Some(busy) if rng.random_bool(0.9) => 1 - busy,
        _ => rng.random_range(0..2),
    };
    let claimer = world.workers[worker].claimer();
    world.store.claim(claimer, world.now, rng).await.map(drop)
}

async fn commit(world: &World<'_>) -> Result<bool, Error> {
    let Some(open) = &world.open else {
        return Ok(false);
    };
    if open.committed {
        return Ok(true);
    }
    let claimer = world.workers[open.worker].claimer();
    let commit = world
        .store
        .commit(claimer, &open.work, None, world.now)
        .await?;
    Ok(commit == Commit::Committed)
}

/// Commits first what is still being composed, as the worker does.
async fn finish(world: &World<'_>, rng: &mut StdRng) -> Result<(), Error> {
    let Some(open) = &world.open else {
        return Ok(());
    };
    if !commit(world).await? {
        return Ok(());
    }
    let answers = [
        accepted(&format!("RAW{}", world.run)),
        SendAnswer::Unclear,
        SendAnswer::NeverCalled,
        SendAnswer::NoLid,
    ];
    let answer = answers[rng.random_range(0..answers.len())].clone();
    let outcome = world.outcome(open.work.attempt, answer);
    let claimer = world.workers[open.worker].claimer();
    let now = world.now + TimeDelta::seconds(1);
    world
        .store
        .finish(claimer, &outcome, now, rng)
        .await
        .map(drop)
}

async fn give_back(world: &World<'_>, rng: &mut StdRng) -> Result<(), Error> {
    let Some(open) = &world.open else {
        return Ok(());
    };
    let reasons = [
        ReleaseReason::Preempted,
        ReleaseReason::Lost,
        ReleaseReason::Stopping,
        ReleaseReason::CompositionEnded(CompositionEnd::Cancelled),
    ];
    let reason = reasons[rng.random_range(0..reasons.len())];
    let claimer = world.workers[open.worker].claimer();
    let released = world
        .store
        .release(claimer, open.work.attempt, reason, world.now)
        .await;
    released.map(drop)
}

async fn enqueue(world: &World<'_>, rng: &mut StdRng) -> Result<(), Error> {
    let worker = rng.random_range(0..2);
    let message = world.new_message(worker, Recipient::Phone(phone(world.run)), rng);
    world
        .store
        .enqueue(&[message], None, world.now)
        .await
        .map(drop)
}

async fn edit(world: &World<'_>, rng: &mut StdRng) -> Result<(), Error> {
    let Some(message) = any_message(world, rng) else {
        return Ok(());
    };
    let edit = Edit {
        text: Some(text("Save another date")),
        ..Edit::default()
    };
    let edited = world
        .store
        .edit(message, None, &edit, &world.person, world.now)
        .await;
    edited.map(drop)
}

async fn cancel(world: &World<'_>, rng: &mut StdRng) -> Result<(), Error> {
    let Some(message) = any_message(world, rng) else {
        return Ok(());
    };
    world
        .store
        .cancel(message, &world.person, world.now)
        .await
        .map(drop)
}

/// A person presses Stop, and half of the time goes on at once.
async fn pause(world: &World<'_>, rng: &mut StdRng) -> Result<(), Error> {
    let session = &world.workers[rng.random_range(0..2)].session;
    world.store.pause(session, &world.person, world.now).await?;
    if rng.random_bool(0.5) {
        world
            .store
            .resume(session, &world.person, world.now)
            .await?;
    }
    Ok(())
}

/// The chat shows the uncertain message, or a person decides.
async fn settle(world: &World<'_>, rng: &mut StdRng) -> Result<(), Error> {
    let Some(work) = &world.uncertain else {
        return Ok(());
    };
    let by_person = |verdict| {
        world
            .store
            .settle_by_person(work.message, verdict, &world.person, world.now)
    };
    match rng.random_range(0..3) {
        0 => by_person(PersonVerdict::Arrived).await.map(drop),
        1 => by_person(PersonVerdict::SendAgain).await.map(drop),
        _ => {
            let raw = format!("SHOWN{}", world.run);
            let shown = own(chat(world.run), &raw, "Save the date", world.now);
            let settled = world
                .store
                .settle_from_chat(work.attempt, &[shown], world.now)
                .await;
            settled.map(drop)
        }
    }
}

async fn writes(world: &World<'_>, words: &str, rng: &mut StdRng) -> Result<(), Error> {
    let session = &world.workers[rng.random_range(0..2)].session;
    let raw = format!("IN{}-{}", world.run, rng.random::<u32>());
    let message = says(chat(world.run), &raw, words, world.now);
    world
        .store
        .record_message(session, &message, world.now)
        .await
        .map(drop)
}

async fn decide(world: &World<'_>, rng: &mut StdRng) -> Result<(), Error> {
    let decisions = [ContactDecision::OptIn, ContactDecision::OptOut];
    let decision = decisions[usize::from(rng.random_bool(0.2))];
    let (contact, now) = (world.contact, world.now);
    let decided = world
        .store
        .decide_contact(contact, decision, "they said so", &world.person, now);
    decided.await.map(drop)
}

/// Typed by hand, or the queue's own message as an event of WAHA.
async fn own_message(world: &World<'_>, rng: &mut StdRng) -> Result<(), Error> {
    let open = world.open.as_ref().map(|open| open.worker);
    let worker = open.unwrap_or_else(|| rng.random_range(0..2));
    let (raw, words) = if rng.random_bool(0.5) {
        (format!("RAW{}", world.run), "Save the date")
    } else {
        (
            format!("HAND{}-{}", world.run, rng.random::<u32>()),
            "A dopo",
        )
    };
    let message = own(chat(world.run), &raw, words, world.now);
    let session = &world.workers[worker].session;
    world
        .store
        .record_message(session, &message, world.now)
        .await
        .map(drop)
}

/// A message that tells both identities of one person.
async fn merge(world: &World<'_>, rng: &mut StdRng) -> Result<(), Error> {
    let session = &world.workers[rng.random_range(0..2)].session;
    let raw = format!("BOTH{}-{}", world.run, rng.random::<u32>());
    let message = with_alt(
        inbound(world.hidden_chat(), &raw, world.now),
        chat(world.run),
    );
    world
        .store
        .record_message(session, &message, world.now)
        .await
        .map(drop)
}

async fn link(world: &World<'_>) -> Result<(), Error> {
    let Some(writer) = world.unknown else {
        return Ok(());
    };
    let member = Member::Household(world.guest.household_id);
    let session = &world.workers[0].session;
    let linked = world
        .store
        .tie_unknown_writer(session, writer, member, &world.person, world.now);
    linked.await.map(drop)
}

/// A file moves the guest into another household and names somebody new with the same number.
async fn import(world: &World<'_>) -> Result<(), Error> {
    let line = |number, name: String| ImportLine {
        number,
        name,
        phone: Some(phone(world.run)),
        household: Some(format!("Villa {}", world.run)),
        side: None,
        language: None,
    };
    let lines = [
        line(1, world.guest.name.clone()),
        line(2, format!("Partner {}", world.run)),
    ];
    let imported =
        world
            .store
            .import_guests(&lines, RefusedLines::LeftOut(0), &world.person, world.now);
    imported.await.map(drop)
}

async fn erase(world: &World<'_>) -> Result<(), Error> {
    let erased = world
        .store
        .erase_guest(world.guest.id, "they asked", &world.person, world.now);
    erased.await.map(drop)
}

/// Another number is linked to a session, and half of the time the guest writes to it.
async fn another_number(world: &World<'_>, rng: &mut StdRng) -> Result<(), Error> {
    let session = &world.workers[rng.random_range(0..2)].session;
    let at = world.now + TimeDelta::seconds(1);
    let number = own_number("393333", world.run);
    let view = connected(&number, at);
    world.store.record_session(session, &view, at).await?;
    if rng.random_bool(0.5) {
        let raw = format!("NEW{}-{}", world.run, rng.random::<u32>());
        let message = inbound(chat(world.run), &raw, at);
        world.store.record_message(session, &message, at).await?;
    }
    Ok(())
}
