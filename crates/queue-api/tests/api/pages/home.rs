//! How things stand: each spouse's WhatsApp, what needs a person, and the button that stops everything.

use domain::account::Person;
use domain::config::Language;
use domain::outcome::SendAnswer;
use domain::release::Lock;
use domain::session::SessionName;
use http::StatusCode;
use rstest::rstest;
use serde_json::json;
use storage::{Actor, Commit};

use super::browser::{Browser, goes_to};
use crate::visits::Page;
use crate::world::{On, World, groom, to_anna};

/// A part of a page, by its id, up to the end of the section it is.
fn part<'a>(page: &'a Page, id: &str) -> &'a str {
    let (_, rest) = page.text().split_once(&format!("id=\"{id}\"")).unwrap();
    rest.split("</section>").next().unwrap()
}

async fn of_bride(world: &World) -> Browser {
    let bride = Person::Spouse(SessionName::parse("bride").unwrap());
    Browser::signed_in(world, "Giulia", bride, Language::Italian).await
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn home_says_how_each_phone_is_and_what_to_do(#[case] on: On) {
    let world = World::on(on).await;
    world.groom_connects().await;
    let mut browser = Browser::of_groom(&world).await;

    let page = browser.get(&world, "/").await;

    assert_eq!(page.status, StatusCode::OK);
    let groom = part(&page, "session-groom");
    assert!(groom.contains("Collegato"), "{groom}");
    assert!(groom.contains("Luca · +39 333 111 2222"), "{groom}");
    // a new number starts with half (design §6)
    assert!(
        groom.contains("0\u{2069} su \u{2068}5\u{2069}") || groom.contains("0 su 5"),
        "{groom}"
    );
    assert!(groom.contains("Numero nuovo qui"), "{groom}");
    assert!(groom.contains("<meter"), "{groom}");
    let bride = part(&page, "session-bride");
    assert!(bride.contains("Scollegato"), "{bride}");
    assert!(bride.contains("action=\"/pairing/bride/link\""), "{bride}");
    assert!(page.text().contains("data-live=\"session message\""));
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn the_button_stops_what_is_being_typed_on_every_phone(#[case] on: On) {
    let mut world = World::on(on).await;
    world.ready_message().await;
    let work = world.worker_claims().await;
    let mut browser = Browser::of_groom(&world).await;
    let home = browser.get(&world, "/").await;

    let stopped = browser.post(&world, &home, "/stop", &[]).await;

    let next = browser.get(&world, goes_to(&stopped)).await;
    assert!(
        next.text().contains("nessun messaggio era in viaggio"),
        "{}",
        next.text()
    );
    let calls = world.integration.calls();
    assert!(
        calls
            .iter()
            .any(|call| call.contains(&work.attempt.to_string())),
        "{calls:?}"
    );
    assert!(!matches!(
        world.worker_commits(&work).await,
        Commit::Committed
    ));
    for session in world.store.sessions().await.unwrap() {
        assert_eq!(
            session.paused_by.as_deref(),
            Some("Marco"),
            "{}",
            session.name
        );
    }
    let home = browser.get(&world, "/").await;
    assert!(home.text().contains("L’invio è fermo"));
    assert!(!home.text().contains("action=\"/stop\""), "{}", home.text());
    let resumed = browser.post(&world, &home, "/resume", &[]).await;
    assert_eq!(goes_to(&resumed), "/?said=resumed");
    for session in world.store.sessions().await.unwrap() {
        assert_eq!(session.paused_by, None, "{}", session.name);
    }
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn the_next_page_says_what_had_already_left(#[case] on: On) {
    let mut world = World::on(on).await;
    world.groom_connects().await;
    let name = "<b>Zia</b> \u{202e}Anna 🎉";
    let guest = json!({ "name": name, "phone": crate::world::ANNA });
    assert_eq!(
        world.post("/guests", guest).await.status,
        StatusCode::CREATED
    );
    world.anna_writes("IN1", "hello").await;
    world.post("/messages", to_anna("Ciao <i>!</i>")).await;
    world.worker_is_sending().await;
    let mut browser = Browser::of_groom(&world).await;
    let home = browser.get(&world, "/").await;

    let stopped = browser.post(&world, &home, "/stop", &[]).await;

    let place = goes_to(&stopped).to_owned();
    let next = browser.get(&world, &place).await;
    let text = next.text();
    assert!(text.contains("Un messaggio era già partito"), "{text}");
    assert!(
        text.contains("<bdi>&#60;b&#62;Zia&#60;/b&#62; \u{202e}Anna 🎉</bdi>"),
        "{text}"
    );
    assert!(text.contains("Ciao &#60;i&#62;!&#60;/i&#62;"), "{text}");
    assert!(text.contains("in partenza"), "{text}");
    // an operator learns how many, and no names or texts
    let mut operator = Browser::of_operator(&world).await;
    let page = operator.get(&world, &place).await;
    assert!(
        page.text().contains("One message had already left"),
        "{}",
        page.text()
    );
    assert!(!page.text().contains("Zia") && !page.text().contains("Ciao"));
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn what_needs_a_person_has_its_button(#[case] on: On) {
    let mut world = World::on(on).await;
    let (id, _) = world.uncertain_message().await;
    let now = world.clock.now();
    let locked = groom();
    let lock = world.store.lock(&locked, Lock::Person, "test", now);
    lock.await.unwrap();
    let mut browser = Browser::of_groom(&world).await;

    let page = browser.get(&world, "/").await;

    let needs = part(&page, "needs");
    assert!(
        needs.contains("/queue?session=groom&#38;status=uncertain"),
        "{needs}"
    );
    assert!(needs.contains("href=\"/sessions/groom/unlock\""), "{needs}");
    // an operator sees the lock, not the messages
    let mut operator = Browser::of_operator(&world).await;
    let page = operator.get(&world, "/").await;
    let needs = part(&page, "needs");
    assert!(needs.contains("href=\"/sessions/groom/unlock\""), "{needs}");
    assert!(
        !needs.contains("uncertain") && !page.text().contains("Anna"),
        "{needs}"
    );
    // settled, it is gone
    let settled = world
        .post(
            &format!("/messages/{id}/settle"),
            json!({ "verdict": "arrived" }),
        )
        .await;
    assert!(settled.status.is_success(), "{}", settled.body);
    let page = browser.get(&world, "/").await;
    assert!(
        !part(&page, "needs").contains("uncertain"),
        "{}",
        part(&page, "needs")
    );
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn failures_are_shown_for_a_week(#[case] on: On) {
    let mut world = World::on(on).await;
    world.ready_message().await;
    let work = world.worker_is_sending().await;
    world.worker_finishes(&work, SendAnswer::NoLid).await;
    let mut browser = Browser::of_groom(&world).await;
    let page = browser.get(&world, "/").await;
    assert!(
        part(&page, "needs").contains("status=failed"),
        "{}",
        part(&page, "needs")
    );

    tokio::time::sleep(std::time::Duration::from_hours(24 * 7)).await;

    let page = browser.get(&world, "/").await;
    assert!(
        !part(&page, "needs").contains("status=failed"),
        "{}",
        part(&page, "needs")
    );
}

#[tokio::test(start_paused = true)]
async fn unknown_writers_are_the_spouses_own() {
    let world = World::sqlite().await;
    world.groom_connects().await;
    world.anna_writes("IN1", "who are you?").await;
    let mut groom = Browser::of_groom(&world).await;
    let page = groom.get(&world, "/").await;
    assert!(
        page.text().contains("Ti ha scritto qualcuno"),
        "{}",
        part(&page, "needs")
    );
    let mut bride = of_bride(&world).await;
    let page = bride.get(&world, "/").await;
    assert!(
        !page.text().contains("Ti ha scritto qualcuno"),
        "{}",
        part(&page, "needs")
    );
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn an_old_backlog_is_resumed_by_itself_only(#[case] on: On) {
    let world = World::on(on).await;
    let sql = "UPDATE whatsapp_session_status SET paused_by = 'old_backlog', paused_at = since WHERE name = 'groom'";
    world.database.execute(sql).await.unwrap();
    let mut browser = Browser::of_groom(&world).await;
    let home = browser.get(&world, "/").await;
    assert!(
        part(&home, "needs").contains("per più di un giorno"),
        "{}",
        part(&home, "needs")
    );

    browser.post(&world, &home, "/stop", &[]).await;
    browser.post(&world, &home, "/resume", &[]).await;

    let session = world.store.session(&groom()).await.unwrap().unwrap();
    assert_eq!(session.paused_by.as_deref(), Some("old_backlog"));
    let resumed = browser
        .post(&world, &home, "/sessions/groom/resume", &[])
        .await;
    assert_eq!(goes_to(&resumed), "/?said=resumed");
    let session = world.store.session(&groom()).await.unwrap().unwrap();
    assert_eq!(session.paused_by, None);
}

#[tokio::test(start_paused = true)]
async fn after_failed_sends_a_button_tries_again() {
    let world = World::sqlite().await;
    world.groom_connects().await;
    world.sends_are_rejected().await;
    let mut browser = Browser::of_groom(&world).await;

    let page = browser.get(&world, "/").await;
    let done = browser
        .post(&world, &page, "/sessions/groom/try-again", &[])
        .await;

    let button = "action=\"/sessions/groom/try-again\"";
    assert!(
        part(&page, "session-groom").contains(button),
        "{}",
        page.text()
    );
    assert_eq!(goes_to(&done), "/?said=try_again");
    let session = world.store.session(&groom()).await.unwrap().unwrap();
    let outage = session.outage.unwrap();
    assert_eq!(outage.wait(world.clock.now()), None);
}

#[tokio::test(start_paused = true)]
async fn a_stop_by_somebody_else_names_them_as_text() {
    let world = World::sqlite().await;
    let actor = Actor::new("<img src=x>\u{202e}🎉");
    world
        .store
        .pause(&groom(), &actor, world.clock.now())
        .await
        .unwrap();
    let mut browser = Browser::of_groom(&world).await;
    let page = browser.get(&world, "/").await;
    assert!(!page.text().contains("<img src=x>"));
    assert!(
        page.text().contains("&#60;img src=x&#62;"),
        "{}",
        page.text()
    );
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn what_was_put_aside_is_decided_one_by_one(#[case] on: On) {
    let world = World::on(on).await;
    let id = world.ready_message().await;
    let sql = "UPDATE whatsapp_message_queue SET wait_reason = 'put_aside', wait_ends = 'person:review', due = 0";
    world.database.execute(sql).await.unwrap();
    let suspend = "UPDATE contact SET suspended_at = 1";
    world.database.execute(suspend).await.unwrap();
    let mut browser = Browser::of_groom(&world).await;

    let home = browser.get(&world, "/").await;

    let needs = part(&home, "needs");
    for address in ["/needs/aside/groom", "/needs/suspended"] {
        assert!(needs.contains(&format!("href=\"{address}\"")), "{needs}");
        let page = browser.get(&world, address).await;
        assert!(page.text().contains("<bdi>Anna</bdi>"), "{}", page.text());
    }
    let page = browser.get(&world, "/needs/aside/groom").await;
    assert!(page.text().contains(&format!("href=\"/queue/{id}\"")));
    assert!(page.text().contains("Ciao!"));
    let page = browser.get(&world, "/needs/suspended").await;
    assert!(page.text().contains("href=\"/conversations/"));
}
