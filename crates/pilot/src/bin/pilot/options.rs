//! The command line and its environment variables.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Parser;
use secrecy::SecretString;

/// Guides a person with two phones through a run of the whole system.
#[derive(Clone, Debug, Parser)]
#[command(version)]
pub(crate) struct Options {
    /// Where queue-api serves `/api/v1`.
    #[arg(long, env = "PILOT_API", default_value = "http://127.0.0.1:8080")]
    pub(crate) api: String,

    /// A token with the scopes read, enqueue and operate, made with `queue-api create-token`.
    #[arg(long, env = "PILOT_TOKEN", hide_env_values = true)]
    pub(crate) token: SecretString,

    /// The two sessions whose phones take part.
    #[arg(
        long,
        env = "PILOT_SESSIONS",
        value_delimiter = ',',
        default_value = "groom,bride"
    )]
    sessions: Vec<String>,

    /// Where the transcript is written.
    #[arg(long, default_value = "pilot-transcript.md")]
    pub(crate) transcript: PathBuf,

    /// Name of the person who makes the run; with it, a successful run with real accounts becomes a row of the document.
    #[arg(long, env = "PILOT_BY", default_value = "")]
    pub(crate) by: String,

    /// The document whose table tells what was verified.
    #[arg(long, default_value = "docs/waha.md")]
    pub(crate) document: PathBuf,
}

impl Options {
    pub(crate) fn sessions(&self) -> anyhow::Result<[String; 2]> {
        let two = self.sessions.clone().try_into().ok();
        two.context("--sessions: name two sessions, for example groom,bride")
    }
}
