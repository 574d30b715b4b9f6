//! A look into the database at the end of a scenario: no message waits for what has happened already.

use std::{thread, time::Duration};

use domain::Timestamp;
use storage::{Migrate, Options, Store};

const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// Called when a scenario ends: the runtime of the scenario may end too, and its clock may stand still.
///
/// `looks` is more than one where services are at work: a message may be stuck while a transaction that wakes it is open.
pub(crate) fn assert_nothing_is_stuck(
    url: &str,
    looks: u32,
    now: impl Fn() -> Timestamp + Send + 'static,
) {
    let url = url.to_owned();
    let looked = thread::spawn(move || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime")
            .block_on(assert_wakes(&url, looks, now));
    });
    looked.join().expect("nothing is stuck");
}

async fn assert_wakes(url: &str, looks: u32, now: impl Fn() -> Timestamp) {
    let options = Options {
        migrate: Migrate::Refuse,
        ..Options::default()
    };
    let store = Store::open(url, options).await.expect("the database");
    for look in 1..=looks {
        let stuck = store.stuck_messages(now()).await.expect("an answer");
        if stuck.is_empty() {
            break;
        }
        assert!(look < looks, "nothing will look at these: {stuck:#?}");
        tokio::time::sleep(LOOK_AGAIN).await;
    }
    store.close().await;
}
