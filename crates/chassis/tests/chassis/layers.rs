use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::routing::{get, post};
use chassis::problem::PROBLEM_JSON;
use chassis::serve::{Limits, with_layers};
use http::{Request, StatusCode, header};
use rstest::rstest;

use crate::{ask, get as a_get, json, text};

fn app() -> Router {
    async fn guest(Path(token): Path<String>) -> String {
        format!("{} characters", token.len())
    }
    async fn boom() -> &'static str {
        panic!("the body was +39 333 1234567")
    }
    let router = Router::new()
        .route(
            "/i/{token}",
            get(guest).delete(async || StatusCode::NO_CONTENT),
        )
        .route("/boom", get(boom))
        .route("/upload", post(async |body: String| body.len().to_string()))
        .route(
            "/gone",
            get(async || {
                (
                    StatusCode::NOT_FOUND,
                    [("content-type", "text/html")],
                    "<p>",
                )
            }),
        );
    with_layers(router, Limits { body_bytes: 10 })
}

fn upload(body: impl Into<Body>) -> Request<Body> {
    Request::post("/upload")
        .body(body.into())
        .expect("a request")
}

/// Also what no handler wrote, and what only programs read (ASVS 5.0, 3.4).
#[tokio::test]
async fn no_answer_is_guessed_framed_or_loads_anything() {
    for request in [
        a_get("/i/abc"),
        a_get("/nowhere"),
        a_get("/boom"),
        upload("more than ten bytes"),
    ] {
        let answer = ask(&app(), request).await;
        assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
        let policy = &answer.headers()["content-security-policy"];
        assert_eq!(
            policy,
            "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"
        );
    }
}

#[rstest]
#[case(a_get("/nowhere"), 404, "not_found")]
#[case(upload("more than ten bytes"), 413, "body_too_large")]
#[case(upload(in_pieces()), 413, "body_too_large")]
#[case(a_get("/boom"), 500, "internal_error")]
#[case(a_get("/upload"), 405, "method_not_allowed")]
#[tokio::test]
async fn refusals_are_problems(
    #[case] request: Request<Body>,
    #[case] status: u16,
    #[case] code: &str,
) {
    let answer = ask(&app(), request).await;

    assert_eq!(answer.status(), status);
    assert_eq!(answer.headers()[header::CONTENT_TYPE], PROBLEM_JSON);
    assert!(answer.headers().contains_key("x-request-id"));
    let problem = json(answer).await;
    assert_eq!(problem["code"], code);
    assert_eq!(problem["status"], status);
    assert!(!problem.to_string().contains("39"), "{problem}");
}

/// Without a length beforehand.
fn in_pieces() -> Body {
    let pieces = ["more than ", "ten bytes"].map(Ok::<_, io::Error>);
    Body::from_stream(futures_util::stream::iter(pieces))
}

#[tokio::test]
async fn a_405_says_what_is_allowed() {
    let answer = ask(&app(), Request::post("/i/abc").body(Body::empty()).unwrap()).await;

    assert_eq!(answer.headers()[header::ALLOW], "GET,HEAD,DELETE");
    assert_eq!(json(answer).await["code"], "method_not_allowed");
}

#[tokio::test]
async fn answers_of_handlers_are_left_alone() {
    let small = ask(&app(), upload("ten bytes!")).await;
    let page = ask(&app(), a_get("/gone")).await;

    assert_eq!(text(small).await, "10");
    assert_eq!(
        (page.status(), text(page).await),
        (StatusCode::NOT_FOUND, "<p>".to_owned())
    );
}

#[tokio::test]
async fn every_request_has_its_own_id() {
    let app = app();

    let ids = [
        ask(&app, a_get("/i/abc")).await,
        ask(&app, a_get("/i/abc")).await,
    ]
    .map(|answer| answer.headers()["x-request-id"].clone());

    assert_ne!(ids[0], ids[1]);
}

#[derive(Clone, Default)]
struct Memory(Arc<Mutex<Vec<u8>>>);

impl Write for Memory {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0
            .lock()
            .expect("nobody panicked while writing")
            .write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_path_token_is_not_logged() {
    let memory = Memory::default();
    let writer = memory.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .with_ansi(false)
        .finish();
    // for the whole process: a subscriber of one thread may find lines switched off by another's
    tracing::subscriber::set_global_default(subscriber).expect("only this test listens");

    ask(&app(), a_get("/i/SECRETTOKEN")).await;
    ask(&app(), a_get("/nowhere/SECRETTOKEN")).await;

    let log = String::from_utf8(memory.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("/i/{token}") && log.contains("200"), "{log}");
    assert!(log.contains("(none)") && log.contains("404"), "{log}");
    assert!(!log.contains("SECRETTOKEN"), "{log}");
}
