//! What was said with a contact.

use http::StatusCode;
use rstest::rstest;
use serde_json::{Value, json};

use crate::world::{On, World, to_anna};

impl World {
    /// Anna is a guest who wrote; her contact's id.
    async fn anna_is_known(&self) -> String {
        self.groom_connects().await;
        let guest = self.anna_is_a_guest().await;
        guest["contact"].as_str().unwrap().to_owned()
    }
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn both_sides_are_shown_newest_first(#[case] on: On) {
    let world = World::on(on).await;
    let contact = world.anna_is_known().await;
    world.anna_writes("IN1", "A che ora?").await;
    tokio::time::sleep(std::time::Duration::from_mins(1)).await;
    let mut typed = world.message("HAND", "Alle sei", true);
    typed["reply_to"] = json!("IN1");
    world.report("groom", json!([typed])).await;
    let reaction = json!({
        "fact": "reaction", "chat": typed["chat"], "alt": null, "target": "HAND", "emoji": "❤", "from_me": false,
        "at": world.clock.now(),
    });
    world.report("groom", json!([reaction])).await;

    let path = format!("/contacts/{contact}/messages");
    let all = world.get(&path).await;
    let first = world.get(&format!("{path}?limit=1")).await.body;
    let cursor = first["next"].as_str().unwrap();
    let second = world
        .get(&format!("{path}?limit=1&cursor={cursor}"))
        .await
        .body;
    let brides = world.get(&format!("{path}?session=bride")).await.body;

    assert_eq!(all.status, StatusCode::OK, "{}", all.body);
    let [answer, question] = &all.body["items"].as_array().unwrap()[..] else {
        panic!("{}", all.body);
    };
    assert_eq!(
        (&question["origin"], &question["text"], &question["kind"]),
        (&json!("guest"), &json!("A che ora?"), &json!("text"))
    );
    assert_eq!(answer["origin"], "phone");
    assert_eq!(
        answer["quotes"],
        json!({ "id": question["id"], "text": "A che ora?" })
    );
    assert_eq!(answer["their_reaction"], "❤");
    assert!(answer["message"].is_null() && answer["revoked_at"].is_null());
    assert_eq!(first["items"], json!([answer]));
    assert_eq!(second["items"], json!([question]));
    assert!(second["next"].is_null(), "{second}");
    assert_eq!(brides["items"], json!([]));
}

#[tokio::test(start_paused = true)]
async fn it_needs_a_contact_a_readable_query_and_the_scope_read() {
    let world = World::sqlite().await;
    let contact = world.anna_is_known().await;
    let path = format!("/contacts/{contact}/messages");

    let nobody = world
        .get("/contacts/01900000-0000-7000-8000-000000000000/messages")
        .await;
    let bad_cursor = world.get(&format!("{path}?cursor=x")).await;
    let bad_limit = world.get(&format!("{path}?limit=0")).await;
    let enqueuer = world.token("enqueue").await;
    let forbidden = world
        .ask_as(&enqueuer, "GET", &path, &[], Value::Null)
        .await;

    assert_eq!(nobody.status, StatusCode::NOT_FOUND);
    assert_eq!(bad_cursor.code(), "invalid_cursor");
    assert_eq!(bad_limit.code(), "invalid_query");
    assert_eq!(
        (forbidden.status, forbidden.code()),
        (StatusCode::FORBIDDEN, "missing_scope")
    );
}

/// Who answers replies, whatever the lane says; news answers nobody.
#[tokio::test(start_paused = true)]
async fn an_answer_travels_in_the_reply_lane_by_itself() {
    let world = World::sqlite().await;
    let contact = world.anna_is_known().await;
    world.anna_writes("IN1", "A che ora?").await;
    let said = world
        .get(&format!("/contacts/{contact}/messages"))
        .await
        .body;
    let question = &said["items"][0]["id"];
    let answer = |more: Value| {
        let mut body = to_anna("Alle sei");
        body["reply_to"] = question.clone();
        for (key, value) in more.as_object().unwrap() {
            body[key] = value.clone();
        }
        body
    };

    for more in [
        json!({}),
        json!({ "lane": "manual" }),
        json!({ "lane": "reply" }),
    ] {
        let queued = world.post("/messages", answer(more)).await;
        assert_eq!(queued.status, StatusCode::CREATED, "{}", queued.body);
        assert_eq!(queued.body["lane"], "reply");
        assert_eq!(&queued.body["reply_to"], question);
    }
    let news = json!({
        "lane": "broadcast", "broadcast": question, "not_after": "2026-07-01T10:00:00Z",
    });
    let news = world.post("/messages", answer(news)).await;
    assert_eq!(
        (news.status, news.code()),
        (StatusCode::UNPROCESSABLE_ENTITY, "invalid_message")
    );
    assert_eq!(news.body["errors"][0]["field"], "reply_to");
}
