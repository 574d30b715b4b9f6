//! What each service keeps in memory.

use std::time::Duration;

use futures_util::future::try_join_all;
use serde_json::json;
use storage::testing::TestDatabase;

use crate::{
    report::{Line, Section},
    statistics::{highest, median},
    system::{Program, System, sessions},
};

const RUNS: usize = 3;
const AFTER: Duration = Duration::from_mins(1);
/// MB of 1,000,000 bytes.
const PROMISED: f64 = 25.0;

/// What one system had, in MB.
#[derive(Clone, Copy)]
struct Resident {
    queue_api: f64,
    worker: f64,
    integration: f64,
    queue_api_after_a_message: f64,
}

pub(super) async fn measure() -> anyhow::Result<Section> {
    let mut lines = Vec::new();
    let (mut sqlite, mut postgres) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let [one, other] = TestDatabase::each().await;
        sqlite.push(one);
        postgres.push(other);
    }
    for databases in [sqlite, postgres] {
        // side by side: each is alone in its memory
        let runs = try_join_all(databases.iter().map(on)).await?;
        lines.extend(lines_of(databases[0].kind(), &runs));
    }
    let how = format!(
        "All three services as `make run` starts them, but release builds: two sessions, both connected. \
         `VmRSS` a minute after everything was connected, in MB of 1,000,000 bytes; for queue-api once more after \
         a message was queued to a phone number. Median of {RUNS} systems that run side by side."
    );
    let title = "Resident memory a minute after the start";
    Ok(Section { title, how, lines })
}

/// One figure of a run, in MB.
type Figure = fn(&Resident) -> f64;

fn lines_of(kind: &str, runs: &[Resident]) -> Vec<Line> {
    let figures: [(&str, Figure); 4] = [
        ("queue-api", |run| run.queue_api),
        ("queue-api after a message", |run| {
            run.queue_api_after_a_message
        }),
        ("whatsapp-worker", |run| run.worker),
        ("whatsapp-integration", |run| run.integration),
    ];
    let line = |(name, figure): (&str, Figure)| {
        let values: Vec<f64> = runs.iter().map(figure).collect();
        Line {
            on: format!("{name}, {kind}"),
            promised: "under 25 MB",
            measured: format!("{:.1} MB (most {:.1})", median(&values), highest(&values)),
            holds: median(&values) < PROMISED,
        }
    };
    figures.map(line).into()
}

async fn on(database: &TestDatabase) -> anyhow::Result<Resident> {
    let system = System::start(database, sessions(2)?).await?;
    tokio::time::sleep(AFTER).await;
    let now = |program: &Program| program.resident_mb();
    let (queue_api, worker) = (now(&system.queue_api)?, now(&system.worker)?);
    let integration = now(&system.integration)?;
    let message = json!({ "session": "groom", "to": "+39 348 000 0001", "text": "Ciao!" });
    system.api.post("/messages", &message).await?;
    let resident = Resident {
        queue_api,
        worker,
        integration,
        queue_api_after_a_message: now(&system.queue_api)?,
    };
    system.stop().await?;
    Ok(resident)
}
