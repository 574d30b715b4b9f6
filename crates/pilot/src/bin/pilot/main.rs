//! `make pilot`: the guided run in a terminal. It writes the transcript and, when asked to, the row in `docs/waha.md`.

#![expect(clippy::print_stdout, reason = "it talks with a person at a terminal")]

mod options;
mod terminal;

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use chassis::{Clock, Outbound};
use clap::Parser as _;
use pilot::{Api, Pilot, Transcript, with_row};

use self::options::Options;
use self::terminal::Terminal;

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    let options = Options::parse();
    let outbound = Outbound::network(options.api.as_str()).context("PILOT_API")?;
    let api = Api::new(outbound, options.token.clone());
    let sessions = options.sessions()?;
    println!(
        "This takes some fifteen minutes, in six steps. Have both phones at hand, with WhatsApp open. Ctrl-C ends it, and takes away \
         what it made."
    );
    let pilot = Pilot::new(&api, Terminal, sessions, Clock::system())?;
    let transcript = pilot.run(interrupted()).await;
    std::fs::write(&options.transcript, transcript.to_string())
        .with_context(|| format!("the transcript {}", options.transcript.display()))?;
    println!("\nThe transcript is in {}.", options.transcript.display());
    if !transcript.succeeded() {
        println!("A step failed: it says which, and what was seen instead.");
        return Ok(ExitCode::FAILURE);
    }
    let by = options.by.trim();
    if !by.is_empty() && terminal::agrees("Are both numbers real WhatsApp accounts?") {
        record(&options.document, &transcript, by)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Ends at the first Ctrl-C. The second ends the process.
async fn interrupted() {
    let _ = tokio::signal::ctrl_c().await;
    println!(
        "\nBroken off. Taking away what the run made: that may take some minutes. Ctrl-C again leaves it."
    );
    tokio::spawn(async {
        let _ = tokio::signal::ctrl_c().await;
        println!(
            "\nLeft behind: guests named “Pilot phone of …” and the announcement “Pilot run”. Erase the guests on the couple's \
             page, or run the pilot again: it begins with that."
        );
        std::process::exit(130);
    });
}

/// Keeps in the document that the server was verified with a real account.
fn record(document: &Path, transcript: &Transcript, by: &str) -> anyhow::Result<()> {
    let server = transcript
        .server()
        .context("nothing was recorded: the two servers differ or did not tell their release")?;
    let before = std::fs::read_to_string(document).context("the document")?;
    let after = with_row(&before, server, by, transcript.began().date_naive())?;
    std::fs::write(document, after).context("the document")?;
    println!(
        "Its row is in {}. `make test` names the sentences that the row makes untrue: change them, too.",
        document.display()
    );
    Ok(())
}
