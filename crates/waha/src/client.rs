//! The one door to a WAHA server: builds a request, sends it, and sorts the answer into success or
//! complaint.
//!
//! Each call is made exactly once. The other modules add one family of calls each.

use std::time::Duration;

use bytes::Bytes;
use chassis::outbound::{CallError, Outbound};
use http::header::{ACCEPT, CONTENT_TYPE, HeaderName, HeaderValue};
use http::{Method, Request};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::answer::Complaint;
use crate::cleaning::cleaned;
use crate::error::WahaError;
use crate::route::Route;

const API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// A send to a session that is away is held 5–15 s by WAHA first; the engine itself has no limit.
pub(crate) const SEND: Duration = Duration::from_mins(1);
/// Stop, restart, log out and PUT take 3–4 s each, and wait 5 s for one another (WAHA §2.5).
pub(crate) const SESSION_OPERATION: Duration = Duration::from_secs(40);
/// Every other call; a QR may take 14 s (WAHA §3).
pub(crate) const OTHER: Duration = Duration::from_secs(20);

/// Client of one session of one WAHA server. Cheap to clone.
#[derive(Clone)]
pub struct Waha {
    outbound: Outbound,
    /// `None` when no HTTP header can carry the key. Then it is not the server's key either: every
    /// call is answered without being made.
    api_key: Option<HeaderValue>,
    session: String,
}

/// One call, before it is made.
pub(crate) struct Call {
    method: Method,
    route: Route,
    body: Option<String>,
    accept: &'static str,
    timeout: Duration,
}

impl Call {
    pub(crate) fn get(route: Route) -> Self {
        Self::new(Method::GET, route, None)
    }

    pub(crate) fn post(route: Route, body: &Value) -> Self {
        Self::post_text(route, body.to_string())
    }

    /// A POST of JSON that must not be changed.
    pub(crate) fn post_text(route: Route, json: String) -> Self {
        Self::new(Method::POST, route, Some(json))
    }

    /// A POST that takes no body.
    pub(crate) fn command(route: Route) -> Self {
        Self::new(Method::POST, route, None)
    }

    pub(crate) fn put(route: Route, body: &Value) -> Self {
        Self::new(Method::PUT, route, Some(body.to_string()))
    }

    fn new(method: Method, route: Route, body: Option<String>) -> Self {
        Self {
            method,
            route,
            body,
            accept: "application/json",
            timeout: OTHER,
        }
    }

    pub(crate) fn within(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }

    pub(crate) fn accepting(self, accept: &'static str) -> Self {
        Self { accept, ..self }
    }
}

/// Why a call gave no 2xx answer.
pub(crate) enum Failure {
    /// The key cannot be put in a header; nothing was sent.
    UnsendableKey,
    /// No answer came.
    NoAnswer(CallError),
    /// The server answered, and did not agree.
    Complaint(Complaint),
}

impl Waha {
    /// A client of `session`, which is the session's name *inside* that WAHA (usually `default`).
    ///
    /// `outbound` knows the server's address.
    pub fn new(outbound: Outbound, api_key: &SecretString, session: String) -> Self {
        Self {
            outbound,
            api_key: header(api_key),
            session,
        }
    }

    /// The session's name inside this WAHA.
    pub fn session_name(&self) -> &str {
        &self.session
    }

    /// Makes the call; the body of a 2xx answer comes back as it is.
    pub(crate) async fn make(&self, call: Call) -> Result<Bytes, Failure> {
        let timeout = call.timeout;
        let request = self.request(call)?;
        let answer = self
            .outbound
            .call(request, timeout)
            .await
            .map_err(Failure::NoAnswer)?;
        if answer.status().is_success() {
            return Ok(answer.into_body());
        }
        Err(Failure::Complaint(Complaint::read(
            answer.status().as_u16(),
            answer.body(),
        )))
    }

    /// Makes the call and reads the 2xx answer as JSON.
    pub(crate) async fn read<T: DeserializeOwned>(&self, call: Call) -> Result<T, WahaError> {
        let body = self.make(call).await?;
        serde_json::from_slice(&cleaned(&body)).map_err(|_| WahaError::Unreadable)
    }

    /// Makes the call, whatever the 2xx answer says: several are empty on one version and JSON on
    /// another.
    pub(crate) async fn tell(&self, call: Call) -> Result<(), WahaError> {
        self.make(call).await?;
        Ok(())
    }

    fn request(&self, call: Call) -> Result<Request<Bytes>, Failure> {
        let key = self.api_key.as_ref().ok_or(Failure::UnsendableKey)?;
        let mut request = Request::builder()
            .method(call.method)
            .uri(call.route.as_str())
            .header(ACCEPT, call.accept)
            .header(API_KEY, key);
        let body = match call.body {
            Some(json) => {
                request = request.header(CONTENT_TYPE, "application/json");
                Bytes::from(json)
            }
            None => Bytes::new(),
        };
        // a route is escaped and so always a valid path; were it not, nothing would have been
        // written
        request
            .body(body)
            .map_err(|_| Failure::Complaint(Complaint::unsendable()))
    }
}

fn header(key: &SecretString) -> Option<HeaderValue> {
    let mut header = HeaderValue::from_str(key.expose_secret()).ok()?;
    header.set_sensitive(true);
    Some(header)
}

impl std::fmt::Debug for Waha {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Waha")
            .field("session", &self.session)
            .finish_non_exhaustive()
    }
}
