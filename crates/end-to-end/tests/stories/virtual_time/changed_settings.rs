//! The settings change while a claim decides by the older ones: only their version tells the worker.

use std::time::Duration;

use storage::testing::TestDatabase;

use super::{setup::Setup, system::System};

#[tokio::test(start_paused = true)]
async fn a_worker_that_sees_other_settings_looks_again_at_what_older_ones_made_wait() {
    let system = System::start(TestDatabase::sqlite().await, Setup::default()).await;
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
    // It changes the settings and wakes nothing, as when a claim read the older settings just before.
    let two = "UPDATE global_config SET unanswered = 2, version = version + 1";
    system.database.execute(two).await.expect("changed");
    system.until(&second, "sent", Duration::from_mins(90)).await;
}
