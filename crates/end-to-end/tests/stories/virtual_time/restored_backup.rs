//! The database was restored from a backup while the integration ran on, and has served newer epochs than the database knows.

use std::time::Duration;

use storage::{RESTORED_BACKUP, testing::TestDatabase};

use super::{setup::Setup, system::System};

async fn paused_by(system: &System) -> Vec<Option<String>> {
    let rows = system.store.sessions().await.expect("sessions");
    rows.into_iter().map(|row| row.paused_by).collect()
}

#[tokio::test(start_paused = true)]
async fn all_sessions_are_paused_and_go_on_when_a_person_resumes_them() {
    let mut system = System::start(TestDatabase::sqlite().await, Setup::default()).await;
    for _ in 0..3 {
        system.stop_worker().await;
        system.start_worker();
        tokio::time::sleep(Duration::from_mins(2)).await;
    }
    system.stop_worker().await;
    let id = system.enqueue("groom", "+39 347 000 0001", "Ciao!").await;
    let older = "UPDATE whatsapp_session_status SET lease_epoch = 1, lease_owner = NULL, lease_expires_at = NULL";
    system.database.execute(older).await.expect("restored");
    system.start_worker();
    let guest = system.waha("groom").guest("393470000001");
    guest.write("Ciao, sono la zia");
    tokio::time::sleep(Duration::from_mins(5)).await;
    let restored = Some(RESTORED_BACKUP.to_owned());
    assert_eq!(paused_by(&system).await, [restored.clone(), restored]);
    assert_eq!(system.message(&id).await["status"], "pending");
    for name in ["groom", "bride"] {
        system.control(name, "resume").await;
    }
    assert_eq!(paused_by(&system).await, [None, None]);
    system.until(&id, "sent", Duration::from_mins(5)).await;
}
