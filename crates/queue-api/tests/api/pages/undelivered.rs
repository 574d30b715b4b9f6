//! A guest whose messages stay undelivered while others get theirs: a to-do on home, a sentence in the conversation, a list in the API.

use http::StatusCode;
use serde_json::json;

use super::browser::{Browser, goes_to};
use crate::world::World;

/// A message to Anna is a day old and undelivered, while another contact got a later receipt. Anna's contact.
async fn nothing_reaches_anna(world: &mut World) -> String {
    let (id, _) = world.uncertain_message().await;
    let contact = "SELECT contact_id AS value FROM whatsapp_message_queue";
    let contact = world.database.texts(contact).await.remove(0).unwrap();
    let day = 24 * 3_600_000;
    let sent = world.clock.now().timestamp_millis() - day - 1;
    for sql in [
        format!("UPDATE whatsapp_message_queue SET status = 'sent', raw_id = 'RAW', uncertain_since = NULL, sent_at = {sent}, ack = 1 WHERE id = '{id}'"),
        format!("UPDATE contact_session SET last_in_at = {sent} - 1, answered_at = {sent} - 1"),
        "INSERT INTO contact (id, created_at) VALUES ('0190b5c8-0000-7000-8000-000000000009', 1)".to_owned(),
        format!(
            "INSERT INTO contact_session (contact_id, session, own_number, delivered_at)
             SELECT '0190b5c8-0000-7000-8000-000000000009', session, own_number, {sent} + 1 FROM contact_session"
        ),
    ] {
        world.database.execute(&sql).await.unwrap();
    }
    contact
}

#[tokio::test(start_paused = true)]
async fn who_gets_nothing_is_named_until_they_write() {
    let mut world = World::sqlite().await;
    let contact = nothing_reaches_anna(&mut world).await;
    let told = world.get("/undelivered-messages").await.body;
    assert_eq!(
        (&told[0]["contact"], &told[0]["messages"]),
        (&json!(contact), &json!(1)),
        "{told}"
    );
    let mut groom = Browser::of_groom(&world).await;
    let home = groom.get(&world, "/").await;
    assert!(
        home.text()
            .contains("A un invitato forse non arrivano i vostri messaggi"),
        "{}",
        home.text()
    );
    let list = groom.get(&world, "/needs/undelivered").await;
    assert!(list.text().contains("<bdi>Anna</bdi>"), "{}", list.text());
    let said = groom
        .get(&world, &format!("/conversations/{contact}"))
        .await;
    assert!(
        said.text()
            .contains("forse non arrivano i vostri messaggi: di quello"),
        "{}",
        said.text()
    );

    world.anna_writes("IN2", "Eccomi").await;
    assert_eq!(world.get("/undelivered-messages").await.body, json!([]));
    let home = groom.get(&world, "/").await;
    assert!(
        !home.text().contains("/needs/undelivered"),
        "{}",
        home.text()
    );
}

#[tokio::test(start_paused = true)]
async fn a_notice_that_a_person_knows_goes() {
    let mut world = World::sqlite().await;
    let contact = nothing_reaches_anna(&mut world).await;
    let mut groom = Browser::of_groom(&world).await;
    let list = groom.get(&world, "/needs/undelivered").await;
    assert!(
        list.text()
            .contains(&format!("href=\"/conversations/{contact}\"")),
        "{}",
        list.text()
    );
    let at = world.get("/undelivered-messages").await.body[0]["at"].clone();
    let form = format!("/needs/undelivered/{contact}");
    let at = at.as_str().unwrap();
    let fields = [("session", "groom"), ("at", at)];
    let done = groom.post(&world, &list, &form, &fields).await;
    assert_eq!(goes_to(&done), "/needs/undelivered");
    assert_eq!(world.get("/undelivered-messages").await.body, json!([]));
    let said = groom
        .get(&world, &format!("/conversations/{contact}"))
        .await;
    assert!(
        !said.text().contains("forse non arrivano"),
        "{}",
        said.text()
    );

    // programs, too: again changes nothing, a stranger is not found
    let seen = json!({ "session": "groom", "at": at });
    let path = format!("/contacts/{contact}/dismiss-undelivered");
    let again = world.post(&path, seen.clone()).await;
    assert_eq!(again.status, StatusCode::NO_CONTENT, "{}", again.body);
    let other = "/contacts/0190b5c8-0000-7000-8000-000000000001/dismiss-undelivered";
    let missing = world.post(other, seen).await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
}
