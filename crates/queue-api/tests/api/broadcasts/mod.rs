//! Broadcasts over the API: written, looked at, started, steered, tried.

mod under_way;

use http::StatusCode;
use rstest::rstest;
use serde_json::{Value, json};

use crate::world::{ANNA, Answer, On, World};

const SOME_ID: &str = "0190b5c8-0000-7000-8000-000000000001";

fn draft(template: &str) -> Value {
    json!({ "title": "Dove dormire", "template": template, "session": "groom" })
}

impl World {
    /// A draft for everybody; its address.
    async fn draft(&self, template: &str) -> String {
        let created = self.post("/broadcasts", draft(template)).await;
        assert_eq!(created.status, StatusCode::CREATED, "{}", created.body);
        format!("/broadcasts/{}", created.body["id"].as_str().unwrap())
    }

    async fn act(&self, path: &str, verb: &str) -> Answer {
        self.post(&format!("{path}/{verb}"), Value::Null).await
    }

    async fn guest(&self, guest: Value) -> String {
        let added = self.post("/guests", guest).await;
        assert_eq!(added.status, StatusCode::CREATED, "{}", added.body);
        added.body["contact"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// The copies of the broadcast at that address, newest first.
    async fn copies(&self, path: &str) -> Vec<Value> {
        let id = path.rsplit('/').next().unwrap();
        let page = self
            .get(&format!("/messages?broadcast={id}&limit=200"))
            .await;
        page.body["items"].as_array().unwrap().clone()
    }
}

fn refused(answer: &Answer) -> (StatusCode, &str) {
    (answer.status, answer.code())
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn a_broadcast_is_written_looked_at_and_started_once(#[case] on: On) {
    let mut world = World::on(on).await;
    world.groom_connects().await;
    world.anna_is_a_guest().await;
    world.anna_writes("IN1", "Ciao").await;
    world
        .guest(json!({ "name": "Ugo", "phone": "+39 347 000 0002", "side": "bride" }))
        .await;
    world.guest(json!({ "name": "Muta" })).await;

    let created = world
        .post(
            "/broadcasts",
            draft("{Ciao|Ciao} {name}! http://nozze.example.org"),
        )
        .await;

    assert_eq!(created.status, StatusCode::CREATED, "{}", created.body);
    let path = format!("/broadcasts/{}", created.body["id"].as_str().unwrap());
    assert_eq!(
        created.headers["location"],
        format!("/api/v1{path}").as_str()
    );
    assert_eq!(created.headers["etag"], "\"1\"");
    assert_eq!(created.body["state"], "draft");
    // nobody has said when the wedding is
    assert_eq!(created.body["not_after"], "2026-06-15T10:00:00Z");
    assert_eq!(world.get(&path).await.body, created.body);
    let listed = world.get("/broadcasts").await.body;
    assert_eq!(listed["items"], json!([created.body]));

    let audience = world.get(&format!("{path}/audience")).await;
    assert_eq!(audience.headers["etag"], "\"1\"");
    let copies = audience.body["copies"].as_array().unwrap();
    assert_eq!(copies.len(), 2, "{}", audience.body);
    assert_eq!(copies[0]["text"], "Ciao Anna! http://nozze.example.org");
    assert_eq!(
        (&copies[0]["to"], &copies[0]["session"]),
        (&json!(ANNA), &json!("groom"))
    );
    assert!(copies[0]["wait"].is_null() && copies[0]["wrote_at"].is_string());
    assert_eq!(copies[1]["session"], "bride");
    assert_eq!(copies[1]["wait"]["reason"], "guest_has_not_written");
    assert_eq!(copies[1]["guests"][0]["name"], "Ugo");
    let left_out = &audience.body["left_out"];
    assert_eq!(
        (&left_out[0]["name"], &left_out[0]["why"]),
        (&json!("Muta"), &json!("no_number"))
    );
    assert_eq!(audience.body["advice"][0]["code"], "plain_http_link");
    assert_eq!(audience.body["unwritten"], 0);
    assert_eq!(world.count("whatsapp_message_queue").await, 0);
    let _ = world.worker.nudges().await;

    let started = world
        .ask_with(
            &[("if-match", "\"1\"")],
            "POST",
            &format!("{path}/start"),
            Value::Null,
        )
        .await;
    let again = world
        .ask_with(
            &[("if-match", "\"1\"")],
            "POST",
            &format!("{path}/start"),
            Value::Null,
        )
        .await;

    assert_eq!(started.status, StatusCode::OK, "{}", started.body);
    assert_eq!(
        (&started.body["started_now"], &started.body["state"]),
        (&json!(true), &json!("started"))
    );
    assert_eq!(started.headers["etag"], "\"2\"");
    assert_eq!(
        (
            &started.body["copies"]["all"],
            &started.body["copies"]["not_written"]
        ),
        (&json!(2), &json!(1))
    );
    assert_eq!(
        (again.status, &again.body["started_now"]),
        (StatusCode::OK, &json!(false))
    );
    assert_eq!(again.body["copies"], started.body["copies"]);
    assert_eq!(world.worker.nudges().await, [json!(["bride", "groom"])]);
    let copies = world.copies(&path).await;
    assert_eq!(copies.len(), 2);
    assert_eq!(copies[1]["text"], "Ciao Anna! http://nozze.example.org");
    assert_eq!(copies[1]["not_after"], "2026-06-15T10:00:00Z");
}

#[tokio::test(start_paused = true)]
async fn every_field_of_a_draft_is_kept_and_can_be_changed() {
    let world = World::sqlite().await;
    let body = json!({
        "title": " Dove dormire ", "template": "Ciao {name}", "session": "bride",
        "audience": { "side": "bride", "language": "it", "wrote": "gone_cold", "households": [SOME_ID], "search": "a", "without": [SOME_ID] },
        "not_before": "2026-06-02T12:00:00+02:00", "not_after": "2026-06-12T12:00:00+02:00",
    });

    let created = world.post("/broadcasts", body.clone()).await.body;

    assert_eq!(created["title"], "Dove dormire");
    for field in ["template", "session", "audience"] {
        assert_eq!(created[field], body[field], "{field}");
    }
    assert_eq!(
        (&created["not_before"], &created["not_after"]),
        (
            &json!("2026-06-02T10:00:00Z"),
            &json!("2026-06-12T10:00:00Z")
        )
    );
    assert_eq!(
        (&created["created_by"], &created["done"]),
        (&json!("test"), &json!(false))
    );
    let path = format!("/broadcasts/{}", created["id"].as_str().unwrap());
    let changes = json!({ "title": "Altro", "template": "Salve", "session": "groom", "audience": {}, "not_before": null, "not_after": "2026-06-13T12:00:00Z" });
    let edited = world
        .ask_with(&[("if-match", "\"1\"")], "PATCH", &path, changes)
        .await;
    assert_eq!(edited.status, StatusCode::OK, "{}", edited.body);
    assert_eq!(edited.headers["etag"], "\"2\"");
    assert_eq!(
        (&edited.body["title"], &edited.body["template"]),
        (&json!("Altro"), &json!("Salve"))
    );
    assert!(edited.body["not_before"].is_null() && edited.body["audience"]["side"].is_null());
    let stays = world.ask("PATCH", &path, json!({})).await.body;
    assert_eq!(stays["template"], "Salve");
}

#[tokio::test(start_paused = true)]
async fn a_draft_is_changed_by_whoever_saw_it_and_thrown_away() {
    let world = World::sqlite().await;
    let path = world.draft("Ciao").await;
    world.ask("PATCH", &path, json!({ "title": "Altro" })).await;

    let late = world
        .ask_with(
            &[("if-match", "\"1\"")],
            "PATCH",
            &path,
            json!({ "title": "x" }),
        )
        .await;
    assert_eq!(refused(&late), (StatusCode::CONFLICT, "version_conflict"));
    let never = world
        .ask(
            "PATCH",
            &path,
            json!({ "not_before": "2026-06-15T10:00:00Z" }),
        )
        .await;
    assert_eq!(
        refused(&never),
        (StatusCode::UNPROCESSABLE_ENTITY, "invalid_broadcast")
    );
    let deleted = world.ask("DELETE", &path, Value::Null).await;
    assert_eq!(deleted.status, StatusCode::NO_CONTENT);
    assert_eq!(
        refused(&world.get(&path).await),
        (StatusCode::NOT_FOUND, "not_found")
    );
}

#[tokio::test(start_paused = true)]
async fn every_mistake_is_named_at_once() {
    let world = World::sqlite().await;
    let body = json!({
        "title": " ", "template": "Ciao {nome}", "session": "cousin", "audience": { "side": "cousin" },
        "not_before": "soon", "not_after": "later",
    });

    let answer = world.post("/broadcasts", body).await;

    assert_eq!(
        refused(&answer),
        (StatusCode::UNPROCESSABLE_ENTITY, "invalid_broadcast")
    );
    let fields = answer.body["errors"].as_array().unwrap().iter();
    let fields: Vec<_> = fields
        .map(|error| error["field"].as_str().unwrap())
        .collect();
    assert_eq!(
        fields,
        [
            "title",
            "template",
            "audience.side",
            "session",
            "not_before",
            "not_after"
        ]
    );
    let template = answer.body["errors"][1]["message"].as_str().unwrap();
    assert!(
        template.starts_with("at character 6: {nome} is not known: use one of {name}"),
        "{template}"
    );
    assert_eq!(answer.body["template_mistake"], "unknown_placeholder");
    assert_eq!(answer.body["template_at"], 5);
    assert_eq!(world.count("broadcast").await, 0);
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn what_cannot_be_started_says_why(#[case] on: On) {
    let world = World::on(on).await;
    let path = world.draft("Ciao {name} di {household}").await;
    let nobody = world.act(&path, "start").await;
    world
        .guest(json!({ "name": "Anna", "phone": ANNA, "household": "Villa" }))
        .await;
    let contact = world
        .guest(json!({ "name": "Ugo", "phone": "+39 347 000 0002" }))
        .await;

    let missing = world.act(&path, "start").await;
    let seen = world
        .ask_with(
            &[("if-match", "\"9\"")],
            "POST",
            &format!("{path}/start"),
            Value::Null,
        )
        .await;

    assert_eq!(
        refused(&nobody),
        (StatusCode::UNPROCESSABLE_ENTITY, "nobody_to_write_to")
    );
    assert_eq!(
        refused(&missing),
        (StatusCode::UNPROCESSABLE_ENTITY, "missing_values")
    );
    let listed = &missing.body["missing"];
    assert_eq!(listed.as_array().unwrap().len(), 1);
    assert_eq!(
        (&listed[0]["contact"], &listed[0]["placeholder"]),
        (&json!(contact), &json!("household"))
    );
    assert_eq!(listed[0]["guests"], json!(["Ugo"]));
    let audience = world.get(&format!("{path}/audience")).await.body;
    assert_eq!(
        (&audience["unwritten"], &audience["copies"][1]["missing"]),
        (&json!(1), &json!("household"))
    );
    assert!(audience["copies"][1]["text"].is_null());
    assert_eq!(refused(&seen), (StatusCode::CONFLICT, "version_conflict"));
    tokio::time::advance(std::time::Duration::from_hours(15 * 24)).await;
    let expired = world.act(&path, "start").await;
    assert_eq!(
        refused(&expired),
        (StatusCode::UNPROCESSABLE_ENTITY, "broadcast_expired")
    );
    assert_eq!(world.count("whatsapp_message_queue").await, 0);
    assert_eq!(world.get(&path).await.body["state"], "draft");
}
