//! The thinnest real path: a guest writes, a message is queued, and the guest's phone shows it once.

use std::time::Duration;

use storage::testing::TestDatabase;

use super::{setup::Setup, system::System};

#[tokio::test(start_paused = true)]
async fn a_message_to_a_guest_who_wrote_arrives_once() {
    let system = System::start(TestDatabase::sqlite().await, Setup::default()).await;
    let id = system
        .enqueue("groom", "+39 347 000 0001", "Ciao zia!")
        .await;
    assert_eq!(
        system.message(&id).await["wait"]["reason"],
        "guest_has_not_written"
    );
    system
        .waha("groom")
        .guest("393470000001")
        .write("Ciao, sono la zia");
    let sent = system.until(&id, "sent", Duration::from_mins(5)).await;
    let phone = system.waha("groom").phone("393470000001");
    let texts: Vec<&str> = phone.iter().map(|message| message.text.as_str()).collect();
    assert_eq!(texts, ["Ciao zia!"]);
    let phases: Vec<&str> = sent["timeline"]
        .as_array()
        .expect("a timeline")
        .iter()
        .filter_map(|event| event["phase"].as_str())
        .collect();
    assert!(phases.contains(&"typing"), "{phases:?}");
}

#[tokio::test(start_paused = true)]
async fn a_worker_that_is_stopped_and_started_sends_what_waited_once() {
    let mut system = System::start(TestDatabase::sqlite().await, Setup::default()).await;
    let id = system
        .enqueue("groom", "+39 347 000 0001", "Ciao zia!")
        .await;
    system.stop_worker().await;
    system
        .waha("groom")
        .guest("393470000001")
        .write("Ciao, sono la zia");
    tokio::time::sleep(Duration::from_mins(30)).await;
    assert_eq!(system.message(&id).await["status"], "pending");
    assert_eq!(system.waha("groom").phone("393470000001").len(), 0);
    system.start_worker();
    system.until(&id, "sent", Duration::from_mins(5)).await;
    assert_eq!(system.waha("groom").phone("393470000001").len(), 1);
}
