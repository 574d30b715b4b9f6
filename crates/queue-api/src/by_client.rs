//! How much one client may ask, by its address. A mobile network shows many people under one: limits are generous, or
//! about things that nobody does often.

use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use http::{HeaderValue, header};
use tower_governor::governor::GovernorConfigBuilder;
use tower_governor::key_extractor::KeyExtractor;
use tower_governor::{GovernorError, GovernorLayer};

use crate::client_address;
use crate::config::TrustedProxies;

/// What one client may ask, and what it hears when it asks more.
#[derive(Clone, Copy)]
pub(crate) struct Pace {
    /// So many requests at once …
    pub(crate) burst: u32,
    /// … and after that one each time so much has passed.
    pub(crate) period: Duration,
    /// The answer to more; it is told when to come again.
    pub(crate) too_many: fn() -> Response,
    /// The answer when it cannot be told whose request it is.
    pub(crate) failed: fn() -> Response,
}

/// Clients that have been quiet are forgotten after so many requests of anybody's.
const FORGET_AFTER: u32 = 1024;

/// A request extension: the hash of a browser in which an account was signed in before. Its requests are counted for it, not for its address.
#[derive(Clone, Debug)]
pub(crate) struct KnownBrowser(pub(crate) String);

/// Limits every route of `router` by its client's address, or by its [`KnownBrowser`].
pub(crate) fn limit<S: Clone + Send + Sync + 'static>(
    router: Router<S>,
    proxies: TrustedProxies,
    pace: Pace,
) -> Router<S> {
    let config = GovernorConfigBuilder::default()
        .period(pace.period)
        .burst_size(pace.burst)
        .key_extractor(ByClient(Arc::new(proxies)))
        .finish();
    // only a period or a burst of nothing has no configuration
    let Some(config) = config else { return router };
    let config = Arc::new(config);
    let limiter = config.limiter().clone();
    let asked = Arc::new(AtomicU32::new(0));
    let forget = move |request: Request, next: Next| {
        if asked.fetch_add(1, Ordering::Relaxed) % FORGET_AFTER == FORGET_AFTER - 1 {
            limiter.retain_recent();
        }
        next.run(request)
    };
    router
        .layer(GovernorLayer::new(config).error_handler(move |error| refuse(&error, pace)))
        .layer(from_fn(forget))
}

/// Whom requests are counted for.
#[derive(Clone, Debug)]
struct ByClient(Arc<TrustedProxies>);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Client {
    Browser(String),
    /// Requests whose peer is not known share one budget.
    Address(Option<IpAddr>),
}

impl KeyExtractor for ByClient {
    type Key = Client;

    fn extract<T>(&self, request: &http::Request<T>) -> Result<Client, GovernorError> {
        let known = request.extensions().get::<KnownBrowser>();
        Ok(match known {
            Some(KnownBrowser(hash)) => Client::Browser(hash.clone()),
            None => Client::Address(client_address::of(request, &self.0).map(neighbourhood)),
        })
    }
}

/// Whoever has one IPv6 address has the 2⁶⁴ of its network.
fn neighbourhood(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(ip) => Ipv6Addr::from_bits(ip.to_bits() & (u128::MAX << 64)).into(),
    }
}

fn refuse(error: &GovernorError, pace: Pace) -> Response<Body> {
    let GovernorError::TooManyRequests { wait_time, .. } = error else {
        return (pace.failed)();
    };
    let mut answer = (pace.too_many)();
    // whole seconds, cut: the next one is the first in which it works
    let wait = HeaderValue::from(wait_time + 1);
    answer.headers_mut().insert(header::RETRY_AFTER, wait);
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ipv6_client_is_its_network() {
        let of = |text: &str| neighbourhood(text.parse().unwrap());
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), of("2001:db8:1:2::9"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_ne!(of("203.0.113.8"), of("203.0.113.9"));
    }
}
