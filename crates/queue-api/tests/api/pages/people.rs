//! Who has an account.

use domain::account::Person;
use domain::config::Language;
use domain::session::SessionName;
use http::StatusCode;
use rstest::rstest;

use super::browser::{Browser, goes_to};
use crate::visits::Page;
use crate::world::{On, World};

/// The address of the link that a page shows, without the host.
fn link(page: &Page) -> &str {
    let (_, rest) = page.text().split_once("value=\"http://").unwrap();
    let address = rest.split('"').next().unwrap();
    &address[address.find('/').unwrap()..]
}

async fn id_of(world: &World, name: &str) -> String {
    let account = world.store.account_by_name(name).await.unwrap();
    account.unwrap().id.to_string()
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn the_other_spouse_comes_in_by_a_link_that_works_once(#[case] on: On) {
    let world = World::on(on).await;
    let mut groom = Browser::of_groom(&world).await;
    let people = groom.get(&world, "/people").await;
    assert!(
        !people.text().contains("value=\"groom\""),
        "he has an account"
    );

    let made = groom
        .post(&world, &people, "/people/invite", &[("who", "bride")])
        .await;

    assert_eq!(made.status, StatusCode::OK);
    let path = link(&made).to_owned();
    assert!(
        !groom.get(&world, "/people").await.text().contains(&path),
        "shown once"
    );
    let mut bride = Browser::new("it");
    let form = bride.get(&world, &path).await;
    let fields = [
        ("name", "Giulia"),
        ("password", "quattro parole nuove"),
        ("language", "it"),
    ];
    assert_eq!(
        goes_to(&bride.post(&world, &form, &path, &fields).await),
        "/"
    );
    assert_eq!(bride.get(&world, "/people").await.status, StatusCode::OK);
    assert_eq!(bride.get(&world, &path).await.status, StatusCode::NOT_FOUND);
    // now nobody is missing
    let again = groom
        .post(&world, &people, "/people/invite", &[("who", "bride")])
        .await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    let nobody = groom
        .post(&world, &people, "/people/invite", &[("who", "nobody")])
        .await;
    assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn an_operator_reads_what_is_written_while_the_couple_lets_them(#[case] on: On) {
    let world = World::on(on).await;
    let mut groom = Browser::of_groom(&world).await;
    let mut operator = Browser::of_operator(&world).await;
    let path = format!("/people/{}/texts", id_of(&world, "Olga").await);
    let people = groom.get(&world, "/people").await;
    for (granted, said) in [("yes", "granted"), ("no", "withdrawn")] {
        let changed = groom
            .post(&world, &people, &path, &[("granted", granted)])
            .await;
        assert_eq!(goes_to(&changed), format!("/people?said={said}"));
        let home = operator.get(&world, "/").await;
        assert_eq!(home.text().contains("href=\"/queue\""), granted == "yes");
    }
    assert_eq!(
        operator.get(&world, "/people").await.status,
        StatusCode::FORBIDDEN
    );
}

#[tokio::test(start_paused = true)]
async fn a_forgotten_password_is_replaced_by_its_owner() {
    let world = World::sqlite().await;
    let mut groom = Browser::of_groom(&world).await;
    let mut operator = Browser::of_operator(&world).await;
    let people = groom.get(&world, "/people").await;
    let path = format!("/people/{}/password", id_of(&world, "Olga").await);

    let made = groom.post(&world, &people, &path, &[]).await;

    let link = link(&made).to_owned();
    let mut phone = Browser::new("en");
    let form = phone.get(&world, &link).await;
    let fields = [("password", "four new words here")];
    let done = phone.post(&world, &form, &link, &fields).await;
    assert_eq!(goes_to(&done), "/sign-in?said=password");
    assert!(
        goes_to(&operator.get(&world, "/").await).starts_with("/sign-in"),
        "signed out"
    );
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn a_spouse_remains(#[case] on: On) {
    let world = World::on(on).await;
    let mut groom = Browser::of_groom(&world).await;
    let mut operator = Browser::of_operator(&world).await;
    let people = groom.get(&world, "/people").await;
    let own = format!("/people/{}/remove", id_of(&world, "Marco").await);
    let olga = format!("/people/{}/remove", id_of(&world, "Olga").await);

    let last = groom.post(&world, &people, &own, &[]).await;
    assert_eq!(last.status, StatusCode::CONFLICT);
    assert!(
        last.text().contains("ultimo profilo degli sposi"),
        "{}",
        last.text()
    );
    let asked = groom.get(&world, &olga).await;
    assert!(
        asked.text().contains("Non potrà più entrare"),
        "{}",
        asked.text()
    );
    assert_eq!(
        operator.get(&world, "/").await.status,
        StatusCode::OK,
        "not yet"
    );
    let removed = groom.post(&world, &asked, &olga, &[]).await;
    assert_eq!(goes_to(&removed), "/people?said=removed");
    assert!(goes_to(&operator.get(&world, "/").await).starts_with("/sign-in"));
    let again = groom.post(&world, &asked, &olga, &[]).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);

    let bride = Person::Spouse(SessionName::parse("bride").unwrap());
    Browser::signed_in(&world, "Giulia", bride, Language::Italian).await;
    let gone = groom.post(&world, &people, &own, &[]).await;
    assert_eq!(goes_to(&gone), "/people?said=removed");
    assert!(goes_to(&groom.get(&world, "/people").await).starts_with("/sign-in"));
}

/// Two links of the same place make one account, and a place that is taken gets no link.
#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn there_is_one_bride(#[case] on: On) {
    let world = World::on(on).await;
    let mut groom = Browser::of_groom(&world).await;
    let people = groom.get(&world, "/people").await;
    let invite = [("who", "bride")];
    let first = groom.post(&world, &people, "/people/invite", &invite).await;
    let second = groom.post(&world, &people, "/people/invite", &invite).await;
    let (first, second) = (link(&first).to_owned(), link(&second).to_owned());
    let mut phone = Browser::new("it");
    assert_eq!(
        phone.get(&world, &first).await.status,
        StatusCode::NOT_FOUND,
        "a newer link takes its place"
    );
    let form = phone.get(&world, &second).await;
    let fields = |name| {
        [
            ("name", name),
            ("password", "quattro parole nuove"),
            ("language", "it"),
        ]
    };
    let mut other = Browser::new("it");
    let late = other.get(&world, &second).await;

    let made = phone.post(&world, &form, &second, &fields("Giulia")).await;
    let refused = other.post(&world, &late, &second, &fields("Eva")).await;

    assert_eq!(goes_to(&made), "/");
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
    assert_eq!(world.count("account").await, 2);
}

/// Whoever could renew or replace a spouse's account could read what only that spouse may see.
#[rstest]
#[case::a_new_password("password", "spouse_password")]
#[case::no_account("remove", "spouse_account")]
#[tokio::test(start_paused = true)]
async fn a_spouse_s_account_is_their_own(#[case] what: &str, #[case] code: &str) {
    let world = World::sqlite().await;
    let mut groom = Browser::of_groom(&world).await;
    let bride = Person::Spouse(SessionName::parse("bride").unwrap());
    let mut brides = Browser::signed_in(&world, "Giulia", bride, Language::Italian).await;
    let people = groom.get(&world, "/people").await;
    let path = format!("/people/{}/{what}", id_of(&world, "Giulia").await);
    assert!(!people.text().contains(&path), "no button");

    let refused = groom.post(&world, &people, &path, &[]).await;

    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{code}");
    assert!(
        refused.text().contains("solo lui o lei"),
        "{}",
        refused.text()
    );
    assert_eq!(brides.get(&world, "/people").await.status, StatusCode::OK);
}
