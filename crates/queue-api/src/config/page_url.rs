//! `PAGE_URL`: the address at which the couple reach their page. Account links begin with it, and pages answer at its host and on loopback
//! only: a host name of a stranger that resolves to this machine (DNS rebinding) reaches no page.

use std::net::IpAddr;
use std::str::FromStr;

use http::uri::Authority;
use url::Url;

/// An `http` or `https` address without a path, or none: then the page is reached on loopback only.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageUrl(Option<Url>);

/// The value is not such an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("write the address of the couple's page without a path, such as https://noi.example.org")]
pub struct BadPageUrl;

impl PageUrl {
    /// Whether pages answer a request with this `Host`.
    pub fn admits(&self, host: &str) -> bool {
        self.is_at(host) || is_loopback(host)
    }

    /// Whether a request with this `Host` was sent by https: the TLS proxy of `PAGE_URL` is the only way to that host.
    pub fn is_https_at(&self, host: &str) -> bool {
        self.is_at(host) && self.0.as_ref().is_some_and(|url| url.scheme() == "https")
    }

    /// The address of `path`, which begins with a slash; `None` without `PAGE_URL`.
    pub fn link(&self, path: &str) -> Option<String> {
        let url = self.0.as_ref()?;
        Some(format!("{}{path}", url.origin().ascii_serialization()))
    }

    fn is_at(&self, host: &str) -> bool {
        let Some(url) = &self.0 else { return false };
        // parsed as the configured address was: letter case and default ports do not matter
        let asked = format!("{}://{host}", url.scheme()).parse::<Self>();
        asked.is_ok_and(|asked| asked.0.as_ref() == Some(url))
    }
}

/// Host names of loopback addresses; a name that DNS could point elsewhere is none.
fn is_loopback(host: &str) -> bool {
    let Ok(authority) = host.parse::<Authority>() else {
        return false;
    };
    let name = authority.host().trim_matches(['[', ']']);
    let address = name.parse::<IpAddr>();
    name.eq_ignore_ascii_case("localhost")
        || address.is_ok_and(|address| address.to_canonical().is_loopback())
}

impl FromStr for PageUrl {
    type Err = BadPageUrl;

    fn from_str(text: &str) -> Result<Self, BadPageUrl> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(Self(None));
        }
        let url = Url::parse(text).map_err(|_| BadPageUrl)?;
        let is_web = ["http", "https"].contains(&url.scheme());
        // the whole address is its origin: no user, path, query or fragment
        let is_origin = url.as_str() == format!("{}/", url.origin().ascii_serialization());
        if is_web && is_origin {
            Ok(Self(Some(url)))
        } else {
            Err(BadPageUrl)
        }
    }
}

#[cfg(test)]
#[path = "../../tests/unit/page_url.rs"]
mod tests;
