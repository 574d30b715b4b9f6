//! Serving HTTP, and ending it. Connections are accepted here rather than by `axum::serve`, which
//! leaves the ones still open running when its own future is dropped, and waits for ever for
//! slow headers. The rule: after `shutdown` and `grace` no connection is left, streams included.

mod body;
mod budget;
mod layers;
mod request_log;

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use axum::extract::ConnectInfo;
use axum::response::Response;
use http::{HeaderValue, Request, header};
use hyper::body::{Body as _, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;
use tracing::{debug, info, warn};

use self::body::Limited;
pub(crate) use self::body::TooSlow;
use self::budget::Budget;
pub(crate) use self::budget::OverBudget;
pub use self::layers::{Limits, with_layers};
use crate::lifecycle::Shutdown;

/// How long to wait after accepting failed, mostly because the process is out of file handles.
const ACCEPT_PAUSE: Duration = Duration::from_secs(1);

/// Serves `router` until `shutdown`, then finishes the requests in hand; what is still open after
/// `grace`, an endless stream for example, is cut.
///
/// Handlers find the peer's address as axum's `ConnectInfo<SocketAddr>`. Fails only when the
/// listener is not usable.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    shutdown: Shutdown,
    grace: Duration,
) -> anyhow::Result<()> {
    let address = listener
        .local_addr()
        .context("the listener has no address")?;
    info!(net.address = %address, "listening");
    let mut connections = JoinSet::new();
    let budget = Arc::<Budget>::default();
    while let Some((stream, peer)) = next_connection(&listener, &mut connections, &shutdown).await {
        let router = router.clone();
        connections.spawn(converse(
            stream,
            peer,
            router,
            budget.clone(),
            shutdown.token(),
        ));
    }
    drop(listener);
    drain(connections, grace).await;
    info!(net.address = %address, "no longer listening");
    Ok(())
}

/// The next connection, or `None` once stopping is wished for.
async fn next_connection(
    listener: &TcpListener,
    connections: &mut JoinSet<()>,
    shutdown: &Shutdown,
) -> Option<(TcpStream, SocketAddr)> {
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return None,
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok(connection) => return Some(connection),
                Err(error) if is_of_the_peer(&error) => {}
                Err(error) => {
                    warn!(%error, "no connection can be accepted, trying again in a second");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            },
        }
    }
}

/// The peer gave up before it was accepted: nobody's trouble but its own.
fn is_of_the_peer(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(
        error.kind(),
        ConnectionAborted | ConnectionRefused | ConnectionReset
    )
}

async fn converse(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    budget: Arc<Budget>,
    stop: CancellationToken,
) {
    let service = service_fn(move |request| answer(router.clone(), request, peer, budget.clone()));
    // small answers must not wait for Nagle; without it everything still works, a little later
    let _ = stream.set_nodelay(true);
    // with a timer, hyper's limit of 30 s for the headers comes into force
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    let outcome = tokio::select! {
        outcome = connection.as_mut() => outcome,
        () = stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = outcome {
        debug!(%error, "a connection ended early");
    }
}

/// The body counts until there is an answer. One that comes before the body was read to its end closes the connection, and says so: the client does
/// not send its next request into it.
async fn answer(
    router: Router,
    mut request: Request<Incoming>,
    peer: SocketAddr,
    budget: Arc<Budget>,
) -> Result<Response, Infallible> {
    request.extensions_mut().insert(ConnectInfo(peer));
    let reservation = Arc::new(budget.reservation(peer.ip()));
    let body_is_read = Arc::new(AtomicBool::new(request.body().is_end_stream()));
    let limited = |body| Limited::new(body, reservation.clone(), body_is_read.clone());
    let mut response = router.oneshot(request.map(limited)).await?;
    if !body_is_read.load(Relaxed) {
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(header::CONNECTION, close);
    }
    Ok(response)
}

async fn drain(mut connections: JoinSet<()>, grace: Duration) {
    let all_ended = async { while connections.join_next().await.is_some() {} };
    if tokio::time::timeout(grace, all_ended).await.is_err() {
        warn!(
            connections.open = connections.len(),
            "cutting what is still open"
        );
        connections.shutdown().await;
    }
}
