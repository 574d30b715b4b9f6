use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::routing::get;
use bytes::Bytes;
use chassis::Shutdown;
use chassis::serve::serve;
use futures_util::{StreamExt, stream};
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
