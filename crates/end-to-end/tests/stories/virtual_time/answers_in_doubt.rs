//! Answers that prove nothing, events before answers, equal texts typed by hand: each ends right, and nothing arrives twice.

use std::time::Duration;

use http::{Method, StatusCode};
use serde_json::json;
use storage::testing::TestDatabase;
use waha_simulator::Misbehaviour;

use super::{setup::Setup, system::System};

const ZIA: &str = "393470000001";

async fn system_with(misbehaviour: Option<Misbehaviour>) -> (System, String) {
    let system = System::start(TestDatabase::sqlite().await, Setup::default()).await;
    if let Some(misbehaviour) = misbehaviour {
        system.waha("groom").misbehave(misbehaviour);
    }
    let id = system
        .enqueue("groom", "+39 347 000 0001", "Ciao zia!")
        .await;
    system.waha("groom").guest(ZIA).write("Ciao");
    (system, id)
}

fn arrived(system: &System) -> usize {
    system
        .waha("groom")
        .phone(ZIA)
        .iter()
        .filter(|message| message.text == "Ciao zia!")
        .count()
}

/// Nothing of ours is counted as typed by hand.
async fn hand_typed(system: &System) -> i64 {
    let count = system
        .database
        .ints("SELECT CAST(count(*) AS BIGINT) AS value FROM conversation_message WHERE origin IN ('phone', 'parked')")
        .await;
    count[0].unwrap_or_default()
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_comes_after_the_event_and_late_is_still_ours() {
    let (system, id) = system_with(Some(Misbehaviour::SlowToAnswer {
        delay: Duration::from_secs(40),
    }))
    .await;
    system.until(&id, "sent", Duration::from_mins(5)).await;
    tokio::time::sleep(Duration::from_mins(5)).await;
    assert_eq!((arrived(&system), hand_typed(&system).await), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn a_201_after_our_timeout_ends_as_sent() {
    let (system, id) = system_with(Some(Misbehaviour::SlowToAnswer {
        delay: Duration::from_secs(90),
    }))
    .await;
    system.until(&id, "sent", Duration::from_mins(20)).await;
    tokio::time::sleep(Duration::from_mins(5)).await;
    assert_eq!((arrived(&system), hand_typed(&system).await), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn a_500_after_whatsapp_took_it_ends_as_sent() {
    let fail = Misbehaviour::FailAfterAccepting {
        message: "Timed Out".to_owned(),
    };
    let (system, id) = system_with(Some(fail)).await;
    system.until(&id, "sent", Duration::from_mins(20)).await;
    assert_eq!((arrived(&system), hand_typed(&system).await), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_broke_after_whatsapp_took_it_ends_as_sent() {
    let (system, id) = system_with(Some(Misbehaviour::DropAfterAccepting)).await;
    system.until(&id, "sent", Duration::from_mins(20)).await;
    assert_eq!((arrived(&system), hand_typed(&system).await), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn a_500_before_whatsapp_took_it_stays_uncertain_until_a_person_sends_it_again() {
    let fail = Misbehaviour::FailBeforeAccepting {
        message: "Timed Out".to_owned(),
    };
    let (system, id) = system_with(Some(fail)).await;
    system.until(&id, "uncertain", Duration::from_mins(5)).await;
    tokio::time::sleep(Duration::from_mins(30)).await;
    assert_eq!(
        system.message(&id).await["status"],
        "uncertain",
        "absence proved something"
    );
    assert_eq!(arrived(&system), 0);
    let path = format!("/api/v1/messages/{id}/settle");
    let (status, answer) = system
        .call(Method::POST, &path, Some(json!({"verdict": "send_again"})))
        .await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    system.until(&id, "sent", Duration::from_hours(3)).await;
    assert_eq!(arrived(&system), 1);
}

#[tokio::test(start_paused = true)]
async fn an_equal_text_typed_by_hand_before_is_not_taken_for_ours() {
    let system = System::start(TestDatabase::sqlite().await, Setup::default()).await;
    system
        .waha("groom")
        .misbehave(Misbehaviour::FailBeforeAccepting {
            message: "Timed Out".to_owned(),
        });
    system.waha("groom").type_by_hand(ZIA, "Ciao zia!");
    tokio::time::sleep(Duration::from_mins(1)).await;
    let id = system
        .enqueue("groom", "+39 347 000 0001", "Ciao zia!")
        .await;
    system.waha("groom").guest(ZIA).write("Ciao");
    // The hand-typed hold is over after half an hour.
    system
        .until(&id, "uncertain", Duration::from_mins(50))
        .await;
    tokio::time::sleep(Duration::from_mins(30)).await;
    assert_eq!(system.message(&id).await["status"], "uncertain");
}

/// The integration restarts during the call and forgets the attempt: that proves nothing.
#[tokio::test(start_paused = true)]
async fn call_that_the_integration_forgot_is_not_made_again() {
    let (mut system, id) = system_with(Some(Misbehaviour::SlowToAnswer {
        delay: Duration::from_mins(10),
    }))
    .await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    // An event of the own message would prove by itself that it was sent.
    let lost = Misbehaviour::WebhooksLost { chance: 1.0 };
    let waha = system.waha("groom");
    waha.misbehave(lost.always().of_event("message.any"));
    let on_the_phone = async {
        while arrived(&system) == 0 {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    };
    let arrives = tokio::time::timeout(Duration::from_mins(5), on_the_phone).await;
    arrives.expect("the message arrives before its answer");
    system.start_integration();
    let sent = system.until(&id, "sent", Duration::from_mins(20)).await;
    assert_eq!((arrived(&system), hand_typed(&system).await), (1, 0));
    let events = sent["timeline"].as_array().expect("a timeline");
    let was = |phase| events.iter().any(|event| event["phase"] == phase);
    assert!(was("uncertain") && !was("never_called"), "{sent:#}");
}
