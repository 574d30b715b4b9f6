//! `make pilot`: the guided run in a terminal. It writes the transcript and, when asked to, the row in `docs/waha.md`.

#![expect(clippy::print_stdout, reason = "it talks with a person at a terminal")]

mod options;
mod terminal;

use std::path::Path;

use anyhow::{Context as _, bail};
use chassis::{Clock, Outbound};
use clap::Parser as _;
use pilot::{Api, Pilot, Transcript, with_row};

use self::options::Options;
use self::terminal::Terminal;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let outbound = Outbound::network(options.api.as_str()).context("PILOT_API")?;
    let api = Api::new(outbound, options.token.clone());
    let sessions = options.sessions()?;
    let pilot = Pilot::new(&api, Terminal, sessions, Clock::system())?;
    let transcript = pilot.run().await;
    std::fs::write(&options.transcript, transcript.to_string())
        .with_context(|| format!("the transcript {}", options.transcript.display()))?;
    println!("\nThe transcript is in {}.", options.transcript.display());
    if !transcript.succeeded() {
        bail!("a step failed: the transcript says which, and what was seen instead");
    }
    let by = options.by.trim();
    if !by.is_empty() && terminal::agrees("Are both numbers real WhatsApp accounts?") {
        record(&options.document, &transcript, by)?;
    }
    Ok(())
}

/// Keeps in the document that the server was verified with a real account.
fn record(document: &Path, transcript: &Transcript, by: &str) -> anyhow::Result<()> {
    let server = transcript
        .server()
        .context("nothing was recorded: the two servers differ or did not tell their release")?;
    let before = std::fs::read_to_string(document).context("the document")?;
    let after = with_row(&before, server, by, transcript.began().date_naive())?;
    std::fs::write(document, after).context("the document")?;
    println!("Its row is in {}.", document.display());
    Ok(())
}
