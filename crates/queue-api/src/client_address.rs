//! Whose request it is. The only place that reads `X-Forwarded-For`, which anybody can write: it is believed as far as it
//! comes from our own proxies, from the last entry backwards, and no further.

use std::net::{IpAddr, SocketAddr};

use axum::extract::ConnectInfo;
use http::{HeaderMap, Request};

use crate::config::TrustedProxies;

const FORWARDED_FOR: &str = "x-forwarded-for";

/// The address of the client; `None` when the peer's is not known, as in a test without a network.
pub(crate) fn of<B>(request: &Request<B>, proxies: &TrustedProxies) -> Option<IpAddr> {
    let ConnectInfo(peer) = request.extensions().get::<ConnectInfo<SocketAddr>>()?;
    Some(behind(peer.ip().to_canonical(), request.headers(), proxies))
}

/// Whether the request came through a proxy of ours, whose word may be taken.
pub(crate) fn came_by_proxy<B>(request: &Request<B>, proxies: &TrustedProxies) -> bool {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    peer.is_some_and(|ConnectInfo(peer)| proxies.contain(peer.ip().to_canonical()))
}

/// Walks back from the peer, while whoever spoke last is one of ours.
fn behind(peer: IpAddr, headers: &HeaderMap, proxies: &TrustedProxies) -> IpAddr {
    let mut client = peer;
    for entry in entries(headers).iter().rev() {
        if !proxies.contain(client) {
            break;
        }
        // what cannot be read was not written by a proxy of ours
        let Some(address) = address(entry) else { break };
        client = address;
    }
    client
}

/// The entries of all such headers, the proxy nearest to us last.
fn entries(headers: &HeaderMap) -> Vec<&str> {
    let lines = headers.get_all(FORWARDED_FOR).iter();
    lines
        .flat_map(|line| line.to_str().unwrap_or_default().split(','))
        .collect()
}

/// An address, with or without a port.
fn address(entry: &str) -> Option<IpAddr> {
    let entry = entry.trim();
    let bare = entry.strip_prefix('[').and_then(|e| e.strip_suffix(']'));
    let with_port = || entry.parse::<SocketAddr>().map(|address| address.ip());
    let address = bare.unwrap_or(entry).parse().or_else(|_| with_port());
    address.ok().map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use rstest::rstest;

    use super::*;

    const PROXIES: &str = "127.0.0.1,172.16.0.0/12";

    #[rstest]
    #[case::no_proxy("198.51.100.7", &[], "198.51.100.7")]
    #[case::a_stranger_says_anything("198.51.100.7", &["203.0.113.9"], "198.51.100.7")]
    #[case::our_proxy("127.0.0.1", &["203.0.113.9"], "203.0.113.9")]
    #[case::our_proxy_without_a_word("127.0.0.1", &[], "127.0.0.1")]
    #[case::a_client_puts_one_before("127.0.0.1", &["8.8.8.8, 203.0.113.9"], "203.0.113.9")]
    #[case::a_client_names_our_proxy("127.0.0.1", &["8.8.8.8, 172.18.0.1, 203.0.113.9"], "203.0.113.9")]
    #[case::two_of_ours("172.18.0.1", &["203.0.113.9, 127.0.0.1"], "203.0.113.9")]
    #[case::two_headers("127.0.0.1", &["8.8.8.8", "203.0.113.9"], "203.0.113.9")]
    #[case::all_of_ours("127.0.0.1", &["172.18.0.1"], "172.18.0.1")]
    #[case::with_ports("127.0.0.1", &["[2001:db8::1]:443"], "2001:db8::1")]
    #[case::in_brackets("127.0.0.1", &["[2001:db8::1]"], "2001:db8::1")]
    #[case::mapped("::ffff:127.0.0.1", &["::ffff:203.0.113.9"], "203.0.113.9")]
    #[case::nonsense("127.0.0.1", &["203.0.113.9, unknown"], "127.0.0.1")]
    #[case::empty("127.0.0.1", &[""], "127.0.0.1")]
    fn only_our_own_proxies_are_believed(
        #[case] peer: &str,
        #[case] lines: &[&str],
        #[case] expected: &str,
    ) {
        let mut request = Request::new(());
        let peer = SocketAddr::new(peer.parse().unwrap(), 50_000);
        request.extensions_mut().insert(ConnectInfo(peer));
        for line in lines {
            let line = HeaderValue::from_str(line).unwrap();
            request.headers_mut().append(FORWARDED_FOR, line);
        }
        let client = of(&request, &PROXIES.parse().unwrap());
        assert_eq!(client, Some(expected.parse().unwrap()));
    }
}
