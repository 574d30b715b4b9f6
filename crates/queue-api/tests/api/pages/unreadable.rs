//! To-dos about contacts, on the page and in the API: what WhatsApp could not decrypt, and whom WAHA had mixed up.

use http::StatusCode;
use serde_json::json;

use super::browser::{Browser, goes_to};
use crate::world::World;

/// WhatsApp could not decrypt it: the page says where it can be read, and a person says that they have.
#[tokio::test(start_paused = true)]
async fn what_cannot_be_read_is_a_to_do_after_two_minutes() {
    let world = World::sqlite().await;
    world.groom_connects().await;
    let anna = world.anna_is_a_guest().await;
    let contact = anna["contact"].as_str().unwrap();
    let mut message = world.message("WAITS", "", false);
    message["fact"] = json!("waiting");
    message["body"] = json!(null);
    let told = world.report("groom", json!([message])).await;
    assert!(told.status.is_success(), "{}", told.body);
    let mut groom = Browser::of_groom(&world).await;
    let home = groom.get(&world, "/").await;
    assert!(
        !home.text().contains("/needs/unreadable"),
        "{}",
        home.text()
    );
    // nothing is stored when the two minutes are over: an open page looks by itself
    let looks =
        r#"<section id="needs" data-live="message session contact writer" data-refresh="60""#;
    assert!(home.text().contains(looks), "{}", home.text());

    tokio::time::sleep(std::time::Duration::from_secs(121)).await;

    let home = groom.get(&world, "/").await;
    assert!(
        home.text().contains("href=\"/needs/unreadable\""),
        "{}",
        home.text()
    );
    let told = world.get("/unreadable-messages").await;
    assert_eq!(told.body[0]["contact"], contact, "{}", told.body);
    let list = groom.get(&world, "/needs/unreadable").await;
    assert!(list.text().contains("<bdi>Anna</bdi>"), "{}", list.text());
    assert!(list.text().contains("Sul telefono di"), "{}", list.text());
    assert!(list.text().contains("name=\"session\" value=\"groom\""));
    let path = format!("/needs/unreadable/{contact}");
    let at = told.body[0]["at"].as_str().unwrap();
    let fields = [("session", "groom"), ("at", at)];
    let done = groom.post(&world, &list, &path, &fields).await;
    assert_eq!(goes_to(&done), "/needs/unreadable");
    assert_eq!(world.get("/unreadable-messages").await.body, json!([]));
    // twice, or of no contact
    let seen = json!({ "session": "groom", "at": at });
    let again = format!("/contacts/{contact}/dismiss-unreadable");
    assert_eq!(
        world.post(&again, seen.clone()).await.status,
        StatusCode::NO_CONTENT
    );
    let other = "/contacts/0190b5c8-0000-7000-8000-000000000001/dismiss-unreadable";
    assert_eq!(world.post(other, seen).await.status, StatusCode::NOT_FOUND);
}

/// A contact that had been mixed up with the own number: the page asks, and a person's word lets its messages go on.
#[tokio::test(start_paused = true)]
async fn a_contact_that_was_mixed_up_is_a_to_do_until_it_is_confirmed() {
    let world = World::sqlite().await;
    let id = world.ready_message().await;
    let contact = world.get(&format!("/messages/{id}")).await.body["contact"].clone();
    let contact = contact.as_str().unwrap();
    let mixed = "UPDATE contact SET identity_unconfirmed_since = 1";
    world.database.execute(mixed).await.unwrap();
    let mut groom = Browser::of_groom(&world).await;
    let home = groom.get(&world, "/").await;
    let link = "href=\"/needs/unconfirmed\"";
    assert!(home.text().contains(link), "{}", home.text());
    let told = world.get("/unconfirmed-contacts").await;
    assert_eq!(told.body[0]["id"], contact, "{}", told.body);
    let list = groom.get(&world, "/needs/unconfirmed").await;
    assert!(list.text().contains("<bdi>Anna</bdi>"), "{}", list.text());
    let path = format!("/needs/unconfirmed/{contact}");
    let done = groom.post(&world, &list, &path, &[]).await;
    assert_eq!(goes_to(&done), "/needs/unconfirmed");
    assert_eq!(world.get("/unconfirmed-contacts").await.body, json!([]));
    let again = format!("/contacts/{contact}/confirm");
    assert_eq!(
        world.post(&again, json!(null)).await.status,
        StatusCode::NO_CONTENT
    );
    let other = "/contacts/0190b5c8-0000-7000-8000-000000000001/confirm";
    assert_eq!(
        world.post(other, json!(null)).await.status,
        StatusCode::NOT_FOUND
    );
}
