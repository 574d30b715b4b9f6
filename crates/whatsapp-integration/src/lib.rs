//! Does on WhatsApp what a person would do: goes online, reads, waits, types, pauses, sends, goes offline; pairs the
//! phones, keeps each WAHA set up, reads chats, and takes WAHA's webhooks in.
//!
//! It never opens a database and never decides whether a message may go.
//!
//! Stopped in the middle, it ends compositions visibly (typing stops, offline), finishes a send that has begun, and
//! reports its outcome; killed in the middle of a send, its attempt is unknown and the worker settles it.

mod app;
mod attempts;
mod compositions;
pub mod config;
mod presence;
mod problem;
mod queue_api;
mod reading;
mod router;
mod sessions;
mod set_up;
mod webhooks;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use chassis::metrics::Metrics;
use chassis::serve::{Limits, serve, with_layers};
use chassis::{Clock, Dice, Outbound, Shutdown, Tasks};
use domain::session::SessionName;
use tokio::net::TcpListener;
use tracing::warn;

use app::{App, GRACE, Session};
pub use config::Config;

/// The tasks end after [`GRACE`], and then the process has this long to notice.
const LAST_WORDS: Duration = Duration::from_secs(5);

/// A WAHA that lost its configuration is found within this time: one GET for each session.
pub const LOOK_INTERVAL: Duration = Duration::from_secs(10);

/// What tests replace.
#[derive(Clone, Debug)]
pub struct Deps {
    /// The wall clock. Waits are tokio's, which are monotonic.
    pub clock: Clock,
    /// For the spread of repeated reports.
    pub dice: Dice,
    /// queue-api's inner listener.
    pub queue_api: Outbound,
    /// The WAHA of each session.
    pub waha: HashMap<SessionName, Outbound>,
    /// Between two looks at a session; [`LOOK_INTERVAL`] but in tests over days.
    pub look_interval: Duration,
}

/// A session of the configuration has no WAHA among the [`Deps`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the session `{0}` has no WAHA to talk to")]
pub struct MissingPeer(SessionName);

/// Where the service listens, bound already.
#[derive(Debug)]
pub struct Listeners {
    /// For the worker and queue-api.
    pub service: TcpListener,
    /// For the WAHAs.
    pub webhooks: TcpListener,
    /// For Prometheus.
    pub metrics: TcpListener,
}

/// The service without its sockets.
#[derive(Debug)]
pub struct Parts {
    /// For the worker and queue-api.
    pub service: Router,
    /// For the WAHAs.
    pub webhooks: Router,
    /// What runs beside the requests; to be run once.
    pub background: Background,
}

/// What runs beside the requests: keeping the sessions set up and the accounts offline, and ending in order.
pub struct Background(Arc<App>);

/// The service as two routers and a background. Nothing runs yet.
pub fn routers(config: &Config, deps: Deps) -> Result<Parts, MissingPeer> {
    let app = App::new(config, deps)?;
    Ok(Parts {
        service: router::service(&app, config.token.clone()),
        webhooks: router::webhooks(&app),
        background: Background(app),
    })
}

/// Serves until `shutdown`; then ends the compositions and finishes the calls in hand, for 75 s at most.
pub async fn run(
    config: Config,
    deps: Deps,
    listeners: Listeners,
    shutdown: Shutdown,
) -> anyhow::Result<()> {
    let parts = routers(&config, deps)?;
    let metrics = with_layers(Metrics::install()?.router(), Limits::default());
    let tasks = Tasks::new(shutdown.clone());
    for (name, listener, router) in [
        ("service", listeners.service, parts.service),
        ("webhooks", listeners.webhooks, parts.webhooks),
        ("metrics", listeners.metrics, metrics),
    ] {
        tasks.spawn(name, serve(listener, router, shutdown.clone(), GRACE));
    }
    let background = parts.background.run(shutdown);
    tasks.spawn("background", async move {
        background.await;
        Ok(())
    });
    tasks
        .finish(GRACE + LAST_WORDS)
        .await
        .context("the service did not end in order")
}

impl Background {
    /// Keeps the sessions set up and the accounts offline until `shutdown`. Then takes no more compositions, ends those that have not called,
    /// and returns when the calls in hand are finished and reported, after 75 s at the latest.
    pub async fn run(self, shutdown: Shutdown) {
        let app = self.0;
        for session in app.sessions.values() {
            let keep = keep(Arc::clone(&app), Arc::clone(session), shutdown.clone());
            app.work.spawn(keep);
        }
        shutdown.cancelled().await;
        for session in app.sessions.values() {
            session.attempts.stop();
            app.work.spawn(presence::leave_offline(Arc::clone(session)));
        }
        app.work.close();
        if tokio::time::timeout(GRACE, app.work.wait()).await.is_err() {
            warn!(tasks.open = app.work.len(), "stopping with work in hand");
        }
    }
}

/// Keeps one session until `shutdown`: first it is taken offline, as a crash may have left it.
async fn keep(app: Arc<App>, session: Arc<Session>, shutdown: Shutdown) {
    presence::take_offline_at_start(&session, &shutdown).await;
    tokio::join!(
        presence::keep_offline(&session, &shutdown),
        set_up::keep(&app, &session, &shutdown)
    );
}

impl std::fmt::Debug for Background {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Background").finish_non_exhaustive()
    }
}
