use std::time::Duration;

use axum::response::IntoResponse;
use chassis::Problem;
use chassis::problem::PROBLEM_JSON;
use http::{StatusCode, header};
use serde_json::json;
use utoipa::{PartialSchema, ToSchema};

use crate::json as read;

#[tokio::test]
async fn a_problem_is_a_document_of_rfc_9457() {
    let problem = Problem::conflict("already_sent", "The message has left; it cannot be edited.")
        .field("body", "cannot change now")
        .with("message", 7)
        .retry_after(Duration::from_millis(1_200));

    let answer = problem.into_response();

    assert_eq!(answer.status(), StatusCode::CONFLICT);
    assert_eq!(answer.headers()[header::CONTENT_TYPE], PROBLEM_JSON);
    assert_eq!(answer.headers()[header::RETRY_AFTER], "2");
    let expected = json!({
        "type": "about:blank",
        "title": "Conflict",
        "status": 409,
        "detail": "The message has left; it cannot be edited.",
        "code": "already_sent",
        "errors": [{ "field": "body", "message": "cannot change now" }],
        "message": 7,
    });
    assert_eq!(read(answer).await, expected);
}

#[test]
fn a_problem_can_be_read_back() {
    let text = serde_json::to_string(&Problem::unprocessable("no", "No.").with("a", 1)).unwrap();

    let problem: Problem = serde_json::from_str(&text).unwrap();

    assert_eq!(
        (problem.status(), problem.code()),
        (StatusCode::UNPROCESSABLE_ENTITY, "no")
    );
    assert_eq!(serde_json::to_string(&problem).unwrap(), text);
}

#[test]
fn a_result_with_a_problem_stays_small() {
    assert_eq!(size_of::<Problem>(), size_of::<usize>());
}

#[test]
fn the_schema_describes_what_is_sent() {
    let schema = serde_json::to_value(Problem::schema()).unwrap();

    assert_eq!(Problem::name(), "Problem");
    let text = schema.to_string();
    for member in ["type", "title", "status", "detail", "code", "errors"] {
        assert!(
            text.contains(&format!("\"{member}\":")),
            "{member} is missing in {schema}"
        );
    }
    assert!(!text.contains("headers"), "{schema}");
    let mut others = Vec::new();
    Problem::schemas(&mut others);
    assert!(others.iter().any(|(name, _)| name == "FieldError"));
}
