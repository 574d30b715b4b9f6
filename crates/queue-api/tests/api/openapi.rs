//! The checked-in description is the one that is served. `UPDATE_OPENAPI=1` writes it anew.

use std::path::Path;

use crate::world::World;

#[test]
fn the_checked_in_document_is_what_the_handlers_say() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    let document = queue_api::document();
    if std::env::var_os("UPDATE_OPENAPI").is_some() {
        std::fs::write(&file, &document).unwrap();
    }
    let checked_in = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        checked_in == document,
        "docs/openapi.json is not up to date: run this test with UPDATE_OPENAPI=1 and look at the difference"
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

#[test]
fn every_operation_has_a_name_of_its_own() {
    let document: serde_json::Value = serde_json::from_str(&queue_api::document()).unwrap();
    let paths = document["paths"].as_object().unwrap().values();
    let operations = paths.flat_map(|path| path.as_object().unwrap().values());
    let mut names: Vec<_> = operations
        .map(|operation| operation["operationId"].as_str().unwrap())
        .collect();
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), all);
}

/// Also what no handler says by itself.
#[test]
fn every_operation_says_what_any_may_answer() {
    let document: serde_json::Value = serde_json::from_str(&queue_api::document()).unwrap();
    let paths = document["paths"].as_object().unwrap().values();
    for operation in paths.flat_map(|path| path.as_object().unwrap().values()) {
        for status in ["401", "403", "500", "503"] {
            let answer = &operation["responses"][status]["content"];
            assert!(
                answer["application/problem+json"].is_object(),
                "{} {status}",
                operation["operationId"]
            );
        }
    }
}
