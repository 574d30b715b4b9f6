//! Households with their invitations, and the sheet of cards.

use http::{StatusCode, header};
use rstest::rstest;
use serde_json::json;

use super::{Browser, NASTY, assert_says, goes_to, id, on_list, three};
use crate::world::{On, PUBLIC_URL, World, test_config};

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn a_household_shows_its_invitation_and_lets_it_be_changed(#[case] on: On) {
    let world = World::on(on).await;
    world.groom_connects().await;
    world.couple_is("Giulia", "Marco", "it").await;
    let anna = on_list(
        &world,
        json!({ "name": "Anna", "household": "Rossi", "side": "groom" }),
    )
    .await;
    let household = id(&anna, "household_id");
    let path = format!("/guests/households/{household}");
    let invitation = format!("/households/{household}/invitation");
    let token = world.invitation_token(&invitation).await;
    let mut browser = Browser::of_groom(&world).await;

    let page = browser.get(&world, &path).await;
    assert_eq!(page.status, StatusCode::OK);
    let link = format!("{PUBLIC_URL}/i/{token}");
    assert_says(
        &page,
        &[&link, "https://wa.me/", "<svg viewBox", "Anna", "Marco"],
    );
    assert!(
        !page.text().contains("class=\"warning\""),
        "{}",
        page.text()
    );
    for (name, kind) in [
        ("qr.png", "image/png"),
        ("qr.svg", "image/svg+xml; charset=utf-8"),
    ] {
        let picture = browser.get(&world, &format!("{path}/{name}")).await;
        assert_eq!(picture.headers[header::CONTENT_TYPE], kind);
        assert_eq!(picture.headers[header::CACHE_CONTROL], "no-store");
    }

    let until = format!("{path}/until");
    let past = browser
        .post(&world, &page, &until, &[("until", "2020-01-01")])
        .await;
    assert_eq!(past.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_says(
        &past,
        &["Scegli un giorno che deve ancora venire", "2020-01-01"],
    );
    let later = browser
        .post(&world, &page, &until, &[("until", "2030-06-12")])
        .await;
    assert_eq!(goes_to(&later), format!("{path}?said=guests-prolonged"));
    let view = world.get(&invitation).await.body;
    assert_eq!(view["valid_until"], "2030-06-12T21:59:59Z");

    let asked = browser.get(&world, &format!("{path}/renew")).await;
    assert_says(&asked, &["apre ancora la chat", "resta invitato"]);
    let renewed = browser
        .post(&world, &asked, &format!("{path}/renew"), &[])
        .await;
    assert_eq!(goes_to(&renewed), format!("{path}?said=guests-renewed"));
    assert_ne!(world.invitation_token(&invitation).await, token);

    let asked = browser.get(&world, &format!("{path}/revoke")).await;
    assert_says(&asked, &["non si apre più"]);
    browser
        .post(&world, &asked, &format!("{path}/revoke"), &[])
        .await;
    let revoked = browser.get(&world, &path).await;
    assert_says(&revoked, &["Questo invito è annullato"]);
    assert!(
        !revoked.text().contains("<svg viewBox"),
        "a dead code is shown"
    );
    let again = browser
        .post(&world, &asked, &format!("{path}/revoke"), &[])
        .await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert_says(&again, &["già annullato"]);
}

#[tokio::test(start_paused = true)]
async fn what_an_invitation_lacks_is_said() {
    let mut config = test_config();
    config.public_url = "http://nozze.example.org".parse().unwrap();
    let world = World::configured(On::Sqlite, config).await;
    let anna = on_list(&world, json!({ "name": "Anna", "side": "bride" })).await;
    let path = format!("/guests/households/{}", id(&anna, "household_id"));
    let mut browser = Browser::of_groom(&world).await;
    let page = browser.get(&world, &path).await;
    assert_says(
        &page,
        &[
            "Il numero di",
            "non è ancora collegato",
            "indirizzo https",
            "Mancano i vostri nomi",
        ],
    );
    let cards = browser.get(&world, "/guests/cards").await;
    assert_says(
        &cards,
        &["famiglia manca qualcosa", "non è ancora collegato"],
    );
    assert!(!cards.text().contains("<svg"), "a code that does not work");
    let picture = browser.get(&world, &format!("{path}/qr.png")).await;
    assert_eq!(picture.status, StatusCode::CONFLICT);
}

#[tokio::test(start_paused = true)]
async fn a_household_gets_a_name_that_no_other_has() {
    let world = World::sqlite().await;
    three(&world).await;
    let dino = on_list(&world, json!({ "name": "Dino" })).await;
    let path = format!("/guests/households/{}", id(&dino, "household_id"));
    let mut browser = Browser::of_groom(&world).await;
    let page = browser.get(&world, &path).await;
    let name = format!("{path}/name");
    for (wrong, why) in [("rossi", "C’è già una famiglia"), ("  ", "Scrivi un nome")] {
        let refused = browser.post(&world, &page, &name, &[("name", wrong)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_says(&refused, &[why]);
    }
    let done = browser.post(&world, &page, &name, &[("name", NASTY)]).await;
    assert_eq!(goes_to(&done), format!("{path}?said=guests-renamed"));
    let shown = browser.get(&world, &path).await;
    assert!(!shown.text().contains("<b>Anna"), "a name is run");
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn the_sheet_has_a_card_for_each_household_in_its_language(#[case] on: On) {
    let world = World::on(on).await;
    world.groom_connects().await;
    world.bride_connects().await;
    world.couple_is("Giulia", "Marco", "it").await;
    three(&world).await;
    on_list(
        &world,
        json!({ "name": "John", "language": "en", "household": "Smith" }),
    )
    .await;
    let mut browser = Browser::of_groom(&world).await;
    let sheet = browser.get(&world, "/guests/cards").await;
    assert_eq!(
        sheet.text().matches("<svg viewBox").count(),
        3,
        "{}",
        sheet.text()
    );
    assert_says(
        &sheet,
        &[
            "Rossi",
            "Carla",
            "Smith",
            "Inquadrami",
            "Scan me",
            "lang=\"en\"",
        ],
    );
    let some = browser
        .get(&world, "/guests/cards?language=en&search=smith")
        .await;
    assert_eq!(some.text().matches("<svg viewBox").count(), 1);
}
