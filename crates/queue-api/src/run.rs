//! Serving: four listeners, one stop.

use std::time::Duration;

use anyhow::Context;
use axum::Router;
use chassis::metrics::Metrics;
use chassis::serve::{Limits, serve, with_layers};
use chassis::{Shutdown, Tasks};
use domain::Timestamp;
use domain::session::SessionName;
use storage::Store;
use tokio::net::TcpListener;
use tracing::{info, warn};

use crate::config::Config;
use crate::{Deps, Routers, routers};

/// What requests in hand are given when the service stops; the container's grace is 90 s (design §5).
const GRACE: Duration = Duration::from_secs(20);

/// Where to serve, bound already: tests bind port 0.
pub struct Listeners {
    /// The API.
    pub couple: TcpListener,
    /// The facts.
    pub inner: TcpListener,
    /// The invitations.
    pub public: TcpListener,
    /// The metrics.
    pub metrics: TcpListener,
    /// What the metrics are read from.
    pub recorder: Metrics,
}

/// Brings what is stored up to date before anything is served: sessions, invitations, and contacts that WAHA had mixed up.
pub async fn prepare(
    store: &Store,
    sessions: &[SessionName],
    now: Timestamp,
) -> anyhow::Result<()> {
    store
        .ensure_sessions(sessions, now)
        .await
        .context("the sessions cannot be stored")?;
    let separated = store
        .repair_identities(now)
        .await
        .context("contacts that were mixed up cannot be taken apart")?;
    if separated > 0 {
        warn!(
            contacts = separated,
            "contacts were mixed up with an own number; they are taken apart and wait to be confirmed"
        );
    }
    store
        .ensure_invitations(now)
        .await
        .context("the households cannot be invited")
}

/// Serves until `shutdown`, then finishes the requests in hand. Fails when a listener or the database does at the start.
pub async fn run(
    config: Config,
    deps: Deps,
    listeners: Listeners,
    shutdown: Shutdown,
) -> anyhow::Result<()> {
    info!("{}", config.pace.sentence());
    if let Some(problem) = config.public_url.problem() {
        warn!("invitations have no link on the web: {problem}");
    }
    let store = deps.store.clone();
    prepare(&store, &config.sessions, deps.clock.now()).await?;
    let Routers {
        couple,
        inner,
        public,
        live,
        pages: _,
    } = routers(config, deps);
    let metrics = with_layers(listeners.recorder.router(), Limits::default());
    let tasks = Tasks::new(shutdown.clone());
    let stopping = shutdown.clone();
    tasks.spawn("live pages", async move {
        tokio::select! {
            () = live => {}
            () = stopping.cancelled() => {}
        }
        Ok(())
    });
    let start = |name: &str, listener: TcpListener, router: Router| {
        tasks.spawn(name, serve(listener, router, shutdown.clone(), GRACE));
    };
    start("couple", listeners.couple, couple);
    start("inner", listeners.inner, inner);
    start("public", listeners.public, public);
    start("metrics", listeners.metrics, metrics);
    let ended = tasks.finish(GRACE + Duration::from_secs(5)).await;
    store.close().await;
    ended
}
