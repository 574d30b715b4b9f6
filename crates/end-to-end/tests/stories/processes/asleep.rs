//! Two workers on PostgreSQL: one falls asleep (SIGSTOP) in the middle of a send, the other takes over, the first wakes
//! up. Nothing goes out late, and "send again" cannot race the sleeper.

use std::time::Duration;

use http::StatusCode;
use storage::testing::TestDatabase;

use super::{
    gates::{Place, WireGate},
    person::settle,
    program::Program,
    system::{GUEST, System},
};

const TEXT: &str = "Ciao zia!";
const NEXT: &str = "A presto!";
const COMPOSED_WITHIN: Duration = Duration::from_mins(1);
/// A lease's end, then a whole send.
const TAKEN_OVER_WITHIN: Duration = Duration::from_mins(2);
/// The worker looks after its session every second.
const LOCKED_WITHIN: Duration = Duration::from_secs(9);

/// A system whose worker has a message in its hands.
struct InHand {
    system: System,
    message: String,
    held: WireGate,
}

/// The same while that worker sleeps, and a second one has just started.
struct Asleep {
    // ended first: its log is in the system's folder
    second: Program,
    held: WireGate,
    message: String,
    system: System,
}

impl InHand {
    async fn at(place: Place) -> Self {
        let system = System::start(TestDatabase::postgres().await).await;
        let held = system.gates.place(place);
        let message = system.enqueue(TEXT).await;
        system.waha.guest(GUEST).write("Ciao, sono la zia");
        let reached = tokio::time::timeout(COMPOSED_WITHIN, held.reached()).await;
        assert!(reached.is_ok(), "{place:?} is not reached");
        Self {
            system,
            message,
            held,
        }
    }

    /// The worker falls asleep inside a transaction: it waits there for the session's row, which somebody else holds,
    /// and gets it in its sleep.
    async fn falls_asleep_inside_a_transaction(&self) {
        let database = &self.system.database;
        let somebody_else = database.execute(
            "SELECT pg_sleep(10)
             FROM (SELECT name FROM whatsapp_session_status FOR UPDATE) AS held",
        );
        let falls_asleep = async {
            until_counted(database, "wait_event_type = 'Lock'").await;
            self.system.worker.fall_asleep();
        };
        let (held, ()) = tokio::join!(somebody_else, falls_asleep);
        held.expect("a lock");
        until_counted(database, "state = 'idle in transaction'").await;
    }

    async fn taken_over_from(self, status: &str) -> Asleep {
        let row = self.system.message(&self.message).await;
        assert_eq!(row["status"], status);
        Asleep {
            second: self.system.second_worker(),
            held: self.held,
            message: self.message,
            system: self.system,
        }
    }
}

async fn asleep_at(place: Place, status: &str) -> Asleep {
    let in_hand = InHand::at(place).await;
    in_hand.system.worker.fall_asleep();
    in_hand.taken_over_from(status).await
}

/// Waits until some connection of a worker to this database is in that state: queue-api waits for the session's row too.
async fn until_counted(database: &TestDatabase, state: &str) {
    let count = format!(
        "SELECT CAST(count(*) AS BIGINT) AS value FROM pg_stat_activity
         WHERE datname = current_database() AND application_name = 'whatsapp-worker' AND {state}"
    );
    let counted = async {
        while database.ints(&count).await == [Some(0)] {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let counted = tokio::time::timeout(LOCKED_WITHIN, counted).await;
    assert!(counted.is_ok(), "no connection is in the state {state}");
}

impl Asleep {
    /// The sleeper reads what was held for it, wakes up, and proves that it is through with the past by sending the
    /// next message, after the second worker has gone home.
    async fn wakes_up(&mut self) {
        self.held.release();
        self.system.worker.wake_up();
        self.second.stop().await;
        let next = self.system.enqueue(NEXT).await;
        self.system.until(&next, &["sent"], TAKEN_OVER_WITHIN).await;
        self.system.worker.must_run();
    }

    async fn both_arrived_once(&self) {
        assert_eq!((self.system.shown(TEXT), self.system.shown(NEXT)), (1, 1));
        let sent = |text: &str| ("sent".to_owned(), text.to_owned());
        assert_eq!(self.system.rows().await, [sent(TEXT), sent(NEXT)]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_that_slept_before_its_commit_commits_nothing() {
    let mut asleep = asleep_at(Place::ReadyLine, "composing").await;
    let (system, message) = (&asleep.system, &asleep.message);
    system.until(message, &["sent"], TAKEN_OVER_WITHIN).await;
    assert_eq!(system.shown(TEXT), 1);
    asleep.wakes_up().await;
    asleep.both_arrived_once().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_slept_after_its_commit_is_not_made_late() {
    let mut asleep = asleep_at(Place::SendRequest, "sending").await;
    let (system, message) = (&asleep.system, &asleep.message);
    let (status, answer) = settle(system, message, "send_again").await;
    assert_eq!(
        (status, &answer["code"]),
        (StatusCode::CONFLICT, &"not_uncertain".into())
    );
    // the integration knows that it was never called: no person is needed
    system.until(message, &["sent"], TAKEN_OVER_WITHIN).await;
    assert_eq!(system.shown(TEXT), 1);
    asleep.wakes_up().await;
    asleep.both_arrived_once().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_that_slept_inside_a_transaction_keeps_nobody_from_taking_over() {
    let in_hand = InHand::at(Place::SendRequest).await;
    in_hand.falls_asleep_inside_a_transaction().await;
    let mut asleep = in_hand.taken_over_from("sending").await;
    let (system, message) = (&asleep.system, &asleep.message);
    system.until(message, &["sent"], TAKEN_OVER_WITHIN).await;
    assert_eq!(system.shown(TEXT), 1);
    asleep.wakes_up().await;
    asleep.both_arrived_once().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn send_again_cannot_race_a_call_that_sleeps() {
    let mut asleep = asleep_at(Place::SendRequest, "sending").await;
    // nobody knows any more whether the call was made
    asleep.system.integration.kill();
    asleep.system.integration.start_again();
    let (system, message) = (&asleep.system, &asleep.message);
    let row = system
        .until(message, &["uncertain"], TAKEN_OVER_WITHIN)
        .await;
    let refusals = send_again_when_it_may_be(system, message).await;
    assert!(
        refusals > 0,
        "send again was taken while the call could still be made: {row:#}"
    );
    // the sleeping call reaches the integration while the second one is composed
    asleep.held.release();
    system.until(message, &["sent"], TAKEN_OVER_WITHIN).await;
    asleep.wakes_up().await;
    asleep.both_arrived_once().await;
}

/// Asks every second; how often it was refused, always because a call can still be running.
async fn send_again_when_it_may_be(system: &System, message: &str) -> u32 {
    for refusals in 0..120 {
        let (status, answer) = settle(system, message, "send_again").await;
        if status == StatusCode::OK {
            return refusals;
        }
        assert_eq!(
            (status, &answer["code"]),
            (StatusCode::CONFLICT, &"call_still_running".into())
        );
        assert_eq!(system.shown(TEXT), 0, "the call was made late");
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    panic!("send again is refused for ever");
}
