//! At the end of every scenario of processes and of the browser: no message waits for what has happened already.

use std::{thread, time::Duration};

use chassis::Clock;
use storage::{Migrate, Options, Store, StuckMessage};

use super::system::System;

/// The services are still at work: a message may be stuck for a moment, while a transaction that wakes it is open.
const LOOKS: u32 = 5;
const LOOK_AGAIN: Duration = Duration::from_secs(1);

impl System {
    /// Called when the scenario ends, whose own runtime may be ending too.
    pub(super) fn nothing_is_stuck(&self) {
        let url = self.database.url().to_owned();
        let looked = thread::spawn(move || still_stuck(&url)).join();
        let stuck = looked.expect("a look at the queue");
        assert!(stuck.is_empty(), "nothing will look at these: {stuck:#?}");
    }
}

fn still_stuck(url: &str) -> Vec<StuckMessage> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let options = Options {
            migrate: Migrate::Refuse,
            ..Options::default()
        };
        let store = Store::open(url, options).await.expect("the database");
        let mut stuck = Vec::new();
        for _ in 0..LOOKS {
            let now = Clock::system().now();
            stuck = store.stuck_messages(now).await.expect("an answer");
            if stuck.is_empty() {
                break;
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        store.close().await;
        stuck
    })
}
