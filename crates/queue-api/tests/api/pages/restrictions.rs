//! What home says of a number that WhatsApp restricted.

use chrono::TimeDelta;
use domain::release::Lock;
use http::StatusCode;

use super::browser::{Browser, goes_to};
use crate::world::{World, groom};

/// Until when, what still goes, and that the phone itself can write.
#[tokio::test(start_paused = true)]
async fn a_lock_says_what_still_goes() {
    let world = World::sqlite().await;
    world.groom_connects().await;
    let until = (world.clock.now() + TimeDelta::hours(6)).timestamp_millis();
    let mut browser = Browser::of_groom(&world).await;
    for (replies, ends, text) in [
        (
            0,
            format!("lock_until = {until}"),
            "partono solo le risposte a chi ha scritto nelle ultime 24 ore. Dal telefono potete scrivere",
        ),
        (
            1,
            format!("lock_until = {until}"),
            "non parte nulla, nemmeno le risposte. Dal telefono potete scrivere",
        ),
        (
            0,
            "lock_person = 1".to_owned(),
            "finché qualcuno non lo sblocca partono solo le risposte",
        ),
        (
            1,
            "lock_person = 1".to_owned(),
            "finché qualcuno non lo sblocca non parte nulla",
        ),
    ] {
        let lock = format!("UPDATE session_number SET lock_replies = {replies}, {ends}");
        world.database.execute(&lock).await.unwrap();
        let page = browser.get(&world, "/").await;
        let card = page.text().replace("&#39;", "'");
        assert!(card.contains(text), "{card}");
        let shown = world.get("/sessions/groom").await.body["lock"].clone();
        assert_eq!(shown["replies"], replies == 1, "{shown}");
        let sentence = shown["sentence"].as_str().unwrap();
        assert_eq!(sentence.starts_with("Answers to guests"), replies == 0);
        assert!(sentence.contains("from the phone itself"), "{sentence}");
    }
}

/// A number that may be banned, and refused messages, are not called a restriction that is known.
#[tokio::test(start_paused = true)]
async fn a_lock_names_its_cause() {
    let world = World::sqlite().await;
    world.groom_connects().await;
    let mut browser = Browser::of_groom(&world).await;
    for (reason, text, phone) in [
        ("restricted", "Forse WhatsApp ha limitato o bloccato", false),
        ("refused_messages", "ha rifiutato più volte messaggi", true),
    ] {
        let lock = format!(
            "UPDATE session_number SET lock_replies = 1, lock_person = 1, lock_reason = '{reason}'"
        );
        world.database.execute(&lock).await.unwrap();
        let page = browser.get(&world, "/").await;
        assert!(page.text().contains(text), "{}", page.text());
        let lock = world.get("/sessions/groom").await.body["lock"].clone();
        assert_eq!(lock["reason"], reason);
        let sentence = lock["sentence"].as_str().unwrap();
        assert_eq!(
            sentence.contains("from the phone itself"),
            phone,
            "{sentence}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_capping_says_until_when_and_what_it_does() {
    let world = World::sqlite().await;
    world.groom_connects().await;
    let until = world.clock.now() + TimeDelta::hours(6);
    let mut browser = Browser::of_groom(&world).await;
    for (level, text) in [
        (
            "first_warning",
            "ha avvertito che da questo numero partono troppi messaggi",
        ),
        (
            "second_warning",
            "ha avvertito una seconda volta che da questo numero",
        ),
        ("capped", "gli annunci aspettano fino a"),
    ] {
        let sql = format!(
            "UPDATE session_number SET capping = '{level}', capping_until = {}",
            until.timestamp_millis()
        );
        world.database.execute(&sql).await.unwrap();
        let page = browser.get(&world, "/").await;
        assert!(page.text().contains(text), "{}", page.text());
        let shown = world.get("/sessions/groom").await.body["capping"].clone();
        assert_eq!(shown["level"], level);
        assert!(
            shown["sentence"].as_str().unwrap().contains("half as many"),
            "{shown}"
        );
    }
    let over = "UPDATE session_number SET capping_until = 1";
    world.database.execute(over).await.unwrap();
    assert!(world.get("/sessions/groom").await.body["capping"].is_null());
}

#[tokio::test(start_paused = true)]
async fn a_lock_is_ended_after_a_question() {
    let world = World::sqlite().await;
    world.groom_connects().await;
    let now = world.clock.now();
    let locked = groom();
    let lock = world.store.lock(&locked, Lock::Person, "test", now);
    lock.await.unwrap();
    let mut operator = Browser::of_operator(&world).await;
    let page = operator.get(&world, "/sessions/groom/unlock").await;
    assert!(
        page.text().contains("close the number for ever"),
        "{}",
        page.text()
    );
    let session = world.store.session(&groom()).await.unwrap().unwrap();
    assert!(session.lock.is_some(), "looking changes nothing");
    let done = operator
        .post(&world, &page, "/sessions/groom/unlock", &[])
        .await;
    assert_eq!(goes_to(&done), "/?said=unlocked");
    let session = world.store.session(&groom()).await.unwrap().unwrap();
    assert_eq!(session.lock, None);
    let missing = operator.get(&world, "/sessions/nobody/unlock").await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
}
