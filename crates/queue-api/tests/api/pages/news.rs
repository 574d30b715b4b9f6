//! News, as the couple starts and follows it on the page.

use std::time::Duration;

use chrono::TimeDelta;
use domain::outcome::SendAnswer;
use http::StatusCode;
use rstest::rstest;
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

/// Anna wrote long ago, and no such guest is written to at all.
#[tokio::test(start_paused = true)]
async fn before_the_start_the_page_names_who_would_not_get_it_in_time() {
    let world = World::sqlite().await;
    let id = world.news_for_anna("Ciao {name}").await;
    world.anna_writes("IN1", "Ciao").await;
    let long_ago = "UPDATE contact_session SET last_in_at = 1, answered_at = 1";
    world.database.execute(long_ago).await.unwrap();
    let path = format!("/broadcasts/{id}/start");
    let mut groom = Browser::of_groom(&world).await;
    let limits = async |world: &World, cold_per_day: u32| {
        let config = world.get("/config").await.body;
        let mut new = json!({ "version": config["version"], "config": config["config"] });
        new["config"]["wedding_date"] = json!("2026-06-20");
        new["config"]["limits"]["cold_per_day"] = json!(cold_per_day);
        let put = world.ask("PUT", "/config", new).await;
        assert_eq!(put.status, StatusCode::OK, "{}", put.body);
    };

    limits(&world, 1).await;
    let page = groom.get(&world, &path).await;
    let text = page.text();
    assert!(
        text.contains("Una persona non scrive da tempo e lo avrà entro"),
        "{text}"
    );
    assert!(!text.contains("Che cosa aiuta"), "{text}");

    limits(&world, 0).await;
    let page = groom.get(&world, &path).await;
    let text = page.text();
    let (_, late) = text
        .split_once("Una persona non lo avrebbe entro")
        .expect("said");
    assert!(
        late.contains("<bdi>Anna</bdi>") && late.contains("Che cosa aiuta"),
        "{late}"
    );

    // and from 45 days before the wedding home says whom to ask for a word
    let home = groom.get(&world, "/").await;
    assert!(
        home.text().contains("href=\"/needs/going-cold\""),
        "{}",
        home.text()
    );
    let list = groom.get(&world, "/needs/going-cold").await;
    assert!(list.text().contains("<bdi>Anna</bdi>"), "{}", list.text());
    world.anna_writes("IN2", "Ciao!").await;
    let list = groom.get(&world, "/needs/going-cold").await;
    assert!(!list.text().contains("<bdi>Anna</bdi>"), "{}", list.text());
}

/// Two messages are without an answer, so the next one waits two weeks for one, and then for the morning.
#[tokio::test(start_paused = true)]
async fn before_the_start_the_page_says_who_has_not_answered() {
    let mut world = World::sqlite().await;
    let id = world.news_for_anna("Ciao {name}").await;
    world.anna_writes("IN1", "Ciao").await;
    for raw_id in ["OUT1", "OUT2"] {
        world.post("/messages", to_anna("Ciao!")).await;
        let work = world.worker_is_sending().await;
        let raw_id = Some(raw_id.to_owned());
        let accepted = SendAnswer::Accepted { raw_id };
        world.worker_finishes(&work, accepted).await;
        tokio::time::sleep(Duration::from_mins(70)).await;
    }
    let night: domain::Timestamp = "2026-05-31T23:00:00Z".parse().unwrap();
    let night = night.timestamp_millis();
    for sql in [
        format!(
            "UPDATE send_reservation SET taken_at = {night}, committed_at = {night}, ended_at = {night}"
        ),
        "UPDATE contact_session SET answered_at = 1".to_owned(),
    ] {
        world.database.execute(&sql).await.unwrap();
    }
    let mut groom = Browser::of_groom(&world).await;
    let draft = format!("/broadcasts/{id}");
    let forecast = format!("{draft}/forecast");
    let start = format!("{draft}/start");

    let told = world.get(&forecast).await.body[0].clone();
    assert_eq!(told["unanswered"], 1, "{told}");
    let at = told["expected"][0]["at"].as_str().unwrap();
    assert!(at.starts_with("2026-06-15T07:00:0"), "{told}");
    let page = groom.get(&world, &start).await;
    let said = "Una persona non ha risposto agli ultimi messaggi";
    assert!(page.text().contains(said), "{}", page.text());

    let earlier = json!({ "not_after": "2026-06-10T10:00:00Z" });
    let patched = world.ask("PATCH", &draft, earlier).await;
    assert_eq!(patched.status, StatusCode::OK, "{}", patched.body);
    let told = world.get(&forecast).await.body[0].clone();
    assert_eq!(told["missed"][0]["unanswered"], true, "{told}");
    let page = groom.get(&world, &start).await;
    for (help, shown) in [
        ("scrivervi una parola", true),
        ("una fine più lontana", true),
        ("Persone silenziose", false),
        ("Telefonare", false),
    ] {
        assert_eq!(page.text().contains(help), shown, "{}", page.text());
    }
}

