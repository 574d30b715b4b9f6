//! `POST /messages` and `/messages/batch`: puts drafts into the queue, all of them in one transaction or none.

use std::collections::HashSet;

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use chassis::Problem;
use chassis::problem::{FieldError, ProblemJson};
use domain::ids::MessageId;
use domain::object::Object;
use domain::session::SessionName;
use http::header;
use serde::{Deserialize, Serialize};
use storage::{Enqueued, Idempotency, NewMessage};
use utoipa::ToSchema;

use super::draft::{Checked, Draft};
use super::view::MessageDetail;
use crate::app::{App, Shared};
use crate::auth::{Caller, Enqueue, Scope};
use crate::idempotency::{IdempotencyKey, created, key_reused};
use crate::precondition::etag;
use crate::problem::Answer;

/// Queues a message.
#[utoipa::path(
    post, path = "/messages", operation_id = "enqueueMessage", tag = "messages", security(("token" = ["enqueue"])),
    params(("Idempotency-Key" = Option<String>, Header, description = "For 30 days, repeating a request with the same key and body does nothing more.")),
    request_body(content = Draft, example = json!({ "session": "groom", "to": "+39 347 000 0001", "text": "Ciao!" })),
    responses(
        (status = CREATED, description = "It is queued.", body = MessageDetail),
        (status = OK, description = "It was queued by an earlier request with this key.", body = MessageDetail),
        (status = CONFLICT, description = "`broadcast_already_queued`: this contact has a copy of it already."),
        (status = UNPROCESSABLE_ENTITY, description = "`invalid_message`: nothing was queued; `errors` names each mistake."),
    ),
)]
pub(super) async fn enqueue(
    State(app): State<Shared>,
    caller: Caller<Enqueue>,
    key: IdempotencyKey,
    ProblemJson(draft): ProblemJson<Draft>,
) -> Answer<Response> {
    if draft.send_now {
        caller.require(Scope::Operate)?;
    }
    let idempotency = key.of(&caller, "message", &draft);
    let queued = queue(&app, vec![draft], idempotency.as_ref(), |_| String::new()).await?;
    // the store leaves out a copy of news that the contact already has (design §5, order)
    let id = queued.ids.first().copied().ok_or_else(already_queued)?;
    let detail = super::handlers::detail(&app, id).await?.shown_to(&caller);
    let location = [(header::LOCATION, format!("/api/v1/messages/{id}"))];
    let answer = (location, etag(detail.version()), Json(detail));
    Ok(created(queued.repeated, answer))
}

fn already_queued() -> Problem {
    Problem::conflict(
        "broadcast_already_queued",
        "Nothing was queued: this contact already has a message of this broadcast, and nobody gets the same news twice.",
    )
}

/// How many messages one batch may hold.
const MOST: usize = 10_000;

/// Messages to be queued together.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Batch {
    /// 1 to 10,000 messages. They go in this order, within a priority.
    #[schema(value_type = Vec<Draft>, min_items = 1, max_items = 10_000)]
    messages: Vec<Object<Draft>>,
}

/// The messages that were queued together.
#[derive(Serialize, ToSchema)]
#[schema(as = QueuedBatch)]
pub(super) struct BatchView {
    /// The ids, in the order of the request. Copies of a broadcast that their contact already has are left out.
    #[schema(value_type = Vec<Uuid>)]
    ids: Vec<MessageId>,
}

/// Queues many messages: all, or none of them.
#[utoipa::path(
    post, path = "/messages/batch", operation_id = "enqueueBatch", tag = "messages", security(("token" = ["enqueue"])),
    params(("Idempotency-Key" = Option<String>, Header, description = "For 30 days, repeating a request with the same key and body does nothing more.")),
    request_body(content = Batch, example = json!({ "messages": [{ "session": "groom", "to": "+39 347 000 0001", "text": "Ciao!" }] })),
    responses(
        (status = CREATED, description = "All are queued.", body = BatchView),
        (status = OK, description = "They were queued by an earlier request with this key.", body = BatchView),
        (status = UNPROCESSABLE_ENTITY, description = "`invalid_message`: nothing was queued; `errors` names each mistake as `messages[3].text`. `invalid_batch_size`: there are none or too many."),
    ),
)]
pub(super) async fn batch(
    State(app): State<Shared>,
    caller: Caller<Enqueue>,
    key: IdempotencyKey,
    ProblemJson(batch): ProblemJson<Batch>,
) -> Answer<Response> {
    if !(1..=MOST).contains(&batch.messages.len()) {
        let message = format!("a batch holds 1 to {MOST} messages");
        let detail = format!("Nothing was queued: {message}; split it.");
        return Err(Problem::unprocessable("invalid_batch_size", detail)
            .field("messages", message)
            .into());
    }
    if batch.messages.iter().any(|Object(draft)| draft.send_now) {
        caller.require(Scope::Operate)?;
    }
    let idempotency = key.of(&caller, "batch", &batch);
    let place = |index| format!("messages[{index}].");
    let drafts = batch.messages.into_iter().map(|Object(draft)| draft);
    let queued = queue(&app, drafts.collect(), idempotency.as_ref(), place).await?;
    let view = Json(BatchView { ids: queued.ids });
    Ok(created(queued.repeated, view))
}

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
