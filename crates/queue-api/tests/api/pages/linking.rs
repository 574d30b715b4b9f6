//! *Link* on the page: one button, what follows from it, and the question what the phone shows.

use std::time::Duration;

use chassis::Problem;
use domain::session::{SessionProblem, SessionState};
use http::StatusCode;
use serde_json::{Value, json};

use super::browser::{Browser, goes_to};
use crate::world::World;

#[tokio::test(start_paused = true)]
async fn the_page_has_one_button_for_it() {
    let world = World::sqlite().await;
    let mut browser = Browser::of_groom(&world).await;
    world.shows(
        SessionState::Disconnected,
        Some(SessionProblem::SessionMissing),
    );
    let first = browser.get(&world, "/pairing/groom").await;
    assert!(
        first.text().contains("<button>Collega</button>"),
        "{}",
        first.text()
    );
    world.integration.links_to("waha", &Value::Null);
    let pressed = browser
        .post(&world, &first, "/pairing/groom/link", &[])
        .await;
    assert_eq!(goes_to(&pressed), "/pairing/groom?said=linking");
    let waiting = browser.get(&world, goes_to(&pressed)).await;
    assert!(
        waiting.text().contains("dieci secondi"),
        "{}",
        waiting.text()
    );
    // the sentence of the press goes with the state that it was true in
    for state in [
        SessionState::Qr,
        SessionState::Connected,
        SessionState::Failed,
    ] {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let mut view = world.view(state, None);
        view["fact"] = json!("session");
        world.report("groom", json!([view])).await;
        let later = browser.get(&world, goes_to(&pressed)).await;
        assert!(
            !later.text().contains("dieci secondi"),
            "{state}: {}",
            later.text()
        );
    }

    world.groom_connects().await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    world.shows(SessionState::Failed, None);
    let qr = world.view(SessionState::Qr, None);
    world.integration.links_to("scan", &qr);
    let pressed = browser
        .post(&world, &first, "/pairing/groom/link", &[])
        .await;
    assert_eq!(goes_to(&pressed), "/pairing/groom");
    let shown = browser.get(&world, "/pairing/groom").await;
    assert!(
        shown.text().contains("qr.png") && !shown.text().contains("/link\""),
        "{}",
        shown.text()
    );
}

/// A second button, and only after a press that did not help.
#[tokio::test(start_paused = true)]
async fn the_page_asks_what_the_phone_shows_before_it_links_anew() {
    let world = World::sqlite().await;
    world.groom_connects().await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    world.shows(SessionState::Failed, None);
    let failed = world.view(SessionState::Failed, None);
    world.integration.links_to("phone", &failed);
    let mut browser = Browser::of_groom(&world).await;
    let first = browser.get(&world, "/pairing/groom").await;
    assert!(!first.text().contains("phone_shows_no_restriction"));
    let path = "/pairing/groom/link";
    let pressed = browser.post(&world, &first, path, &[]).await;
    assert_eq!(goes_to(&pressed), "/pairing/groom?said=look-at-phone");
    let asks = browser.get(&world, goes_to(&pressed)).await;
    let text = asks.text();
    assert!(
        text.contains("Guarda WhatsApp sul telefono")
            && text.contains("Il mio telefono non mostra limitazioni"),
        "{text}"
    );
    assert!(
        !text.contains("<button>Collega di nuovo</button>"),
        "{text}"
    );
    world.integration.links_to("person", &failed);
    let looked = [("phone_shows_no_restriction", "yes")];
    let pressed = browser.post(&world, &asks, path, &looked).await;
    assert_eq!(goes_to(&pressed), "/pairing/groom?said=link-failed");
    let page = browser.get(&world, goes_to(&pressed)).await;
    assert!(page.text().contains("log di WAHA"), "{}", page.text());
    world.shows(SessionState::Failed, None);
    world
        .integration
        .links_to("scan", &world.view(SessionState::Qr, None));
    let pressed = browser.post(&world, &asks, path, &looked).await;
    assert_eq!(goes_to(&pressed), "/pairing/groom");
    // the marker of an earlier press asks nothing once the cause is told
    tokio::time::sleep(Duration::from_secs(1)).await;
    let mut told = world.view(SessionState::Failed, Some(SessionProblem::Restricted));
    told["fact"] = json!("session");
    world.report("groom", json!([told])).await;
    let page = browser
        .get(&world, "/pairing/groom?said=look-at-phone")
        .await;
    assert!(
        !page.text().contains("phone_shows_no_restriction"),
        "{}",
        page.text()
    );
}

/// A number that may be banned: no button, and the sentence says where to look.
#[tokio::test(start_paused = true)]
async fn the_page_offers_no_link_for_a_number_that_may_be_banned() {
    let world = World::sqlite().await;
    world.groom_connects().await;
    world.locks_the_number().await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    world.shows(SessionState::Failed, None);
    assert_eq!(world.links().await["waits_for"], "person");
    let mut browser = Browser::of_groom(&world).await;
    for path in ["/pairing/groom", "/"] {
        let page = browser.get(&world, path).await;
        assert!(
            page.text().contains("Non inquadrare niente"),
            "{path}: {}",
            page.text()
        );
        assert!(!page.text().contains("/pairing/groom/link\""), "{path}");
    }
    let page = browser.get(&world, "/pairing/groom").await;
    let pressed = browser
        .post(&world, &page, "/pairing/groom/link", &[])
        .await;
    assert_eq!(goes_to(&pressed), "/pairing/groom");
    assert_eq!(world.integration.calls(), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn says_so_when_the_integration_does_not_answer() {
    let world = World::sqlite().await;
    let mut browser = Browser::of_groom(&world).await;
    let page = browser.get(&world, "/pairing/groom").await;
    world
        .integration
        .refuses(Problem::unavailable("session_away", "Try again."));
    let refused = world.post("/sessions/groom/link", Value::Null).await;
    assert_eq!(
        (refused.status, refused.code()),
        (StatusCode::SERVICE_UNAVAILABLE, "session_away")
    );
    world.integration.goes_away();
    for path in ["/pairing/groom/link", "/pairing/groom/restart"] {
        let away = browser.post(&world, &page, path, &[]).await;
        assert_eq!(away.status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(away.text().contains("non risponde"), "{}", away.text());
    }
    assert!(world.get("/sessions/groom").await.body["paused"].is_null());
}
