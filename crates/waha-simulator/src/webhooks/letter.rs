//! One delivery as it goes out: bytes, headers and signature (WAHA §7.2), the same on every retry.

use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use http::header::{ACCEPT, CONTENT_TYPE, USER_AGENT};
use http::{HeaderMap, HeaderName, HeaderValue};
use sha2::Sha512;

use super::envelope::Stamp;
use super::hooks::Hook;
use super::retries::Retries;
use crate::ids;
use crate::waha::Waha;

#[derive(Clone, Debug)]
pub(super) struct Letter {
    pub(super) url: String,
    pub(super) event: String,
    pub(super) event_id: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    pub(super) retries: Retries,
}

impl Letter {
    pub(super) fn new(waha: &Waha, hook: &Hook, event: &str, stamp: &Stamp, body: &[u8]) -> Self {
        let mut headers = HeaderMap::new();
        put(&mut headers, ACCEPT, "application/json, text/plain, */*");
        put(&mut headers, CONTENT_TYPE, "application/json");
        put(
            &mut headers,
            USER_AGENT,
            &format!("WAHA/{}", waha.profile().version()),
        );
        let request_id = waha.roll(ids::request_id);
        put(&mut headers, name("x-webhook-request-id"), &request_id);
        let timestamp = stamp.timestamp.to_string();
        put(&mut headers, name("x-webhook-timestamp"), &timestamp);
        for (header, value) in &hook.headers {
            if let Ok(header) = HeaderName::try_from(header) {
                put(&mut headers, header, value);
            }
        }
        if let Some(key) = &hook.hmac_key {
            put(&mut headers, name("x-webhook-hmac"), &sign(key, body));
            put(&mut headers, name("x-webhook-hmac-algorithm"), "sha512");
        }
        Self {
            url: hook.url.clone(),
            event: event.to_owned(),
            event_id: stamp.event_id.clone(),
            headers,
            body: Bytes::copy_from_slice(body),
            retries: hook.retries,
        }
    }
}

impl Letter {
    pub(super) fn unsigned(&mut self) {
        self.headers.remove("x-webhook-hmac");
        self.headers.remove("x-webhook-hmac-algorithm");
    }

    pub(super) fn signed_with(&mut self, key: &str) {
        put(
            &mut self.headers,
            name("x-webhook-hmac"),
            &sign(key, &self.body),
        );
    }
}

fn sign(key: &str, body: &[u8]) -> String {
    let Ok(mut mac) = Hmac::<Sha512>::new_from_slice(key.as_bytes()) else {
        return String::new();
    };
    mac.update(body);
    hex::encode(mac.finalize().into_bytes())
}

fn name(lower_case: &'static str) -> HeaderName {
    HeaderName::from_static(lower_case)
}

fn put(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}
