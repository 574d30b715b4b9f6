use std::collections::HashMap;

use axum::Router;
use axum::body::Body;
use axum::routing::{get, post};
use chassis::problem::{ProblemJson, ProblemPath, ProblemQuery};
use http::{Request, StatusCode, header};
use rstest::rstest;
use serde::Deserialize;
use serde_json::json;

use crate::{ask, get as a_get, json, text};

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Side {
    Groom,
    Bride,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Guest {
    name: String,
    age: u8,
    side: Option<Side>,
    #[serde(default)]
    phones: HashMap<String, u8>,
}

#[derive(Deserialize)]
struct Guests {
    #[serde(default)]
    guests: Vec<Guest>,
}

#[derive(Deserialize)]
struct Page {
    limit: u8,
}

fn app() -> Router {
    let add = async |ProblemJson(Guests { guests }): ProblemJson<Guests>| {
        let ages: u8 = guests.iter().map(|guest| guest.age).sum();
        let brides = guests
            .iter()
            .filter(|guest| matches!(guest.side, Some(Side::Bride)))
            .count();
        let grooms = guests
            .iter()
            .filter(|guest| matches!(guest.side, Some(Side::Groom)))
            .count();
        let names: Vec<_> = guests.iter().map(|guest| guest.name.as_str()).collect();
        let phones: usize = guests.iter().map(|guest| guest.phones.len()).sum();
        format!("{} {ages} {brides} {grooms} {phones}", names.join(","))
    };
    let maybe = async |page: Option<ProblemJson<Page>>| match page {
        Some(ProblemJson(page)) => page.limit.to_string(),
        None => "none".to_owned(),
    };
    let list = async |ProblemQuery(page): ProblemQuery<Page>| page.limit.to_string();
    let one = async |ProblemPath(id): ProblemPath<u32>| id.to_string();
    let two = async |ProblemPath((a, b)): ProblemPath<(u32, u32)>| (a + b).to_string();
    Router::new()
        .route("/guests", post(add).get(list))
        .route("/maybe", post(maybe))
        .route("/guests/{id}", get(one))
        .route("/guests/{a}/{b}", get(two))
}

fn post_json(body: &str) -> Request<Body> {
    Request::post("/guests")
        .header(header::CONTENT_TYPE, "application/json; charset=utf-8")
        .body(Body::from(body.to_owned()))
        .expect("a request")
}

#[tokio::test]
async fn what_fits_arrives() {
    let body =
        post_json(r#"{"guests":[{"name":"Ada","age":36,"side":"bride","phones":{"+39":1}}]}"#);

    assert_eq!(text(ask(&app(), body).await).await, "Ada 36 1 0 1");
    assert_eq!(text(ask(&app(), a_get("/guests?limit=5")).await).await, "5");
    assert_eq!(text(ask(&app(), a_get("/guests/7")).await).await, "7");
    assert_eq!(text(ask(&app(), a_get("/guests/7/8")).await).await, "15");
}

/// With or without its `Content-Type`, as programs differ.
#[tokio::test]
async fn a_body_that_may_be_left_out_is_checked_when_it_is_there() {
    let ask_with = async |kind: &str, body: &str| {
        let request = Request::post("/maybe").header(header::CONTENT_TYPE, kind);
        ask(&app(), request.body(Body::from(body.to_owned())).unwrap()).await
    };
    let bare = Request::post("/maybe").body(Body::empty()).unwrap();
    assert_eq!(text(ask(&app(), bare).await).await, "none");
    let empty = ask_with("application/json", "").await;
    assert_eq!(text(empty).await, "none");
    let sent = ask_with("application/json", r#"{"limit":5}"#).await;
    assert_eq!(text(sent).await, "5");
    let other = ask_with("text/plain", r#"{"limit":5}"#).await;
    assert_eq!(other.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let wrong = ask_with("application/json", r#"{"limit":"x"}"#).await;
    assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
}

#[rstest]
#[case::wrong_type(
    r#"{"guests":[{"name":"Ada","age":"+39 333 1234567"}]}"#,
    "guests[0].age",
    "invalid type: string, expected u8"
)]
#[case::wrong_number(
    r#"{"guests":[{"name":393331234567,"age":1}]}"#,
    "guests[0].name",
    "invalid type: integer, expected a string"
)]
#[case::too_large(
    r#"{"guests":[{"name":"Ada","age":393331234567}]}"#,
    "guests[0].age",
    "invalid value: integer, expected u8"
)]
#[case::missing(r#"{"guests":[{"name":"Ada"}]}"#, "guests[0]", "missing field `age`")]
#[case::variant(
    r#"{"guests":[{"name":"Ada","age":1,"side":"+39 333 1234567"}]}"#,
    "guests[0].side",
    "unknown variant, expected `groom` or `bride`"
)]
#[case::unknown(
    r#"{"guests":[{"name":"Ada","aeg":1}]}"#,
    "guests[0].aeg",
    "unknown field `aeg`, expected one of `name`, `age`, `side`, `phones`"
)]
#[case::a_key_that_is_data(
    r#"{"guests":[{"name":"Ada","age":1,"phones":{"+39 333 1234567":"x"}}]}"#,
    "guests[0].phones.?",
    "invalid type: string, expected u8"
)]
#[tokio::test]
async fn a_body_that_does_not_fit_is_422_without_its_values(
    #[case] body: &str,
    #[case] field: &str,
    #[case] message: &str,
) {
    let answer = ask(&app(), post_json(body)).await;

    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let problem = json(answer).await;
    assert_eq!(problem["code"], "invalid_body");
    assert_eq!(
        problem["errors"],
        json!([{ "field": field, "message": message }])
    );
    assert!(!problem.to_string().contains("333"), "{problem}");
}

