//! The list, and guests who are added, changed and taken off it.

use domain::account::Person;
use domain::config::Language;
use http::StatusCode;
use rstest::rstest;
use serde_json::json;

use super::{Browser, NASTY, assert_says, goes_to, id, on_list, three};
use crate::world::{On, World, groom};

#[tokio::test(start_paused = true)]
async fn an_empty_list_says_what_to_do() {
    let world = World::sqlite().await;
    let mut browser = Browser::of_groom(&world).await;
    let page = browser.get(&world, "/guests").await;
    assert_eq!(page.status, StatusCode::OK);
    assert_says(
        &page,
        &[
            "Qui ci saranno i vostri invitati",
            "href=\"/guests/import\"",
            "href=\"/guests/new\"",
        ],
    );
    let searched = browser.get(&world, "/guests?search=nobody").await;
    assert_says(&searched, &["Nessun invitato corrisponde"]);
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn the_list_shows_everybody_and_what_is_looked_for(#[case] on: On) {
    let world = World::on(on).await;
    world.groom_connects().await;
    three(&world).await;
    world.anna_writes("IN1", "ciao").await;
    let mut browser = Browser::of_groom(&world).await;
    let page = browser.get(&world, "/guests").await;
    assert_says(
        &page,
        &[
            "Rossi",
            "Anna",
            "Bruno",
            "Carla",
            "+39 347 000 0003",
            "la sposa",
            "inglese",
            "senza numero",
        ],
    );
    assert!(page.text().contains("ha scritto</span>"), "{}", page.text());
    for (query, there, missing) in [
        ("state=written", "Anna", "Carla"),
        ("state=not_written", "Carla", "Anna"),
        ("state=cold", "Nessun invitato", "Anna"),
        ("state=opted_out", "Nessun invitato", "Anna"),
        ("side=bride", "Anna", "Bruno"),
        ("language=en", "Bruno", "Anna"),
        ("search=ROSSI", "Bruno", "Carla"),
        ("search=347+000+0003", "Carla", "Bruno"),
    ] {
        let found = browser.get(&world, &format!("/guests?{query}")).await;
        assert_eq!(found.status, StatusCode::OK, "{query}");
        assert!(found.text().contains(there), "{query}: {}", found.text());
        assert!(!found.text().contains(missing), "{query}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_long_list_comes_in_pages() {
    let world = World::sqlite().await;
    for n in 0..120 {
        on_list(&world, json!({ "name": format!("Guest {n:03}") })).await;
    }
    let mut browser = Browser::of_groom(&world).await;
    let mut path = "/guests".to_owned();
    let mut seen = 0;
    for pages in 1..=3 {
        let page = browser.get(&world, &path).await;
        seen += page.text().matches("href=\"/guests/households/").count();
        let next = page.text().split_once("\" rel=\"next\"");
        let Some((before, _)) = next else {
            assert_eq!(pages, 3);
            break;
        };
        let address = before.rsplit_once("href=\"").unwrap().1;
        path = address.replace("&#38;", "&").replace("&amp;", "&");
    }
    assert_eq!(seen, 120);
    let lost = browser.get(&world, "/guests?cursor=nonsense").await;
    assert_eq!(lost.status, StatusCode::BAD_REQUEST);
}

#[rstest]
#[case::italian(
    Language::Italian,
    "L’invitato è nell’elenco",
    "Scrivi il nome",
    "non sembra un numero"
)]
#[case::english(
    Language::English,
    "The guest is on the list",
    "Write the name",
    "not look like a whole phone"
)]
#[tokio::test(start_paused = true)]
async fn a_guest_is_added_or_told_what_is_wrong(
    #[case] language: Language,
    #[case] done: &str,
    #[case] wrong_name: &str,
    #[case] wrong_phone: &str,
) {
    let world = World::sqlite().await;
    let mut browser = Browser::signed_in(&world, "Marco", Person::Spouse(groom()), language).await;
    let form = browser.get(&world, "/guests/new").await;
    let wrong = [("name", "  "), ("phone", "12"), ("household", "Villa")];
    let again = browser.post(&world, &form, "/guests/new", &wrong).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_says(
        &again,
        &[wrong_name, wrong_phone, "value=\"Villa\"", "value=\"12\""],
    );
    world.assert_nothing_stored().await;
    let right = [
        ("name", NASTY),
        ("phone", "347 000 0001"),
        ("side", "bride"),
        ("language", "en"),
        ("household", "Villa"),
    ];
    let added = browser.post(&world, &form, "/guests/new", &right).await;
    let household = browser.get(&world, goes_to(&added)).await;
    assert_says(&household, &[done, "Villa", "💒"]);
    assert!(!household.text().contains("<b>Anna"), "a name is run");
    let list = browser.get(&world, "/guests").await;
    assert!(!list.text().contains("<b>Anna"), "a name is run");
    assert_says(&list, &["<bdi>&#60;b&#62;Anna"]);
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn a_guest_is_changed_and_taken_off_the_list(#[case] on: On) {
    let world = World::on(on).await;
    let guest = json!({ "name": "Anna", "phone": "+39 347 000 0001", "household": "Rossi", "side": "bride" });
    let guest = on_list(&world, guest).await;
    let path = format!("/guests/{}", id(&guest, "id"));
    let mut browser = Browser::of_groom(&world).await;
    let form = browser.get(&world, &path).await;
    assert_says(
        &form,
        &["value=\"Anna\"", "+39 347 000 0001", "value=\"Rossi\""],
    );

    let wrong = browser.post(&world, &form, &path, &[("name", "")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let fields = [
        ("name", "Anna Bassi"),
        ("phone", ""),
        ("side", ""),
        ("household", "Villa"),
    ];
    let saved = browser.post(&world, &form, &path, &fields).await;
    assert_eq!(goes_to(&saved), format!("{path}?said=guests-saved"));
    let now = world.get(&path).await.body;
    assert_eq!(now["name"], "Anna Bassi");
    assert_eq!(now["household"], "Villa");
    assert!(now["phone"].is_null() && now["side"].is_null(), "{now}");

    let asked = browser.get(&world, &format!("{path}/delete")).await;
    assert_says(&asked, &["Anna Bassi", "resta", "l’ultima persona"]);
    assert_eq!(world.count("guest").await, 1, "asking does nothing");
    let gone = browser
        .post(&world, &asked, &format!("{path}/delete"), &[])
        .await;
    assert_eq!(goes_to(&gone), "/guests?said=guests-deleted");
    assert_eq!(world.count("guest").await, 0);
    let lost = browser.get(&world, &path).await;
    assert_eq!(lost.status, StatusCode::NOT_FOUND);
    let audit = world.get("/audit").await.body;
    assert_eq!(audit["items"][0]["actor"], "Marco", "{audit}");
}
