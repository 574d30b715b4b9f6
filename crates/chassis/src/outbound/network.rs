//! The peer over the network: one connection pool, plain HTTP/1.1, rustls.

use std::error::Error;
use std::iter;
use std::time::Duration;

use bytes::Bytes;
use futures_util::TryStreamExt;
use http_body_util::BodyExt;
use reqwest::{Client, Url, redirect, retry};

use super::{BodyStream, CallError};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Node's servers, WAHA among them, close an idle connection after 5 s. Leaving first means that
/// a request never races that close, where nobody could say whether it was read.
const POOL_IDLE: Duration = Duration::from_secs(3);

/// A base URL that no request can be built on.
#[derive(Debug, thiserror::Error)]
pub enum BadBaseUrl {
    /// Not an absolute URL.
    #[error("the base URL is not a URL: {0}")]
    Unreadable(String),
    /// A scheme other than http and https.
    #[error("the base URL must begin with http:// or https://")]
    Scheme,
    /// User, password, query or fragment: secrets go into headers, not into addresses.
    #[error("the base URL must not hold a user name, a password, a query or a fragment")]
    Extras,
    /// No HTTPS client can be made here, mostly for want of root certificates.
    #[error("HTTPS cannot be set up on this machine: {0}")]
    Tls(String),
}

#[derive(Clone, Debug)]
pub(super) struct Network {
    client: Client,
    /// without the slash at its end
    base: String,
}

impl Network {
    pub(super) fn new(base_url: &str) -> Result<Self, BadBaseUrl> {
        let url = Url::parse(base_url).map_err(|e| BadBaseUrl::Unreadable(e.to_string()))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(BadBaseUrl::Scheme);
        }
        let named = !url.username().is_empty() || url.password().is_some();
        if named || url.query().is_some() || url.fragment().is_some() {
            return Err(BadBaseUrl::Extras);
        }
        let client = client(&url).map_err(|e| BadBaseUrl::Tls(innermost(&e)))?;
        Ok(Self {
            client,
            base: url.as_str().trim_end_matches('/').to_owned(),
        })
    }

    pub(super) async fn open(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<BodyStream>, CallError> {
        let (head, body) = request.into_parts();
        let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
        let answer = self
            .client
            .request(head.method, format!("{}{path}", self.base))
            .headers(head.headers)
            .body(body)
            .send()
            .await
            .map_err(|e| classify(&e))?;
        Ok(http::Response::from(answer).map(|body| -> BodyStream {
            Box::pin(body.into_data_stream().map_err(|e| classify(&e)))
        }))
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the room that the ban points to"
)]
fn client(base: &Url) -> reqwest::Result<Client> {
    let builder = Client::builder()
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .no_proxy()
        .http1_only()
        .connect_timeout(CONNECT_TIMEOUT)
        .pool_idle_timeout(POOL_IDLE);
    if base.scheme() == "http" {
        // a container that only ever speaks plain HTTP needs no root certificates to start
        builder.tls_certs_only([]).build()
    } else {
        builder.https_only(true).build()
    }
}

/// Only an error of the *connecting* is a refusal. A pooled connection that died is not one: its
/// request may have been read, unless hyper got it back unwritten, and then it has already asked
/// for a new connection by itself.
fn classify(error: &reqwest::Error) -> CallError {
    let reason = innermost(error);
    if error.is_connect() || error.is_builder() {
        CallError::Refused { reason }
    } else if error.is_timeout() {
        CallError::TimedOut
    } else {
        CallError::Broken { reason }
    }
}

/// The words of the cause at the bottom. The upper layers only add "error sending request" and
/// the URL, which must not be shown.
fn innermost(error: &reqwest::Error) -> String {
    iter::successors(error.source(), |cause| (*cause).source())
        .last()
        .map_or_else(|| "no details".to_owned(), ToString::to_string)
}