#[tokio::test(start_paused = true)]
async fn going_cold_is_told_from_45_days_before_the_wedding_until_it() {
    let world = World::sqlite().await;
    world.groom_connects().await;
    world.anna_is_a_guest().await;
    world.anna_writes("IN1", "Ciao").await;
    let long_ago = "UPDATE contact_session SET last_in_at = 1, answered_at = 1";
    world.database.execute(long_ago).await.unwrap();
    let guests = async |world: &World, wedding: &str| {
        let config = world.get("/config").await.body;
        let mut new = json!({ "version": config["version"], "config": config["config"] });
        new["config"]["wedding_date"] = json!(wedding);
        let put = world.ask("PUT", "/config", new).await;
        assert_eq!(put.status, StatusCode::OK, "{}", put.body);
        let told = world.get("/guests/going-cold").await;
        assert_eq!(told.body["wedding_date"], wedding);
        told.body["guests"].as_array().unwrap().len()
    };
    // today is 1 June
    for (wedding, count) in [
        ("2026-05-31", 0),
        ("2026-06-01", 1),
        ("2026-07-16", 1),
        ("2026-07-17", 0),
    ] {
        assert_eq!(guests(&world, wedding).await, count, "{wedding}");
    }
}

/// No limit of ours is to blame, so the page names WhatsApp's, and does not tell to raise ours.
#[rstest]
#[case::capped(
    "capping = 'capped', capping_until = $1",
    "announcements_capped",
    "ha messo un tetto"
)]
#[case::warned(
    "capping = 'second_warning', capping_until = $1",
    "capping_warning",
    "partono troppi messaggi"
)]
#[case::locked("lock_until = $1", "session_locked", "ha limitato questo numero")]
#[tokio::test(start_paused = true)]
async fn before_the_start_the_page_names_what_whatsapp_restricts(
    #[case] restricted: &str,
    #[case] reason: &str,
    #[case] said: &str,
) {
    let world = World::sqlite().await;
    let id = world.news_for_anna("Ciao {name}").await;
    world.anna_writes("IN1", "Ciao").await;
    let until = world.clock.now() + TimeDelta::days(20);
    let restricted = restricted.replace("$1", &until.timestamp_millis().to_string());
    let mut groom = Browser::of_groom(&world).await;
    let draft = format!("/broadcasts/{id}");
    // also what would be late without it
    let config = world.get("/config").await.body;
    let mut new = json!({ "version": config["version"], "config": config["config"] });
    new["config"]["wedding_date"] = json!("2026-06-02");
    let put = world.ask("PUT", "/config", new).await;
    assert_eq!(put.status, StatusCode::OK, "{}", put.body);
    let late = "UPDATE whatsapp_session_status SET first_connected_at = 1";
    world.database.execute(late).await.unwrap();
    let early =
        json!({ "not_before": "2026-06-10T10:00:00Z", "not_after": "2026-06-12T10:00:00Z" });
    let patched = world.ask("PATCH", &draft, early).await;
    assert_eq!(patched.status, StatusCode::OK, "{}", patched.body);
    let start = format!("{draft}/start");
    let page = groom.get(&world, &start).await;
    let ours = "Alzare «Messaggi al giorno»";
    assert!(page.text().contains(ours), "{}", page.text());

    let sql = format!("UPDATE session_number SET {restricted}");
    world.database.execute(&sql).await.unwrap();
    let told = world.get(&format!("{draft}/forecast")).await.body[0].clone();
    assert_eq!(told["restricted"]["reason"], reason, "{told}");
    assert_eq!(told["restricted"]["ends"]["at"], json!(until), "{told}");
    assert_eq!(told["missed"][0]["guests"], json!(["Anna"]), "{told}");
    let page = groom.get(&world, &start).await;
    let (_, help) = page.text().split_once("Che cosa aiuta").expect("help");
    assert!(help.contains(said), "{help}");
    assert!(
        help.contains("Lasciate i vostri limiti come sono"),
        "{help}"
    );
    assert!(!help.contains(ours), "{help}");
}

#[rstest]
#[case::refused(
    "contact_session SET refused_at = 1, refusals = 2",
    "contact_refused",
    "review",
    "Guardalo: invialo adesso"
)]
#[case::locked(
    "session_number SET lock_person = 1",
    "session_locked",
    "unlock",
    "Parte quando qualcuno sblocca il numero"
)]
#[case::paused(
    "whatsapp_session_status SET paused_by = 'anna'",
    "session_paused",
    "resume",
    "Parte quando qualcuno riprende"
)]
#[tokio::test(start_paused = true)]
async fn before_the_start_the_page_names_who_waits_for_a_person(
    #[case] held: &str,
    #[case] reason: &str,
    #[case] person: &str,
    #[case] said: &str,
) {
    let world = World::sqlite().await;
    let id = world.news_for_anna("Ciao {name}").await;
    world.anna_writes("IN1", "Ciao").await;
    let mut groom = Browser::of_groom(&world).await;
    let start = format!("/broadcasts/{id}/start");
    let act = "finché qualcuno di voi non fa qualcosa";
    let page = groom.get(&world, &start).await;
    assert!(!page.text().contains(act), "{}", page.text());

    let sql = format!("UPDATE {held}");
    world.database.execute(&sql).await.unwrap();
    let told = world.get(&format!("/broadcasts/{id}/forecast")).await.body[0].clone();
    let copy = &told["held"][0];
    assert_eq!(copy["guests"], json!(["Anna"]), "{told}");
    assert_eq!(
        (&copy["wait"]["reason"], &copy["wait"]["ends"]),
        (&json!(reason), &json!({ "person": person })),
        "{told}"
    );
    let page = groom.get(&world, &start).await;
    assert!(page.text().contains(said), "{}", page.text());
    assert_eq!(
        page.text().contains(act),
        reason == "contact_refused",
        "{}",
        page.text()
    );
}
