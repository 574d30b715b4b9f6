//! Erasing a guest from the page.

use http::StatusCode;
use rstest::rstest;

use super::{Browser, assert_says, goes_to, id};
use crate::world::{On, World};

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn a_guest_is_erased_with_a_reason_after_it_is_said_what_goes(#[case] on: On) {
    let world = World::on(on).await;
    world.groom_connects().await;
    let anna = world.anna_is_a_guest().await;
    world.anna_writes("IN1", "una parola segreta").await;
    let path = format!("/guests/{}/erase", id(&anna, "id"));
    let mut browser = Browser::of_groom(&world).await;
    let asked = browser.get(&world, &path).await;
    assert_says(
        &asked,
        &[
            "Anna",
            "il messaggio che vi siete scritti",
            "La chat sui vostri telefoni",
            "sconosciuta",
        ],
    );
    let unsaid = browser
        .post(&world, &asked, &path, &[("reason", " ")])
        .await;
    assert_eq!(unsaid.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_says(&unsaid, &["Scrivi in poche parole perché"]);
    assert_eq!(world.count("guest").await, 1);
    let done = browser
        .post(&world, &asked, &path, &[("reason", "l’ha chiesto")])
        .await;
    assert_eq!(goes_to(&done), "/guests?said=guests-erased");
    let dump = world.database.dump().await.join("\n");
    assert!(
        !dump.contains("segreta") && !dump.contains("393470000001"),
        "{dump}"
    );
    let audit = world.get("/audit").await.body;
    assert_eq!(audit["items"][0]["action"], "guest.erase", "{audit}");
    assert_eq!(audit["items"][0]["detail"], "l’ha chiesto");
    let lost = browser.get(&world, &path).await;
    assert_eq!(lost.status, StatusCode::NOT_FOUND);
}
