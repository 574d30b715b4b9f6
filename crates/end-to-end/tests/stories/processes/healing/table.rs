//! What a scenario prints: one line for each fault.

use std::{collections::BTreeMap, fmt, time::Duration};

/// Counts by status and code.
pub(super) type Counts = BTreeMap<String, usize>;

/// One fault, what it made fail, and when each way of writing worked again.
pub(super) struct Line {
    pub(super) round: u64,
    pub(super) database: &'static str,
    pub(super) fault: String,
    /// How long it lasted.
    pub(super) lasted: Duration,
    /// Writes through the API that were refused.
    pub(super) refused: Counts,
    /// Webhooks with a guest's message that were refused.
    pub(super) webhooks: Counts,
    pub(super) healed: Healed,
    /// What happened to the database's server.
    pub(super) server: String,
}

/// After the end of a fault; none: not within the time that a scenario waits.
#[derive(Clone, Copy, Default)]
pub(super) struct Healed {
    /// The first write through the API was taken.
    pub(super) api: Option<Duration>,
    /// The first guest's message was taken.
    pub(super) webhook: Option<Duration>,
    /// The worker has written for both sessions.
    pub(super) worker: Option<Duration>,
}

pub(super) const HEAD: &str = "\
| round | database | fault | lasted s | API writes refused | webhooks refused | API writes after s | webhooks after s | worker after s | server |
| --: | --- | --- | --: | --- | --- | --: | --: | --: | --- |";

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = |time: Option<Duration>| {
            time.map_or_else(
                || "never".to_owned(),
                |time| format!("{:.1}", time.as_secs_f64()),
            )
        };
        write!(
            f,
            "| {} | {} | {} | {:.1} | {} | {} | {} | {} | {} | {} |",
            self.round,
            self.database,
            self.fault,
            self.lasted.as_secs_f64(),
            counts(&self.refused),
            counts(&self.webhooks),
            seconds(self.healed.api),
            seconds(self.healed.webhook),
            seconds(self.healed.worker),
            self.server,
        )
    }
}

fn counts(counts: &Counts) -> String {
    if counts.is_empty() {
        return "none".to_owned();
    }
    let parts = counts
        .iter()
        .map(|(code, times)| format!("{times} × {code}"));
    parts.collect::<Vec<_>>().join(", ")
}
