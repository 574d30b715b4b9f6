//! Linking a phone, and unlinking it.

use chassis::Problem;
use http::{StatusCode, header};
use serde_json::json;

use super::browser::{Browser, goes_to};
use crate::neighbours::session_view;
use crate::world::World;

impl World {
    async fn groom_is(&self, state: &str) {
        let mut view = session_view(state);
        view["fact"] = json!("session");
        view["at"] = json!(self.clock.now());
        let answer = self.report("groom", json!([view])).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.body);
    }
}

#[tokio::test(start_paused = true)]
async fn the_code_renews_itself_until_the_phone_is_linked() {
    let world = World::sqlite().await;
    world.groom_is("qr").await;
    let mut browser = Browser::of_groom(&world).await;

    let waiting = browser.get(&world, "/pairing/groom").await;
    tokio::time::sleep(std::time::Duration::from_secs(15)).await;
    let later = browser.get(&world, "/pairing/groom").await;
    let picture = browser.get(&world, "/pairing/groom/qr.png?round=1").await;
    world.groom_is("connected").await;
    let linked = browser.get(&world, "/pairing/groom").await;

    let text = waiting.text();
    assert!(text.contains("non cifrate"), "what WAHA keeps: {text}");
    assert!(!linked.text().contains("non cifrate"));
    assert!(
        text.contains("data-refresh=\"5\"") && text.contains("data-live=\"session\""),
        "{text}"
    );
    assert_eq!(text.matches("<ol class=\"steps\">").count(), 1);
    assert_eq!(
        text.matches("<li>").count() - text.matches("<li><a").count(),
        3,
        "{text}"
    );
    let address = |text: &str| {
        let (_, rest) = text
            .split_once("src=\"/pairing/groom/qr.png?round=")
            .unwrap();
        rest.split('"').next().unwrap().to_owned()
    };
    assert_ne!(
        address(text),
        address(later.text()),
        "the browser asks again"
    );
    assert_eq!(picture.headers[header::CONTENT_TYPE], "image/png");
    assert_eq!(picture.headers[header::CACHE_CONTROL], "no-store");
    assert!(picture.bytes.starts_with(&[0x89, b'P', b'N', b'G']));
    let text = linked.text();
    assert!(
        text.contains("id=\"news\"") && text.contains("è collegato"),
        "{text}"
    );
    assert!(
        !text.contains("qr.png") && !text.contains("data-refresh"),
        "{text}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_code_to_type_is_shown_and_is_in_no_address() {
    let world = World::sqlite().await;
    world.groom_is("qr").await;
    let mut browser = Browser::of_operator(&world).await;
    let form = browser.get(&world, "/pairing/groom/code").await;
    let path = "/pairing/groom/code";

    let wrong = browser
        .post(&world, &form, path, &[("phone", "call me")])
        .await;
    let given = browser
        .post(&world, &form, path, &[("phone", "333 111 2222")])
        .await;
    let looked = browser.get(&world, path).await;
    world
        .integration
        .refuses(Problem::conflict("not_waiting_for_scan", "no"));
    let none = browser
        .post(&world, &form, path, &[("phone", "333 111 2222")])
        .await;

    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        wrong.text().contains("This is not a phone number"),
        "{}",
        wrong.text()
    );
    assert!(wrong.text().contains("value=\"call me\"") && wrong.text().contains("phone-wrong"));
    assert_eq!(given.status, StatusCode::OK);
    assert!(given.text().contains("ABCD-EFGH"), "{}", given.text());
    assert!(
        world
            .integration
            .calls()
            .iter()
            .any(|call| call.contains("393331112222"))
    );
    assert!(!looked.text().contains("ABCD-EFGH"));
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        none.text().contains("There is no code at this moment"),
        "{}",
        none.text()
    );
}

#[tokio::test(start_paused = true)]
async fn unlinking_is_asked_twice() {
    let mut world = World::sqlite().await;
    world.uncertain_message().await;
    let mut browser = Browser::of_groom(&world).await;
    let path = "/pairing/groom/log-out";
    let logged_out = |world: &World| {
        let calls = world.integration.calls();
        calls
            .iter()
            .any(|call| call.starts_with("POST groom/logout"))
    };

    let first = browser.get(&world, path).await;
    let hasty = browser
        .post(&world, &first, "/pairing/groom/log-out", &[])
        .await;
    assert_eq!(goes_to(&hasty), path);
    assert!(!logged_out(&world));
    let second = browser.get(&world, "/pairing/groom/log-out?sure=yes").await;
    let done = browser
        .post(&world, &second, path, &[("sure", "yes")])
        .await;

    assert!(
        first.text().contains("non si potrà più scoprire"),
        "{}",
        first.text()
    );
    assert!(!first.text().contains("action=\"/pairing/groom/log-out\""));
    assert!(
        second.text().contains("Scollegare davvero?"),
        "{}",
        second.text()
    );
    assert_eq!(goes_to(&done), "/pairing/groom?said=logged-out");
    assert!(logged_out(&world));
    let session = world.get("/sessions/groom").await.body;
    assert!(session["paused"].is_null(), "{session}");
}
