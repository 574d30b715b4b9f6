//! Guessing passwords: what strangers use up, and whom that touches.

use http::StatusCode;

use super::browser::{Browser, goes_to};
use super::signing_in::{PASSWORD, first_account};
use crate::world::World;

/// Without a proxy that is named, everybody has the proxy's address.
#[tokio::test]
async fn strangers_at_the_same_address_keep_no_known_browser_out() {
    let world = World::sqlite().await;
    let mut owner = Browser::new("it").at("198.51.100.1");
    first_account(&world, &mut owner).await;
    let home = owner.get(&world, "/").await;
    owner.post(&world, &home, "/sign-out", &[]).await;
    let mut stranger = Browser::new("it").at("198.51.100.1");
    let mut last = StatusCode::OK;
    for _ in 0..12 {
        let nothing = [("csrf", "x")];
        let answer = stranger.post_as_it_is(&world, "/sign-in", &nothing).await;
        last = answer.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);

    let form = owner.get(&world, "/sign-in").await;
    let fields = [("name", "Marco"), ("password", PASSWORD)];
    let entered = owner.post(&world, &form, "/sign-in", &fields).await;

    assert_eq!(goes_to(&entered), "/");
}

#[tokio::test]
async fn a_name_that_nobody_has_is_limited_like_one_of_an_account() {
    let world = World::sqlite().await;
    first_account(&world, &mut Browser::new("it").at("198.51.100.1")).await;
    let guess = async |from: u8, name: &str| {
        let mut thief = Browser::new("it").at(&format!("203.0.113.{from}"));
        let form = thief.get(&world, "/sign-in").await;
        let fields = [("name", name), ("password", "un tentativo")];
        let answer = thief.post(&world, &form, "/sign-in", &fields).await;
        answer.status
    };
    for from in 0..10 {
        guess(from, &format!("Nessuno {from}")).await;
    }
    for from in 10..12 {
        let answers = [guess(from, "Marco").await, guess(from, "Paolo").await];
        assert_eq!(answers, [StatusCode::UNPROCESSABLE_ENTITY; 2]);
    }
}
