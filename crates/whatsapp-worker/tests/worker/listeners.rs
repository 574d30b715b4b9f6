//! The running worker on its real listeners: who is let in, what a body may be, and what every answer says.

use std::net::SocketAddr;
use std::time::Duration;

use chassis::outbound::InProcessPeer;
use chassis::{Clock, Dice, Outbound, Shutdown};
use domain::release::Rulebook;
use domain::session::SessionName;
use storage::testing::TestDatabase;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use whatsapp_worker::{Deps, Listeners, Timings, run};

use super::first_start::{TOKEN, config};

const PERMISSIONS: &str = include_str!("../../../../docs/permissions.md");
/// A body has some 20 seconds.
const PATIENCE: Duration = Duration::from_mins(1);

struct Running {
    service: SocketAddr,
    metrics: SocketAddr,
    shutdown: Shutdown,
    _database: TestDatabase,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.shutdown.trigger();
    }
}

async fn start() -> Running {
    let database = TestDatabase::sqlite().await;
    let groom = SessionName::parse("groom").expect("a name");
    let bind = async || TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let listeners = Listeners {
        service: bind().await,
        metrics: bind().await,
    };
    let address = |listener: &TcpListener| listener.local_addr().expect("an address");
    let (service, metrics) = (address(&listeners.service), address(&listeners.metrics));
    let deps = Deps {
        store: database.store().clone(),
        integration: Outbound::in_process(InProcessPeer::down()),
        clock: Clock::system(),
        dice: Dice::seeded(1),
        book: Rulebook::default(),
        timings: Timings::default(),
    };
    let shutdown = Shutdown::manual();
    tokio::spawn(run(config(&groom), deps, listeners, shutdown.clone()));
    Running {
        service,
        metrics,
        shutdown,
        _database: database,
    }
}

/// Everything that is answered to these bytes.
async fn ask(address: SocketAddr, request: &str) -> String {
    let mut client = TcpStream::connect(address).await.expect("a listener");
    client.write_all(request.as_bytes()).await.expect("written");
    let mut answer = String::new();
    let read = timeout(PATIENCE, client.read_to_string(&mut answer)).await;
    read.expect("an end in time").expect("an answer");
    answer
}

fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n")
}

/// A nudge with that token, from its length on.
fn nudge(token: &str, rest: &str) -> String {
    let head = "POST /nudge HTTP/1.1\r\nhost: test\r\nconnection: close\r\ncontent-type: application/json\r\n";
    format!("{head}authorization: Bearer {token}\r\n{rest}")
}

#[tokio::test]
async fn no_answer_is_guessed_framed_or_loads_anything() {
    let running = start().await;
    for (address, path, status) in [
        (running.service, "/healthz", 200),
        (running.service, "/nudge", 401),
        (running.metrics, "/metrics", 200),
        (running.metrics, "/nothing", 404),
    ] {
        let answer = ask(address, &get(path)).await;
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")),
            "{answer}"
        );
        assert!(
            answer.contains("x-content-type-options: nosniff\r\n"),
            "{answer}"
        );
        assert!(answer.contains("content-security-policy: "), "{answer}");
    }
}

#[tokio::test]
async fn the_worker_admits_its_own_token_only() {
    let running = start().await;
    let lines = PERMISSIONS
        .lines()
        .filter(|line| line.contains("| whatsapp-worker |"));
    let lines: Vec<_> = lines.collect();
    assert_eq!(lines, ["| /nudge | POST | whatsapp-worker | yes | no |"]);
    let body = "content-length: 15\r\n\r\n{\"sessions\":[]}";
    let answer = ask(running.service, &nudge(TOKEN, body)).await;
    assert!(answer.starts_with("HTTP/1.1 204 "), "{answer}");
    let without = nudge("", body).replace("authorization: Bearer \r\n", "");
    for request in [
        without,
        nudge("", body),
        nudge("wq_none", body),
        nudge(&TOKEN[1..], body),
    ] {
        let answer = ask(running.service, &request).await;
        assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_no_nudge_is_refused_with_a_problem() {
    let running = start().await;
    for (body, status, code) in [
        ("content-length: 15\r\n\r\n{\"sess", 408, "body_too_slow"),
        (
            "transfer-encoding: chunked\r\n\r\nzz\r\n",
            400,
            "incomplete_body",
        ),
        ("content-length: 2\r\n\r\n{]", 400, "invalid_json"),
        ("content-length: 2\r\n\r\n{}", 422, "invalid_body"),
    ] {
        let answer = ask(running.service, &nudge(TOKEN, body)).await;
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")),
            "{answer}"
        );
        assert!(
            answer.contains("content-type: application/problem+json"),
            "{answer}"
        );
        assert!(answer.contains(&format!("\"code\":\"{code}\"")), "{answer}");
    }
}
