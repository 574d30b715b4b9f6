//! The checked-in description is the one that is served. `UPDATE_OPENAPI=1` writes it anew.

use std::path::Path;

use rstest::rstest;
use serde_json::Value;

use crate::world::World;

#[rstest]
#[case("openapi.json", queue_api::document())]
#[case("openapi-guests.json", queue_api::guests_document())]
fn the_checked_in_document_is_what_the_handlers_say(#[case] name: &str, #[case] document: String) {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    let file = docs.join(name);
    if std::env::var_os("UPDATE_OPENAPI").is_some() {
        std::fs::write(&file, &document).unwrap();
    }
    let checked_in = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        checked_in == document,
        "docs/{name} is not up to date: run this test with UPDATE_OPENAPI=1 and look at the difference"
    );
}

#[tokio::test(start_paused = true)]
async fn it_is_served() {
    let world = World::sqlite().await;

    let served = world.get("/openapi.json").await;

    assert_eq!(served.headers["content-type"], "application/json");
    let document: serde_json::Value = serde_json::from_str(&queue_api::document()).unwrap();
    assert_eq!(served.body, document);
}

#[test]
fn every_reference_leads_somewhere() {
    let text = queue_api::document();
    let document: serde_json::Value = serde_json::from_str(&text).unwrap();
    let names: Vec<&str> = text
        .split("#/components/schemas/")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .collect();
    assert!(names.len() > 30);
    for name in names {
        assert!(
            document["components"]["schemas"].get(name).is_some(),
            "{name} is not described"
        );
    }
}

/// The operations of both documents.
fn operations() -> Vec<Value> {
    let documents = [queue_api::document(), queue_api::guests_document()];
    let parsed = documents.map(|text| serde_json::from_str::<Value>(&text).unwrap());
    let paths = parsed.iter().flat_map(|document| {
        assert!(document["servers"][0]["url"].is_string());
        document["paths"].as_object().unwrap().values()
    });
    let operations = paths.flat_map(|path| path.as_object().unwrap().values());
    operations.cloned().collect()
}

/// Every content of an answer or a body.
fn contents(described: &Value) -> Vec<&Value> {
    let content = described["content"].as_object();
    content
        .into_iter()
        .flat_map(|kinds| kinds.values())
        .collect()
}

fn has_an_example(content: &Value) -> bool {
    !content["example"].is_null() || content["examples"].is_object()
}

#[test]
fn every_operation_has_a_name_of_its_own() {
    let operations = operations();
    let mut names: Vec<_> = operations
        .iter()
        .map(|operation| operation["operationId"].as_str().unwrap())
        .collect();
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), all);
}

#[test]
fn every_operation_names_its_statuses_one_by_one_with_examples_of_errors() {
    for operation in operations() {
        let id = &operation["operationId"];
        for (status, answer) in operation["responses"].as_object().unwrap() {
            let number: u16 = status.parse().expect("no range and no default");
            let kinds = contents(answer);
            if number >= 400 {
                assert!(!kinds.is_empty(), "{id} {status} has no content");
                assert!(kinds.into_iter().all(has_an_example), "{id} {status}");
            }
        }
    }
}

#[test]
fn every_body_has_an_example() {
    let operations = operations();
    let bodies = operations.iter().filter(|o| o["requestBody"].is_object());
    let mut count = 0;
    for operation in bodies {
        let kinds = contents(&operation["requestBody"]);
        assert!(
            !kinds.is_empty() && kinds.into_iter().all(has_an_example),
            "{}",
            operation["operationId"]
        );
        count += 1;
    }
    assert!(count > 15);
}

/// Also what no handler says by itself.
#[test]
fn every_operation_of_the_api_says_what_any_may_answer() {
    let guarded = operations()
        .into_iter()
        .filter(|o| o["security"][0]["token"].is_array());
    let mut count = 0;
    for operation in guarded {
        for status in ["401", "403", "500", "503"] {
            let answer = &operation["responses"][status]["content"];
            assert!(
                answer["application/problem+json"].is_object(),
                "{} {status}",
                operation["operationId"]
            );
        }
        count += 1;
    }
    assert!(count > 50);
}
