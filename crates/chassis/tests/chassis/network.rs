use std::process::Stdio;
use std::time::Duration;

use bytes::Bytes;
use chassis::Outbound;
use chassis::outbound::{BadBaseUrl, CallError};
use futures_util::StreamExt;
use http::{Request, StatusCode};
use rstest::rstest;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::Command;
use tokio::task::JoinHandle;

const LONG: Duration = Duration::from_secs(30);
const EMPTY_OK: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";

fn get(path: &str) -> Request<Bytes> {
    Request::get(path).body(Bytes::new()).expect("a request")
}

async fn listen() -> (TcpListener, Outbound) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("its address"));
    (listener, Outbound::network(&url).expect("a base URL"))
}

/// Reads one request without a body; empty when the client closed instead.
async fn heard(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => break,
        }
    }
    String::from_utf8(head).expect("text")
}

/// Hears one request on a new connection, says `answer` and closes.
fn answer_once(listener: TcpListener, answer: &'static [u8]) -> JoinHandle<String> {
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        let request = heard(&mut stream).await;
        stream
            .write_all(answer)
            .await
            .expect("the answer is written");
        request
    })
}

#[tokio::test]
async fn path_query_and_prefix_arrive() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/waha/", listener.local_addr().unwrap());
    let server = answer_once(
        listener,
        b"HTTP/1.1 404 Not Found\r\nx-a: b\r\ncontent-length: 2\r\n\r\nno",
    );

    let outbound = Outbound::network(&url).unwrap();
    let answer = outbound
        .call(get("/api/chats?limit=3"), LONG)
        .await
        .unwrap();

    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
    assert_eq!(answer.headers()["x-a"], "b");
    assert_eq!(answer.body(), "no");
    assert!(
        server
            .await
            .unwrap()
            .starts_with("GET /waha/api/chats?limit=3 HTTP/1.1\r\n")
    );
}

#[tokio::test]
async fn a_redirect_is_an_answer() {
    let (listener, outbound) = listen().await;
    let moved = b"HTTP/1.1 302 Found\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n";
    let server = answer_once(listener, moved);

    let answer = outbound.call(get("/here"), LONG).await.unwrap();

    assert_eq!(answer.status(), StatusCode::FOUND);
    server.await.unwrap();
}

#[tokio::test]
async fn nobody_listening_is_a_refusal() {
    let (listener, outbound) = listen().await;
    drop(listener);

    let answer = outbound.call(get("/secret?phone=39333"), LONG).await;

    let Err(CallError::Refused { reason }) = &answer else {
        panic!("{answer:?}")
    };
    assert!(reason.contains("refused"), "{reason}");
    assert!(!answer.unwrap_err().to_string().contains("secret"));
}

#[tokio::test]
async fn a_name_that_does_not_exist_is_a_refusal() {
    let outbound = Outbound::network("http://no-such-host.invalid").unwrap();

    let answer = outbound.call(get("/"), LONG).await;

    assert!(
        matches!(answer, Err(CallError::Refused { .. })),
        "{answer:?}"
    );
}

#[tokio::test]
async fn what_is_no_tls_is_a_refusal() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let outbound = over_tls(listener.local_addr().unwrap().port());
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        stream.write_all(b"this is not TLS").await
    });

    let answer = outbound.call(get("/"), LONG).await;

    assert!(
        matches!(answer, Err(CallError::Refused { .. })),
        "{answer:?}"
    );
    server.await.unwrap().unwrap();
}

fn over_tls(port: u16) -> Outbound {
    let outbound = Outbound::network(&format!("https://localhost:{port}"));
    outbound.expect("root certificates: install Debian's ca-certificates")
}

