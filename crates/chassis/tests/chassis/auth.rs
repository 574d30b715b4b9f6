use axum::Router;
use axum::body::Body;
use axum::routing::get;
use chassis::service_auth::{BearerToken, WeakToken, presented, require_bearer};
use http::{Request, StatusCode, header};
use rstest::rstest;
use secrecy::SecretString;

use crate::{ask, get as a_get, json, text};

const SECRET: &str = "correct-horse-battery-staple";

fn token(secret: &str) -> Result<BearerToken, WeakToken> {
    BearerToken::new(SecretString::from(secret))
}

fn app() -> Router {
    Router::new()
        .route("/facts", get(async || "in"))
        .route_layer(require_bearer(token(SECRET).expect("a strong token")))
}

#[rstest]
#[case("Bearer correct-horse-battery-staple", StatusCode::OK)]
#[case("bearer correct-horse-battery-staple", StatusCode::OK)]
#[case("Bearer correct-horse-battery-stapl", StatusCode::UNAUTHORIZED)]
#[case("Bearer correct-horse-battery-staplee", StatusCode::UNAUTHORIZED)]
#[case("Bearer ", StatusCode::UNAUTHORIZED)]
#[case("Basic correct-horse-battery-staple", StatusCode::UNAUTHORIZED)]
#[case("correct-horse-battery-staple", StatusCode::UNAUTHORIZED)]
#[tokio::test]
async fn only_the_token_opens(#[case] authorization: &str, #[case] status: StatusCode) {
    let request = Request::get("/facts").header(header::AUTHORIZATION, authorization);

    let answer = ask(&app(), request.body(Body::empty()).unwrap()).await;

    assert_eq!(answer.status(), status);
    assert_eq!(text(answer).await == "in", status == StatusCode::OK);
}

#[tokio::test]
async fn without_a_token_the_answer_says_what_is_missing() {
    let answer = ask(&app(), a_get("/facts")).await;

    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(answer.headers()[header::WWW_AUTHENTICATE], "Bearer");
    assert_eq!(json(answer).await["code"], "unauthorized");
}

#[test]
fn what_one_service_presents_the_other_accepts() {
    let token = token(SECRET).unwrap();
    let request = Request::get("/")
        .header(header::AUTHORIZATION, token.header_value())
        .body(())
        .unwrap();

    assert!(token.matches(presented(request.headers()).expect("a token")));
    assert!(!format!("{request:?} {token:?}").contains(SECRET));
}

#[rstest]
#[case("", WeakToken::Empty)]
#[case("   ", WeakToken::Empty)]
#[case("fifteen-letters", WeakToken::Short)]
#[case("sixteen letters!", WeakToken::Unspeakable)]
#[case("sixteen-lètters!", WeakToken::Unspeakable)]
fn a_weak_token_is_refused(#[case] secret: &str, #[case] why: WeakToken) {
    assert_eq!(token(secret).expect_err("weak"), why);
}

#[test]
fn sixteen_characters_are_enough() {
    assert!(token("sixteen-letters!").is_ok());
}
