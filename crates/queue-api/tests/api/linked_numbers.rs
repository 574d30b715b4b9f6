//! Which number the API, the page and the invitations show when another one is linked, or none.

use std::time::Duration;

use http::StatusCode;
use qr_picture::QrPicture;
use rstest::rstest;
use serde_json::{Value, json};

use crate::neighbours::session_view;
use crate::pages::browser::Browser;
use crate::visits::request;
use crate::warnings::linked;
use crate::world::{On, World, groom};

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn neither_the_old_number_nor_its_name_is_shown_after_a_log_out(#[case] on: On) {
    let world = World::on(on).await;
    world.groom_connects().await;
    let mut browser = Browser::of_groom(&world).await;
    let before = browser.get(&world, "/").await;
    assert!(before.text().contains("Luca · +39 333 111 2222"));
    tokio::time::sleep(Duration::from_secs(1)).await;
    let mut view = session_view("qr");
    view["fact"] = json!("session");
    view["own"] = Value::Null;
    view["at"] = json!(world.clock.now());
    let reported = world.report("groom", json!([view])).await;
    assert_eq!(reported.status, StatusCode::NO_CONTENT);

    let session = world.get("/sessions/groom").await.body;
    let listed = world.get("/sessions").await.body;
    let page = browser.get(&world, "/").await;

    assert_eq!(session["state"], "qr");
    let own = |session: &Value| (session["own_number"].clone(), session["own_name"].clone());
    assert_eq!(own(&session), (Value::Null, Value::Null));
    assert_eq!(own(&listed["items"][1]), (Value::Null, Value::Null));
    for old in ["Luca", "111 2222"] {
        assert!(!page.text().contains(old), "{old}: {}", page.text());
    }
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn invitations_and_their_codes_lead_to_the_number_that_is_linked_now(#[case] on: On) {
    let world = World::on(on).await;
    world.groom_connects().await;
    let path = world.annas_household(Some(&groom())).await;
    let token = world.invitation_token(&path).await;
    let bearer = format!("Bearer {}", world.token("enqueue").await);
    for number in ["393339999999", "393331112222"] {
        tokio::time::sleep(Duration::from_mins(1)).await;
        let view = linked(number, world.clock.now());
        world.report("groom", json!([view])).await;

        let invitation = world.get(&path).await.body;
        let page = world.visit(&format!("/i/{token}")).await;
        let theirs = world.visit(&format!("/i/{token}/qr.svg")).await;
        let mut asked = request(&format!("/api/v1{path}/qr.svg"), "127.0.0.1");
        let headers = asked.headers_mut();
        headers.insert("authorization", bearer.parse().unwrap());
        let ours = world.fetch(asked).await;

        let link = invitation["wa_me"].as_str().unwrap();
        let to = format!("https://wa.me/{number}?");
        assert!(link.starts_with(&to), "not to {number}: {link}");
        assert!(page.text().contains(&to), "{}", page.text());
        let code = QrPicture::of(link).unwrap().svg();
        assert_eq!((theirs.text(), ours.text()), (&*code, &*code));
    }
}
