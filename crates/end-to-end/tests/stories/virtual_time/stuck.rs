//! At the end of every story: no message waits for what has happened already, and the sweep did not help.

use domain::Timestamp;
use storage::{Migrate, Options, Store, StuckMessage};

use super::system::System;

impl Drop for System {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let (url, now) = (self.database.url().to_owned(), self.clock.now());
        // The story's own runtime may be ending, and its clock may stand still.
        let looked = std::thread::spawn(move || stuck_messages(&url, now)).join();
        let stuck = looked.expect("a look at the queue");
        assert!(stuck.is_empty(), "nothing will look at these: {stuck:#?}");
    }
}

fn stuck_messages(url: &str, now: Timestamp) -> Vec<StuckMessage> {
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
        let stuck = store.stuck_messages(now).await.expect("an answer");
        store.close().await;
        stuck
    })
}
