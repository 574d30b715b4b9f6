//! What is kept of a run.

use std::fmt;
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::failure::Failure;

/// WAHA, as a session told it: `2026.10.1` and `GOWS`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// The release: digits and dots.
    pub release: String,
    /// The engine: capital letters.
    pub engine: String,
}

impl Server {
    /// Reads what the API tells of a session's server; `None` when it is not a release and an engine.
    pub(crate) fn parse(server: &str) -> Option<Self> {
        let (release, engine) = server.split_once(' ')?;
        let digits = release.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        let capitals = engine.bytes().all(|b| b.is_ascii_uppercase());
        (digits && capitals && release.contains('.') && release.len() <= 12).then(|| Self {
            release: release.to_owned(),
            engine: engine.to_owned(),
        })
    }
}

/// The steps of a run, in order.
#[derive(Debug)]
pub struct Transcript {
    began: DateTime<Utc>,
    server: Option<Server>,
    steps: Vec<Step>,
}

#[derive(Debug)]
struct Step {
    name: &'static str,
    took: Duration,
    outcome: Result<&'static str, Failure>,
}

impl Transcript {
    pub(crate) const fn new(began: DateTime<Utc>) -> Self {
        Self {
            began,
            server: None,
            steps: Vec::new(),
        }
    }

    pub(crate) fn learn_server(&mut self, server: Server) {
        self.server = Some(server);
    }

    pub(crate) fn push(
        &mut self,
        name: &'static str,
        took: Duration,
        outcome: Result<&'static str, Failure>,
    ) {
        self.steps.push(Step {
            name,
            took,
            outcome,
        });
    }

    /// Whether every step succeeded.
    pub fn succeeded(&self) -> bool {
        self.steps.iter().all(|step| step.outcome.is_ok())
    }

    /// When the run began.
    pub const fn began(&self) -> DateTime<Utc> {
        self.began
    }

    /// The server of both sessions; `None` when they differ, or when it was not told.
    pub const fn server(&self) -> Option<&Server> {
        self.server.as_ref()
    }

    /// The outcome of the newest step, for a terminal.
    pub(crate) fn last_line(&self) -> String {
        let outcome = self.steps.last().map(|step| match &step.outcome {
            Ok(detail) => format!("✓ {detail} ({} s)", step.took.as_secs()),
            Err(failure) => format!("✗ {failure} ({} s)", step.took.as_secs()),
        });
        outcome.unwrap_or_default()
    }
}

/// As Markdown, to be kept or sent to the maintainers.
impl fmt::Display for Transcript {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "# Pilot run of {}\n", self.began.format("%Y-%m-%d"))?;
        match &self.server {
            Some(server) => writeln!(f, "WAHA {} {}\n", server.release, server.engine)?,
            None => writeln!(f, "WAHA did not tell its release, or both differ\n")?,
        }
        writeln!(f, "| step | result | seconds |\n| --- | --- | --- |")?;
        self.steps.iter().try_for_each(|step| writeln!(f, "{step}"))
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.took.as_secs();
        match &self.outcome {
            Ok(detail) => write!(f, "| {} | {detail} | {seconds} |", self.name),
            Err(failure) => write!(f, "| {} | FAILED: {failure} | {seconds} |", self.name),
        }
    }
}
