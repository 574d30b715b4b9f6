//! The running service on its real listeners: who is let in, what a body may be, and what every answer says.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::time::Duration;

use chassis::outbound::InProcessPeer;
use chassis::{Clock, Dice, Outbound, Shutdown};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use waha::Signature;
use whatsapp_integration::{Deps, LOOK_INTERVAL, Listeners, run};

use crate::queue_api;
use crate::webhooks::{path, sign};
use crate::world::{Setting, TOKEN, config, groom};

const PERMISSIONS: &str = include_str!("../../../../docs/permissions.md");
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
async fn the_integration_admits_its_own_token_only() {
    let running = start().await;
    let lines = PERMISSIONS
        .lines()
        .filter(|line| line.contains("| whatsapp-integration |"));
    let mut asked = 0;
    for line in lines {
        let cells: Vec<_> = line.trim_matches('|').split('|').map(str::trim).collect();
        assert_eq!(cells[2..], ["whatsapp-integration", "yes", "no"], "{line}");
        let path = cells[0].replace("{session}", "groom");
        let path = path.replace("{attempt}", "0190b5c8-0000-7000-8000-000000000000");
        let body = "content-type: application/json\r\ncontent-length: 2\r\n\r\n{}";
        let with = async |secret: &str| {
            let request = request(cells[1], &path, &format!("{secret}{body}"));
            ask(running.service, &request).await
        };
        let own = with(&format!("authorization: Bearer {TOKEN}\r\n")).await;
        let let_in = ["401", "403", "405"]
            .iter()
            .all(|status| own.split(' ').nth(1) != Some(status));
        assert!(let_in, "{line}: {own}");
        for other in [queue_api::TOKEN, "wq_none", "", &TOKEN[1..]] {
            let answer = with(&format!("authorization: Bearer {other}\r\n")).await;
            assert!(has_status(&answer, 401), "{line}: {answer}");
        }
        for none in ["", "cookie: __Host-session=wq_none\r\n"] {
            let answer = with(none).await;
            assert!(has_status(&answer, 401), "{line}: {answer}");
        }
        asked += 1;
    }
    assert_eq!(asked, 18);
}

#[tokio::test(start_paused = true)]
async fn the_webhook_admits_its_path_with_its_signature_only() {
    let running = start().await;
    let line = "| /webhooks/{session}/{secret} | POST | yes | no | no |";
    assert!(PERMISSIONS.lines().any(|it| it == line));
    let body = "content-length: 2\r\n\r\n{}";
    let signature = format!("{}: {}\r\n", Signature::HEADER, sign(b"{}"));
    let token = format!("authorization: Bearer {TOKEN}\r\n");
    for (path, secret, status) in [
        (path().as_str(), signature.as_str(), 200),
        (path().as_str(), "", 401),
        (path().as_str(), token.as_str(), 401),
        ("/webhooks/groom/wrong", signature.as_str(), 404),
        ("/webhooks/groom/wrong", token.as_str(), 404),
    ] {
        let request = request("POST", path, &format!("{secret}{body}"));
        let answer = ask(running.webhooks, &request).await;
        assert!(has_status(&answer, status), "{path} {secret}: {answer}");
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
