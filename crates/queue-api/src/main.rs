//! The binary: a table of contents. What each command does is in the library.

use std::io::Write;
use std::net::SocketAddr;

use anyhow::{Context, ensure};
use chassis::metrics::Metrics;
use chassis::{Clock, Dice, Outbound, Shutdown, health, telemetry};
use clap::Parser;
use domain::ids::AccountId;
use domain::session::SessionName;
use queue_api::config::{Args, Command, ServeArgs};
use queue_api::{Deps, Listeners};
use secrecy::ExposeSecret;
use storage::{Actor, Migrate, Options, SealingKey, Store};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    match &args.command {
        None | Some(Command::Serve) => serve(&args).await,
        Some(Command::Migrate) => open(&args, Migrate::Run, None).await.map(drop),
        Some(Command::CreateToken {
            name,
            scopes,
            session,
        }) => create_token(&args, name, scopes, session.as_ref()).await,
        Some(Command::FirstAccountCode) => first_account_code(&args).await,
        Some(Command::PasswordLink { account }) => password_link(&args, account).await,
        Some(Command::RemoveAccount { account }) => remove_account(&args, account).await,
        Some(Command::RemoveSecondFactor { account }) => remove_second_factor(&args, account).await,
        Some(Command::Healthcheck) => Ok(health::ask(args.serve.listen).await?),
    }
}

async fn serve(args: &Args) -> anyhow::Result<()> {
    telemetry::init("queue-api", args.serve.log_format)?;
    let shutdown = Shutdown::on_signals()?;
    let config = args.serve.config()?;
    let key = args.serve.unknown_writers_key()?;
    let deps = Deps {
        clock: Clock::system(),
        dice: Dice::from_os(),
        store: open(args, Migrate::Run, Some(key)).await?,
        worker: Outbound::network(&args.serve.worker_url).context("WORKER_URL")?,
        integration: Outbound::network(&args.serve.integration_url).context("INTEGRATION_URL")?,
    };
    let listeners = listeners(&args.serve).await?;
    if let Some(code) = queue_api::new_first_code(&deps.store, deps.clock.now(), &deps.dice).await?
    {
        // for the person who starts it, not for a log: it makes the first account, within an hour
        let address = first_page(&args.serve, listeners.couple.local_addr()?);
        writeln!(
            std::io::stdout(),
            "The couple's page has no account yet: open {address} and use the code {code} within an hour."
        )?;
    }
    queue_api::run(config, deps, listeners, shutdown).await
}

/// Where the first account is made. The page answers at `PAGE_URL` and on loopback.
fn first_page(args: &ServeArgs, listening: SocketAddr) -> String {
    let on_loopback = || {
        let host = if listening.ip().is_loopback() {
            listening.to_string()
        } else {
            format!("localhost:{}", listening.port())
        };
        format!("http://{host}/first")
    };
    args.page_url.link("/first").unwrap_or_else(on_loopback)
}

async fn first_account_code(args: &Args) -> anyhow::Result<()> {
    let store = open(args, Migrate::Refuse, None).await?;
    let code = queue_api::new_first_code(&store, Clock::system().now(), &Dice::from_os()).await?;
    let code = code.context(
        "there is an account already: sign in with it, or make a link for a new password: `queue-api password-link`",
    )?;
    writeln!(std::io::stdout(), "{code}")?;
    Ok(())
}

async fn password_link(args: &Args, name: &str) -> anyhow::Result<()> {
    let store = open(args, Migrate::Refuse, None).await?;
    let account = account(&store, name).await?;
    let now = Clock::system().now();
    let path = queue_api::new_password_link(&store, account, now, &Dice::from_os()).await?;
    let link = args.serve.page_url.link(&path).unwrap_or(path);
    writeln!(std::io::stdout(), "{link}")?;
    Ok(())
}

async fn remove_account(args: &Args, name: &str) -> anyhow::Result<()> {
    let store = open(args, Migrate::Refuse, None).await?;
    let account = account(&store, name).await?;
    let actor = Actor::new("command line");
    let now = Clock::system().now();
    let removed = store.remove_account(account, &actor, now).await?;
    ensure!(
        removed,
        "it is the couple's last account while others have one: invite the other spouse first"
    );
    Ok(())
}

async fn remove_second_factor(args: &Args, name: &str) -> anyhow::Result<()> {
    let store = open(args, Migrate::Refuse, None).await?;
    let account = account(&store, name).await?;
    let actor = Actor::new("command line");
    let now = Clock::system().now();
    let removed = store.remove_second_factor(account, &actor, now).await?;
    ensure!(removed, "`{name}` has no second factor");
    Ok(())
}

async fn account(store: &Store, name: &str) -> anyhow::Result<AccountId> {
    let account = store.account_by_name(name).await?;
    let account = account.with_context(|| format!("nobody signs in as `{name}`"))?;
    Ok(account.id)
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

async fn open(
    args: &Args,
    migrate: Migrate,
    unknown_writers_key: Option<SealingKey>,
) -> anyhow::Result<Store> {
    let url = args.database_url.expose_secret();
    ensure!(
        !url.is_empty(),
        "DATABASE_URL is not set: sqlite://PATH or postgres://…"
    );
    let options = Options {
        migrate,
        unknown_writers_key,
        ..Options::default()
    };
    Store::open(url, options)
        .await
        .context("the database cannot be opened")
}

async fn create_token(
    args: &Args,
    name: &str,
    scopes: &str,
    session: Option<&SessionName>,
) -> anyhow::Result<()> {
    let scopes = queue_api::parse_scopes(scopes)?;
    let store = open(args, Migrate::Refuse, None).await?;
    if let Some(session) = session {
        let known = store.session(session).await?.is_some();
        ensure!(
            known,
            "there is no session `{session}`: it is one of WAHA_SESSIONS, once queue-api has started with it"
        );
    }
    let now = Clock::system().now();
    let token =
        queue_api::create_token(&store, name, &scopes, session, now, &Dice::from_os()).await?;
    // standard output holds the token and nothing else, so that a script can keep it
    writeln!(std::io::stdout(), "{}", token.expose_secret())?;
    Ok(())
}
