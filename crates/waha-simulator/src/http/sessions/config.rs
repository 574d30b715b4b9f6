//! The configuration of a session: checked in WAHA's words, and stripped of what WAHA does not know (recorded).

use serde_json::{Map, Value, json};

const EVENTS: &str = "session.status, message, message.reaction, message.any, message.ack, message.ack.group, message.waiting, message.revoked, message.edited, state.change, group.join, group.leave, group.v2.join, group.v2.leave, group.v2.update, group.v2.participants, presence.update, poll.vote, poll.vote.failed, chat.archive, call.received, call.accepted, call.rejected, label.upsert, label.deleted, label.chat.added, label.chat.deleted, event.response, event.response.failed, engine.event, *";

const KEYS: [&str; 9] = [
    "metadata", "proxy", "debug", "ignore", "client", "noweb", "gows", "webjs", "webhooks",
];

/// What is wrong with a configuration, in the order WAHA says it.
pub(super) fn faults(config: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    if let Some(Value::Object(metadata)) = config.get("metadata")
        && metadata.values().any(|value| !value.is_string())
    {
        faults.push("config.metadata accepts string key-value pairs only".to_owned());
    }
    let hooks = config.get("webhooks").and_then(Value::as_array);
    for (index, hook) in hooks.into_iter().flatten().enumerate() {
        webhook_faults(index, hook, &mut faults);
    }
    for switch in ["enabled", "fullSync"] {
        let value = config.pointer(&format!("/noweb/store/{switch}"));
        if value.is_some_and(|value| !value.is_boolean()) {
            faults.push(format!(
                "config.noweb.store.{switch} must be a boolean value"
            ));
        }
    }
    faults
}

fn webhook_faults(index: usize, hook: &Value, faults: &mut Vec<String>) {
    let mut fault = |text: &str| faults.push(format!("config.webhooks.{index}.{text}"));
    let url = hook.get("url").and_then(Value::as_str).unwrap_or_default();
    if !(url.starts_with("http://") || url.starts_with("https://")) {
        fault("url must be a URL address");
    }
    let events = hook.get("events").and_then(Value::as_array);
    if events.is_none() {
        fault("events must be an array");
    }
    let is_known = |event: &Value| EVENTS.split(", ").any(|name| event.as_str() == Some(name));
    if !events.is_some_and(|events| events.iter().all(is_known)) {
        fault(&format!(
            "each value in events must be one of the following values: {EVENTS}"
        ));
    }
    if hook
        .pointer("/retries/attempts")
        .is_some_and(|value| !value.is_number())
    {
        fault("retries.attempts must be a number conforming to the specified constraints");
    }
    let policy = hook.pointer("/retries/policy").and_then(Value::as_str);
    if policy.is_some_and(|policy| !["linear", "exponential", "constant"].contains(&policy)) {
        fault("retries.policy must be one of the following values: linear, exponential, constant");
    }
}

/// Faults of the other fields of a create.
pub(super) fn create_faults(body: &Value) -> Vec<String> {
    const CHARACTERS: &str = "Session name can only contain alphanumeric characters, hyphens, and underscores (a-z, A-Z, 0-9, -, _) or be empty";
    let mut faults = Vec::new();
    match body.get("name") {
        None | Some(Value::Null) => {}
        Some(Value::String(name)) => {
            if name.len() > 54 {
                faults.push("name must be shorter than or equal to 54 characters".to_owned());
            }
            let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
            if !name.chars().all(allowed) {
                faults.push(CHARACTERS.to_owned());
            }
        }
        Some(_) => faults.extend([
            "name must be a string".to_owned(),
            "name must be shorter than or equal to 54 characters".to_owned(),
            CHARACTERS.to_owned(),
        ]),
    }
    if body.get("start").is_some_and(|start| !start.is_boolean()) {
        faults.push("start must be a boolean value".to_owned());
    }
    faults
}

/// Only what WAHA knows; `noweb.markOnline` is filled in.
pub(super) fn known_part(config: &Value) -> Value {
    let mut known = pick(config, &KEYS);
    if let Some(noweb) = config.get("noweb") {
        let mut part = pick(noweb, &["markOnline", "store"]);
        if let Some(store) = noweb.get("store") {
            part["store"] = pick(store, &["enabled", "fullSync"]);
        }
        if part.get("markOnline").is_none() {
            part["markOnline"] = json!(true);
        }
        known["noweb"] = part;
    }
    if let Some(hooks) = config.get("webhooks").and_then(Value::as_array) {
        let keys = ["url", "events", "hmac", "retries", "customHeaders"];
        known["webhooks"] = hooks.iter().map(|hook| pick(hook, &keys)).collect();
    }
    known
}

fn pick(from: &Value, keys: &[&str]) -> Value {
    let part = |key: &&str| {
        from.get(*key)
            .map(|value| ((*key).to_owned(), value.clone()))
    };
    Value::Object(keys.iter().filter_map(part).collect::<Map<_, _>>())
}
