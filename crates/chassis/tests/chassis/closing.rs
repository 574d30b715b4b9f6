//! An answer that comes before the request's body was read ends the connection and says so, whatever its status.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::Path;
use axum::response::Redirect;
use axum::routing::{get, patch, post};
use bytes::Bytes;
use chassis::Shutdown;
use chassis::problem::{Problem, ProblemPath, ProblemQuery};
use chassis::serve::{Limits, serve, with_layers};
use http::StatusCode;
use rstest::rstest;
use serde::Deserialize;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const LONG: Duration = Duration::from_secs(30);

#[derive(Deserialize)]
struct Wanted {
    dry_run: Option<bool>,
}

fn router() -> Router {
    async fn boom() -> StatusCode {
        panic!("on purpose")
    }
    let read = async |body: Bytes| body.len().to_string();
    let refused = async |ProblemPath(_): ProblemPath<u32>, body: Bytes| body;
    let asked = async |ProblemQuery(wanted): ProblemQuery<Wanted>, body: Bytes| {
        let dry = wanted.dry_run.is_some();
        format!("{dry} {}", body.len())
    };
    let foreign = async || Problem::new(StatusCode::MISDIRECTED_REQUEST, "unknown_host");
    let router = Router::new()
        .route("/read", post(read))
        .route("/healthz", get(async || "ok"))
        .route("/foreign", post(foreign))
        .route("/elsewhere", post(async || Redirect::to("/sign-in")))
        .route("/guests/{id}", patch(refused))
        .route("/import", post(asked))
        .route("/boom", post(boom))
        .route("/i/{token}", get(async |Path(token): Path<String>| token));
    with_layers(router, Limits { body_bytes: 3 })
}

async fn start() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("its address");
    tokio::spawn(serve(listener, router(), Shutdown::manual(), LONG));
    address
}

/// The head of the next answer; its body follows.
async fn head(client: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(client.read_u8().await.expect("more to read"));
    }
    String::from_utf8(head).expect("text")
}

/// Two bytes more are announced than come.
const HALF: &str = "content-length: 4\r\n\r\n{}";
const WHOLE: &str = "content-length: 2\r\n\r\n{}";
const CHUNKS: &str = "transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n";
const BROKEN: &str = "transfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n";
const NOTHING: &str = "content-length: 0\r\n\r\n";

#[rstest]
#[case::another_host("POST /foreign", HALF, 421)]
#[case::a_redirect("POST /elsewhere", HALF, 303)]
#[case::a_path_that_does_not_fit("PATCH /guests/nope", HALF, 400)]
#[case::a_query_that_does_not_fit("POST /import?dry_run=x", CHUNKS, 400)]
#[case::a_broken_chunk("POST /read", BROKEN, 400)]
#[case::health("GET /healthz", HALF, 200)]
#[case::health_in_chunks("GET /healthz", CHUNKS, 200)]
#[case::a_panic("POST /boom", HALF, 500)]
#[case::nothing_there("POST /nowhere", HALF, 404)]
#[case::another_method("POST /i/abc", HALF, 405)]
#[case::too_long("POST /read", "content-length: 5\r\n\r\n{{}}", 413)]
#[tokio::test]
async fn an_answer_before_the_body_was_read_says_that_it_closes(
    #[case] line: &str,
    #[case] body: &str,
    #[case] status: u16,
) {
    let mut client = TcpStream::connect(start().await).await.expect("a listener");
    let request = format!("{line} HTTP/1.1\r\nhost: test\r\n{body}");
    client.write_all(request.as_bytes()).await.expect("written");

    let head = head(&mut client).await;
    assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{head}");
    assert!(head.contains("connection: close\r\n"), "{head}");
    // it may be cut off, for what was not read
    let mut rest = Vec::new();
    let ended = tokio::time::timeout(LONG, client.read_to_end(&mut rest)).await;
    assert!(ended.is_ok(), "the connection is still open");
}

#[rstest]
#[case::read("POST /read", WHOLE, 200)]
#[case::read_in_chunks(
    "POST /read",
    "transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    200
)]
#[case::empty("POST /elsewhere", NOTHING, 303)]
#[case::none("GET /healthz", "\r\n", 200)]
#[case::none_and_refused("GET /nowhere", "\r\n", 404)]
#[tokio::test]
async fn a_connection_goes_on_after_a_whole_request(
    #[case] line: &str,
    #[case] body: &str,
    #[case] status: u16,
) {
    let mut client = TcpStream::connect(start().await).await.expect("a listener");
    let request = format!("{line} HTTP/1.1\r\nhost: test\r\n{body}");
    let next = "GET /i/abc HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n";
    client.write_all(request.as_bytes()).await.expect("written");

    let head = head(&mut client).await;
    assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{head}");
    assert!(!head.contains("connection:"), "{head}");
    client.write_all(next.as_bytes()).await.expect("written");
    let mut rest = String::new();
    client.read_to_string(&mut rest).await.expect("an answer");
    assert!(rest.contains("HTTP/1.1 200 OK\r\n"), "{rest}");
    assert!(rest.ends_with("abc"), "{rest}");
}

/// hyper's own answer, which docs/security.md names as the exception: nothing of ours can add to it.
#[tokio::test]
async fn what_is_no_request_gets_a_bare_status() {
    let mut client = TcpStream::connect(start().await).await.expect("a listener");
    client
        .write_all(b"\x16\x03\x01 \r\n\r\n")
        .await
        .expect("written");
    let mut answer = String::new();
    client.read_to_string(&mut answer).await.expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    assert!(
        answer.contains("connection: close\r\ncontent-length: 0\r\n"),
        "{answer}"
    );
    assert!(!answer.contains("x-request-id"), "{answer}");
}
