//! Who gets which events: the webhook of the environment and those of the session, both at once (WAHA §7.6).

use serde_json::Value;

use super::retries::Retries;
use crate::waha::Waha;

#[derive(Clone, Debug)]
pub(super) struct Hook {
    pub(super) url: String,
    events: Vec<String>,
    pub(super) hmac_key: Option<String>,
    pub(super) retries: Retries,
    pub(super) headers: Vec<(String, String)>,
}

impl Hook {
    /// `*` is everything but what carries engine internals.
    pub(super) fn wants(&self, event: &str) -> bool {
        self.events.iter().any(|name| name == event || name == "*")
    }

    fn of(config: &Value) -> Option<Self> {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        Some(Self {
            url: text(config.get("url")?)?,
            events: config
                .get("events")?
                .as_array()?
                .iter()
                .filter_map(text)
                .collect(),
            hmac_key: config.pointer("/hmac/key").and_then(text),
            retries: Retries::of(config.get("retries").unwrap_or(&Value::Null)),
            headers: config
                .get("customHeaders")
                .map(custom_headers)
                .unwrap_or_default(),
        })
    }
}

impl Waha {
    pub(super) fn hooks(&self, session: &str) -> Vec<Hook> {
        let mut hooks = Vec::new();
        if let Some(global) = &self.config.global_webhook {
            hooks.push(Hook {
                url: global.url.clone(),
                events: global.events.clone(),
                hmac_key: global.hmac_key.clone(),
                retries: Retries::default(),
                headers: Vec::new(),
            });
        }
        let config = self
            .look(session, |session| session.config.clone())
            .flatten();
        let own = config
            .as_ref()
            .and_then(|config| config.get("webhooks")?.as_array());
        hooks.extend(own.into_iter().flatten().filter_map(Hook::of));
        hooks
    }

    /// Whether somebody is told of this session's `event`.
    pub(crate) fn has_subscriber(&self, session: &str, event: &str) -> bool {
        self.hooks(session).iter().any(|hook| hook.wants(event))
    }
}

fn custom_headers(list: &Value) -> Vec<(String, String)> {
    let pair = |header: &Value| {
        let part = |name| header.get(name).and_then(Value::as_str).map(str::to_owned);
        Some((part("name")?, part("value")?))
    };
    list.as_array()
        .into_iter()
        .flatten()
        .filter_map(pair)
        .collect()
}
