//! Each binary's own health check, which the containers are watched with.

use storage::testing::TestDatabase;

use super::system::System;

#[tokio::test]
async fn a_running_service_is_alive_and_a_killed_one_is_not() {
    let mut system = System::start(TestDatabase::sqlite().await).await;

    for program in [
        &mut system.queue_api,
        &mut system.integration,
        &mut system.worker,
    ] {
        assert!(program.is_alive().await, "{} is alive", program.name());
        program.kill();
        assert!(!program.is_alive().await, "{} is killed", program.name());
    }
}
