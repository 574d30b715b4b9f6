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

/// Messages that waited for several people who were one contact: a person says for whom each is.
#[tokio::test(start_paused = true)]
async fn what_waits_at_the_own_number_is_given_to_a_guest() {
    let world = World::sqlite().await;
    let id = world.ready_message().await;
    let contact = world.get(&format!("/messages/{id}")).await.body["contact"].clone();
    let contact = contact.as_str().unwrap();
    let carla = json!({ "name": "Carla <C>", "phone": "+39 347 000 0077" });
    let carlas = world.post("/guests", carla).await.body["contact"].clone();
    for sql in [
        "UPDATE guest SET contact_id = NULL WHERE name = 'Anna'",
        "UPDATE contact SET identity_unconfirmed_since = 1,
             phone = (SELECT own_number FROM whatsapp_session_status WHERE name = 'groom')
         WHERE id NOT IN (SELECT contact_id FROM guest WHERE contact_id IS NOT NULL)",
        "UPDATE whatsapp_message_queue
         SET due = 0, wait_reason = 'identity_unconfirmed', wait_ends = 'person:confirm_contact'",
    ] {
        world.database.execute(sql).await.unwrap();
    }
    let confirm = format!("/contacts/{contact}/confirm");
    let confirm = world.post(&confirm, json!(null)).await;
    assert_eq!(confirm.status, StatusCode::CONFLICT, "{}", confirm.body);
    assert_eq!(confirm.body["code"], "own_number");
    let path = format!("/messages/{id}/recipient");
    let unknown = json!({ "contact": contact });
    let unknown = world.post(&path, unknown).await;
    assert_eq!(unknown.body["code"], "unknown_contact", "{}", unknown.body);

    let mut groom = Browser::of_groom(&world).await;
    let list = groom.get(&world, "/needs/unconfirmed").await;
    let message = format!("/queue/{id}");
    let link = format!("href=\"{message}\"");
    assert!(list.text().contains(&link), "{}", list.text());
    let page = groom.get(&world, &message).await;
    let offered = "Carla &#60;C&#62;</option>";
    assert!(page.text().contains(offered), "{}", page.text());
    let form = format!("{message}/recipient");
    let to = [("contact", carlas.as_str().unwrap())];
    let done = groom.post(&world, &page, &form, &to).await;
    assert!(goes_to(&done).starts_with(&message), "{}", done.text());
    let moved = world.get(&format!("/messages/{id}")).await.body;
    assert_eq!(moved["contact"], carlas, "{moved}");
    assert_eq!(moved["wait"]["reason"], "guest_has_not_written", "{moved}");
    assert_eq!(world.get("/unconfirmed-contacts").await.body, json!([]));
    let again = world.post(&path, json!({ "contact": contact })).await;
    assert_eq!(again.body["code"], "not_unconfirmed", "{}", again.body);
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
