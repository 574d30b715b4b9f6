//! The simulator's memory in a file: read at the start, written after changes, replaced whole.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use chassis::{Clock, Dice, Shutdown};
use waha_simulator::Simulator;

use crate::options::Options;

/// Changes come in crowds; they are written together.
const CROWD: Duration = Duration::from_millis(200);

/// The simulator as it was when the file was written, or a new one.
pub(crate) fn open(options: &Options) -> anyhow::Result<Simulator> {
    let (config, clock, dice) = (options.config(), Clock::system(), Dice::from_os());
    let Some(path) = options.state_file.as_deref().filter(|path| path.exists()) else {
        return Ok(Simulator::new(config, clock, dice));
    };
    let text = fs::read(path).context("the state file cannot be read")?;
    let snapshot = serde_json::from_slice(&text).context("the state file is damaged")?;
    Ok(Simulator::resume(config, clock, dice, snapshot))
}

/// Writes the memory whenever it changed, and once more at the end.
pub(crate) async fn keep(
    simulator: Simulator,
    path: Option<PathBuf>,
    shutdown: Shutdown,
) -> anyhow::Result<()> {
    let Some(path) = path else { return Ok(()) };
    let mut changes = simulator.changes();
    while !shutdown.is_cancelled() {
        tokio::select! {
            _ = changes.changed() => tokio::time::sleep(CROWD).await,
            () = shutdown.cancelled() => {}
        }
        changes.mark_unchanged();
        write(&simulator, &path)?;
    }
    Ok(())
}

fn write(simulator: &Simulator, path: &Path) -> anyhow::Result<()> {
    let text = serde_json::to_vec(&simulator.snapshot())?;
    let draft = path.with_extension("new");
    fs::write(&draft, text).context("the state file cannot be written")?;
    fs::rename(&draft, path).context("the state file cannot be replaced")
}
