//! One client asks too much of the public listener, and the others do not notice.

use http::{HeaderValue, StatusCode};

use crate::visits::{Page, request};
use crate::world::{On, World, test_config};

/// So many at once are nobody's trouble.
const BURST: usize = 60;

/// Asks from `peer`, which says that it asks for `client`, until it is refused. A machine that is slow for some seconds
/// earns a few more.
async fn exhaust(world: &World, peer: &str, client: Option<&str>) -> Page {
    for asked in 0..3 * BURST {
        let page = visit(world, peer, client).await;
        if page.status == StatusCode::TOO_MANY_REQUESTS {
            assert!(asked >= BURST, "refused after {asked}");
            return page;
        }
        assert_eq!(page.status, StatusCode::NOT_FOUND);
    }
    panic!("never refused");
}

async fn visit(world: &World, peer: &str, client: Option<&str>) -> Page {
    let mut request = request("/i/K7M-Q4XR-P2W9", peer);
    if let Some(client) = client {
        let value = HeaderValue::from_str(client).unwrap();
        request.headers_mut().insert("x-forwarded-for", value);
    }
    world.visit_with(request).await
}

#[tokio::test(start_paused = true)]
async fn whoever_asks_too_often_waits_and_nobody_else_does() {
    let world = World::sqlite().await;

    let refused = exhaust(&world, "198.51.100.7", None).await;

    let wait: u64 = refused.headers["retry-after"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=2).contains(&wait), "{wait}");
    assert_eq!(refused.headers["content-type"], "text/html; charset=utf-8");
    assert_eq!(refused.headers["cache-control"], "no-store");
    assert!(refused.text().contains("Troppe richieste") && refused.text().contains("Too many"));
    let other = visit(&world, "198.51.100.8", None).await;
    assert_eq!(other.status, StatusCode::NOT_FOUND);
}

#[tokio::test(start_paused = true)]
async fn a_stranger_cannot_ask_in_the_name_of_others() {
    let world = World::sqlite().await;
    exhaust(&world, "198.51.100.7", None).await;

    let disguised = visit(&world, "198.51.100.7", Some("203.0.113.1")).await;

    assert_eq!(disguised.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test(start_paused = true)]
async fn behind_a_proxy_of_ours_each_client_has_its_own_share() {
    let mut config = test_config();
    config.public_trusted_proxies = "127.0.0.1".parse().unwrap();
    let world = World::configured(On::Sqlite, config).await;

    exhaust(&world, "127.0.0.1", Some("203.0.113.1")).await;

    let again = visit(&world, "127.0.0.1", Some("8.8.8.8, 203.0.113.1")).await;
    assert_eq!(again.status, StatusCode::TOO_MANY_REQUESTS);
    let other = visit(&world, "127.0.0.1", Some("203.0.113.2")).await;
    assert_eq!(other.status, StatusCode::NOT_FOUND);
}
