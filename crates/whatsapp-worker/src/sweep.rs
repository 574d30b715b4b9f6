//! Looks for waiting messages that nothing else would ever wake, and wakes them (design §6, no wait without an end).
//!
//! It should find none: what it finds is a defect, and is told as one.

use storage::Error;

use crate::context::Context;

/// Messages that the sweep woke. 0 is what it should be.
const SWEPT_MESSAGES: &str = "swept_messages_total";

/// Sweeps for as long as it is polled.
pub(crate) async fn sweep(context: Context) {
    metrics::counter!(SWEPT_MESSAGES).absolute(0);
    let Some(every) = context.timings.sweep else {
        tracing::warn!(
            "waiting messages are never swept, because WORKER_SWEEP_MINUTES is 0; remove it outside of tests"
        );
        return std::future::pending().await;
    };
    loop {
        if let Err(error) = round(&context).await {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "waiting messages were not swept"
            );
        }
        tokio::time::sleep(every).await;
    }
}

async fn round(context: &Context) -> Result<(), Error> {
    let woken = context.store.sweep().await?;
    metrics::counter!(SWEPT_MESSAGES).increment(woken);
    if woken > 0 {
        tracing::error!(
            woken,
            "messages waited for what had happened already; they are looked at again"
        );
    }
    Ok(())
}
