//! `QUEUE_API_TRUSTED_PROXIES` and `QUEUE_API_PUBLIC_TRUSTED_PROXIES`: whose word about the address of a client is taken. Everybody can write `X-Forwarded-For`.

use std::net::IpAddr;
use std::str::FromStr;

use ipnet::IpNet;

/// Addresses and networks of proxies of our own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<IpNet>);

/// Neither an address nor a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "trusted proxies are addresses or networks separated by commas, such as 127.0.0.1,172.16.0.0/12; leave it empty to trust nobody"
)]
pub struct BadProxies;

impl TrustedProxies {
    /// Whether `address` is one of them.
    pub fn contain(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|net| net.contains(&address))
    }
}

impl FromStr for TrustedProxies {
    type Err = BadProxies;

    fn from_str(text: &str) -> Result<Self, BadProxies> {
        let named = text.split(',').map(str::trim);
        let nets = named.filter(|name| !name.is_empty()).map(net);
        nets.collect::<Result<_, _>>().map(Self)
    }
}

fn net(text: &str) -> Result<IpNet, BadProxies> {
    let address = || text.parse::<IpAddr>().map(IpNet::from);
    text.parse().or_else(|_| address()).map_err(|_| BadProxies)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("127.0.0.1,::1", "127.0.0.1", true)]
    #[case("127.0.0.1,::1", "::1", true)]
    #[case("127.0.0.1", "127.0.0.2", false)]
    #[case("127.0.0.1", "::ffff:127.0.0.1", true)]
    #[case(" 172.16.0.0/12 , 10.0.0.0/8,", "172.31.4.5", true)]
    #[case("172.16.0.0/12", "172.32.0.1", false)]
    #[case("fd00::/8", "fd12::1", true)]
    #[case("", "127.0.0.1", false)]
    fn addresses_and_networks(#[case] text: &str, #[case] address: &str, #[case] trusted: bool) {
        let proxies: TrustedProxies = text.parse().unwrap();
        assert_eq!(proxies.contain(address.parse().unwrap()), trusted);
    }

    #[rstest]
    #[case("caddy")]
    #[case("127.0.0.1 ::1")]
    #[case("10.0.0.0/33")]
    fn a_mistake_is_no_silent_nobody(#[case] text: &str) {
        assert_eq!(text.parse::<TrustedProxies>(), Err(BadProxies));
    }
}
