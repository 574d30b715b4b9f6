//! The running service on its real listeners: what a body may be, and what every answer says.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::time::Duration;

use chassis::outbound::InProcessPeer;
use chassis::{Clock, Dice, Outbound, Shutdown};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use whatsapp_integration::{Deps, LOOK_INTERVAL, Listeners, run};

use crate::webhooks::path;
use crate::world::{Setting, config, groom};

/// A body has some 20 seconds.
const PATIENCE: Duration = Duration::from_mins(1);
const LARGEST: usize = 16 * 1024 * 1024;

struct Running {
    service: SocketAddr,
    webhooks: SocketAddr,
    metrics: SocketAddr,
    shutdown: Shutdown,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.shutdown.trigger();
    }
}

/// Neither a WAHA nor a queue-api is there.
async fn start() -> Running {
    let bind = async || TcpListener::bind("127.0.0.1:0").await.unwrap();
    let listeners = Listeners {
        service: bind().await,
        webhooks: bind().await,
        metrics: bind().await,
    };
    let address = |listener: &TcpListener| listener.local_addr().unwrap();
    let shutdown = Shutdown::manual();
    let running = Running {
        service: address(&listeners.service),
        webhooks: address(&listeners.webhooks),
        metrics: address(&listeners.metrics),
        shutdown: shutdown.clone(),
    };
    let nobody = || Outbound::in_process(InProcessPeer::down());
    let deps = Deps {
        clock: Clock::system(),
        dice: Dice::seeded(1),
        queue_api: nobody(),
        waha: HashMap::from([(groom(), nobody())]),
        look_interval: LOOK_INTERVAL,
    };
    tokio::spawn(run(config(&Setting::default()), deps, listeners, shutdown));
    running
}

async fn send(address: SocketAddr, request: &str) -> TcpStream {
    let mut client = TcpStream::connect(address).await.unwrap();
    client.write_all(request.as_bytes()).await.unwrap();
    client
}

/// Everything that is answered to these bytes.
async fn ask(address: SocketAddr, request: &str) -> String {
    let mut client = send(address, request).await;
    let mut answer = String::new();
    let read = timeout(PATIENCE, client.read_to_string(&mut answer)).await;
    read.expect("an end in time").unwrap();
    answer
}

/// A request with these headers, and a body or not.
fn request(method: &str, path: &str, rest: &str) -> String {
    format!("{method} {path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n{rest}")
}

fn has_status(answer: &str, status: u16) -> bool {
    answer.starts_with(&format!("HTTP/1.1 {status} "))
}

#[tokio::test]
async fn no_answer_is_guessed_framed_or_loads_anything() {
    let running = start().await;
    for (address, path, status) in [
        (running.service, "/healthz", 200),
        (running.service, "/sessions/groom", 401),
        (running.webhooks, "/nothing", 404),
        (running.webhooks, "/webhooks/groom/wrong", 405),
        (running.metrics, "/metrics", 200),
        (running.metrics, "/nothing", 404),
    ] {
        let answer = ask(address, &request("GET", path, "\r\n")).await;
        assert!(has_status(&answer, status), "{answer}");
        assert!(
            answer.contains("x-content-type-options: nosniff\r\n"),
            "{answer}"
        );
        assert!(answer.contains("content-security-policy: "), "{answer}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_webhook_whose_body_does_not_come_is_refused_with_the_reason() {
    let running = start().await;
    for (body, status, code) in [
        ("content-length: 15\r\n\r\n{\"eve", 408, "body_too_slow"),
        (
            "transfer-encoding: chunked\r\n\r\nzz\r\n",
            400,
            "incomplete_body",
        ),
    ] {
        let answer = ask(running.webhooks, &request("POST", &path(), body)).await;
        assert!(has_status(&answer, status), "{answer}");
        assert!(answer.contains(&format!("\"code\":\"{code}\"")), "{answer}");
    }
}

/// WAHA posts it again after that time.
#[tokio::test]
async fn a_webhook_beside_too_many_large_ones_is_put_off() {
    let running = start().await;
    let of = |length: usize, sent: usize| {
        let head = format!("content-length: {length}\r\n\r\n");
        request("POST", &path(), &format!("{head}{}", " ".repeat(sent)))
    };
    let unfinished = of(LARGEST, LARGEST - 1);
    let _held = [
        send(running.webhooks, &unfinished).await,
        send(running.webhooks, &unfinished).await,
    ];
    // the last bytes of the two are read meanwhile, on this thread
    for _ in 0..10_000 {
        tokio::task::yield_now().await;
    }
    let answer = ask(running.webhooks, &of(256 * 1024, 256 * 1024)).await;
    assert!(has_status(&answer, 503), "{answer}");
    assert!(answer.contains("retry-after: 5\r\n"), "{answer}");
    assert!(answer.contains("\"code\":\"too_many_bodies\""), "{answer}");
}
