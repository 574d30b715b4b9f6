//! Numbers for Prometheus, pulled at `GET /metrics`: on a listener of its own, never on the
//! public one (design §9). What is measured is named where it happens, with the `metrics` macros.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use axum::response::IntoResponse;
use axum::routing::get;
use http::header;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

/// From a fast database read to a send that WAHA holds for a minute (design §5).
const SECONDS: [f64; 13] = [
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0,
];

/// How often recorded samples are folded into their buckets when nobody scrapes.
const UPKEEP: Duration = Duration::from_secs(5);

/// A process has one recorder, however many services run in it, as in tests.
static INSTALLED: Mutex<Option<Metrics>> = Mutex::new(None);

/// The process's recorder.
#[derive(Clone, Debug)]
pub struct Metrics(PrometheusHandle);

impl Metrics {
    /// Installs the recorder, or finds the one installed before.
    ///
    /// Fails when something other than this function has installed one.
    pub fn install() -> anyhow::Result<Self> {
        let mut installed = INSTALLED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(metrics) = &*installed {
            return Ok(metrics.clone());
        }
        let handle = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)?
            .install_recorder()
            .context("another metrics recorder is installed in this process")?;
        let metrics = Self(handle);
        metrics.keep_up()?;
        *installed = Some(metrics.clone());
        Ok(metrics)
    }

    /// `GET /metrics` in Prometheus' text format.
    pub fn router(&self) -> Router {
        let handle = self.0.clone();
        let text = [(
            header::CONTENT_TYPE,
            "text/plain; version=0.0.4; charset=utf-8",
        )];
        Router::new().route(
            "/metrics",
            get(async move || (text, handle.render()).into_response()),
        )
    }

    /// On a thread and not on a runtime: the recorder outlives every runtime of a test process.
    fn keep_up(&self) -> anyhow::Result<()> {
        let handle = self.0.clone();
        std::thread::Builder::new()
            .name("metrics-upkeep".to_owned())
            .spawn(move || {
                loop {
                    std::thread::sleep(UPKEEP);
                    handle.run_upkeep();
                }
            })
            .context("no thread for the metrics")?;
        Ok(())
    }
}
