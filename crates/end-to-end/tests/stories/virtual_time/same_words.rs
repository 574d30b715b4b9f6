//! Two messages with the same words, on engines that let us choose no id: one copy on the phone never counts for both.

use std::time::Duration;

use serde_json::json;
use storage::testing::TestDatabase;
use waha_simulator::{Misbehaviour, Profile};

use super::{setup::Setup, system::System};

const ZIA: &str = "393470000001";

/// The first never reaches WhatsApp; the second does, and its event comes before its answer.
async fn the_first_stays_uncertain(profile: Profile) {
    let setup = Setup {
        profile,
        ..Setup::default()
    };
    let system = System::start(TestDatabase::sqlite().await, setup).await;
    let waha = system.waha("groom");
    waha.guest(ZIA).write("Ci siete?");
    tokio::time::sleep(Duration::from_secs(5)).await;
    let reply = json!({
        "session": "groom", "to": "+39 347 000 0001", "text": "Grazie!", "lane": "reply"
    });
    waha.misbehave(Misbehaviour::DropBeforeAccepting);
    let first = system.enqueue_with(reply.clone()).await;
    let five_minutes = Duration::from_mins(5);
    system.until(&first, "uncertain", five_minutes).await;
    let delay = Duration::from_secs(10);
    waha.misbehave(Misbehaviour::SlowToAnswer { delay });
    let second = system.enqueue_with(reply).await;
    system.until(&second, "sent", five_minutes).await;
    tokio::time::sleep(Duration::from_mins(30)).await;
    let phone = waha.phone(ZIA);
    let copies = phone.iter().filter(|message| message.text == "Grazie!");
    assert_eq!(copies.count(), 1);
    let first = system.message(&first).await;
    assert_eq!(first["status"], "uncertain", "{first:#}");
}

#[tokio::test(start_paused = true)]
async fn one_copy_of_two_messages_on_webjs() {
    the_first_stays_uncertain(Profile::Waha2026_10WebJs).await;
}

#[tokio::test(start_paused = true)]
async fn one_copy_of_two_messages_on_an_older_noweb() {
    the_first_stays_uncertain(Profile::Waha2026_4_1NoWeb).await;
}
