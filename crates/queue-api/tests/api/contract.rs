//! What the API answers in its tests is what `docs/openapi.json` says that it may answer.

use std::sync::LazyLock;

use http::{Method, StatusCode};
use serde_json::Value;

use crate::world::Answer;

static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(&queue_api::document()).unwrap());

/// Panics when this operation is not described as answering with this status, or with a problem of this code.
pub(crate) fn assert_described(method: &Method, path: &str, answer: &Answer) {
    if !path.starts_with("/api/") {
        return;
    }
    let Some(operation) = operation(method, path) else {
        assert!(
            matches!(answer.status.as_u16(), 401 | 404 | 405),
            "{method} {path} is not described and answers {}",
            answer.status
        );
        return;
    };
    let name = operation["operationId"].as_str().unwrap();
    let described = &operation["responses"][answer.status.as_str()];
    assert!(
        described.is_object(),
        "{name} is not described as answering {}: {}",
        answer.status,
        answer.body
    );
    if answer.status >= StatusCode::BAD_REQUEST {
        let examples = &described["content"]["application/problem+json"]["examples"];
        assert!(
            examples[answer.code()].is_object(),
            "{name} {} is not described with the code `{}`",
            answer.status,
            answer.code()
        );
    }
}

fn operation(method: &Method, path: &str) -> Option<&'static Value> {
    let paths = DOCUMENT["paths"].as_object().unwrap();
    let fitting = paths.iter().filter(|(template, _)| fits(template, path));
    // a segment that is written out comes before a parameter
    let (_, item) = fitting.min_by_key(|(template, _)| template.matches('{').count())?;
    item.get(method.as_str().to_ascii_lowercase())
}

fn fits(template: &str, path: &str) -> bool {
    let (wanted, given) = (template.split('/'), path.split('/'));
    wanted.clone().count() == given.clone().count()
        && wanted
            .zip(given)
            .all(|(wanted, given)| wanted.starts_with('{') || wanted == given)
}

#[test]
fn an_address_is_found_by_its_template() {
    let name = |method: Method, path: &str| {
        operation(&method, path).map(|operation| operation["operationId"].as_str().unwrap())
    };
    assert_eq!(
        name(Method::POST, "/api/v1/guests/import"),
        Some("importGuests")
    );
    assert_eq!(name(Method::GET, "/api/v1/guests/x"), Some("readGuest"));
    assert_eq!(name(Method::GET, "/api/v1/guests/x/y"), None);
    assert_eq!(name(Method::PUT, "/api/v1/guests"), None);
}
