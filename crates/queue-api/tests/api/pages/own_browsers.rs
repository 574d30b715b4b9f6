//! The browsers of an account: each is listed and can be signed out; and what the account's password must not be.

use domain::account::Person;
use domain::config::Language;
use http::StatusCode;

use super::browser::{Browser, goes_to};
use super::signing_in::{PASSWORD, first_account};
use crate::world::World;

const SIGN_IN: [(&str, &str); 2] = [("name", "Marco"), ("password", PASSWORD)];

async fn signs_in(world: &World, browser: &mut Browser) {
    let form = browser.get(world, "/sign-in").await;
    let entered = browser.post(world, &form, "/sign-in", &SIGN_IN).await;
    assert_eq!(goes_to(&entered), "/");
}

#[tokio::test]
async fn each_is_listed_and_can_be_signed_out() {
    let world = World::sqlite().await;
    let (mut phone, mut laptop) = (Browser::new("it"), Browser::new("it"));
    first_account(&world, &mut phone).await;
    signs_in(&world, &mut laptop).await;
    let you = phone.get(&world, "/you").await;
    let buttons: Vec<_> = you
        .text()
        .split("name=\"browser\" value=\"")
        .skip(1)
        .collect();
    assert_eq!(buttons.len(), 1, "one beside this: {}", you.text());
    let other = buttons[0].split('"').next().unwrap();

    let done = phone
        .post(&world, &you, "/you/sign-out", &[("browser", other)])
        .await;

    assert_eq!(goes_to(&done), "/you");
    assert!(goes_to(&laptop.get(&world, "/you").await).starts_with("/sign-in"));
    let you = phone.get(&world, "/you").await;
    assert!(!you.text().contains("name=\"browser\""));
}

#[tokio::test]
async fn signing_out_clears_what_the_browser_keeps() {
    let world = World::sqlite().await;
    let mut phone = Browser::new("it");
    first_account(&world, &mut phone).await;
    for address in ["/you/sign-out-everywhere", "/sign-out"] {
        let you = phone.get(&world, "/you").await;
        let out = phone.post(&world, &you, address, &[]).await;
        assert_eq!(goes_to(&out), "/sign-in");
        assert_eq!(out.headers["clear-site-data"], "\"cache\"");
        signs_in(&world, &mut phone).await;
    }
}

#[tokio::test]
async fn no_account_signs_another_s_browser_out() {
    let world = World::sqlite().await;
    let mut phone = Browser::new("it");
    first_account(&world, &mut phone).await;
    let bride = Person::Spouse("bride".parse().unwrap());
    let mut bride = Browser::signed_in(&world, "Giulia", bride, Language::Italian).await;
    let stored = "SELECT s.hash AS value FROM account_session s JOIN account a ON a.id = s.account_id WHERE a.name = 'Marco'";
    let stored = world.database.texts(stored).await;
    let his = stored[0].as_deref().unwrap();
    let you = bride.get(&world, "/you").await;
    assert!(!you.text().contains(his));
    bride
        .post(&world, &you, "/you/sign-out", &[("browser", his)])
        .await;
    assert_eq!(phone.get(&world, "/you").await.status, StatusCode::OK);
}

#[tokio::test]
async fn whoever_signs_in_again_leaves_the_old_cookie_worthless() {
    let world = World::sqlite().await;
    let mut browser = Browser::new("it");
    first_account(&world, &mut browser).await;
    let mut old = browser.clone();
    let page = browser.get(&world, "/you").await;
    let entered = browser.post(&world, &page, "/sign-in", &SIGN_IN).await;
    assert_eq!(goes_to(&entered), "/");
    assert_eq!(browser.get(&world, "/you").await.status, StatusCode::OK);
    assert_eq!(
        goes_to(&old.get(&world, "/you").await),
        "/sign-in?next=%2Fyou"
    );
}

#[tokio::test]
async fn the_names_of_the_couple_make_no_password() {
    let world = World::sqlite().await;
    let mut browser = Browser::new("it");
    first_account(&world, &mut browser).await;
    let (mut config, version) = world.store.config().await.unwrap();
    config.groom_name = "Ermenegildo".to_owned();
    let me = storage::Actor::new("test");
    let now = world.clock.now();
    world
        .store
        .update_config(&config, version, &me, now)
        .await
        .unwrap();
    let you = browser.get(&world, "/you").await;
    let fields = [("current", PASSWORD), ("password", "ermenegildo7")];

    let answer = browser.post(&world, &you, "/you/password", &fields).await;

    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let fields = [("current", PASSWORD), ("password", "Zoroastro77")];
    let taken = browser
        .post(&world, &answer, "/you/password", &fields)
        .await;
    assert_eq!(goes_to(&taken), "/sign-in?said=password");
}

#[tokio::test]
async fn a_cookie_opens_nothing_after_signing_out() {
    let world = World::sqlite().await;
    let mut browser = Browser::new("it");
    first_account(&world, &mut browser).await;
    let mut copy = browser.clone();
    let home = browser.get(&world, "/").await;
    let out = browser.post(&world, &home, "/sign-out", &[]).await;
    assert_eq!(out.headers["clear-site-data"], "\"cache\"");
    assert_eq!(goes_to(&copy.get(&world, "/").await), "/sign-in?next=%2F");
}
