//! A message that an answer makes pointless is stopped by an answer in every phase before its commit, and nothing of it arrives.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use rstest::rstest;
use serde_json::json;
use storage::testing::TestDatabase;
use waha_simulator::{RecordedCall, Simulator, Step};

use super::{setup::Setup, system::System};

const ZIA: &str = "393470000001";

/// Where the composition is when the guest writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// The chat is being read; nothing is shown yet.
    Reading,
    /// Online, as if reading.
    Waiting,
    /// The dots are shown.
    Typing,
    /// The dots are gone, the button is not pressed yet.
    Pausing,
    /// All done but the commit, which waits for a moment that is seconds away.
    Ready,
}

/// Something the record shows so often already, and now once more.
async fn once_more(waha: &Simulator, before: usize, is_it: fn(&RecordedCall) -> bool) {
    let count = || {
        let record = waha.record();
        record.iter().filter(|entry| is_it(&entry.what)).count()
    };
    let mut changes = waha.changes();
    while count() <= before {
        changes.changed().await.expect("the simulator lives");
    }
}

/// Lets the composition come to `phase`, and the guest write in it.
async fn writes_in(system: &System, phase: Phase, not_before: DateTime<Utc>) {
    let waha = system.waha("groom");
    let writes = || waha.guest(ZIA).write("Non serve più");
    match phase {
        Phase::Reading => {
            let gate = waha.gate(Step::MessagesRead);
            gate.reached().await;
            writes();
            tokio::time::sleep(Duration::from_millis(200)).await;
            gate.release();
        }
        Phase::Waiting => {
            let online = |call: &RecordedCall| matches!(call, RecordedCall::Online { .. });
            once_more(waha, 0, online).await;
            tokio::time::sleep(Duration::from_millis(500)).await;
            writes();
        }
        Phase::Typing => {
            let typing = |call: &RecordedCall| matches!(call, RecordedCall::TypingStarted { .. });
            once_more(waha, 0, typing).await;
            tokio::time::sleep(Duration::from_secs(3)).await;
            writes();
        }
        Phase::Pausing => {
            let stopped = |call: &RecordedCall| matches!(call, RecordedCall::TypingStopped { .. });
            once_more(waha, 0, stopped).await;
            tokio::time::sleep(Duration::from_millis(100)).await;
            writes();
        }
        Phase::Ready => {
            let stopped = |call: &RecordedCall| matches!(call, RecordedCall::TypingStopped { .. });
            once_more(waha, 0, stopped).await;
            // The machine's clock goes back: when it is ready, the moment before which it must not go is seconds away again.
            let since = system.clock.now() - not_before;
            system.clock_steps.step(-since - TimeDelta::seconds(5));
            let id_asked = |call: &RecordedCall| matches!(call, RecordedCall::IdRequested { .. });
            once_more(waha, 0, id_asked).await;
            tokio::time::sleep(Duration::from_secs(1)).await;
            writes();
        }
    }
}

#[rstest]
#[tokio::test(start_paused = true)]
async fn an_answer_in_any_phase_stops_it_before_the_commit(
    #[values(
        Phase::Reading,
        Phase::Waiting,
        Phase::Typing,
        Phase::Pausing,
        Phase::Ready
    )]
    phase: Phase,
) {
    let system = System::start(TestDatabase::sqlite().await, Setup::default()).await;
    system.on_the_list("Zia Pina", ZIA).await;
    system.waha("groom").guest(ZIA).write("Ciao");
    tokio::time::sleep(Duration::from_mins(2)).await;
    let not_before = system.clock.now() + TimeDelta::minutes(2);
    let id = system
        .enqueue_with(json!({
            "session": "groom", "to": format!("+{ZIA}"), "text": "Ci siete? ".repeat(10), "drop_if_answered": true,
            "not_before": not_before,
        }))
        .await;
    writes_in(&system, phase, not_before).await;
    let wrote = system.world.now();
    let dropped = system.until(&id, "cancelled", Duration::from_secs(5)).await;
    assert_eq!(
        dropped["cancel_reason"], "answered",
        "{phase:?}: {dropped:#}"
    );
    assert!(dropped["committed_at"].is_null(), "{phase:?}: {dropped:#}");
    tokio::time::sleep(Duration::from_mins(30)).await;
    let waha = system.waha("groom");
    assert_eq!(waha.phone(ZIA), [], "{phase:?}");
    let record = waha.record();
    let late = record.iter().filter(|entry| entry.at > wrote);
    let mut shown = late.filter(|entry| {
        matches!(
            entry.what,
            RecordedCall::SendArrived { .. }
                | RecordedCall::TypingStarted { .. }
                | RecordedCall::Online { .. }
        )
    });
    assert_eq!(shown.next(), None, "{phase:?}: shown after the answer");
    // nobody watches somebody type who has nothing to say any more
    let presence = |call: &&RecordedCall| {
        matches!(
            call,
            RecordedCall::Online { .. } | RecordedCall::Offline { .. }
        )
    };
    let last = record.iter().map(|entry| &entry.what).rfind(presence);
    assert!(
        !matches!(last, Some(RecordedCall::Online { .. })),
        "{phase:?}: still online"
    );
}
