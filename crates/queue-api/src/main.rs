//! The binary: a table of contents. What each command does is in the library.

use std::io::Write;
use std::net::SocketAddr;

use anyhow::{Context, ensure};
use chassis::metrics::Metrics;
use chassis::{Clock, Dice, Outbound, Shutdown, health, telemetry};
use clap::Parser;
use queue_api::config::{Args, Command, ServeArgs};
use queue_api::{Deps, Listeners};
use secrecy::ExposeSecret;
use storage::{Migrate, Options, Store};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    match &args.command {
        None | Some(Command::Serve) => serve(&args).await,
        Some(Command::Migrate) => open(&args, Migrate::Run).await.map(drop),
        Some(Command::CreateToken { name, scopes }) => create_token(&args, name, scopes).await,
        Some(Command::Healthcheck) => Ok(health::ask(args.serve.listen).await?),
    }
}

async fn serve(args: &Args) -> anyhow::Result<()> {
    telemetry::init("queue-api", args.serve.log_format)?;
    let shutdown = Shutdown::on_signals()?;
    let config = args.serve.config()?;
    let deps = Deps {
        clock: Clock::system(),
        dice: Dice::from_os(),
        store: open(args, Migrate::Run).await?,
        worker: Outbound::network(&args.serve.worker_url).context("WORKER_URL")?,
        integration: Outbound::network(&args.serve.integration_url).context("INTEGRATION_URL")?,
    };
    queue_api::run(config, deps, listeners(&args.serve).await?, shutdown).await
}

async fn listeners(args: &ServeArgs) -> anyhow::Result<Listeners> {
    Ok(Listeners {
        couple: bind("QUEUE_API_LISTEN", args.listen).await?,
        inner: bind("QUEUE_API_INNER_LISTEN", args.inner_listen).await?,
        public: bind("QUEUE_API_PUBLIC_LISTEN", args.public_listen).await?,
        metrics: bind("QUEUE_API_METRICS_LISTEN", args.metrics_listen).await?,
        recorder: Metrics::install()?,
    })
}

async fn bind(variable: &str, address: SocketAddr) -> anyhow::Result<tokio::net::TcpListener> {
    let listener = tokio::net::TcpListener::bind(address).await;
    listener.with_context(|| format!("{variable}: cannot listen on {address}"))
}

async fn open(args: &Args, migrate: Migrate) -> anyhow::Result<Store> {
    let url = args.database_url.expose_secret();
    ensure!(
        !url.is_empty(),
        "DATABASE_URL is not set: sqlite://PATH or postgres://…"
    );
    let options = Options {
        migrate,
        ..Options::default()
    };
    Store::open(url, options)
        .await
        .context("the database cannot be opened")
}

async fn create_token(args: &Args, name: &str, scopes: &str) -> anyhow::Result<()> {
    let scopes = queue_api::parse_scopes(scopes)?;
    let store = open(args, Migrate::Refuse).await?;
    let now = Clock::system().now();
    let token = queue_api::create_token(&store, name, &scopes, now, &Dice::from_os()).await?;
    // standard output holds the token and nothing else, so that a script can keep it
    writeln!(std::io::stdout(), "{}", token.expose_secret())?;
    Ok(())
}
