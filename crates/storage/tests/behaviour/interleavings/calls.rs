//! Each operation as one call, or as the calls that one worker makes in a row.

use chrono::TimeDelta;
use domain::{ids::MessageId, outcome::SendAnswer, release::Refusal, wire::CompositionEnd};
use rand::{RngExt as _, rngs::StdRng};
use storage::{
    Changed, Commit, ConfigUpdate, ContactDecision, Edit, Error, ImportLine, Member, PersonVerdict,
    Recipient, RefusedLines, ReleaseOutcome, ReleaseReason,
};

use super::{
    super::{
        inviting::{says, with_alt},
        stage::{accepted, chat, inbound, own, phone, text},
    },
    answer::Answer,
    world::{OpenAttempt, World, connected, own_number},
};

/// Mostly the one that is open: others meet nothing.
fn any_message(world: &World<'_>, rng: &mut StdRng) -> Option<MessageId> {
    let open = world.open.as_ref().map(|open| open.work.message);
    let messages = &world.messages;
    match open {
        Some(open) if rng.random_bool(0.6) => Some(open),
        _ => (!messages.is_empty()).then(|| messages[rng.random_range(0..messages.len())]),
    }
}

/// Mostly the worker that has nothing open.
pub(super) async fn claim(world: &World<'_>, rng: &mut StdRng) -> Result<Answer, Error> {
    let busy = world.open.as_ref().map(|open| open.worker);
    let worker = match busy {
        Some(busy) if rng.random_bool(0.9) => 1 - busy,
        _ => rng.random_range(0..2),
    };
    let claimer = world.workers[worker].claimer();
    world.store.claim(claimer, world.now, rng).await?;
    sees_settings(world, worker).await
}

/// The worker finds other settings than those that it has decided by.
pub(super) async fn sees_settings(world: &World<'_>, worker: usize) -> Result<Answer, Error> {
    if world.store.config().await?.1 != world.settings {
        let session = &world.workers[worker].session;
        world.store.look_again(session).await?;
    }
    Ok(Answer::Nothing)
}

pub(super) async fn commit(world: &World<'_>) -> Result<Answer, Error> {
    let Some(open) = world.open.as_ref().filter(|open| !open.committed) else {
        return Ok(Answer::Nothing);
    };
    let answer = if commit_open(world, open).await? {
        Answer::Committed(open.work.message)
    } else {
        Answer::Nothing
    };
    sees_settings(world, open.worker).await?;
    Ok(answer)
}

async fn commit_open(world: &World<'_>, open: &OpenAttempt) -> Result<bool, Error> {
    let claimer = world.workers[open.worker].claimer();
    let commit = world.store.commit(claimer, &open.work, None, world.now);
    Ok(commit.await? == Commit::Committed)
}

/// Commits first what is still being composed, as the worker does.
pub(super) async fn finish(world: &World<'_>, rng: &mut StdRng) -> Result<Answer, Error> {
    let Some(open) = &world.open else {
        return Ok(Answer::Nothing);
    };
    if !open.committed && !commit_open(world, open).await? {
        return sees_settings(world, open.worker).await;
    }
    let answers = [
        accepted(&format!("RAW{}", world.run)),
        SendAnswer::Unclear,
        SendAnswer::NeverCalled,
        SendAnswer::NoLid,
        SendAnswer::SlowDown,
    ];
    let answer = answers[rng.random_range(0..answers.len())].clone();
    let outcome = world.outcome(open.work.attempt, answer);
    let claimer = world.workers[open.worker].claimer();
    let now = world.now + TimeDelta::seconds(1);
    let finished = world.store.finish(claimer, &outcome, now, rng);
    finished.await.map(Answer::nothing)
}

