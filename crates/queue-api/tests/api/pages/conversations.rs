//! Conversations and those who are on no list, as the couple sees them.

use domain::account::Person;
use domain::config::Language;
use domain::session::SessionName;
use http::StatusCode;
use rstest::rstest;
use serde_json::json;

use super::browser::{Browser, goes_to};
use crate::visits::Page;
use crate::world::{ANNA, On, World};

async fn of_bride(world: &World) -> Browser {
    let bride = Person::Spouse(SessionName::parse("bride").unwrap());
    Browser::signed_in(world, "Giulia", bride, Language::English).await
}

/// Anna is on the list as `name`, and writes to the groom; her contact.
async fn anna_wrote(world: &World, name: &str, text: &str) -> String {
    world.groom_connects().await;
    let guest = json!({ "name": name, "phone": ANNA });
    let guest = world.post("/guests", guest).await;
    assert_eq!(guest.status, StatusCode::CREATED, "{}", guest.body);
    world.anna_writes("IN1", text).await;
    guest.body["contact"].as_str().unwrap().to_owned()
}

/// The value of the hidden field, or what follows `from`, up to the next quote.
fn after<'a>(page: &'a Page, from: &str) -> &'a str {
    let (_, rest) = page
        .text()
        .split_once(from)
        .unwrap_or_else(|| panic!("{}", page.text()));
    rest.split('"').next().unwrap()
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn opening_a_conversation_marks_it_as_seen_for_whoever_opens_it(#[case] on: On) {
    let world = World::on(on).await;
    let contact = anna_wrote(&world, "Anna <i>\u{202e}🎉", "<b>hello</b>").await;
    let (mut groom, mut bride) = (Browser::of_groom(&world).await, of_bride(&world).await);
    let unread = |page: &Page| page.text().contains("badge good");

    let listed = groom.get(&world, "/conversations").await;
    assert!(
        unread(&listed) && listed.text().contains("🎉"),
        "{}",
        listed.text()
    );
    let thread = groom
        .get(&world, &format!("/conversations/{contact}"))
        .await;
    assert!(
        thread.text().contains("&#60;b&#62;hello"),
        "{}",
        thread.text()
    );
    assert!(!thread.text().contains("<b>hello") && !thread.text().contains("Anna <i>"));

    assert!(!unread(&groom.get(&world, "/conversations").await));
    let none = groom.get(&world, "/conversations?unread=1").await;
    assert!(none.text().contains("Hai letto tutto."), "{}", none.text());
    let hers = bride.get(&world, "/conversations?unread=1").await;
    assert!(
        unread(&hers),
        "what he saw is nothing that she saw: {}",
        hers.text()
    );
}

/// What was read only informs.
#[tokio::test(start_paused = true)]
async fn a_conversation_is_shown_when_it_cannot_be_marked_as_seen() {
    let world = World::sqlite().await;
    let contact = anna_wrote(&world, "Anna", "hello").await;
    let mut groom = Browser::of_groom(&world).await;
    let refuse = "CREATE TRIGGER no_seen BEFORE INSERT ON conversation_seen BEGIN SELECT RAISE(ABORT, 'no'); END";
    world.database.execute(refuse).await.unwrap();

    let thread = groom
        .get(&world, &format!("/conversations/{contact}"))
        .await;

    assert_eq!(thread.status, StatusCode::OK);
    assert!(thread.text().contains("hello"));
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn an_answer_quotes_and_goes_into_the_lane_of_answers(#[case] on: On) {
    let world = World::on(on).await;
    let contact = anna_wrote(&world, "Anna", "Come to the church?").await;
    let mut bride = of_bride(&world).await;
    let thread = bride
        .get(&world, &format!("/conversations/{contact}"))
        .await;
    let link = thread
        .text()
        .split("href=\"")
        .find(|rest| rest.contains("quote="))
        .unwrap();
    let link = link.split("#answer").next().unwrap().replace("&#38;", "&");
    let page = bride.get(&world, &link).await;
    assert!(page.text().contains("<blockquote"), "{}", page.text());
    let (quote, once) = (
        after(&page, "name=\"quote\" value=\"").to_owned(),
        after(&page, "name=\"once\" value=\"").to_owned(),
    );
    // the groom's number was written to: it answers, whoever looks
    assert_eq!(after(&page, "name=\"session\" value=\""), "groom");
    let send = format!("/conversations/{contact}/answer");
    let fields = |text| {
        [
            ("quote", quote.as_str()),
            ("once", once.as_str()),
            ("session", "groom"),
            ("text", text),
        ]
    };

    let empty = bride.post(&world, &page, &send, &fields(" ")).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.text().contains("Write something"), "{}", empty.text());
    let sent = bride.post(&world, &page, &send, &fields("At three!")).await;
    let again = bride.post(&world, &page, &send, &fields("At three!")).await;

    assert_eq!(goes_to(&sent), goes_to(&again));
    assert_eq!(world.count("whatsapp_message_queue").await, 1);
    let queued = world.get("/messages").await.body["items"][0].clone();
    assert_eq!(
        (&queued["lane"], &queued["reply_to"]),
        (&json!("reply"), &json!(quote))
    );
    let thread = bride
        .get(
            &world,
            &format!("/conversations/{contact}?said=conversations-answered"),
        )
        .await;
    assert!(thread.text().contains("Not there yet"), "{}", thread.text());
    assert!(thread.text().contains("At three!"));
    // a quote of somebody else's conversation is refused
    let foreign = [
        ("quote", "0190b5c8-0000-7000-8000-000000000000"),
        ("session", "groom"),
        ("text", "x"),
    ];
    let refused = bride.post(&world, &page, &send, &foreign).await;
    assert_eq!(
        refused.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{}",
        refused.text()
    );
}

