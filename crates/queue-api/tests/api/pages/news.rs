//! News, as the couple starts and follows it on the page.

use http::StatusCode;
use serde_json::json;

use super::browser::{Browser, goes_to};
use crate::world::{World, to_anna};

impl World {
    /// A draft that says `template` to Anna; its id.
    async fn news_for_anna(&self, template: &str) -> String {
        self.groom_connects().await;
        self.anna_is_a_guest().await;
        let news = json!({ "title": "News", "template": template, "session": "groom" });
        let draft = self.post("/broadcasts", news).await;
        assert_eq!(draft.status, StatusCode::CREATED, "{}", draft.body);
        draft.body["id"].as_str().unwrap().to_owned()
    }
}

#[tokio::test(start_paused = true)]
async fn starting_says_what_it_did_and_twice_that_nothing_was_added() {
    let world = World::sqlite().await;
    let id = world.news_for_anna("Ciao {name}").await;
    let mut groom = Browser::of_groom(&world).await;
    let path = format!("/broadcasts/{id}/start");
    let page = groom.get(&world, &path).await;
    for sentence in [
        "Partito: i messaggi sono in coda.",
        "Era già partito: non è stato aggiunto niente.",
    ] {
        let started = groom.post(&world, &page, &path, &[("version", "1")]).await;
        let shown = groom.get(&world, goes_to(&started)).await;
        assert!(shown.text().contains(sentence), "{}", shown.text());
    }
}

/// The page of news leads there.
#[tokio::test(start_paused = true)]
async fn the_messages_of_one_piece_of_news_are_listed_by_themselves() {
    let world = World::sqlite().await;
    let id = world.news_for_anna("Only this").await;
    world.post("/messages", to_anna("Something else")).await;
    world
        .post(&format!("/broadcasts/{id}/start"), json!(null))
        .await;
    let mut groom = Browser::of_groom(&world).await;
    let news = groom.get(&world, &format!("/broadcasts/{id}")).await;
    assert!(news.text().contains(&format!("/queue?broadcast={id}")));
    let address = |more: &str| format!("/queue?broadcast={id}{more}");

    let page = groom.get(&world, &address("")).await;

    let text = page.text();
    assert!(text.contains("Only this"), "{text}");
    assert!(!text.contains("Something else"), "{text}");
    // and remain so when they are looked through
    let kept = format!(r#"name="broadcast" value="{id}""#);
    assert!(text.contains(&kept), "{text}");
    let sent = groom.get(&world, &address("&status=sent")).await;
    assert!(!sent.text().contains("Only this"));
}
