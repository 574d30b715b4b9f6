//! What the calls of a run were answered, and whether the rows at its end contradict it.

use domain::{ids::MessageId, session::SessionName};

use super::{invariants, operation::Operation, world::World};

/// What a call was answered, as far as it promises something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    Nothing,
    /// The attempt of this message has passed the point of no return.
    Committed(MessageId),
    /// The composition of this message was given back.
    GivenBack(MessageId),
    /// A person edited or cancelled this message: no earlier attempt of it leaves.
    Stopped(MessageId),
    /// Nothing of the session leaves any more but what is told here.
    Paused {
        session: SessionName,
        committed: Vec<MessageId>,
        resumed: bool,
    },
    /// A person said that this message had arrived.
    Arrived(MessageId),
    /// The limits of unanswered messages are one higher.
    Raised,
}

impl Answer {
    /// The answer of a call that promises nothing.
    pub(super) fn nothing<T>(_: T) -> Self {
        Self::Nothing
    }
}

/// What the rows at the end of a run say against the answers of its calls.
pub(super) async fn contradicted(
    world: &World<'_>,
    operations: &[Operation],
    answers: &[Answer],
) -> Vec<String> {
    let mut wrong = Vec::new();
    for answer in answers {
        for row in rows_against(world, operations, answers, answer).await {
            wrong.push(format!("answered {answer:?}, and yet: {row}"));
        }
    }
    wrong
}

async fn rows_against(
    world: &World<'_>,
    operations: &[Operation],
    answers: &[Answer],
    answer: &Answer,
) -> Vec<String> {
    let finished = operations.contains(&Operation::Finish);
    match answer {
        Answer::Nothing => Vec::new(),
        Answer::Committed(id) => {
            let opposed = [Answer::Stopped(*id), Answer::GivenBack(*id)];
            let opposed = opposed.into_iter().filter(|one| answers.contains(one));
            // After the attempt's end a person may change the message.
            let opposed = opposed.filter(|_| !finished);
            opposed.map(|one| format!("{one:?}")).collect()
        }
        Answer::GivenBack(id) => messages(world, &with_status(*id, "('sending')")).await,
        Answer::Stopped(id) => messages(world, &with_status(*id, left(world, *id))).await,
        Answer::Paused { session, .. } if was_resumed(answers, session) => Vec::new(),
        Answer::Paused {
            session, committed, ..
        } => after_the_pause(world, session, committed, finished).await,
        Answer::Arrived(id) => arrived(world, operations, *id).await,
        Answer::Raised => messages(world, &invariants::held_below_raised_limits(world)).await,
    }
}

fn was_resumed(answers: &[Answer], of: &SessionName) -> bool {
    answers.iter().any(
        |answer| matches!(answer, Answer::Paused { session, resumed: true, .. } if session == of),
    )
}

/// What the attempt may have become that was open when a person stopped its message. A late truth about an earlier send is no such end.
fn left(world: &World<'_>, id: MessageId) -> &'static str {
    match &world.uncertain {
        Some((_, work)) if work.message == id => "('sending')",
        _ => "('sending', 'sent', 'uncertain')",
    }
}

fn with_status(id: MessageId, statuses: &str) -> String {
    format!(
        "SELECT id || ' ' || status AS value FROM whatsapp_message_queue WHERE id = '{id}' AND status IN {statuses}"
    )
}

/// The attempt that was not committed when the pause began, and left although the pause did not tell it.
async fn after_the_pause(
    world: &World<'_>,
    session: &SessionName,
    committed: &[MessageId],
    finished: bool,
) -> Vec<String> {
    let Some(open) = world.open.as_ref().filter(|open| !open.committed) else {
        return Vec::new();
    };
    // An attempt that has ended before the pause is not told either.
    let left = if finished {
        "('sending')"
    } else {
        "('sending', 'sent', 'uncertain')"
    };
    let of_session = &world.workers[open.worker].session == session;
    if !of_session || committed.contains(&open.work.message) {
        return Vec::new();
    }
    messages(world, &with_status(open.work.message, left)).await
}

/// Only a late proof may contradict a person.
async fn arrived(world: &World<'_>, operations: &[Operation], id: MessageId) -> Vec<String> {
    if operations.contains(&Operation::Late) {
        return Vec::new();
    }
    let statuses = "('pending', 'composing', 'sending', 'uncertain', 'failed', 'cancelled')";
    messages(world, &with_status(id, statuses)).await
}

async fn messages(world: &World<'_>, query: &str) -> Vec<String> {
    world.db.texts(query).await.into_iter().flatten().collect()
}