pub(super) async fn give_back(world: &World<'_>, rng: &mut StdRng) -> Result<Answer, Error> {
    let Some(open) = &world.open else {
        return Ok(Answer::Nothing);
    };
    let reasons = [
        ReleaseReason::Preempted,
        ReleaseReason::Lost,
        ReleaseReason::Stopping,
        ReleaseReason::CompositionEnded(CompositionEnd::Cancelled),
        ReleaseReason::CompositionEnded(CompositionEnd::HandTyped),
        ReleaseReason::CompositionEnded(CompositionEnd::OtherNumber),
        ReleaseReason::Refused(Refusal::SessionAway),
    ];
    let reason = reasons[rng.random_range(0..reasons.len())];
    let claimer = world.workers[open.worker].claimer();
    let released = world
        .store
        .release(claimer, open.work.attempt, reason, world.now)
        .await?;
    Ok(match released {
        ReleaseOutcome::Pending { .. } => Answer::GivenBack(open.work.message),
        _ => Answer::Nothing,
    })
}

pub(super) async fn enqueue(world: &World<'_>, rng: &mut StdRng) -> Result<Answer, Error> {
    let worker = rng.random_range(0..2);
    let message = world.new_message(worker, Recipient::Phone(phone(world.run)), rng);
    world
        .store
        .enqueue(&[message], None, world.now)
        .await
        .map(Answer::nothing)
}

pub(super) async fn edit(world: &World<'_>, rng: &mut StdRng) -> Result<Answer, Error> {
    let Some(message) = any_message(world, rng) else {
        return Ok(Answer::Nothing);
    };
    let edit = Edit {
        text: Some(text("Save another date")),
        ..Edit::default()
    };
    let edited = world
        .store
        .edit(message, None, &edit, &world.person, world.now)
        .await?;
    Ok(stopped(message, &edited))
}

pub(super) async fn cancel(world: &World<'_>, rng: &mut StdRng) -> Result<Answer, Error> {
    let Some(message) = any_message(world, rng) else {
        return Ok(Answer::Nothing);
    };
    let cancelled = world
        .store
        .cancel(message, &world.person, world.now)
        .await?;
    Ok(stopped(message, &cancelled))
}

const fn stopped(message: MessageId, changed: &Changed) -> Answer {
    match changed {
        Changed::Done(_) => Answer::Stopped(message),
        _ => Answer::Nothing,
    }
}

/// A person presses Stop, and half of the time goes on at once.
pub(super) async fn pause(world: &World<'_>, rng: &mut StdRng) -> Result<Answer, Error> {
    let session = &world.workers[rng.random_range(0..2)].session;
    let paused = world.store.pause(session, &world.person, world.now).await?;
    let resumed = rng.random_bool(0.5);
    if resumed {
        let resume = world.store.resume(session, &world.person, world.now);
        resume.await?;
    }
    Ok(Answer::Paused {
        session: session.clone(),
        committed: paused.committed,
        resumed,
    })
}

/// The chat shows the uncertain message, or a person decides.
pub(super) async fn settle(world: &World<'_>, rng: &mut StdRng) -> Result<Answer, Error> {
    let Some((_, work)) = &world.uncertain else {
        return Ok(Answer::Nothing);
    };
    let by_person = |verdict| {
        world
            .store
            .settle_by_person(work.message, verdict, &world.person, world.now)
    };
    match rng.random_range(0..3) {
        0 => Ok(match by_person(PersonVerdict::Arrived).await? {
            Changed::Done(_) => Answer::Arrived(work.message),
            _ => Answer::Nothing,
        }),
        1 => by_person(PersonVerdict::SendAgain)
            .await
            .map(Answer::nothing),
        _ => {
            let raw = format!("SHOWN{}", world.run);
            let shown = own(chat(world.run), &raw, "Save the date", world.now);
            let settled = world
                .store
                .settle_from_chat(work.attempt, &[shown], world.now)
                .await;
            settled.map(Answer::nothing)
        }
    }
}

pub(super) async fn writes(
    world: &World<'_>,
    words: &str,
    rng: &mut StdRng,
) -> Result<Answer, Error> {
    let session = &world.workers[rng.random_range(0..2)].session;
    let raw = format!("IN{}-{}", world.run, rng.random::<u32>());
    let message = says(chat(world.run), &raw, words, world.now);
    world
        .store
        .record_message(session, &message, world.now)
        .await
        .map(Answer::nothing)
}

