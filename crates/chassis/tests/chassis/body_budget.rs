//! Large bodies are counted until they are answered, in all and for each peer; small ones go on beside them.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest, Request};
use axum::routing::post;
use chassis::Shutdown;
use chassis::problem::Problem;
use chassis::serve::{Limits, serve, with_layers};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// What is kept although it should be refused is never answered.
const PATIENCE: Duration = Duration::from_secs(30);
const UNCOUNTED: usize = 64 * 1024;
/// Half of what one peer may send, a third of what all may.
const HALF: usize = UNCOUNTED + 16 * 1024 * 1024;

/// A service that keeps each body until `go` has a permit for it, and says how many it has read.
struct Keeper {
    address: SocketAddr,
    read: Arc<Semaphore>,
    go: Arc<Semaphore>,
    shutdown: Shutdown,
}

impl Keeper {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("its address");
        let (read, go) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
        let (inside, wait) = (read.clone(), go.clone());
        let keep = async move |request: Request| {
            let body = Bytes::from_request(request, &()).await;
            let body = body.map_err(|error| Problem::unread_body(&error))?;
            inside.add_permits(1);
            wait.acquire().await.expect("open").forget();
            Ok::<_, Problem>(body.len().to_string())
        };
        let router = Router::new()
            .route("/", post(keep))
            .layer(DefaultBodyLimit::disable());
        let router = with_layers(router, Limits::default());
        let shutdown = Shutdown::manual();
        tokio::spawn(serve(listener, router, shutdown.clone(), Duration::ZERO));
        Self {
            address,
            read,
            go,
            shutdown,
        }
    }

    /// Sends a whole body from that address.
    async fn send(&self, from: Ipv4Addr, bytes: usize) -> TcpStream {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.bind((from, 0).into()).expect("loopback");
        let mut client = socket.connect(self.address).await.expect("a connection");
        let head = format!(
            "POST / HTTP/1.1\r\nhost: test\r\nconnection: close\r\ncontent-length: {bytes}\r\n\r\n"
        );
        client.write_all(head.as_bytes()).await.expect("written");
        client.write_all(&vec![b'x'; bytes]).await.expect("written");
        client
    }

    /// Sends one that is kept.
    async fn hold(&self, from: Ipv4Addr, bytes: usize) -> TcpStream {
        let client = self.send(from, bytes).await;
        self.read.acquire().await.expect("open").forget();
        client
    }
}

async fn answer(mut client: TcpStream) -> String {
    let mut text = String::new();
    let read = timeout(PATIENCE, client.read_to_string(&mut text)).await;
    read.expect("an answer in time").expect("an answer");
    text
}

fn is_refused(answer: &str) -> bool {
    answer.starts_with("HTTP/1.1 503 ")
        && answer.contains("too_many_bodies")
        && answer.contains("retry-after: 5")
}

#[tokio::test]
async fn large_bodies_are_counted_for_each_peer_and_in_all() {
    let [one, other, third] = [1, 2, 3].map(|last| Ipv4Addr::new(127, 0, 0, last));
    let keeper = Keeper::start().await;
    let mut held = vec![keeper.hold(one, HALF).await, keeper.hold(one, HALF).await];

    let more = answer(keeper.send(one, UNCOUNTED + 1).await).await;
    assert!(is_refused(&more), "{more}");
    held.push(keeper.hold(one, UNCOUNTED).await);
    held.push(keeper.hold(other, HALF).await);
    let more = answer(keeper.send(third, UNCOUNTED + 1).await).await;
    assert!(is_refused(&more), "{more}");

    keeper.go.add_permits(held.len());
    for client in held {
        let answer = answer(client).await;
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    }
    let again = keeper.hold(third, HALF).await;
    keeper.go.add_permits(1);
    let again = answer(again).await;
    assert!(again.ends_with(&HALF.to_string()), "{again}");
    keeper.shutdown.trigger();
}
