//! `make bench`: what the product promises of its speed and size, measured on this machine, as a table.
//!
//! Not a test: nothing fails when a number is high, it is printed as not held. The services measured as processes are the
//! release binaries next to this one; what is measured inside this process is the same library code.

mod machine;
mod measurements;
mod report;
mod statistics;
mod system;

use std::{io::Write as _, path::PathBuf};

use anyhow::Context as _;
use clap::Parser;

use measurements::Measurement;
use report::Report;

/// Measures what the product promises of its speed and size.
#[derive(Debug, Parser)]
#[command(version)]
struct Args {
    /// Only these, separated by commas; all of them when nothing is said.
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Measurement>,
    /// Where to keep the report as Markdown. Without it, the report is only printed.
    #[arg(long)]
    keep: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let mut report = Report::new(machine::describe().await?);
    for measurement in Measurement::chosen(&args.only) {
        say(&format!("measuring: {}…", measurement.what()))?;
        let section = measurement.run().await;
        let section = section.with_context(|| measurement.what().to_owned())?;
        say(&report::table(&section))?;
        report.add(section);
    }
    if let Some(path) = args.keep {
        std::fs::write(&path, report.markdown())
            .with_context(|| format!("cannot write {}", path.display()))?;
        say(&format!("kept in {}", path.display()))?;
    }
    Ok(())
}

fn say(text: &str) -> std::io::Result<()> {
    writeln!(std::io::stdout(), "{text}")
}