#[tokio::test(start_paused = true)]
async fn opting_out_asks_why_and_can_be_undone() {
    let world = World::sqlite().await;
    let contact = anna_wrote(&world, "Anna", "hello").await;
    let mut groom = Browser::of_groom(&world).await;
    let out = format!("/conversations/{contact}/opt-out");
    let ask = groom.get(&world, &out).await;
    let without = groom.post(&world, &ask, &out, &[("reason", "  ")]).await;
    assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        without.text().contains("Scrivi perché"),
        "{}",
        without.text()
    );

    let done = groom
        .post(&world, &ask, &out, &[("reason", "al telefono")])
        .await;
    let there = goes_to(&done).to_owned();
    let page = groom.get(&world, &there).await;
    assert!(
        page.text().contains("non riceverà più nulla"),
        "{}",
        page.text()
    );
    assert!(page.text().contains("non vuole messaggi"));
    let listed = groom.get(&world, "/conversations").await;
    assert!(listed.text().contains("Non vuole messaggi"));

    let again = format!("/conversations/{contact}/opt-in");
    let ask = groom.get(&world, &again).await;
    let done = groom
        .post(&world, &ask, &again, &[("reason", "li vuole")])
        .await;
    let there = goes_to(&done).to_owned();
    let page = groom.get(&world, &there).await;
    assert!(
        page.text().contains("può ricevere di nuovo"),
        "{}",
        page.text()
    );
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn who_wrote_unknown_is_shown_to_their_spouse_only_and_becomes_a_guest(#[case] on: On) {
    let world = World::on(on).await;
    world.groom_connects().await;
    world
        .anna_writes("IN1", "the code of the bank is 1234")
        .await;
    let guest = json!({ "name": "Marco", "household": "Rossi" });
    assert_eq!(
        world.post("/guests", guest).await.status,
        StatusCode::CREATED
    );
    let (mut groom, mut bride) = (Browser::of_groom(&world).await, of_bride(&world).await);

    let his = groom.get(&world, "/conversations/unknown").await;
    assert!(his.text().contains("+39 347 000 0001"), "{}", his.text());
    assert!(
        !his.text().contains("the bank"),
        "what they wrote is nobody's"
    );
    let hers = bride.get(&world, "/conversations/unknown").await;
    assert!(!hers.text().contains("347 000 0001"), "{}", hers.text());
    let tie = his
        .text()
        .split("href=\"")
        .find(|rest| rest.contains("/tie"))
        .unwrap();
    let tie = tie.split('"').next().unwrap().to_owned();
    let not_hers = bride.get(&world, &tie).await;
    assert_eq!(not_hers.status, StatusCode::NOT_FOUND);

    let offered = groom.get(&world, &format!("{tie}?search=ross")).await;
    let household = after(&offered, "name=\"household\" value=\"").to_owned();
    let both = groom.post(&world, &offered, &tie, &[]).await;
    assert_eq!(both.status, StatusCode::BAD_REQUEST);
    let tied = groom
        .post(&world, &offered, &tie, &[("household", &household)])
        .await;
    let there = goes_to(&tied).to_owned();
    assert!(there.ends_with("?said=unknown-tied"), "{there}");
    let page = groom.get(&world, &there).await;
    assert!(page.text().contains("Marco"), "{}", page.text());
}

#[tokio::test(start_paused = true)]
async fn not_a_guest_is_asked_first() {
    let world = World::sqlite().await;
    world.groom_connects().await;
    world.anna_writes("IN1", "hello").await;
    let mut groom = Browser::of_groom(&world).await;
    let page = groom.get(&world, "/conversations/unknown").await;
    let ignore = page
        .text()
        .split("href=\"")
        .find(|rest| rest.contains("/ignore"))
        .unwrap();
    let ignore = ignore.split('"').next().unwrap().to_owned();
    let ask = groom.get(&world, &ignore).await;
    assert!(ask.text().contains("Non comparirà più"), "{}", ask.text());
    let done = groom.post(&world, &ask, &ignore, &[]).await;
    let there = goes_to(&done).to_owned();
    let page = groom.get(&world, &there).await;
    assert!(
        page.text().contains("Nessuno: chi ti ha scritto"),
        "{}",
        page.text()
    );
}
