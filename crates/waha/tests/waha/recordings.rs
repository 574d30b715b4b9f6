//! Reads the recorded answers.

use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

/// A recorded answer.
#[derive(Deserialize)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    body: Option<Value>,
}

impl Answer {
    /// The body's bytes; some answers have none.
    pub(crate) fn bytes(&self) -> String {
        self.body.as_ref().map(Value::to_string).unwrap_or_default()
    }
}

/// A recorded post.
#[derive(Deserialize)]
pub(crate) struct Post {
    pub(crate) body: String,
    pub(crate) key: Option<String>,
    pub(crate) hmac: Option<String>,
}

/// The answer in `recordings/{name}.json`.
pub(crate) fn answer(name: &str) -> Answer {
    read(name)
}

/// The post in `recordings/2026.4.1/webhooks/{name}.json`.
pub(crate) fn post(name: &str) -> Post {
    read(&format!("2026.4.1/webhooks/{name}"))
}

fn read<T: for<'de> Deserialize<'de>>(name: &str) -> T {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/recordings/{name}.json"));
    let text = std::fs::read_to_string(&file).unwrap_or_else(|e| panic!("{name}: {e}"));
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{name}: {e}"))
}