/// For its name and valid now, but signed by itself. The server is `openssl`.
#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_refused() {
    let folder = std::env::temp_dir().join(format!("self-signed-{}", std::process::id()));
    std::fs::create_dir(&folder).unwrap();
    let openssl = || {
        let mut openssl = Command::new("openssl");
        openssl
            .current_dir(&folder)
            .stdin(Stdio::null())
            .stderr(Stdio::null());
        openssl.kill_on_drop(true);
        openssl
    };
    let made = openssl()
        .args("req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2".split(' '))
        .args("-subj /CN=localhost -addext subjectAltName=DNS:localhost".split(' '))
        .status();
    assert!(made.await.expect("openssl is installed").success());
    let mut server = openssl()
        .args("s_server -accept 127.0.0.1:0 -cert cert.pem -key key.pem -www".split(' '))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(server.stdout.take().unwrap()).lines();
    let port = loop {
        let line = said.next_line().await.unwrap().expect("its address");
        if let Some(address) = line.strip_prefix("ACCEPT ") {
            break address.rsplit(':').next().unwrap().parse().unwrap();
        }
    };

    let answer = over_tls(port).call(get("/"), LONG).await;

    std::fs::remove_dir_all(&folder).unwrap();
    let Err(CallError::Refused { reason }) = &answer else {
        panic!("{answer:?}")
    };
    assert!(reason.contains("certificate"), "{reason}");
}

#[tokio::test]
async fn silence_times_out() {
    let (_listener, outbound) = listen().await;

    let answer = outbound.call(get("/"), Duration::from_millis(50)).await;

    assert_eq!(answer.unwrap_err(), CallError::TimedOut);
}

#[tokio::test]
async fn a_connection_that_dies_before_the_answer_is_broken() {
    let (listener, outbound) = listen().await;
    let server = answer_once(listener, b"");

    let answer = outbound.call(get("/secret"), LONG).await;

    let Err(CallError::Broken { .. }) = &answer else {
        panic!("{answer:?}")
    };
    assert!(!answer.unwrap_err().to_string().contains("secret"));
    server.await.unwrap();
}

#[tokio::test]
async fn half_an_answer_is_broken() {
    let (listener, outbound) = listen().await;
    let server = answer_once(
        listener,
        b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf",
    );

    let answer = outbound.call(get("/"), LONG).await;

    assert!(
        matches!(answer, Err(CallError::Broken { .. })),
        "{answer:?}"
    );
    server.await.unwrap();
}

#[tokio::test]
async fn a_pooled_connection_that_dies_is_broken_and_nothing_is_sent_again() {
    let (listener, outbound) = listen().await;
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        heard(&mut stream).await;
        stream.write_all(EMPTY_OK).await.expect("the first answer");
        let second = heard(&mut stream).await;
        drop(stream);
        (second, listener)
    });

    outbound.call(get("/first"), LONG).await.unwrap();
    let answer = outbound.call(get("/second"), LONG).await;

    assert!(
        matches!(answer, Err(CallError::Broken { .. })),
        "{answer:?}"
    );
    let (second, listener) = server.await.unwrap();
    assert!(
        second.starts_with("GET /second"),
        "the connection was used again"
    );
    let third = tokio::time::timeout(Duration::from_millis(50), listener.accept()).await;
    assert!(third.is_err(), "the request was sent a second time");
}

#[tokio::test]
async fn a_stream_arrives_piece_by_piece() {
    let (listener, outbound) = listen().await;
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        heard(&mut stream).await;
        let head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\none\n\r\n";
        stream.write_all(head).await.expect("the first line");
        stream
    });

    let mut pieces = outbound.stream(get("/"), LONG).await.unwrap().into_body();
    let first = pieces.next().await;
    drop(server.await.unwrap());
    let second = pieces.next().await;

    assert_eq!(first.unwrap().unwrap(), "one\n");
    assert!(
        matches!(second, Some(Err(CallError::Broken { .. }))),
        "{second:?}"
    );
}

#[tokio::test]
async fn a_dropped_call_drops_the_request() {
    let (listener, outbound) = listen().await;
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        heard(&mut stream).await;
        (listener, stream)
    });

    let call = tokio::spawn(async move { outbound.call(get("/"), LONG).await });
    let (_listener, mut stream) = server.await.unwrap();
    call.abort();

    let closed = tokio::time::timeout(LONG, heard(&mut stream)).await;
    assert_eq!(closed.expect("the connection is closed"), "");
}

#[rstest]
#[case("not a url")]
#[case("/api")]
#[case("ftp://host")]
#[case("http://user:pw@host")]
#[case("http://host/?key=1")]
#[case("http://host/#top")]
fn some_base_urls_are_refused(#[case] url: &str) {
    let refused = Outbound::network(url).expect_err("this is no base URL");

    assert!(!matches!(refused, BadBaseUrl::Tls(_)), "{refused}");
    assert!(!refused.to_string().contains("pw"), "{refused}");
}
