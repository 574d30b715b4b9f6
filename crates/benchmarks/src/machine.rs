//! What the numbers were measured on.

use std::{fs, process::Command};

use anyhow::Context as _;
use chassis::Clock;
use storage::testing::TestDatabase;

/// This machine and what is built and run on it.
#[derive(Debug)]
pub(crate) struct Machine {
    facts: Vec<(&'static str, String)>,
}

impl Machine {
    /// Names and values, in the order in which they are shown.
    pub(crate) fn facts(&self) -> &[(&'static str, String)] {
        &self.facts
    }
}

/// Asks the system, the compiler, git and both databases.
pub(crate) async fn describe() -> anyhow::Result<Machine> {
    let cores = std::thread::available_parallelism()?;
    let memory = field("/proc/meminfo", "MemTotal")?;
    let mut facts = vec![
        ("date", Clock::system().now().format("%Y-%m-%d").to_string()),
        ("commit", commit()?),
        ("processor", field("/proc/cpuinfo", "model name")?),
        ("cores", cores.to_string()),
        ("memory", gibibytes(&memory)),
        ("system", said("uname", &["-sr"])?),
        ("compiler", said("rustc", &["--version"])?),
    ];
    for database in TestDatabase::each().await {
        let version = database.server_version().await?;
        facts.push((database.kind(), version));
    }
    Ok(Machine { facts })
}

/// The commit, and whether anything but the report itself was changed since.
fn commit() -> anyhow::Result<String> {
    let head = said("git", &["rev-parse", "--short=12", "HEAD"])?;
    let others = [
        "status",
        "--porcelain",
        "--",
        ":(top)",
        ":(top,exclude)docs/benchmarks.md",
    ];
    let changed = said("git", &others)?;
    Ok(if changed.is_empty() {
        head
    } else {
        format!("{head}, with changes")
    })
}

fn said(program: &str, args: &[&str]) -> anyhow::Result<String> {
    let output = Command::new(program).args(args).output();
    let output = output.with_context(|| format!("{program} cannot be asked"))?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The value of the first line of `file` that begins with `name`.
fn field(file: &str, name: &str) -> anyhow::Result<String> {
    let text = fs::read_to_string(file)
        .with_context(|| format!("{file} cannot be read: this needs Linux"))?;
    let line = text.lines().find(|line| line.starts_with(name));
    let value = line.and_then(|line| line.split_once(':'));
    Ok(value.map_or_else(
        || "unknown".to_owned(),
        |(_, value)| value.trim().to_owned(),
    ))
}

fn gibibytes(kibibytes: &str) -> String {
    let number = kibibytes.trim_end_matches(" kB").parse::<f64>();
    number.map_or_else(
        |_| kibibytes.to_owned(),
        |number| format!("{:.1} GiB", number / 1024.0 / 1024.0),
    )
}
