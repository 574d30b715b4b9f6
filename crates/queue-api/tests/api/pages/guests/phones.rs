//! On a household's page: which phones came in by its code, whose they are, and that one is no guest's.

use http::StatusCode;
use serde_json::{Value, json};

use super::{Browser, goes_to};
use crate::world::World;

const CHAT: &str = "393470000041@c.us";

/// A phone writes the code of the Rossi household to the groom; the contact that it is.
async fn came_in(world: &World, code: &str, raw_id: &str, chat: &str) -> Value {
    let mut message = world.message(raw_id, &format!("Ciao! {code}"), false);
    message["chat"] = json!(chat);
    message["full_id"] = json!(format!("false_{chat}_{raw_id}"));
    message["push_name"] = json!("Ospite");
    let told = world.report("groom", json!([message])).await;
    assert!(told.status.is_success(), "{}", told.body);
    world.get("/unassigned-phones").await.body[0]["contact"].clone()
}

/// Two Rossi and their household; a phone has written their code to the groom: the contact that it is.
async fn rossi_came_in(world: &World) -> (Vec<Value>, String, String) {
    world.groom_connects().await;
    let mut guests = Vec::new();
    for name in ["Anna <Rossi>", "Marco Rossi"] {
        let body = json!({ "name": name, "household": "Rossi" });
        guests.push(world.post("/guests", body).await.body);
    }
    let household = guests[0]["household_id"].as_str().unwrap().to_owned();
    let codes = world
        .database
        .texts("SELECT token AS value FROM invitation");
    let code = codes.await[0].clone().unwrap();
    let contact = came_in(world, &code, "CODE", CHAT).await;
    let contact = contact.as_str().unwrap().to_owned();
    (guests, household, contact)
}

#[tokio::test(start_paused = true)]
async fn the_page_asks_whose_a_phone_is_and_takes_it_out_again() {
    let world = World::sqlite().await;
    let (guests, household, contact) = rossi_came_in(&world).await;

    let mut groom = Browser::of_groom(&world).await;
    let home = groom.get(&world, "/").await;
    assert!(
        home.text().contains("href=\"/needs/phones\""),
        "{}",
        home.text()
    );
    let list = groom.get(&world, "/needs/phones").await;
    let path = format!("/guests/households/{household}");
    assert!(
        list.text().contains(&format!("href=\"{path}\"")),
        "{}",
        list.text()
    );
    assert!(list.text().contains("Ospite"), "{}", list.text());
    let page = groom.get(&world, &path).await;
    let text = page.text();
    for shown in [
        "Ospite, +39 347 000 0041",
        "<bdi>Anna &#60;Rossi&#62;</bdi></button>",
        "<bdi>Marco Rossi</bdi></button>",
        "Usano lo stesso telefono",
        "Non è un invitato",
        "ancora un telefono",
    ] {
        assert!(text.contains(shown), "{shown} is not in {text}");
    }
    let form = format!("{path}/phones/{contact}");
    let anna = guests[0]["id"].as_str().unwrap();
    let done = groom.post(&world, &page, &form, &[("owner", anna)]).await;
    assert!(goes_to(&done).starts_with(&path), "{}", done.text());
    let annas = world.get(&format!("/guests/{anna}")).await.body;
    assert_eq!(annas["contact"], contact, "{annas}");
    assert_eq!(world.get("/unassigned-phones").await.body, json!([]));

    let page = groom.get(&world, &path).await;
    let wrong = groom.post(&world, &page, &form, &[("owner", "?")]).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST, "{}", wrong.text());
    let done = groom
        .post(&world, &page, &form, &[("owner", "nobody")])
        .await;
    assert!(goes_to(&done).starts_with(&path), "{}", done.text());
    let annas = world.get(&format!("/guests/{anna}")).await.body;
    assert_eq!(annas["contact"], Value::Null, "{annas}");
    let again = format!("/households/{household}/phones/{contact}/not-a-guest");
    let gone = world.post(&again, json!(null)).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND, "{}", gone.body);
}

#[tokio::test(start_paused = true)]
async fn programs_say_whose_a_phone_is() {
    let world = World::sqlite().await;
    let (guests, household, contact) = rossi_came_in(&world).await;
    let path = format!("/households/{household}/phones/{contact}/assign");
    for (owner, status, code) in [
        (json!({}), 422, "guest_or_everyone"),
        (
            json!({ "guest": guests[0]["id"], "everyone": true }),
            422,
            "guest_or_everyone",
        ),
        (
            json!({ "guest": "0190b5c8-0000-7000-8000-000000000001" }),
            422,
            "unknown_guest",
        ),
    ] {
        let answer = world.post(&path, owner).await;
        assert_eq!(
            (answer.status.as_u16(), &answer.body["code"]),
            (status, &json!(code))
        );
    }
    let shared = world.post(&path, json!({ "everyone": true })).await;
    assert_eq!(shared.status, StatusCode::NO_CONTENT, "{}", shared.body);
    let people = world.get(&format!("/households/{household}")).await.body;
    for guest in people["guests"].as_array().unwrap() {
        assert_eq!(guest["contact"], contact, "{people}");
    }
    assert_eq!(people["contacts"][0]["by_code_in_force"], true, "{people}");
    assert_eq!(people["contacts"][0]["name"], "Ospite", "{people}");
}

/// All numbers are listed, and one of them writes from a hidden number: it is offered to both, and becomes one contact with the number.
#[tokio::test(start_paused = true)]
async fn a_hidden_number_is_offered_to_guests_with_a_listed_one() {
    let world = World::sqlite().await;
    world.groom_connects().await;
    let mut guests = Vec::new();
    for (name, phone) in [
        ("Anna Rossi", "+39 347 000 0051"),
        ("Marco Rossi", "+39 347 000 0052"),
    ] {
        let body = json!({ "name": name, "household": "Rossi", "phone": phone });
        guests.push(world.post("/guests", body).await.body);
    }
    let household = guests[0]["household_id"].as_str().unwrap();
    let codes = world
        .database
        .texts("SELECT token AS value FROM invitation");
    let code = codes.await[0].clone().unwrap();
    let hidden = came_in(&world, &code, "HIDDEN", "770000000051@lid").await;
    let hidden = hidden.as_str().unwrap();
    let path = format!("/guests/households/{household}");
    let mut groom = Browser::of_groom(&world).await;
    let page = groom.get(&world, &path).await;
    let people = world.get(&format!("/households/{household}")).await.body;
    assert_eq!(
        people["contacts"][0]["may_be"],
        json!([guests[0]["id"], guests[1]["id"]]),
        "{people}"
    );
    for name in ["Anna Rossi", "Marco Rossi"] {
        let button = format!("<bdi>{name}</bdi></button>");
        assert!(page.text().contains(&button), "{}", page.text());
    }
    let form = format!("{path}/phones/{hidden}");
    let anna = guests[0]["id"].as_str().unwrap();
    let done = groom.post(&world, &page, &form, &[("owner", anna)]).await;
    assert!(goes_to(&done).starts_with(&path), "{}", done.text());
    let annas = world.get(&format!("/guests/{anna}")).await.body;
    assert_eq!(annas["contact"], guests[0]["contact"], "{annas}");
    let contact = format!("/contacts/{}", annas["contact"].as_str().unwrap());
    let contact = world.get(&contact).await.body;
    assert_eq!(contact["phone"], "+39 347 000 0051", "{contact}");
    assert_eq!(world.get("/unassigned-phones").await.body, json!([]));
    let gone = world.get(&format!("/contacts/{hidden}")).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND, "{}", gone.body);
}
