//! The worker's table of contents: read the settings, open the database, run.

use std::time::Duration;

use anyhow::Context as _;
use chassis::{Clock, Dice, Outbound, Shutdown, health, telemetry};
use clap::Parser as _;
use domain::release::Rulebook;
use secrecy::ExposeSecret as _;
use storage::{Options, SealingKey, Store};
use tokio::net::TcpListener;
use whatsapp_worker::{Args, Command, Config, Deps, Listeners, Timings, run};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    match args.command {
        Some(Command::Healthcheck) => Ok(health::ask(args.config.listen).await?),
        None => work(args.config).await,
    }
}

async fn work(config: Config) -> anyhow::Result<()> {
    telemetry::init(
        "whatsapp-worker",
        config.log_format.unwrap_or_else(telemetry::LogFormat::auto),
    )?;
    let shutdown = Shutdown::on_signals()?;
    let deps = deps(&config).await?;
    let listeners = Listeners {
        service: TcpListener::bind(config.listen)
            .await
            .context("WORKER_LISTEN")?,
        metrics: TcpListener::bind(config.metrics_listen)
            .await
            .context("WORKER_METRICS_LISTEN")?,
    };
    run(config, deps, listeners, shutdown).await
}

async fn deps(config: &Config) -> anyhow::Result<Deps> {
    let key = SealingKey::new(&config.unknown_writers_key).context("UNKNOWN_WRITERS_KEY")?;
    let options = Options {
        unknown_writers_key: Some(key),
        ..Options::default()
    };
    Ok(Deps {
        store: Store::open(config.database_url.expose_secret(), options)
            .await
            .context("DATABASE_URL")?,
        integration: Outbound::network(&config.integration_url).context("INTEGRATION_URL")?,
        clock: Clock::system(),
        dice: Dice::from_os(),
        book: Rulebook::default(),
        timings: Timings {
            sweep: (config.sweep_minutes > 0).then(|| Duration::from_mins(config.sweep_minutes)),
            ..Timings::default()
        },
    })
}
