//! whatsapp-worker: decides *when* and *whether* a message may go, and brings it to its end.
//!
//! It never talks to WAHA and never serves people. Stopped in the middle, it leaves rows that the next holder of the
//! session's lease brings to their end: a composition that did not reach its commit goes back to the queue, a call that
//! was under way is asked for, and nothing is ever sent twice.

mod config;
mod context;
mod integration;
mod leases;
mod nudges;
mod prune;
mod session;
mod sweep;

use std::sync::Arc;

use anyhow::Context as _;
use axum::Router;
use chassis::{Clock, Dice, Outbound, Shutdown, Tasks, health::Health, metrics::Metrics, serve};
use domain::{ids::WorkerId, release::Rulebook};
use storage::Store;
use tokio::net::TcpListener;

pub use config::{Args, Command, Config};
pub use context::Timings;

use context::Context;
use integration::Integration;
use leases::Leases;
use nudges::Nudges;

/// What tests replace.
pub struct Deps {
    /// The queue.
    pub store: Store,
    /// whatsapp-integration.
    pub integration: Outbound,
    /// Time.
    pub clock: Clock,
    /// Chance.
    pub dice: Dice,
    /// The rules in force: all of them, but in tests that show what each is for.
    pub book: Rulebook,
    /// Lease and look times.
    pub timings: Timings,
}

/// Where the service is reached.
pub struct Listeners {
    /// Nudges and health.
    pub service: TcpListener,
    /// Metrics.
    pub metrics: TcpListener,
}

/// The running worker without any socket: its router, and its duties under `tasks`.
pub fn start(
    config: &Config,
    deps: Deps,
    tasks: &Tasks,
    shutdown: &Shutdown,
) -> anyhow::Result<Router> {
    let (own_token, integration_token) = config.tokens()?;
    let owner = deps.dice.roll(|dice| WorkerId::new(deps.clock.now(), dice));
    let leases = Leases::new(
        deps.store.clone(),
        deps.clock.clone(),
        owner,
        deps.timings.lease,
    );
    let nudges = Nudges::new(&config.sessions);
    let context = Context {
        store: deps.store.clone(),
        integration: Integration::new(deps.integration, integration_token),
        clock: deps.clock,
        chance: deps.dice,
        owner,
        pace: config.pace,
        book: Arc::new(deps.book),
        interval: config.interval,
        timings: deps.timings,
    };
    tracing::info!(%owner, sessions = config.sessions.len(), "{}", config.pace.sentence());
    spawn_duties(config, &context, &leases, &nudges, tasks, shutdown);
    let health = Health::new().check("database", move || {
        let store = deps.store.clone();
        async move { store.ping().await }
    });
    Ok(nudges::router(nudges, own_token).merge(health.router()))
}

fn spawn_duties(
    config: &Config,
    context: &Context,
    leases: &Leases,
    nudges: &Nudges,
    tasks: &Tasks,
    shutdown: &Shutdown,
) {
    let keeper = leases.clone();
    let (every, stop) = (context.timings.renew, shutdown.clone());
    tasks.spawn("renew leases", async move {
        // Leases are renewed until the sessions have ended, not only until the signal.
        tokio::select! {
            () = keeper.keep(every) => {}
            () = async { stop.cancelled().await; keeper.none_held().await } => {}
        }
        Ok(())
    });
    let (pruner, stop) = (context.clone(), shutdown.clone());
    tasks.spawn("prune", async move {
        tokio::select! {
            () = prune::prune(pruner) => {}
            () = stop.cancelled() => {}
        }
        Ok(())
    });
    let (sweeper, stop) = (context.clone(), shutdown.clone());
    tasks.spawn("sweep", async move {
        tokio::select! {
            () = sweep::sweep(sweeper) => {}
            () = stop.cancelled() => {}
        }
        Ok(())
    });
    for session in &config.sessions {
        let work = session::work_session(
            context.clone(),
            session.clone(),
            leases.clone(),
            nudges.clone(),
            shutdown.clone(),
        );
        tasks.spawn("session", work);
    }
}

/// Serves until `shutdown`, then ends compositions, lets a running send end within its grace, and gives the leases back.
pub async fn run(
    config: Config,
    deps: Deps,
    listeners: Listeners,
    shutdown: Shutdown,
) -> anyhow::Result<()> {
    let grace = deps.timings.grace;
    let store = deps.store.clone();
    let tasks = Tasks::new(shutdown.clone());
    let router = start(&config, deps, &tasks, &shutdown)?;
    let router = serve::with_layers(router, serve::Limits::default());
    let metrics = Metrics::install().context("metrics")?.router();
    let metrics = serve::with_layers(metrics, serve::Limits::default());
    tasks.spawn(
        "service listener",
        serve::serve(listeners.service, router, shutdown.clone(), grace),
    );
    tasks.spawn(
        "metrics listener",
        serve::serve(listeners.metrics, metrics, shutdown.clone(), grace),
    );
    shutdown.cancelled().await;
    let ended = tasks.finish(grace).await;
    store.close().await;
    ended
}
