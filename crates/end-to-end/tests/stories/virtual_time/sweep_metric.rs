//! What the sweep wakes is a defect, and is counted as one.

use std::time::Duration;

use axum::body::Body;
use chassis::metrics::Metrics;
use http::Request;
use http_body_util::BodyExt as _;
use storage::testing::TestDatabase;
use tower::ServiceExt as _;
use whatsapp_worker::Timings;

use super::{setup::Setup, system::System};

/// The count as Prometheus would read it. It is the process's, and the sweep of the story in `stuck` wakes one.
async fn swept() -> u64 {
    let metrics = Metrics::install().expect("a recorder");
    let request = Request::get("/metrics").body(Body::empty());
    let answer = metrics.router().oneshot(request.expect("a request")).await;
    let body = answer.expect("an answer").into_body();
    let bytes = body.collect().await.expect("a body").to_bytes();
    let text = String::from_utf8(bytes.to_vec()).expect("text");
    let mut lines = text.lines();
    let value = lines.find_map(|line| line.strip_prefix("swept_messages_total "));
    value.expect("the metric").parse().expect("a number")
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
