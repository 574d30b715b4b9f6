//! Starts the service: arguments, logs, configuration, sockets, run.

use std::collections::HashMap;
use std::process::ExitCode;

use anyhow::Context;
use chassis::{Clock, Dice, Outbound, Shutdown, health, telemetry};
use clap::Parser;
use tokio::net::TcpListener;
use whatsapp_integration::config::{Args, Command};
use whatsapp_integration::{Deps, LOOK_INTERVAL, Listeners, run};

#[tokio::main]
async fn main() -> ExitCode {
    let args = Args::parse();
    let done = match args.command {
        Some(Command::Healthcheck) => health::ask(args.listen).await.map_err(Into::into),
        None => serve(&args).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("whatsapp-integration: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(args: &Args) -> anyhow::Result<()> {
    telemetry::init("whatsapp-integration", args.log_format)?;
    let environment = |variable: &str| std::env::var(variable).ok();
    let config = args.config(environment)?;
    let deps = deps(args, environment)?;
    let listeners = Listeners {
        service: bind(args.listen).await?,
        webhooks: bind(args.webhook_listen).await?,
        metrics: bind(args.metrics_listen).await?,
    };
    run(config, deps, listeners, Shutdown::on_signals()?).await
}

/// Sessions that share one WAHA share its connections.
fn deps(args: &Args, environment: impl Fn(&str) -> Option<String>) -> anyhow::Result<Deps> {
    let mut by_url: HashMap<String, Outbound> = HashMap::new();
    let mut waha = HashMap::new();
    for (session, url) in args.waha_urls(environment)? {
        let peer = match by_url.get(&url) {
            Some(peer) => peer.clone(),
            None => Outbound::network(&url)
                .with_context(|| format!("WAHA_URL_{}", session.env_suffix()))?,
        };
        by_url.insert(url, peer.clone());
        waha.insert(session, peer);
    }
    Ok(Deps {
        clock: Clock::system(),
        dice: Dice::from_os(),
        queue_api: Outbound::network(&args.queue_api_url).context("QUEUE_API_INNER_URL")?,
        waha,
        look_interval: LOOK_INTERVAL,
    })
}

async fn bind(address: std::net::SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address)
        .await
        .with_context(|| format!("cannot listen on {address}"))
}
