//! The queue and each message, as the couple sees and changes them.

use domain::outcome::SendAnswer;
use http::StatusCode;
use rstest::rstest;
use serde_json::json;

use super::browser::{Browser, goes_to};
use crate::world::{On, World, groom, noon, to_anna};
use storage::testing::{Filling, Standing};

/// What is between two marks of a page.
fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    let (_, rest) = text
        .split_once(from)
        .unwrap_or_else(|| panic!("no {from} in {text}"));
    rest.split(to).next().unwrap()
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn the_list_says_to_whom_and_why_it_waits_and_shows_what_people_wrote_as_text(
    #[case] on: On,
) {
    let world = World::on(on).await;
    world.groom_connects().await;
    let name = "<b>Anna</b> \u{202e}🎉";
    let guest = json!({ "name": name, "phone": crate::world::ANNA });
    assert_eq!(
        world.post("/guests", guest).await.status,
        StatusCode::CREATED
    );
    world
        .post("/messages", to_anna("<script>alert(1)</script>"))
        .await;
    let mut groom = Browser::of_groom(&world).await;

    let page = groom.get(&world, "/queue").await;

    assert_eq!(page.status, StatusCode::OK);
    let text = page.text();
    assert!(
        text.contains("Questa persona non ha ancora scritto a questo numero."),
        "{text}"
    );
    assert!(text.contains("Parte quando scrive."), "{text}");
    assert!(
        !text.contains("<b>Anna") && !text.contains("<script>alert"),
        "{text}"
    );
    assert!(text.contains("🎉"), "{text}");
    for (query, found) in [
        ("search=anna", true),
        ("search=alert", true),
        ("search=347", true),
        ("search=nobody", false),
        ("status=pending&session=groom&lane=manual", true),
        ("status=sent", false),
        ("session=bride", false),
        ("status=&session=&lane=&search=", true),
    ] {
        let page = groom.get(&world, &format!("/queue?{query}")).await;
        assert_eq!(page.text().contains("🎉"), found, "{query}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_message_is_changed_only_as_it_was_seen() {
    let world = World::sqlite().await;
    let id = world.ready_message().await;
    let mut groom = Browser::of_groom(&world).await;
    let page = groom.get(&world, &format!("/queue/{id}")).await;
    let version = between(page.text(), "name=\"version\" value=\"", "\"").to_owned();
    let edit = format!("/queue/{id}/edit");
    let fields = |text: &'static str, before: &'static str| {
        [("text", text), ("not_before", before), ("priority", "10")]
    };

    let mut wrong = vec![("version", version.as_str())];
    wrong.extend(fields("", ""));
    let refused = groom.post(&world, &page, &edit, &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.text().contains("Scrivi qualcosa"),
        "{}",
        refused.text()
    );

    let mut right = vec![("version", version.as_str())];
    right.extend(fields("Ciao\r\nAnna", "2026-06-02T18:30"));
    let done = groom.post(&world, &page, &edit, &right).await;
    assert_eq!(goes_to(&done), format!("/queue/{id}?said=queue-edited"));
    let now = world.get(&format!("/messages/{id}")).await.body;
    assert_eq!(now["text"], "Ciao\nAnna");
    assert_eq!(now["not_before"], "2026-06-02T16:30:00Z");
    assert_eq!(now["priority"], 10);

    let late = groom.post(&world, &page, &edit, &right).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(
        late.text().contains("Nel frattempo questo messaggio"),
        "{}",
        late.text()
    );
}

#[tokio::test(start_paused = true)]
async fn sending_now_and_cancelling_ask_first() {
    let world = World::sqlite().await;
    let id = world.ready_message().await;
    let mut groom = Browser::of_groom(&world).await;

    let ask = groom.get(&world, &format!("/queue/{id}/send-now")).await;
    assert!(ask.text().contains("la notte"), "{}", ask.text());
    assert!(
        ask.text()
            .contains("che questa persona abbia scritto per prima")
    );
    let now = world.get(&format!("/messages/{id}")).await.body;
    assert_eq!(now["send_now"], false, "asking changes nothing");
    let hurried = groom
        .post(&world, &ask, &format!("/queue/{id}/send-now"), &[])
        .await;
    assert_eq!(goes_to(&hurried), format!("/queue/{id}?said=queue-hurried"));

    let ask = groom.get(&world, &format!("/queue/{id}/cancel")).await;
    let cancelled = groom
        .post(&world, &ask, &format!("/queue/{id}/cancel"), &[])
        .await;
    let there = goes_to(&cancelled).to_owned();
    let page = groom.get(&world, &there).await;
    assert!(
        page.text().contains("Annullato: non partirà."),
        "{}",
        page.text()
    );
    assert!(page.text().contains("L’ha annullato qualcuno di voi."));
    let again = groom
        .post(&world, &ask, &format!("/queue/{id}/cancel"), &[])
        .await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert!(again.text().contains("È troppo tardi per annullarlo"));
}

/// What is put into an open page is found by the id of its place, so that this place is there before the doubt.
#[tokio::test(start_paused = true)]
async fn an_open_page_has_a_place_for_a_doubt_that_comes() {
    let world = World::sqlite().await;
    let place = r#"<div id="decision" data-live="message">"#;
    let waiting = world.ready_message().await;
    let mut groom = Browser::of_groom(&world).await;
    let page = groom.get(&world, &format!("/queue/{waiting}")).await;
    let before = between(page.text(), place, "</div>");
    assert_eq!(before.trim(), "");

    let mut world = World::sqlite().await;
    let (id, _) = world.uncertain_message().await;
    let mut groom = Browser::of_groom(&world).await;
    let page = groom.get(&world, &format!("/queue/{id}")).await;
    let doubt = between(page.text(), place, r#"<section id="acts""#);
    assert!(doubt.contains(r#"value="arrived""#), "{doubt}");
}

#[tokio::test(start_paused = true)]
async fn a_doubt_is_settled_with_the_chat_beside_it() {
    let mut world = World::sqlite().await;
    let (id, _) = world.uncertain_message().await;
    let mut groom = Browser::of_groom(&world).await;
    let page = groom.get(&world, &format!("/queue/{id}")).await;
    assert!(page.text().contains("hello"), "the chat: {}", page.text());
    let settle = format!("/queue/{id}/settle");

    let early = groom
        .post(&world, &page, &settle, &[("verdict", "send_again")])
        .await;
    assert_eq!(early.status, StatusCode::CONFLICT);
    assert!(
        early.text().contains("arriverebbe due volte"),
        "{}",
        early.text()
    );
    let arrived = groom
        .post(&world, &page, &settle, &[("verdict", "arrived")])
        .await;
    assert_eq!(goes_to(&arrived), format!("/queue/{id}?said=queue-arrived"));
}

#[tokio::test(start_paused = true)]
async fn a_failed_message_is_tried_again_and_its_story_tells_it() {
    let mut world = World::sqlite().await;
    let id = world.ready_message().await;
    let work = world.worker_is_sending().await;
    world.worker_finishes(&work, SendAnswer::NoLid).await;
    let mut groom = Browser::of_groom(&world).await;
    let page = groom.get(&world, &format!("/queue/{id}")).await;
    assert!(
        page.text().contains("non si può raggiungere"),
        "{}",
        page.text()
    );
    let needs = "non è partito";
    let home = groom.get(&world, "/").await;
    assert!(home.text().contains(needs), "{}", home.text());
    let left = groom
        .post(&world, &page, &format!("/queue/{id}/leave"), &[])
        .await;
    assert_eq!(goes_to(&left), format!("/queue/{id}?said=queue-left"));
    let home = groom.get(&world, "/").await;
    assert!(!home.text().contains(needs), "{}", home.text());
    let retried = groom
        .post(&world, &page, &format!("/queue/{id}/retry"), &[])
        .await;
    assert_eq!(goes_to(&retried), format!("/queue/{id}?said=queue-retried"));
    let page = groom.get(&world, &format!("/queue/{id}")).await;
    assert!(page.text().contains("Da riprovare"), "{}", page.text());
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn a_form_that_is_sent_twice_queues_one_message(#[case] on: On) {
    let world = World::on(on).await;
    world.groom_connects().await;
    world.anna_is_a_guest().await;
    let mut groom = Browser::of_groom(&world).await;
    let chosen = groom.get(&world, "/queue/new?search=ann").await;
    let to = between(chosen.text(), "/queue/new?to=", "\"").to_owned();
    let form = groom.get(&world, &format!("/queue/new?to={to}")).await;
    let once = between(form.text(), "name=\"once\" value=\"", "\"").to_owned();
    assert!(
        form.text().contains("non ha ancora scritto a"),
        "{}",
        form.text()
    );
    let fields = [
        ("to", to.as_str()),
        ("once", once.as_str()),
        ("session", "groom"),
        ("text", "Ciao"),
        ("drop_if_answered", "on"),
    ];

    let first = groom.post(&world, &form, "/queue/new", &fields).await;
    let second = groom.post(&world, &form, "/queue/new", &fields).await;

    assert_eq!(goes_to(&first), goes_to(&second));
    assert_eq!(world.count("whatsapp_message_queue").await, 1);
    let wrong = [("to", to.as_str()), ("session", "nobody"), ("text", "Ciao")];
    let refused = groom.post(&world, &form, "/queue/new", &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("Scegli da quale numero parte."));
}

/// Each page asks the same few things, however long the queue is, and each of them is found by an index.
#[tokio::test(start_paused = true)]
async fn a_page_of_fifty_thousand_is_as_quick_as_one_of_fifty() {
    let world = World::sqlite().await;
    world.groom_connects().await;
    let filling = Filling {
        session: &groom(),
        messages: 50_000,
        guests: 500,
        standing: Standing::Mixed,
        now: noon(),
    };
    world.database.fill(&filling).await.unwrap();
    let mut browser = Browser::of_groom(&world).await;
    let mut address = "/queue?status=pending&session=groom".to_owned();
    for _ in 0..3 {
        let asked = storage::testing::statements_of(browser.get(&world, &address));
        let (page, statements) = asked.await;
        assert_eq!(page.text().matches("<li class=\"side").count(), 50);
        assert!(statements.len() < 40, "{} statements", statements.len());
        let page_of = statements
            .iter()
            .filter(|sql| sql.contains("ORDER BY q.id DESC"));
        for statement in page_of {
            // led by the index of session and status, which is in the order of the ids
            assert!(
                statement.contains("q.session = $1 AND q.status = $2 AND"),
                "{statement}"
            );
        }
        address = between(page.text(), "right\" href=\"", "\"").replace("&#38;", "&");
    }
}
