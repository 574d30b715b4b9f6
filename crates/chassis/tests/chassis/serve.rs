use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::routing::{get, post};
use bytes::Bytes;
use chassis::Shutdown;
use chassis::problem::ProblemJson;
use chassis::serve::serve;
use futures_util::{StreamExt, stream};
use rstest::rstest;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::Instant;

const GRACE: Duration = Duration::from_hours(1);

struct Served {
    address: SocketAddr,
    shutdown: Shutdown,
    server: JoinHandle<anyhow::Result<()>>,
}

async fn start(router: Router) -> Served {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("its address");
    let shutdown = Shutdown::manual();
    let server = tokio::spawn(serve(listener, router, shutdown.clone(), GRACE));
    Served {
        address,
        shutdown,
        server,
    }
}

impl Served {
    async fn ask(&self, path: &str) -> TcpStream {
        let mut client = TcpStream::connect(self.address)
            .await
            .expect("a connection");
        let request = format!("GET {path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n");
        client
            .write_all(request.as_bytes())
            .await
            .expect("the request is written");
        client
    }

    async fn stopped(self) {
        self.server.await.expect("no panic").expect("served well");
    }
}

async fn read_until(client: &mut TcpStream, end: &str) -> String {
    let mut text = String::new();
    while !text.contains(end) {
        text.push(char::from(client.read_u8().await.expect("more to read")));
    }
    text
}

/// What comes until the server lets go, by an end or by a reset.
async fn read_to_the_cut(client: &mut TcpStream) -> Vec<u8> {
    let mut rest = Vec::new();
    let cut = tokio::time::timeout(GRACE, client.read_to_end(&mut rest)).await;
    assert!(cut.is_ok(), "the connection is still held");
    rest
}

async fn read_all(mut client: TcpStream) -> String {
    let mut text = String::new();
    client
        .read_to_string(&mut text)
        .await
        .expect("text until the end");
    text
}

#[tokio::test]
async fn a_request_is_answered_and_knows_its_peer() {
    let peer = async |ConnectInfo(peer): ConnectInfo<SocketAddr>| peer.ip().to_string();
    let served = start(Router::new().route("/", get(peer))).await;

    let answer = read_all(served.ask("/").await).await;
    served.shutdown.trigger();

    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.ends_with("127.0.0.1"), "{answer}");
    served.stopped().await;
}

#[tokio::test(start_paused = true)]
async fn a_request_in_hand_is_finished_and_a_new_one_refused() {
    let (entered, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (inside, wait) = (entered.clone(), go.clone());
    let slow = async move || {
        inside.notify_one();
        wait.notified().await;
        "finished"
    };
    let served = start(Router::new().route("/", get(slow))).await;
    let started = Instant::now();
    let client = served.ask("/").await;
    entered.notified().await;

    served.shutdown.trigger();
    // the port is closed as soon as the accept loop saw the wish
    while TcpStream::connect(served.address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    go.notify_one();

    assert!(read_all(client).await.ends_with("finished"));
    served.stopped().await;
    assert!(started.elapsed() < GRACE, "nothing waited for the grace");
}

#[tokio::test(start_paused = true)]
async fn an_open_stream_is_cut_after_the_grace() {
    let endless = async || {
        let first = stream::iter([Ok::<_, Infallible>(Bytes::from_static(b"first"))]);
        Body::from_stream(first.chain(stream::pending()))
    };
    let served = start(Router::new().route("/events", get(endless))).await;
    let mut client = served.ask("/events").await;
    read_until(&mut client, "first").await;
    let asked = Instant::now();

    served.shutdown.trigger();
    served.stopped().await;

    assert_eq!(asked.elapsed().as_secs(), GRACE.as_secs());
    let rest = read_to_the_cut(&mut client).await;
    assert!(
        !rest.ends_with(b"0\r\n\r\n"),
        "a cut stream must not look complete"
    );
}

#[tokio::test(start_paused = true)]
async fn a_client_that_never_says_what_it_wants_is_let_go() {
    let served = start(Router::new()).await;
    let mut client = TcpStream::connect(served.address).await.unwrap();
    client.write_all(b"GET / HTTP/1.1\r\n").await.unwrap();

    read_to_the_cut(&mut client).await;

    assert!(!served.server.is_finished());
    served.shutdown.trigger();
    served.stopped().await;
}

/// Sends the head and the beginning of a body, and no more; what the server says until it lets go.
async fn answer_to(beginning: &str) -> String {
    let read = async |ProblemJson(_): ProblemJson<serde_json::Value>| "read";
    let served = start(Router::new().route("/", post(read))).await;
    let mut client = TcpStream::connect(served.address)
        .await
        .expect("a connection");
    let head =
        format!("POST / HTTP/1.1\r\nhost: test\r\ncontent-type: application/json\r\n{beginning}");
    client.write_all(head.as_bytes()).await.expect("written");
    let answer = read_to_the_cut(&mut client).await;
    String::from_utf8(answer).expect("text")
}

#[rstest]
#[case::stalls("content-length: 10\r\n\r\n{\"a\":")]
#[case::never_comes("content-length: 10\r\n\r\n")]
#[case::stalls_in_a_chunk("transfer-encoding: chunked\r\n\r\n5\r\n{\"a\"")]
#[tokio::test(start_paused = true)]
async fn a_body_that_does_not_come_is_refused_and_the_connection_ends(#[case] beginning: &str) {
    let begun = Instant::now();
    let answer = answer_to(beginning).await;
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert!(answer.contains("body_too_slow"), "{answer}");
    assert!(
        begun.elapsed() < Duration::from_secs(30),
        "{:?}",
        begun.elapsed()
    );
}

/// A byte each second would be a stall of a day for a body of 80 KB.
#[tokio::test(start_paused = true)]
async fn a_body_that_drips_is_refused() {
    let read = async |ProblemJson(_): ProblemJson<serde_json::Value>| "read";
    let served = start(Router::new().route("/", post(read))).await;
    let mut client = TcpStream::connect(served.address)
        .await
        .expect("a connection");
    let head = "POST / HTTP/1.1\r\nhost: test\r\ncontent-type: application/json\r\ncontent-length: 80000\r\n\r\n";
    client.write_all(head.as_bytes()).await.expect("written");
    let begun = Instant::now();
    let mut said = [0; 16];
    let answered = loop {
        tokio::select! {
            read = client.read(&mut said) => break read,
            () = tokio::time::sleep(Duration::from_secs(1)) => {
                if client.write_all(b" ").await.is_err() {
                    break client.read(&mut said).await;
                }
            }
        }
    };
    assert!(
        begun.elapsed() < Duration::from_secs(30),
        "{:?}",
        begun.elapsed()
    );
    let read = answered.expect("an answer");
    assert!(said[..read].starts_with(b"HTTP/1.1 408"), "{said:?}");
}

#[tokio::test(start_paused = true)]
async fn a_broken_chunk_is_a_bad_request() {
    let answer = answer_to("transfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
}

/// A proxy that went by the length would see another end of the body, and another request behind it.
#[tokio::test(start_paused = true)]
async fn a_length_beside_chunks_does_not_count() {
    let both = "connection: close\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n";
    let answer = answer_to(&format!("{both}4\r\ntrue\r\n0\r\n\r\n")).await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(answer.ends_with("read"), "{answer}");
}
