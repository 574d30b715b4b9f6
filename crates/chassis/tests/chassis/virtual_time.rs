use std::time::Duration;

use chassis::virtual_time::Hold;
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep};

/// A thread, which the paused clock does not see, that answers after a moment of real time.
fn answer_from_a_thread() -> oneshot::Receiver<()> {
    let (sender, receiver) = oneshot::channel();
    std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(50));
        sender.send(())
    });
    receiver
}

#[tokio::test(start_paused = true)]
async fn held_time_waits_for_a_thread() {
    let started = Instant::now();
    let hold = Hold::new();

    tokio::select! {
        answer = answer_from_a_thread() => answer.expect("the thread answers"),
        () = sleep(Duration::from_hours(1)) => panic!("an hour went by in 50 ms"),
    }

    drop(hold);
    assert_eq!(started.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn released_time_runs_again() {
    let started = Instant::now();

    drop(Hold::new());
    sleep(Duration::from_hours(1)).await;

    assert_eq!(started.elapsed(), Duration::from_hours(1));
}

#[test]
fn without_a_runtime_it_does_nothing() {
    drop(Hold::new());
}
