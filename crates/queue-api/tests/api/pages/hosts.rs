//! The host that a browser asks for: pages answer at `PAGE_URL` and on loopback only, and account links begin with `PAGE_URL`.

use http::{StatusCode, header};
use rstest::rstest;

use super::browser::Browser;
use super::every_page::address;
use crate::world::{On, World, test_config};

async fn world_at(page_url: &str) -> World {
    let mut config = test_config();
    config.page_url = page_url.parse().unwrap();
    World::configured(On::Sqlite, config).await
}

/// The groom's browser, which asks for that host.
async fn groom_at(world: &World, host: &'static str) -> Browser {
    let mut groom = Browser::of_groom(world).await;
    groom.says("host", host);
    groom
}

#[tokio::test(start_paused = true)]
async fn no_page_answers_at_an_unknown_host() {
    let world = world_at("https://noi.example.org").await;
    let mut groom = groom_at(&world, "evil.example.org").await;
    for route in &world.pages {
        let path = address(route);
        let page = if route.method == "GET" {
            groom.get(&world, &path).await
        } else {
            groom.post_as_it_is(&world, &path, &[]).await
        };
        assert_eq!(page.status, StatusCode::MISDIRECTED_REQUEST, "{path}");
    }
    let page = groom.get(&world, "/").await;
    assert!(page.text().contains("PAGE_URL"), "{}", page.text());
    assert!(page.headers.contains_key(header::CONTENT_SECURITY_POLICY));
}

#[rstest]
#[case::with(
    "https://noi.example.org",
    "localhost:8080",
    "https://noi.example.org/link/"
)]
#[case::without("", "localhost:8080", "http://localhost:8080/link/")]
#[tokio::test(start_paused = true)]
async fn account_links_begin_with_the_configured_address(
    #[case] page_url: &str,
    #[case] host: &'static str,
    #[case] link: &str,
) {
    let world = world_at(page_url).await;
    let mut groom = groom_at(&world, host).await;
    let people = groom.get(&world, "/people").await;
    let made = groom
        .post(&world, &people, "/people/invite", &[("who", "bride")])
        .await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.text());
    assert!(made.text().contains(&format!("value=\"{link}")));
}

/// Over https the cookie has another name: a browser signs in there anew.
#[tokio::test(start_paused = true)]
async fn an_https_page_url_makes_cookies_secure() {
    let world = world_at("https://noi.example.org").await;
    let mut browser = Browser::new("it");
    browser.says("host", "noi.example.org");
    let page = browser.get(&world, "/sign-in").await;
    let cookie = page.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(cookie.starts_with("__Host-wedding_queue="), "{cookie}");
    assert!(page.headers.contains_key(header::STRICT_TRANSPORT_SECURITY));

    let mut local = Browser::new("it");
    let page = local.get(&world, "/sign-in").await;
    assert!(!page.headers.contains_key(header::STRICT_TRANSPORT_SECURITY));
}
