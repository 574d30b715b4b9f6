use std::convert::Infallible;
use std::future::pending;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::routing::{get, post};
use bytes::Bytes;
use chassis::Outbound;
use chassis::outbound::{CallError, InProcessPeer};
use futures_util::{StreamExt, stream};
use http::{Request, StatusCode};
use tokio::time::Instant;

const MINUTE: Duration = Duration::from_mins(1);

fn request(method: &str, path: &str, body: &'static str) -> Request<Bytes> {
    let request = Request::builder().method(method).uri(path);
    request
        .body(Bytes::from_static(body.as_bytes()))
        .expect("a request")
}

fn router() -> Router {
    let endless = || async {
        let first = stream::iter([Ok::<_, Infallible>(Bytes::from_static(b"first\n"))]);
        Body::from_stream(first.chain(stream::pending()))
    };
    Router::new()
        .route(
            "/echo",
            post(async |body: String| (StatusCode::CREATED, body)),
        )
        .route("/never", get(async || pending::<()>().await))
        .route("/endless", get(endless))
}

fn running() -> (InProcessPeer, Outbound) {
    let peer = InProcessPeer::down();
    peer.start(router());
    (peer.clone(), Outbound::in_process(peer))
}

#[tokio::test(start_paused = true)]
async fn a_call_is_answered() {
    let (_, outbound) = running();

    let answer = outbound
        .call(request("POST", "/echo?x=1", "hello"), MINUTE)
        .await
        .unwrap();

    assert_eq!(answer.status(), StatusCode::CREATED);
    assert_eq!(answer.body(), "hello");
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_is_down_refuses_until_it_is_up() {
    let peer = InProcessPeer::down();
    let outbound = Outbound::in_process(peer.clone());

    let down = outbound.call(request("POST", "/echo", ""), MINUTE).await;
    peer.start(router());
    let up = outbound.call(request("POST", "/echo", ""), MINUTE).await;
    peer.stop();
    let gone = outbound.call(request("POST", "/echo", ""), MINUTE).await;

    assert!(matches!(down, Err(CallError::Refused { .. })), "{down:?}");
    assert_eq!(up.unwrap().status(), StatusCode::CREATED);
    assert!(matches!(gone, Err(CallError::Refused { .. })), "{gone:?}");
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_does_not_come_times_out() {
    let (_, outbound) = running();
    let started = Instant::now();

    let answer = outbound.call(request("GET", "/never", ""), MINUTE).await;

    assert_eq!(answer.unwrap_err(), CallError::TimedOut);
    assert_eq!(started.elapsed(), MINUTE);
}

#[tokio::test(start_paused = true)]
async fn a_body_that_does_not_end_times_out() {
    let (_, outbound) = running();

    let answer = outbound.call(request("GET", "/endless", ""), MINUTE).await;

    assert_eq!(answer.unwrap_err(), CallError::TimedOut);
}

#[tokio::test(start_paused = true)]
async fn a_call_in_flight_breaks_when_the_peer_dies() {
    let (peer, outbound) = running();

    let call = outbound.call(request("GET", "/never", ""), MINUTE);
    let (answer, ()) = tokio::join!(call, async { peer.stop() });

    assert!(
        matches!(answer, Err(CallError::Broken { .. })),
        "{answer:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_stream_outlives_the_timeout_and_breaks_with_the_peer() {
    let (peer, outbound) = running();
    let answer = outbound
        .stream(request("GET", "/endless", ""), MINUTE)
        .await
        .unwrap();
    let mut pieces = answer.into_body();

    let first = pieces.next().await;
    tokio::time::sleep(10 * MINUTE).await;
    peer.start(router());
    let second = pieces.next().await;

    assert_eq!(first.unwrap().unwrap(), "first\n");
    assert!(
        matches!(second, Some(Err(CallError::Broken { .. }))),
        "{second:?}"
    );
    assert!(pieces.next().await.is_none());
}
