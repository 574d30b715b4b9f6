//! A simulated WAHA as a program: its API on one address, the human side on another.
//! It never talks to WhatsApp; its guests are invented and exist only here.

mod guests;
mod options;
mod state_file;

use std::time::Duration;

use chassis::serve::serve;
use chassis::telemetry::{self, LogFormat};
use chassis::{Shutdown, Tasks};
use clap::Parser as _;
use tokio::net::TcpListener;

use self::options::Options;

/// How long requests in hand may take when the program stops.
const GRACE: Duration = Duration::from_secs(1);

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    telemetry::init("waha-simulator", LogFormat::auto())?;
    let options = Options::parse();
    let simulator = state_file::open(&options)?;
    let api = TcpListener::bind(options.listen).await?;
    let control = TcpListener::bind(options.control_listen).await?;

    let shutdown = Shutdown::on_signals()?;
    let tasks = Tasks::new(shutdown.clone());
    tasks.spawn(
        "api",
        serve(api, simulator.router(), shutdown.clone(), GRACE),
    );
    tasks.spawn(
        "control",
        serve(control, simulator.control_router(), shutdown.clone(), GRACE),
    );
    tasks.spawn(
        "guests",
        guests::live(simulator.clone(), options.clone(), shutdown.clone()),
    );
    tasks.spawn(
        "memory",
        state_file::keep(simulator, options.state_file, shutdown),
    );
    tasks.finish(2 * GRACE).await
}
