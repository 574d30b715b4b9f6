//! At the end of every story: no message waits for what has happened already, and the sweep did not help.

use std::time::Duration;

use storage::{Actor, testing::TestDatabase};
use whatsapp_worker::Timings;

use super::{setup::Setup, system::System};
use crate::stuck::assert_nothing_is_stuck;

impl Drop for System {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let now = self.clock.now();
            assert_nothing_is_stuck(self.database.url(), 1, move || now);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_sweep_wakes_what_nothing_else_would() {
    let setup = Setup {
        timings: Timings::default(),
        ..Setup::default()
    };
    let system = System::start(TestDatabase::sqlite().await, setup).await;
    let second = asleep_in_the_cool_down(&system).await;
    system.until(&second, "sent", Duration::from_mins(90)).await;
}

/// A message that waits for what happened already, while nothing else looks at it.
async fn asleep_in_the_cool_down(system: &System) -> String {
    let guest = system.waha("groom").guest("393470000001");
    guest.write("Ciao, sono la zia");
    let first = system.enqueue("groom", "+39 347 000 0001", "Ciao!").await;
    system.until(&first, "sent", Duration::from_mins(5)).await;
    // In the cool-down nothing looks at the second one.
    let second = system.enqueue("groom", "+39 347 000 0001", "Ciao!").await;
    tokio::time::sleep(Duration::from_mins(5)).await;
    let lost = "UPDATE whatsapp_message_queue
                SET due = 0, eligible_at = NULL, wait_reason = 'earlier_open', wait_ends = 'event:earlier_ends'
                WHERE status = 'pending'";
    system.database.execute(lost).await.expect("lost");
    second
}

/// A worker that never lives for half an hour sweeps too.
#[tokio::test(start_paused = true)]
async fn a_worker_sweeps_when_it_starts() {
    let setup = Setup {
        timings: Timings::default(),
        ..Setup::default()
    };
    let mut system = System::start(TestDatabase::sqlite().await, setup).await;
    let id = asleep_in_the_cool_down(&system).await;
    system.stop_worker().await;
    system.start_worker();
    tokio::time::sleep(Duration::from_secs(30)).await;
    let wait = &system.message(&id).await["wait"];
    assert_eq!(wait["reason"], "cool_down", "{wait}");
}

/// The worker before decided by the older settings, and was gone before it saw the new ones.
#[tokio::test(start_paused = true)]
async fn a_worker_that_starts_looks_again_at_what_older_settings_made_wait() {
    let mut system = System::start(TestDatabase::sqlite().await, Setup::default()).await;
    let guest = system.waha("groom").guest("393470000001");
    guest.write("Ciao, sono la zia");
    let first = system.enqueue("groom", "+39 347 000 0001", "Ciao!").await;
    system.until(&first, "sent", Duration::from_mins(5)).await;
    let one = "UPDATE global_config SET unanswered = 1, version = version + 1";
    system.database.execute(one).await.expect("changed");
    let second = system.enqueue("groom", "+39 347 000 0001", "Ciao!").await;
    tokio::time::sleep(Duration::from_mins(5)).await;
    let wait = system.message(&second).await["wait"]["reason"].clone();
    assert_eq!(wait, "unanswered_limit");
    system.stop_worker().await;
    let (mut config, version) = system.store.config().await.expect("settings");
    config.limits.unanswered = 2;
    let (person, now) = (Actor::new("anna"), system.clock.now());
    let changed = system.store.update_config(&config, version, &person, now);
    changed.await.expect("changed");
    system.start_worker();
    system.until(&second, "sent", Duration::from_mins(90)).await;
}
