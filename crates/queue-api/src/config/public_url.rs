//! `PUBLIC_URL`: the address under which guests reach the public listener. It is printed on paper, so one that cannot work
//! for them is a problem that the couple is told, never a link; and never a reason not to start.

use std::convert::Infallible;
use std::net::IpAddr;
use std::str::FromStr;

use domain::invitation::InvitationToken;
use ipnet::{Ipv4Net, Ipv6Net};
use url::{Host, Url};

/// An `https` address that can be reached from everywhere, or why there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl(Result<Base, BadPublicUrl>);

/// Without a slash at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Base(String);

/// Why guests cannot be sent to `PUBLIC_URL`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadPublicUrl {
    /// Nobody has set it.
    #[error(
        "Set PUBLIC_URL to the https address at which guests reach this server, such as https://nozze.example.org, and restart queue-api."
    )]
    Missing,
    /// It is no address, or more than one: with a user, a query or a fragment.
    #[error(
        "PUBLIC_URL cannot be read: write an address such as https://nozze.example.org, and restart queue-api."
    )]
    Unreadable,
    /// It is not `https`.
    #[error(
        "PUBLIC_URL must begin with https:// (the invitation holds a secret): put a TLS proxy before the public listener, and restart queue-api."
    )]
    NotHttps,
    /// It leads to this machine or to a private network.
    #[error(
        "PUBLIC_URL leads to this machine or into a private network, where no guest's phone can reach it: use a name or an address of the internet, and restart queue-api."
    )]
    NotPublic,
}

impl BadPublicUrl {
    /// The same for programs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Missing => "public_url_missing",
            Self::Unreadable => "public_url_unreadable",
            Self::NotHttps => "public_url_not_https",
            Self::NotPublic => "public_url_not_public",
        }
    }
}

impl PublicUrl {
    /// The page of the invitation with that token.
    pub fn invitation(&self, token: &InvitationToken) -> Result<String, BadPublicUrl> {
        self.0
            .as_ref()
            .map(|base| format!("{}/i/{token}", base.0))
            .map_err(|bad| *bad)
    }

    /// What is wrong with it.
    pub fn problem(&self) -> Option<BadPublicUrl> {
        self.0.as_ref().err().copied()
    }
}

impl FromStr for PublicUrl {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self(base(text.trim())))
    }
}

fn base(text: &str) -> Result<Base, BadPublicUrl> {
    if text.is_empty() {
        return Err(BadPublicUrl::Missing);
    }
    let url = Url::parse(text).map_err(|_| BadPublicUrl::Unreadable)?;
    let more = [url.query(), url.fragment(), url.password()];
    if more.iter().any(Option::is_some) || !url.username().is_empty() {
        return Err(BadPublicUrl::Unreadable);
    }
    let host = url.host().ok_or(BadPublicUrl::Unreadable)?;
    if !is_public(&host) {
        return Err(BadPublicUrl::NotPublic);
    }
    if url.scheme() != "https" {
        return Err(BadPublicUrl::NotHttps);
    }
    Ok(Base(url.as_str().trim_end_matches('/').to_owned()))
}

fn is_public(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => is_public_name(name),
        Host::Ipv4(address) => is_public_address((*address).into()),
        Host::Ipv6(address) => is_public_address((*address).into()),
    }
}

/// Endings that no public name has (RFC 6761, RFC 6762, RFC 8375, and what routers are fond of).
const PRIVATE_ENDINGS: [&str; 8] = [
    "localhost",
    "local",
    "internal",
    "lan",
    "home",
    "home.arpa",
    "localdomain",
    "test",
];

/// A name of one word is only known where it was given.
fn is_public_name(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    let ends_with = |ending: &&str| {
        let before = name.strip_suffix(*ending);
        before.is_some_and(|before| before.is_empty() || before.ends_with('.'))
    };
    name.contains('.') && !PRIVATE_ENDINGS.iter().any(ends_with)
}

/// Shared addresses of providers (RFC 6598): nobody outside reaches those either.
const SHARED: Ipv4Net = Ipv4Net::new_assert(std::net::Ipv4Addr::new(100, 64, 0, 0), 10);
/// What IPv6 routes on the internet (RFC 4291).
const GLOBAL_UNICAST: Ipv6Net =
    Ipv6Net::new_assert(std::net::Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

fn is_public_address(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(ip) => {
            !(ip.is_loopback()
                || ip.is_private()
                || ip.is_link_local()
                || ip.is_unspecified()
                || ip.is_broadcast()
                || ip.is_multicast()
                || SHARED.contains(&ip))
        }
        IpAddr::V6(ip) => GLOBAL_UNICAST.contains(&ip),
    }
}

#[cfg(test)]
#[path = "../../tests/unit/public_url.rs"]
mod tests;
