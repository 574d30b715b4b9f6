//! Is a PUT needed, and what would it write: ours over what is there.
//!
//! Both work on the JSON, so that a key added to the shapes takes part by itself.

use serde_json::{Map, Value};

use super::{SessionConfig, WebhookConfig};

impl SessionConfig {
    /// Whether something that `wanted` sets is otherwise here, so that a PUT is needed.
    ///
    /// Only what `wanted` sets counts: what the server filled in (`noweb.markOnline`) or others
    /// configured does not.
    pub fn differs_from(&self, wanted: &Self) -> bool {
        let (here, wanted) = (json(self), json(wanted));
        wanted.iter().any(|(key, wanted)| match here.get(key) {
            here if key == "webhooks" => !webhooks_cover(here, wanted),
            here => here.is_none_or(|here| !covers(here, wanted)),
        })
    }

    /// This configuration with everything `wanted` sets put over it: the body of a PUT.
    ///
    /// Webhooks are matched by URL; those of other receivers stay.
    #[must_use]
    pub fn overlaid_with(&self, wanted: &Self) -> Self {
        let mut merged = Value::Object(json(self));
        let webhooks = merge_webhooks(self.webhooks.as_deref(), wanted.webhooks.as_deref());
        overlay(&mut merged, Value::Object(json(wanted)));
        // both sides are our own serialisation, so this reads back; `wanted` alone would still be a
        // right PUT
        let mut merged: Self = serde_json::from_value(merged).unwrap_or_else(|_| wanted.clone());
        merged.webhooks = webhooks;
        merged
    }
}

fn json(config: &SessionConfig) -> Map<String, Value> {
    match serde_json::to_value(config) {
        Ok(Value::Object(map)) => map,
        _ => Map::new(),
    }
}

/// Whether `here` says everything that `wanted` says.
fn covers(here: &Value, wanted: &Value) -> bool {
    match (here, wanted) {
        (Value::Object(here), Value::Object(wanted)) => wanted
            .iter()
            .all(|(key, wanted)| here.get(key).is_some_and(|here| covers(here, wanted))),
        // `2` and `2.0` are the same number to a server written in JavaScript
        (Value::Number(here), Value::Number(wanted)) => here.as_f64() == wanted.as_f64(),
        (here, wanted) => here == wanted,
    }
}

/// Whether each wanted webhook is there once, with the same set of events.
fn webhooks_cover(here: Option<&Value>, wanted: &Value) -> bool {
    let here = here
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    wanted.as_array().into_iter().flatten().all(|wanted| {
        let mut same_url = here
            .iter()
            .filter(|here| here.get("url") == wanted.get("url"));
        match (same_url.next(), same_url.next()) {
            (Some(here), None) => covers(&with_sorted_events(here), &with_sorted_events(wanted)),
            _ => false,
        }
    })
}

fn with_sorted_events(webhook: &Value) -> Value {
    let mut webhook = webhook.clone();
    if let Some(events) = webhook.get_mut("events").and_then(Value::as_array_mut) {
        events.sort_by_key(ToString::to_string);
    }
    webhook
}

fn merge_webhooks(
    here: Option<&[WebhookConfig]>,
    wanted: Option<&[WebhookConfig]>,
) -> Option<Vec<WebhookConfig>> {
    let Some(wanted) = wanted else {
        return here.map(<[_]>::to_vec);
    };
    let others = here
        .unwrap_or_default()
        .iter()
        .filter(|here| wanted.iter().all(|wanted| wanted.url != here.url));
    Some(wanted.iter().chain(others).cloned().collect())
}

/// Puts `above` over `below`: objects key by key, everything else replaced.
fn overlay(below: &mut Value, above: Value) {
    match (below, above) {
        (Value::Object(below), Value::Object(above)) => {
            for (key, above) in above {
                overlay(below.entry(key).or_insert(Value::Null), above);
            }
        }
        (below, above) => *below = above,
    }
}
