//! The whole service on real listeners.

use std::time::Duration;

use chassis::metrics::Metrics;
use chassis::{Clock, Dice, Outbound, Shutdown};
use queue_api::{Deps, Listeners, run};
use storage::testing::TestDatabase;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::world::test_config;

#[tokio::test]
async fn it_serves_on_four_listeners_and_stops_when_told() {
    let database = TestDatabase::sqlite().await;
    let bind = async || TcpListener::bind("127.0.0.1:0").await.unwrap();
    let listeners = Listeners {
        couple: bind().await,
        inner: bind().await,
        public: bind().await,
        metrics: bind().await,
        recorder: Metrics::install().unwrap(),
    };
    let address = |listener: &TcpListener| format!("http://{}", listener.local_addr().unwrap());
    let (couple, inner, public, metrics) = (
        address(&listeners.couple),
        address(&listeners.inner),
        address(&listeners.public),
        address(&listeners.metrics),
    );
    let deps = Deps {
        clock: Clock::system(),
        dice: Dice::from_os(),
        store: database.store().clone(),
        worker: Outbound::network("http://127.0.0.1:9").unwrap(),
        integration: Outbound::network("http://127.0.0.1:9").unwrap(),
    };
    let shutdown = Shutdown::manual();
    let service = tokio::spawn(run(test_config(), deps, listeners, shutdown.clone()));

    assert_eq!(status(&couple, "/readyz").await, 200);
    assert_eq!(status(&couple, "/api/v1/messages").await, 401);
    assert_eq!(status(&couple, "/facts").await, 303);
    assert_eq!(status(&inner, "/healthz").await, 200);
    assert_eq!(status(&inner, "/api/v1/messages").await, 404);
    assert_eq!(status(&public, "/healthz").await, 200);
    assert_eq!(status(&public, "/i/K7M-Q4XR-P2W9").await, 404);
    assert_eq!(status(&public, "/api/v1/messages").await, 404);
    assert_eq!(status(&metrics, "/metrics").await, 200);
    assert_eq!(status(&metrics, "/nothing").await, 404);
    says_that_it_closes(couple.trim_start_matches("http://")).await;
    shutdown.trigger();
    service.await.unwrap().unwrap();
}

/// Who answers before the body was read, whoever it is, says that the connection ends.
async fn says_that_it_closes(couple: &str) {
    for (line, host, body, status) in [
        (
            "POST /sign-in",
            "evil.example.org",
            "content-length: 9\r\n\r\nname=",
            421,
        ),
        (
            "POST /nothing",
            "localhost",
            "content-length: 9\r\n\r\nname=",
            303,
        ),
        (
            "GET /healthz",
            "localhost",
            "content-length: 9\r\n\r\nname=",
            200,
        ),
        (
            "POST /sign-in",
            "localhost",
            "transfer-encoding: chunked\r\n\r\nzz\r\n",
            400,
        ),
    ] {
        let mut client = TcpStream::connect(couple).await.unwrap();
        let form = "content-type: application/x-www-form-urlencoded";
        let request = format!("{line} HTTP/1.1\r\nhost: {host}\r\n{form}\r\n{body}");
        client.write_all(request.as_bytes()).await.unwrap();
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            head.push(char::from(client.read_u8().await.unwrap()));
        }
        assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{head}");
        assert!(head.contains("connection: close\r\n"), "{head}");
    }
}

/// Whatever the answer, it is guarded.
async fn status(base: &str, path: &str) -> u16 {
    let request = http::Request::get(path).body(bytes::Bytes::new()).unwrap();
    let answer = Outbound::network(base)
        .unwrap()
        .call(request, Duration::from_secs(10))
        .await;
    let answer = answer.unwrap();
    assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
    let guarded = answer.headers().contains_key("content-security-policy");
    assert!(guarded, "{base}{path}");
    answer.status().as_u16()
}
