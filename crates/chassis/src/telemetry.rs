//! Logs. One line per event on standard output: JSON where a machine collects it, words where a
//! person reads it. Standard output, because logs are what a container has to say, and standard
//! error stays free for what comes before logging works and for the last words of a crash.

use std::fmt;
use std::io::IsTerminal;
use std::panic::PanicHookInfo;
use std::str::FromStr;

use anyhow::Context;
use tracing::{Event, Level, Metadata, Subscriber, error, level_filters::LevelFilter};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::fmt::format::{Format, Json, JsonFields, Writer};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt as _;

/// Who reads the logs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// A person.
    Human,
    /// A machine: one JSON object per line.
    Json,
}

impl LogFormat {
    /// For a person when standard output is a terminal, else for a machine.
    pub fn auto() -> Self {
        if std::io::stdout().is_terminal() {
            Self::Human
        } else {
            Self::Json
        }
    }
}

/// Not a log format.
#[derive(Debug, thiserror::Error)]
#[error("a log format is `human`, `json` or `auto`")]
pub struct UnknownLogFormat;

impl FromStr for LogFormat {
    type Err = UnknownLogFormat;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        match s {
            "human" => Ok(Self::Human),
            "json" => Ok(Self::Json),
            "auto" => Ok(Self::auto()),
            _ => Err(UnknownLogFormat),
        }
    }
}

/// Crates of ours, as targets of log lines: what they log holds no phone number, text or key.
const OURS: [&str; 7] = [
    "chassis",
    "domain",
    "queue_api",
    "storage",
    "waha",
    "whatsapp_integration",
    "whatsapp_worker",
];

/// Starts logging for this process: to be called once, first thing in `main`.
///
/// `RUST_LOG` chooses what is logged, `info` by default; an unreadable one is an error, as is a
/// second call. Whatever it says, dependencies log nothing below `info`: there they show addresses and bodies.
/// Every JSON line carries `service`.
pub fn init(service: &'static str, format: LogFormat) -> anyhow::Result<()> {
    let filter = EnvFilter::builder()
        .with_default_directive(LevelFilter::INFO.into())
        .from_env()
        .context("RUST_LOG is not a list of directives like `info,storage=debug`")?;
    let lines = tracing_subscriber::fmt::layer();
    let logger = tracing_subscriber::registry()
        .with(filter_fn(is_loggable))
        .with(filter);
    match format {
        LogFormat::Human => logger
            .with(lines.with_ansi(std::io::stdout().is_terminal()))
            .try_init(),
        LogFormat::Json => {
            let stamped = Stamped {
                service,
                inner: Format::default().json(),
            };
            let lines = lines.fmt_fields(JsonFields::new()).event_format(stamped);
            logger.with(lines).try_init()
        }
    }
    .map_err(|e| anyhow::anyhow!(e).context("logging was already started"))?;
    std::panic::set_hook(Box::new(log_panic));
    Ok(())
}

/// Whether a line of this kind may be logged at all.
fn is_loggable(metadata: &Metadata<'_>) -> bool {
    let of = metadata.target().split("::").next().unwrap_or_default();
    metadata.level() <= &Level::INFO || OURS.contains(&of)
}

/// A panic as a log line. Its text is shown only when it is a literal: a formatted one may hold
/// whatever was being worked on, a message or a phone number.
fn log_panic(panic: &PanicHookInfo<'_>) {
    let text = panic
        .payload()
        .downcast_ref::<&'static str>()
        .unwrap_or(&"(text withheld)");
    let place = panic.location().map(ToString::to_string);
    error!(panic.place = place, panic.text = text, "panicked");
}

/// JSON lines that begin with the name of the service.
struct Stamped {
    service: &'static str,
    inner: Format<Json>,
}

impl<S, N> FormatEvent<S, N> for Stamped
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut line = String::new();
        self.inner
            .format_event(context, Writer::new(&mut line), event)?;
        let rest = line.strip_prefix('{').ok_or(fmt::Error)?;
        write!(writer, "{{\"service\":\"{}\",{rest}", self.service)
    }
}

#[cfg(test)]
#[path = "../tests/unit/telemetry.rs"]
mod tests;
