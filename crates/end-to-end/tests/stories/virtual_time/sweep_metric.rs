//! What the sweep wakes is a defect, and is counted as one.

use std::time::Duration;

use chassis::metrics::Metrics;
use storage::testing::TestDatabase;
use whatsapp_worker::Timings;

use super::{metrics::metric, setup::Setup, system::System};

/// The counter belongs to the process: where tests share one, the stories in `stuck` add to it.
async fn swept() -> u64 {
    metric("swept_messages_total").await.expect("the metric")
}

/// Far more messages than another story leaves to the sweep.
const STUCK: u64 = 40;

#[tokio::test(start_paused = true)]
async fn the_sweep_counts_what_it_woke() {
    // Before the first count: from then on it is kept.
    Metrics::install().expect("a recorder");
    let setup = Setup {
        timings: Timings::default(),
        ..Setup::default()
    };
    let system = System::start(TestDatabase::sqlite().await, setup).await;
    let before = swept().await;
    for _ in 0..STUCK {
        system.enqueue("groom", "+39 347 000 0001", "Ciao!").await;
    }
    let stuck = "UPDATE whatsapp_message_queue
                 SET due = 0, eligible_at = NULL, wait_reason = 'earlier_open', wait_ends = 'event:earlier_ends'";
    system.database.execute(stuck).await.expect("stuck");
    tokio::time::sleep(Duration::from_mins(31)).await;
    let woken = swept().await - before;
    assert!((STUCK..2 * STUCK).contains(&woken), "{woken} were counted");
}