#[rstest]
#[case("{\"guests\": [\n{\"name\": nobody}]}", 2, 11)]
#[case("{", 1, 1)]
#[case("{} {}", 1, 4)]
#[tokio::test]
async fn broken_json_is_400_with_its_place(
    #[case] body: &str,
    #[case] line: u64,
    #[case] column: u64,
) {
    let answer = ask(&app(), post_json(body)).await;

    assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
    let problem = json(answer).await;
    assert_eq!(problem["code"], "invalid_json");
    assert_eq!(
        (&problem["line"], &problem["column"]),
        (&json!(line), &json!(column)),
        "{problem}"
    );
    assert!(!problem.to_string().contains("nobody"), "{problem}");
}

/// serde would read the fields in their order.
#[tokio::test]
async fn an_array_is_no_object() {
    let answer = ask(&app(), post_json(" [[]]")).await;

    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(json(answer).await["code"], "invalid_body");
}

#[rstest]
#[case(Some("text/plain"))]
#[case(Some("application/x-www-form-urlencoded"))]
#[case(None)]
#[tokio::test]
async fn another_content_type_is_415(#[case] kind: Option<&str>) {
    let mut request = post_json("[]");
    request.headers_mut().remove(header::CONTENT_TYPE);
    if let Some(kind) = kind {
        request
            .headers_mut()
            .insert(header::CONTENT_TYPE, kind.parse().unwrap());
    }

    let answer = ask(&app(), request).await;

    assert_eq!(answer.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(json(answer).await["code"], "unsupported_media_type");
}

#[tokio::test]
async fn too_much_is_413() {
    let long = format!("[\"{}\"]", "x".repeat(3 * 1024 * 1024));

    let answer = ask(&app(), post_json(&long)).await;

    assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(json(answer).await["code"], "body_too_large");
}

#[rstest]
#[case("/guests?limit=%2B393331234567", "invalid_query", "limit")]
#[case("/guests?limit=1&limit=393331234567", "invalid_query", "")]
#[case("/guests/+393331234567x", "invalid_path", "")]
#[case("/guests/1/393331234567", "invalid_path", "")]
#[tokio::test]
async fn an_address_that_does_not_fit_is_400(
    #[case] path: &str,
    #[case] code: &str,
    #[case] field: &str,
) {
    let answer = ask(&app(), a_get(path)).await;

    assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
    let problem = json(answer).await;
    assert_eq!(problem["code"], code);
    assert_eq!(
        problem["errors"][0]["field"].as_str().unwrap_or_default(),
        field,
        "{problem}"
    );
    assert!(!problem.to_string().contains("333"), "{problem}");
}

#[tokio::test]
async fn a_missing_parameter_is_named() {
    let problem = json(ask(&app(), a_get("/guests")).await).await;

    assert_eq!(
        problem["detail"],
        "The query does not fit: missing field `limit`."
    );
}
