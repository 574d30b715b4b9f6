//! SIGKILL while guests see the account online: the integration that starts again takes it offline, without a worker.

use std::time::Duration;

use storage::testing::TestDatabase;
use tokio::time::{Instant, sleep};
use waha_simulator::{Misbehaviour, RecordedCall};

use super::{
    points::Point,
    system::{GUEST, System},
};

const REACHED_WITHIN: Duration = Duration::from_mins(1);
/// A start (up to a minute), the first try and three repetitions (1, 2 and 4 s).
const OFFLINE_WITHIN: Duration = Duration::from_secs(90);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_integration_killed_while_typing_leaves_nobody_online() {
    dies_online(Point::Typing).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_integration_killed_while_sending_leaves_nobody_online() {
    dies_online(Point::SendBeforeAccept).await;
}

/// The worker dies too: no later composition goes offline for the one that was killed.
async fn dies_online(point: Point) {
    let mut system = System::start(TestDatabase::sqlite().await).await;
    let mut held = point.hold(&system);
    system.enqueue("Ciao zia!").await;
    system.waha.guest(GUEST).write("Ciao, sono la zia");
    let reached = tokio::time::timeout(REACHED_WITHIN, held.reached()).await;
    assert!(reached.is_ok(), "{point:?} is not reached");

    system.worker.kill();
    system.integration.kill();
    held.release();
    let typing = |call: &RecordedCall| matches!(call, RecordedCall::TypingStarted { .. });
    system.waha.until_recorded(typing).await;
    assert!(system.waha.is_online(), "it died online");

    // WAHA refuses the first tries
    system.waha.misbehave(Misbehaviour::OfflineFails.times(2));
    let begun = Instant::now();
    system.integration.start_again();
    while system.waha.is_online() && begun.elapsed() < OFFLINE_WITHIN {
        sleep(Duration::from_millis(100)).await;
    }
    assert!(!system.waha.is_online(), "online after {OFFLINE_WITHIN:?}");
    let record = system.waha.record();
    let is_offline = |call: &RecordedCall| matches!(call, RecordedCall::Offline { .. });
    let since_offline = record.iter().rev().map(|entry| &entry.what);
    let typed_since = since_offline
        .take_while(|call| !is_offline(call))
        .any(typing);
    assert!(!typed_since, "typing was shown after going offline");
}
