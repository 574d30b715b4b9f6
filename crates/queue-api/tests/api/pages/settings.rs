//! Settings, keys for programs, and who changed what.

use http::StatusCode;
use rstest::rstest;
use serde_json::{Value, json};

use super::browser::{Browser, goes_to};
use crate::visits::Page;
use crate::world::{On, World, groom};

/// Every field of the settings' form, as it stands on the page.
fn fields(page: &Page) -> Vec<(String, String)> {
    let (_, form) = page.text().split_once("action=\"/settings\"").unwrap();
    let attribute = |tag: &str, name: &str| {
        let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
        Some(rest.split('"').next().unwrap().to_owned())
    };
    let mut fields = vec![("language".to_owned(), "it".to_owned())];
    for tag in form.split("<input").skip(1) {
        let tag = tag.split('>').next().unwrap();
        if let Some(name) = attribute(tag, "name").filter(|name| name != "csrf") {
            fields.push((name, attribute(tag, "value").unwrap()));
        }
    }
    fields
}

/// Saves the form of that page with some fields changed.
async fn save(browser: &mut Browser, world: &World, page: &Page, changes: &[(&str, &str)]) -> Page {
    let mut fields = fields(page);
    for (name, value) in changes {
        let field = fields.iter_mut().find(|(known, _)| known == name);
        (*value).clone_into(&mut field.expect(name).1);
    }
    let fields: Vec<_> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    browser.post(world, page, "/settings", &fields).await
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn settings_are_saved_and_in_effect(#[case] on: On) {
    let mut world = World::on(on).await;
    world.groom_connects().await;
    let mut browser = Browser::of_groom(&world).await;
    let page = browser.get(&world, "/settings").await;
    assert_eq!(fields(&page).len(), 36 + 1, "each setting, and the version");
    world.worker.nudges().await;

    let changes = [
        ("bride_name", "Zoë & <b>Co</b>"),
        ("per_hour", "8"),
        ("typing_ms_per_char", "0.25"),
        ("quiet_from", "22:30"),
        ("wedding_date", "2027-06-12"),
    ];
    let saved = save(&mut browser, &world, &page, &changes).await;

    assert_eq!(goes_to(&saved), "/settings?said=settings");
    let config = world.get("/config").await.body;
    assert_eq!(config["version"], 2);
    let config = &config["config"];
    assert_eq!(config["bride_name"], "Zoë & <b>Co</b>");
    assert_eq!(config["limits"]["per_hour"], 8);
    assert_eq!(config["limits"]["quiet_from"], "22:30");
    assert_eq!(config["pacing"]["typing_ms_per_char"], 250);
    assert_eq!(config["wedding_date"], "2027-06-12");
    assert_eq!(world.worker.nudges().await.len(), 1, "in effect at once");
    let shown = browser.get(&world, "/settings?said=settings").await;
    let text = shown.text();
    assert!(text.contains("valgono già"), "{text}");
    assert!(text.contains("Zoë &#38; &#60;b&#62;Co&#60;/b&#62;") && !text.contains("<b>Co</b>"));
    // the new number's half of eight
    assert!(browser.get(&world, "/").await.text().contains("max=\"4\""));
    let log = browser.get(&world, "/settings/changes").await;
    assert!(
        log.text().contains("ha cambiato le impostazioni"),
        "{}",
        log.text()
    );
    assert!(log.text().contains("Messaggi all’ora"), "{}", log.text());
}

#[tokio::test(start_paused = true)]
async fn every_mistake_stands_at_its_field() {
    let world = World::sqlite().await;
    let mut browser = Browser::of_operator(&world).await;
    let page = browser.get(&world, "/settings").await;
    let changes = [
        ("per_hour", "31"),
        ("gap_min_secs", "200"),
        ("time_zone", "<b>Rome"),
        ("pause_min_ms", "soon"),
    ];

    let refused = save(&mut browser, &world, &page, &changes).await;

    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = refused.text();
    assert!(
        text.contains("\u{2068}4\u{2069} things") || text.contains("4 things"),
        "{text}"
    );
    for name in changes.map(|(name, _)| name) {
        assert!(text.contains(&format!("id=\"{name}-wrong\"")), "{name}");
    }
    assert_eq!(text.matches("aria-invalid").count(), 4);
    assert!(
        text.contains("value=\"31\"") && text.contains("value=\"soon\""),
        "as it was filled in"
    );
    assert!(text.contains("value=\"&#60;b&#62;Rome\"") && !text.contains("<b>Rome"));
    assert!(text.contains("The shortest must not be longer"), "{text}");
    assert_eq!(world.get("/config").await.body["version"], 1);
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn nobodys_change_is_lost(#[case] on: On) {
    let world = World::on(on).await;
    let mut groom = Browser::of_groom(&world).await;
    let mut operator = Browser::of_operator(&world).await;
    let mine = groom.get(&world, "/settings").await;
    let theirs = operator.get(&world, "/settings").await;
    save(&mut operator, &world, &theirs, &[("per_day", "40")]).await;

    let refused = save(&mut groom, &world, &mine, &[("per_hour", "5")]).await;

    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = refused.text();
    assert!(text.contains("qualcun altro ha salvato"), "{text}");
    assert!(
        text.contains("id=\"per_day-now\"") && text.contains("id=\"per_hour-now\""),
        "{text}"
    );
    assert_eq!(text.matches("-now\" class=\"warning\"").count(), 2);
    let saved = save(&mut groom, &world, &refused, &[("per_day", "40")]).await;
    assert_eq!(goes_to(&saved), "/settings?said=settings");
    let config = world.get("/config").await.body["config"].clone();
    assert_eq!(config["limits"]["per_day"], 40);
    assert_eq!(config["limits"]["per_hour"], 5);
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn a_key_is_shown_once_and_works_until_it_is_withdrawn(#[case] on: On) {
    let world = World::on(on).await;
    let mut browser = Browser::of_groom(&world).await;
    let page = browser.get(&world, "/settings/tokens").await;
    let path = "/settings/tokens";
    let nothing = browser.post(&world, &page, path, &[("name", "x")]).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    let fields = [("name", "<script>my</script>"), ("read", "yes")];

    let made = browser.post(&world, &page, path, &fields).await;

    assert_eq!(made.status, StatusCode::OK);
    let (_, rest) = made.text().split_once("readonly value=\"").unwrap();
    let secret = rest.split('"').next().unwrap().to_owned();
    let ask = async |secret: &str| {
        let answer = world.ask_as(secret, "GET", "/sessions", &[], Value::Null);
        answer.await.status
    };
    assert_eq!(ask(&secret).await, StatusCode::OK);
    let listed = browser.get(&world, path).await;
    assert!(!listed.text().contains(&secret));
    assert!(
        listed.text().contains("&#60;script&#62;my"),
        "{}",
        listed.text()
    );
    let tokens = world.store.tokens().await.unwrap();
    let token = tokens
        .iter()
        .find(|token| token.name.contains("script"))
        .unwrap();
    assert_eq!(
        token.session,
        Some(groom()),
        "a spouse's key is the spouse's own"
    );
    let revoke = format!("/settings/tokens/{}/revoke", token.id);
    let asked = browser.get(&world, &revoke).await;
    assert_eq!(
        ask(&secret).await,
        StatusCode::OK,
        "looking changes nothing"
    );
    let done = browser.post(&world, &asked, &revoke, &[]).await;
    assert_eq!(goes_to(&done), "/settings/tokens?said=revoked");
    assert_eq!(ask(&secret).await, StatusCode::UNAUTHORIZED);
    let again = browser.post(&world, &asked, &revoke, &[]).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
}

#[tokio::test(start_paused = true)]
async fn who_may_not_read_makes_no_key_that_could() {
    let world = World::sqlite().await;
    let mut operator = Browser::of_operator(&world).await;
    let page = operator.get(&world, "/settings/tokens").await;
    assert!(
        page.text().contains("the couple has to let you read"),
        "{}",
        page.text()
    );
    let fields = [("name", "mine"), ("read", "yes")];
    let refused = operator
        .post(&world, &page, "/settings/tokens", &fields)
        .await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn changes_are_told_in_words_and_in_pages(#[case] on: On) {
    let world = World::on(on).await;
    for _ in 0..30 {
        world.post("/sessions/groom/pause", Value::Null).await;
        world.post("/sessions/groom/resume", Value::Null).await;
    }
    world.anna_is_a_guest().await;
    let contacts = world
        .database
        .texts("SELECT id AS value FROM contact")
        .await;
    let contact = contacts[0].as_deref().unwrap();
    let reason = json!({ "reason": "she told me <b>" });
    let decided = world
        .post(&format!("/contacts/{contact}/opt-out"), reason)
        .await;
    assert!(decided.status.is_success(), "{}", decided.body);
    let mut browser = Browser::of_groom(&world).await;

    let first = browser.get(&world, "/settings/changes").await;

    let (_, rest) = first
        .text()
        .split_once("href=\"/settings/changes?cursor=")
        .unwrap();
    let older = format!(
        "/settings/changes?cursor={}",
        rest.split('"').next().unwrap()
    );
    let second = browser.get(&world, &older).await;
    let shown = |page: &Page| page.text().matches("l’invio").count();
    assert!(shown(&first) > 40 && shown(&second) > 5, "{}", first.text());
    assert_eq!(shown(&first) + shown(&second), 60);
    assert!(
        first.text().contains("she told me &#60;b&#62;"),
        "{}",
        first.text()
    );
    let mut operator = Browser::of_operator(&world).await;
    let page = operator.get(&world, "/settings/changes").await;
    assert!(
        !page.text().contains("she told me"),
        "not for who does not read"
    );
    let wrong = browser.get(&world, "/settings/changes?cursor=none").await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
}
