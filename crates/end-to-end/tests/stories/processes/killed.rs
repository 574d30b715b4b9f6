//! Never twice, never lost: SIGKILL at every point of a send, of the worker and of the integration, on both databases.
//! The guest's phone shows the message once, and the row ends `sent`.

use std::time::Duration;

use storage::testing::TestDatabase;
use tokio::task::JoinSet;

use super::{
    person::{Asked, bring_to_its_end},
    points::Point,
    system::{GUEST, System},
};

const TEXT: &str = "Ciao zia!";
/// From the guest's word to any point; a composition takes some seconds.
const REACHED_WITHIN: Duration = Duration::from_mins(1);

/// Who dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Victim {
    Worker,
    Integration,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_worker_dies_at_every_step_on_sqlite() {
    dies_at_every_step(Victim::Worker, TestDatabase::sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_worker_dies_at_every_step_on_postgres() {
    dies_at_every_step(Victim::Worker, TestDatabase::postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_integration_dies_at_every_step_on_sqlite() {
    dies_at_every_step(Victim::Integration, TestDatabase::sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_integration_dies_at_every_step_on_postgres() {
    dies_at_every_step(Victim::Integration, TestDatabase::postgres).await;
}

/// All points at once, each in a system of its own: most of the time is waiting for leases to end.
async fn dies_at_every_step<D>(victim: Victim, database: impl Fn() -> D)
where
    D: Future<Output = TestDatabase>,
{
    let mut points = JoinSet::new();
    for point in Point::ALL {
        points.spawn(dies(victim, point, database().await));
    }
    // one that fails has said why by itself, and the others are told to their end
    let stories = points.len();
    let mut ended = Vec::new();
    while let Some(story) = points.join_next().await {
        ended.extend(story);
    }
    assert_eq!(ended.len(), stories, "stories that hold");
    // the slowest story took minutes: whatever was late in the others has come by now
    for (point, system) in &ended {
        is_there_once(*point, system).await;
    }
}

async fn dies(victim: Victim, point: Point, database: TestDatabase) -> (Point, System) {
    let mut system = System::start(database).await;
    let mut held = point.hold(&system);
    let id = system.enqueue(TEXT).await;
    system.waha.guest(GUEST).write("Ciao, sono la zia");
    let reached = tokio::time::timeout(REACHED_WITHIN, held.reached()).await;
    let row = system.message(&id).await;
    assert!(reached.is_ok(), "{point:?} is not reached: {row:#}");
    let status = row["status"].as_str().unwrap_or_default();
    assert!(point.row_is().contains(&status), "{status} at {point:?}");

    let program = match victim {
        Victim::Worker => &mut system.worker,
        Victim::Integration => &mut system.integration,
    };
    program.kill();
    held.release();
    program.start_again();

    let asked = bring_to_its_end(&system, &id, TEXT).await;
    assert!(
        may_ask(victim, point).contains(&asked),
        "{asked:?} after {point:?}"
    );
    is_there_once(point, &system).await;
    (point, system)
}

/// What only a person can know: whether a call arrived whose caller died before the answer, and which the chat does
/// not show.
const fn may_ask(victim: Victim, point: Point) -> &'static [Asked] {
    match (victim, point) {
        // the line may be read or not before the connection breaks
        (Victim::Integration, Point::ReadyBeforeCommit) => &[Asked::Nothing, Asked::SendAgain],
        (Victim::Integration, Point::CommittedBeforeCall) => &[Asked::SendAgain],
        _ => &[Asked::Nothing],
    }
}

async fn is_there_once(point: Point, system: &System) {
    assert_eq!(
        system.shown(TEXT),
        1,
        "what the phone shows after {point:?}"
    );
    let rows = [("sent".to_owned(), TEXT.to_owned())];
    assert_eq!(system.rows().await, rows, "the queue after {point:?}");
}
