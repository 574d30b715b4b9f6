//! Messages with their timelines, and broadcasts, as lines of text.

use storage::{MessageFilter, MessageRow, Store};

use super::{MOST, or_none, time};

pub(super) async fn messages(store: &Store) -> Vec<String> {
    let page = store.messages(&MessageFilter::default(), None, MOST).await;
    let mut lines = Vec::new();
    for row in page.unwrap().items {
        lines.extend(message_lines(&row));
        let told = store.timeline(row.id).await.unwrap();
        let told: Vec<_> = told
            .iter()
            .map(|event| {
                let detail = or_none(event.detail.as_ref());
                format!("{}({detail})@{}", event.phase, time(event.at))
            })
            .collect();
        lines.push(format!("message {} told={}", row.id, told.join(" ")));
    }
    lines
}

fn message_lines(row: &MessageRow) -> [String; 4] {
    let id = row.id;
    let wait = row.wait.map(|wait| {
        let ends = serde_json::to_string(&wait.ends).unwrap();
        format!("{} until {ends}", wait.reason)
    });
    [
        format!(
            "message {id} {} to={} status={} wait={} text={}",
            row.session,
            row.contact,
            row.status,
            or_none(wait),
            row.text.as_str(),
        ),
        format!(
            "message {id} evidence={} lane={} priority={} now={} drop={} preview={} reply_to={} broadcast={},{}",
            or_none(row.evidence.as_ref().map(|evidence| &evidence.chat)),
            row.lane,
            row.priority,
            row.send_now,
            row.drop_if_answered,
            row.link_preview,
            or_none(row.reply_to),
            or_none(row.broadcast),
            or_none(row.broadcast_state),
        ),
        format!(
            "message {id} not_before={} not_after={} queued={} committed={} sent={} delivered={} read={}",
            or_none(row.not_before.map(time)),
            or_none(row.not_after.map(time)),
            time(row.queued_at),
            or_none(row.committed_at.map(time)),
            or_none(row.sent_at.map(time)),
            or_none(row.delivered_at.map(time)),
            or_none(row.read_at.map(time)),
        ),
        format!(
            "message {id} attempt={} attempts={} error={} left={} raw_id={} cancelled={}",
            or_none(row.attempt),
            row.attempts,
            or_none(row.last_error),
            or_none(row.failure_left_at.map(time)),
            or_none(row.raw_id.as_ref()),
            or_none(row.cancel_reason),
        ),
    ]
}

pub(super) async fn broadcasts(store: &Store) -> Vec<String> {
    let page = store.broadcasts(None, MOST).await.unwrap();
    let line = |row: storage::BroadcastRow| {
        format!(
            "broadcast {} title={} template={} audience={} from={} not_before={} not_after={} state={} by={} started={} open={} all={}",
            row.id,
            row.title,
            row.template.as_str(),
            serde_json::to_string(&row.audience).unwrap(),
            row.session,
            or_none(row.not_before.map(time)),
            time(row.not_after),
            row.state,
            row.created_by,
            or_none(row.started_at.map(time)),
            row.counts.open(),
            row.counts.all(),
        )
    };
    page.items.into_iter().map(line).collect()
}
