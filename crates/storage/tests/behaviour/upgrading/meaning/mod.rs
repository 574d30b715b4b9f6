//! What a database means, as lines of text, read through the public methods alone.
//!
//! The lines name stored codes and times, never how a struct prints itself: a renamed field changes no line.

mod messages;
mod people;

use std::fmt::Display;

use domain::{Timestamp, ids::AccountId, release::Lock, session::SessionName};
use storage::{ConversationFilter, SessionRow, Store};

/// More than the fixture holds of anything.
const MOST: u32 = 200;

/// Returns the lines, sorted by what they are about.
pub(super) async fn meaning(store: &Store, now: Timestamp) -> Vec<String> {
    let mut lines = settings(store).await;
    for session in store.sessions().await.unwrap() {
        lines.extend(of_session(store, &session, now).await);
    }
    lines.extend(people::guests(store, now).await);
    lines.extend(messages::messages(store).await);
    lines.extend(messages::broadcasts(store).await);
    lines.extend(accounts(store).await);
    for row in store.audit(None, MOST).await.unwrap().items {
        let detail = row.detail.as_deref().unwrap_or("-");
        let (at, actor) = (time(row.at), row.actor);
        lines.push(format!(
            "audit {at} {actor} {} {} {detail}",
            row.action, row.subject
        ));
    }
    lines
}

async fn settings(store: &Store) -> Vec<String> {
    let (config, version) = store.config().await.unwrap();
    let mut lines = vec![format!("setting version {version}")];
    flatten(&serde_json::to_value(config).unwrap(), "", &mut lines);
    lines
}

fn flatten(value: &serde_json::Value, name: &str, lines: &mut Vec<String>) {
    let Some(fields) = value.as_object() else {
        lines.push(format!("setting{name} {value}"));
        return;
    };
    for (field, value) in fields {
        flatten(value, &format!("{name} {field}"), lines);
    }
}

async fn of_session(store: &Store, row: &SessionRow, now: Timestamp) -> Vec<String> {
    let name = &row.name;
    let mut lines = vec![
        format!(
            "session {name} state={} problem={} since={} number={} name={} first_connected={}",
            row.state,
            or_none(row.problem),
            time(row.since),
            row.own_number.as_ref().map_or("-", |own| own.digits()),
            or_none(row.own_name.as_ref()),
            or_none(row.first_connected_at.map(time)),
        ),
        format!(
            "session {name} paused_by={} lock={} lock_reason={} epoch={} uncertain={}",
            or_none(row.paused_by.as_ref()),
            match row.lock {
                None => "-".to_owned(),
                Some(Lock::Person) => "person".to_owned(),
                Some(Lock::Until(until)) => time(until),
            },
            or_none(row.lock_reason.as_ref()),
            row.lease_epoch,
            store.uncertain_count(name).await.unwrap(),
        ),
    ];
    lines.extend(sends(store, name, now).await);
    for open in store.open_attempts(name).await.unwrap() {
        lines.push(format!(
            "session {name} open={} status={} epoch={}",
            open.message, open.status, open.epoch
        ));
    }
    for row in store.uncertain(name).await.unwrap() {
        lines.push(format!(
            "session {name} uncertain={} chat={} snapshot={:?} looked={}",
            row.message, row.chat, row.snapshot, row.looked
        ));
    }
    for chat in store.chats_to_read(name).await.unwrap() {
        lines.push(format!("session {name} reads={}", chat.chat));
    }
    lines.extend(unknown(store, name, now).await);
    lines
}

/// The slots that count against the limits.
async fn sends(store: &Store, name: &SessionName, now: Timestamp) -> Vec<String> {
    let facts = store.session_facts(name, now).await.unwrap().unwrap();
    let slots = facts.sends.iter().map(|send| {
        let at = or_none(send.at.map(time));
        format!("session {name} slot={at} {} to={}", send.lane, send.contact)
    });
    let typed = facts.hand_typed.iter();
    let typed = typed.map(|at| format!("session {name} typed={}", time(*at)));
    let mut lines: Vec<_> = slots.chain(typed).collect();
    // their order is no promise of the store
    lines.sort_unstable();
    lines
}

async fn unknown(store: &Store, name: &SessionName, now: Timestamp) -> Vec<String> {
    let page = store.unknown_writers(name, None, MOST, now).await.unwrap();
    let line = |row: storage::UnknownWriterRow| {
        format!(
            "session {name} unknown={} phone={} name={} first={} last={} suggested={}",
            row.id,
            row.phone.as_ref().map_or("-", |phone| phone.digits()),
            or_none(row.push_name.as_ref()),
            time(row.first_at),
            time(row.last_at),
            or_none(row.suggested.map(|(household, _)| household)),
        )
    };
    page.items.into_iter().map(line).collect()
}

async fn accounts(store: &Store) -> Vec<String> {
    let mut lines = Vec::new();
    for row in store.accounts().await.unwrap() {
        lines.push(format!(
            "account {} name={} role={} session={} language={} password={} reads_texts={}",
            row.id,
            row.name,
            row.person.role(),
            or_none(row.person.session()),
            row.language,
            row.password_hash,
            row.reads_texts(),
        ));
        lines.push(unread(store, row.id).await);
    }
    for row in store.tokens().await.unwrap() {
        lines.push(format!(
            "token {} name={} hash={} scopes={:?} session={} used={} revoked={}",
            row.id,
            row.name,
            row.hash,
            row.scopes,
            or_none(row.session.as_ref()),
            or_none(row.used_at.map(time)),
            or_none(row.revoked_at.map(time)),
        ));
    }
    lines
}

/// How much an account has not read of each conversation, the newest conversation first.
async fn unread(store: &Store, account: AccountId) -> String {
    let all = ConversationFilter::default();
    let page = store.conversations(account, &all, None, MOST).await;
    let unread: Vec<_> = page.unwrap().items.iter().map(|line| line.unread).collect();
    format!("account {account} unread={unread:?}")
}

fn time(at: Timestamp) -> String {
    at.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

fn or_none<T: Display>(value: Option<T>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| value.to_string())
}
