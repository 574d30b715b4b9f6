//! News, as the couple starts and follows it on the page.

use http::StatusCode;
use serde_json::json;

use super::browser::{Browser, goes_to};
use crate::world::World;

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
