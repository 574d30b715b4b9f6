//! Deletes old history in small passes: the store says what, this module says when.
//!
//! Every worker does it. Two that do it at once delete different rows, because a pass steps over locked rows.

use std::time::Duration;

use storage::{Error, Pruned};

use crate::context::Context;

/// Rows removed, by table.
const PRUNED_ROWS: &str = "pruned_rows_total";

/// From the start to the first round: what the worker finds at its start comes first.
const FIRST: Duration = Duration::from_mins(10);
/// Between two rounds. What is removed is weeks old, so some hours more do not matter.
const EVERY: Duration = Duration::from_hours(6);
/// Between two passes of a round, so that a pass never delays a message by more than its own length.
const PAUSE: Duration = Duration::from_secs(1);
/// Passes of a round at most. Years of history from before an update are removed within days.
const PASSES: u32 = 200;

/// Prunes for as long as it is polled.
pub(crate) async fn prune(context: Context) {
    tokio::time::sleep(FIRST).await;
    loop {
        if let Err(error) = round(&context).await {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "old history is not pruned yet"
            );
        }
        tokio::time::sleep(EVERY).await;
    }
}

async fn round(context: &Context) -> Result<(), Error> {
    for _ in 0..PASSES {
        let (config, _) = context.store.config().await?;
        let pruned = context.store.prune(&config, context.clock.now()).await?;
        for one in &pruned {
            metrics::counter!(PRUNED_ROWS, "table" => one.what).increment(one.rows);
        }
        if !pruned.iter().any(Pruned::is_full) {
            return Ok(());
        }
        tokio::time::sleep(PAUSE).await;
    }
    Ok(())
}