pub(super) async fn decide(world: &World<'_>, rng: &mut StdRng) -> Result<Answer, Error> {
    let decisions = [ContactDecision::OptIn, ContactDecision::OptOut];
    let decision = decisions[usize::from(rng.random_bool(0.2))];
    let (contact, now) = (world.contact, world.now);
    let decided = world
        .store
        .decide_contact(contact, decision, "they said so", &world.person, now);
    decided.await.map(Answer::nothing)
}

/// Typed by hand, or the queue's own message as an event of WAHA.
pub(super) async fn own_message(world: &World<'_>, rng: &mut StdRng) -> Result<Answer, Error> {
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
        .map(Answer::nothing)
}

/// A message that tells both identities of one person.
pub(super) async fn merge(world: &World<'_>, rng: &mut StdRng) -> Result<Answer, Error> {
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
        .map(Answer::nothing)
}

/// Somebody of the household, or this very guest under a hidden id.
pub(super) async fn link(world: &World<'_>, rng: &mut StdRng) -> Result<Answer, Error> {
    let Some(writer) = world.unknown else {
        return Ok(Answer::Nothing);
    };
    let member = if rng.random_bool(0.5) {
        Member::Guest(world.guest.id)
    } else {
        Member::Household(world.guest.household_id)
    };
    let session = &world.workers[0].session;
    let linked = world
        .store
        .tie_unknown_writer(session, writer, member, &world.person, world.now);
    linked.await.map(Answer::nothing)
}

/// A file moves the guest into another household and names somebody new with the same number.
pub(super) async fn import(world: &World<'_>) -> Result<Answer, Error> {
    let line = |number, name: String| ImportLine {
        number,
        name,
        phone: Some(phone(world.run)),
        phone_unconfirmed: false,
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
    imported.await.map(Answer::nothing)
}

pub(super) async fn erase(world: &World<'_>) -> Result<Answer, Error> {
    let erased = world
        .store
        .erase_guest(world.guest.id, "they asked", &world.person, world.now);
    erased.await.map(Answer::nothing)
}

/// Another number is linked to a session, and half of the time the guest writes to it.
pub(super) async fn another_number(world: &World<'_>, rng: &mut StdRng) -> Result<Answer, Error> {
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
    Ok(Answer::Nothing)
}

/// A person frees what waits: each of these wakes rows.
pub(super) async fn free(world: &World<'_>, rng: &mut StdRng) -> Result<Answer, Error> {
    let session = &world.workers[rng.random_range(0..2)].session;
    let (store, person, now) = (&world.store, &world.person, world.now);
    match rng.random_range(0..4) {
        0 => store.unlock(session, person, now).await?,
        1 => store.try_again(session, person, now).await?,
        _ => return raise_limits(world).await,
    };
    Ok(Answer::Nothing)
}

async fn raise_limits(world: &World<'_>) -> Result<Answer, Error> {
    let (mut config, version) = world.store.config().await?;
    config.limits.unanswered = 3;
    config.limits.unanswered_replies = 5;
    let update = world
        .store
        .update_config(&config, version, &world.person, world.now);
    Ok(match update.await? {
        ConfigUpdate::Done { .. } => Answer::Raised,
        ConfigUpdate::Conflict { .. } => Answer::Nothing,
    })
}

/// The integration posts what became of an uncertain send, or a person has a failed message tried again.
pub(super) async fn late(world: &World<'_>, rng: &mut StdRng) -> Result<Answer, Error> {
    let (store, now) = (&world.store, world.now);
    if let Some(failed) = world.failed {
        let retried = store.retry(failed, &world.person, now).await;
        return retried.map(Answer::nothing);
    }
    let Some((worker, work)) = &world.uncertain else {
        return Ok(Answer::Nothing);
    };
    let answers = [
        accepted(&format!("LATE{}", world.run)),
        SendAnswer::NeverCalled,
        SendAnswer::NoLid,
    ];
    let answer = answers[rng.random_range(0..answers.len())].clone();
    let outcome = world.outcome(work.attempt, answer);
    let worker = &world.workers[*worker];
    let recorded = store.record_outcome(&worker.session, &outcome, &worker.rules, now, rng);
    recorded.await.map(Answer::nothing)
}
