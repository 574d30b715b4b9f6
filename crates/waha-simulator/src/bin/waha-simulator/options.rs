//! The command line and its environment variables.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;
use waha_simulator::{AutoAcks, Owner, Profile, SimulatorConfig};

/// From a QR being shown until it is scanned, with `--paired`.
const SCANNING: Duration = Duration::from_secs(2);

/// A simulated WAHA. Nothing it is told ever reaches WhatsApp.
#[derive(Clone, Debug, Parser)]
#[command(version)]
pub(crate) struct Options {
    /// Where WAHA's API listens.
    #[arg(long, env = "WAHA_SIMULATOR_LISTEN", default_value = "127.0.0.1:3000")]
    pub(crate) listen: SocketAddr,

    /// Where the human side (/control/…) listens.
    #[arg(
        long,
        env = "WAHA_SIMULATOR_CONTROL_LISTEN",
        default_value = "127.0.0.1:3001"
    )]
    pub(crate) control_listen: SocketAddr,

    /// The key callers must send.
    #[arg(long, env = "WAHA_API_KEY", hide_env_values = true)]
    api_key: String,

    /// Version and engine: 2026.4.1-noweb, 2026.8-gows, 2026.10-noweb, 2026.10-webjs, 2026.10-gows.
    #[arg(long, env = "WAHA_SIMULATOR_PROFILE", default_value = "2026.10-gows")]
    profile: Profile,

    /// The session the human side belongs to.
    #[arg(long, env = "WAHA_SIMULATOR_SESSION", default_value = "default")]
    session: String,

    /// The own number: digits, country code first.
    #[arg(
        long,
        env = "WAHA_SIMULATOR_OWN_NUMBER",
        default_value = "393331112222"
    )]
    own_number: String,

    /// The own name.
    #[arg(long, env = "WAHA_SIMULATOR_OWN_NAME", default_value = "Sposo")]
    own_name: String,

    /// The own hidden id: digits.
    #[arg(
        long,
        env = "WAHA_SIMULATOR_OWN_LID",
        default_value = "111222333444555"
    )]
    own_lid: String,

    /// A QR that is shown is scanned by itself shortly after.
    #[arg(long, env = "WAHA_SIMULATOR_PAIRED")]
    paired: bool,

    /// These numbers write at every start, once the session works and somebody listens to it.
    #[arg(long, env = "WAHA_SIMULATOR_GUESTS_WRITE", value_delimiter = ',')]
    pub(crate) guests_write: Vec<String>,

    /// Those guests answer what they get after this many seconds; without it they never do.
    #[arg(long, env = "WAHA_SIMULATOR_GUESTS_ANSWER_AFTER")]
    pub(crate) guests_answer_after: Option<u64>,

    /// Guests read what they get this many seconds after it was sent; without it they never do.
    #[arg(long, env = "WAHA_SIMULATOR_GUESTS_READ_AFTER")]
    guests_read_after: Option<u64>,

    /// Multiplies WAHA's own waits (QR lifetime, stopping, holding, retries).
    #[arg(long, env = "WAHA_SIMULATOR_TIME_SCALE", default_value_t = 1.0)]
    time_scale: f64,

    /// Remembers across restarts in this file, which holds message texts.
    #[arg(long, env = "WAHA_SIMULATOR_STATE_FILE")]
    pub(crate) state_file: Option<PathBuf>,
}

impl Options {
    /// The simulator these options describe.
    pub(crate) fn config(&self) -> SimulatorConfig {
        let mut config = SimulatorConfig::new(self.profile, &self.api_key);
        config.session.clone_from(&self.session);
        config.owner = Owner {
            number: self.own_number.clone(),
            name: self.own_name.clone(),
            lid: self.own_lid.clone(),
        };
        config.time_scale = self.time_scale;
        config.scans_itself_after = self.paired.then_some(SCANNING);
        config.auto_acks = AutoAcks {
            read: self.guests_read_after.map(Duration::from_secs),
            ..AutoAcks::default()
        };
        config
    }
}
