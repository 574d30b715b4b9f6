//! A request as read: method, target, query and body, whatever form the body came in.

use std::collections::BTreeMap;

use axum::body::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::request::Parts;
use http::{HeaderMap, Method};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use super::refusal::Refusal;
use crate::profile::Profile;

#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) method: Method,
    /// Path and query.
    pub(super) target: String,
    pub(super) path: String,
    pub(super) query: BTreeMap<String, String>,
    /// The body as JSON; an empty object when there was none or it was of no known kind.
    pub(super) body: Value,
    /// Whether anything was sent in the body.
    pub(super) has_body: bool,
    pub(super) accept: Option<String>,
}

impl Call {
    /// Reads JSON and form bodies; other kinds are as good as none (recorded).
    pub(super) fn read(head: &Parts, bytes: &Bytes) -> Result<Self, Refusal> {
        Ok(Self {
            method: head.method.clone(),
            target: head
                .uri
                .path_and_query()
                .map_or("/", |target| target.as_str())
                .to_owned(),
            path: head.uri.path().to_owned(),
            query: pairs(head.uri.query().unwrap_or_default()),
            body: body(&head.headers, bytes)?,
            has_body: !bytes.is_empty(),
            accept: text_header(&head.headers, &ACCEPT),
        })
    }

    /// The session a body names.
    pub(super) fn session_of_body(&self, profile: Profile) -> Result<String, Refusal> {
        session_name(profile, self.body.get("session").and_then(Value::as_str))
    }

    /// The session a query names.
    pub(super) fn session_of_query(&self, profile: Profile) -> Result<String, Refusal> {
        session_name(profile, self.query.get("session").map(String::as_str))
    }

    /// A text of the body.
    pub(super) fn text(&self, field: &str) -> Option<&str> {
        self.body.get(field).and_then(Value::as_str)
    }
}

/// The body's `chatId`, refused as Node does when it is missing or no text. `uses` is the method Node would have called on it.
pub(super) fn chat_id_of<'a>(body: &'a Value, uses: &str) -> Result<&'a str, Refusal> {
    match body.get("chatId") {
        Some(Value::String(chat)) => Ok(chat),
        None => Err(Refusal::type_error(format!(
            "Cannot read properties of undefined (reading '{uses}')"
        ))),
        Some(Value::Null) => Err(Refusal::type_error(format!(
            "Cannot read properties of null (reading '{uses}')"
        ))),
        Some(_) => Err(Refusal::type_error(format!(
            "phone.{uses} is not a function"
        ))),
    }
}

/// Checks that this version would know a session of that name at all.
pub(super) fn session_name(profile: Profile, name: Option<&str>) -> Result<String, Refusal> {
    match name.filter(|name| !name.is_empty()) {
        None => Err(Refusal::bad_request("Session name is required")),
        Some(other) if profile.is_core() && other != "default" => Err(Refusal::core_only(other)),
        Some(name) => Ok(name.to_owned()),
    }
}

fn body(headers: &HeaderMap, bytes: &Bytes) -> Result<Value, Refusal> {
    let kind = text_header(headers, &CONTENT_TYPE).unwrap_or_default();
    if bytes.is_empty() {
        return Ok(Value::Object(Map::new()));
    }
    if kind.starts_with("application/x-www-form-urlencoded") {
        let fields = pairs(&String::from_utf8_lossy(bytes));
        return Ok(fields
            .into_iter()
            .map(|(name, value)| (name, Value::String(value)))
            .collect());
    }
    if !kind.starts_with("application/json") {
        return Ok(Value::Object(Map::new()));
    }
    serde_json::from_slice(bytes).map_err(|error| {
        Refusal::bad_request(if error.is_eof() {
            "Unexpected end of JSON input"
        } else {
            "Unexpected token in JSON, the body is not valid JSON"
        })
    })
}

fn pairs(text: &str) -> BTreeMap<String, String> {
    let decode = |part: &str| {
        percent_decode_str(&part.replace('+', " "))
            .decode_utf8_lossy()
            .into_owned()
    };
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decode(name), decode(value)))
        .collect()
}

fn text_header(headers: &HeaderMap, name: &http::HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}
