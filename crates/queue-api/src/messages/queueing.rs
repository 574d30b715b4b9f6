//! Putting drafts into the queue: all of them in one transaction, or none.

use std::collections::HashSet;

use chassis::Problem;
use chassis::problem::FieldError;
use domain::ids::MessageId;
use domain::session::SessionName;
use storage::{Enqueued, Idempotency, NewMessage};

use super::draft::{Checked, Draft};
use crate::app::App;
use crate::idempotency::key_reused;
use crate::problem::Answer;

/// Messages that are in the queue now.
pub(crate) struct Queued {
    pub(crate) ids: Vec<MessageId>,
    /// They were there already: this request was made before.
    pub(super) repeated: bool,
}

/// More mistakes than this are not listed.
const MOST_MISTAKES: usize = 100;

/// Queues `drafts`. `place` names one of them in a mistake's field: `messages[3].` in a batch.
pub(crate) async fn queue(
    app: &App,
    drafts: Vec<Draft>,
    idempotency: Option<&Idempotency>,
    place: impl Fn(usize) -> String,
) -> Answer<Queued> {
    let (config, _) = app.store.config().await?;
    let outcomes = drafts
        .into_iter()
        .map(|draft| draft.check(app, config.country));
    let checked = all_good(outcomes, &place)?;
    let sessions: HashSet<SessionName> = checked.iter().map(|c| c.session.clone()).collect();
    app.follow_clock_everywhere().await?;
    let now = app.now();
    let ids = app.store.message_ids(checked.len(), now).await?;
    let messages = with_ids(checked, ids);
    let enqueued = app.store.enqueue(&messages, idempotency, now).await?;
    let queued = answered(enqueued, &place)?;
    if !queued.repeated {
        metrics::counter!("messages_enqueued_total").increment(queued.ids.len() as u64);
        app.nudge.about(&sessions);
        app.nudge_readers(now).await;
    }
    Ok(queued)
}

fn answered(enqueued: Enqueued, place: &impl Fn(usize) -> String) -> Result<Queued, Problem> {
    match enqueued {
        Enqueued::New(ids) => Ok(Queued {
            ids,
            repeated: false,
        }),
        Enqueued::Repeated(ids) => Ok(Queued {
            ids,
            repeated: true,
        }),
        Enqueued::KeyReused => Err(key_reused()),
        Enqueued::UnknownContact { index } => Err(refused(vec![mistake(
            place(index),
            "contact",
            "there is no contact with this id",
        )])),
        Enqueued::UnknownReply { index } => Err(refused(vec![mistake(
            place(index),
            "reply_to",
            "not a message that this contact wrote on this session",
        )])),
    }
}

fn all_good(
    outcomes: impl Iterator<Item = Result<Checked, Vec<FieldError>>>,
    place: &impl Fn(usize) -> String,
) -> Result<Vec<Checked>, Problem> {
    let mut checked = Vec::new();
    let mut mistakes = Vec::new();
    for (index, outcome) in outcomes.enumerate() {
        match outcome {
            Ok(message) => checked.push(message),
            Err(found) => mistakes.extend(
                found
                    .into_iter()
                    .map(|m| mistake(place(index), &m.field, &m.message)),
            ),
        }
    }
    if mistakes.is_empty() {
        Ok(checked)
    } else {
        Err(refused(mistakes))
    }
}

fn with_ids(checked: Vec<Checked>, ids: Vec<MessageId>) -> Vec<NewMessage> {
    let messages = checked.into_iter().zip(ids);
    messages
        .map(|(message, id)| NewMessage {
            id,
            session: message.session,
            to: message.recipient,
            text: message.text,
            lane: message.lane,
            priority: message.priority,
            not_before: message.not_before,
            not_after: message.not_after,
            drop_if_answered: message.drop_if_answered,
            reply_to: message.reply_to,
            send_now: message.send_now,
            broadcast: message.broadcast,
            link_preview: message.link_preview,
        })
        .collect()
}

fn mistake(place: String, field: &str, message: &str) -> FieldError {
    FieldError {
        field: place + field,
        message: message.to_owned(),
    }
}

/// 422 `invalid_message`: nothing was queued.
fn refused(mistakes: Vec<FieldError>) -> Problem {
    let count = mistakes.len();
    let first = mistakes
        .first()
        .map_or_else(String::new, |m| format!("`{}`: {}", m.field, m.message));
    let detail = match count {
        0 | 1 => format!("Nothing was queued. {first}."),
        _ => format!(
            "Nothing was queued: {count} mistakes, listed in `errors`. The first is {first}."
        ),
    };
    let problem = Problem::unprocessable("invalid_message", detail);
    mistakes
        .into_iter()
        .take(MOST_MISTAKES)
        .fold(problem, |problem, m| problem.field(m.field, m.message))
}
