//! A full disk: whoever writes is told, a person is told, and it works again once there is room.

use http::StatusCode;
use rstest::rstest;

use crate::pages::browser::Browser;
use crate::visits::request;
use crate::world::{On, World, to_anna};

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn a_write_is_refused_until_there_is_room(#[case] on: On) {
    let world = World::on(on).await;
    let long = "ciao ".repeat(10_000);
    let queue = async || world.post("/messages", to_anna(&long)).await;
    world.database.fill_disk().await;

    let refused = queue().await;
    world.database.free_disk().await;
    let taken = queue().await;

    assert_eq!(
        (refused.status, refused.code()),
        (StatusCode::SERVICE_UNAVAILABLE, "disk_full"),
        "{}",
        refused.body
    );
    assert_eq!(refused.headers["retry-after"], "5");
    assert_eq!(taken.status, StatusCode::CREATED, "{}", taken.body);
    assert_eq!(world.count("whatsapp_message_queue").await, 1);
}

/// As each write does on a disk that is full: here what is written in place needs none.
async fn the_probe_needs_room(world: &World) {
    for statement in [
        "CREATE TABLE room (bytes BLOB NOT NULL)",
        "CREATE TRIGGER needs_room BEFORE UPDATE ON write_probe
         BEGIN INSERT INTO room VALUES (zeroblob(1000000)); END",
    ] {
        world.database.execute(statement).await.unwrap();
    }
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn the_health_and_the_home_page_say_so(#[case] on: On) {
    let world = World::on(on).await;
    if matches!(on, On::Sqlite) {
        the_probe_needs_room(&world).await;
    }
    let mut groom = Browser::of_groom(&world).await;
    let health = async || world.fetch(request("/readyz", "127.0.0.1")).await;
    assert_eq!(health().await.status, StatusCode::OK);
    world.database.fill_disk().await;
    tokio::time::sleep(std::time::Duration::from_secs(10)).await;

    let (full, home) = (health().await, groom.get(&world, "/").await);
    world.database.free_disk().await;
    tokio::time::sleep(std::time::Duration::from_secs(10)).await;
    let (free, again) = (health().await, groom.get(&world, "/").await);

    assert_eq!(full.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(
        full.text().contains("cannot write: disk full"),
        "{}",
        full.text()
    );
    let warned = "Il disco del server è pieno";
    assert!(home.text().contains(warned), "{}", home.text());
    assert_eq!(free.status, StatusCode::OK, "{}", free.text());
    assert!(!again.text().contains(warned));
}
