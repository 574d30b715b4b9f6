//! Weeks of news have waited for a guest, and then she writes: one piece of it arrives, and a person finds the rest.

use std::time::Duration;

use chrono::TimeDelta;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use storage::testing::TestDatabase;
use waha_simulator::{Misbehaviour, Profile};

use super::{setup::Setup, system::System};

const ZIA: &str = "393470000001";

/// News for Zia, valid so many days; a day passes.
async fn news(system: &System, text: &str, days: i64) -> String {
    let broadcast = format!(
        "01900000-0000-7000-8000-{:012}",
        system.clock.now().timestamp()
    );
    let body = json!({
        "session": "groom", "to": format!("+{ZIA}"), "text": text, "lane": "broadcast",
        "broadcast": broadcast, "not_after": system.clock.now() + TimeDelta::days(days),
    });
    let id = system.enqueue_with(body).await;
    tokio::time::sleep(Duration::from_hours(24)).await;
    id
}

fn shown(system: &System) -> Vec<String> {
    let phone = system.waha("groom").phone(ZIA);
    phone.into_iter().map(|message| message.text).collect()
}

async fn act(system: &System, id: &str, what: &str) -> Value {
    let path = format!("/api/v1/messages/{id}/{what}");
    let (status, answer) = system.call(Method::POST, &path, None).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    answer
}

/// Whether the webhook of her first word comes or is lost: then the chat tells it.
async fn story(webhook_lost: bool) {
    let setup = Setup {
        profile: Profile::Waha2026_10NoWeb,
        ..Setup::for_days()
    };
    let system = System::start(TestDatabase::sqlite().await, setup).await;
    let expired = news(&system, "Notizia scaduta", 2).await;
    let old = news(&system, "Notizia vecchia", 14).await;
    let older = news(&system, "Notizia meno vecchia", 14).await;
    let by_hand = system
        .enqueue("groom", &format!("+{ZIA}"), "Un saluto")
        .await;
    let new = news(&system, "Notizia nuova", 14).await;
    assert_eq!(shown(&system), [] as [&str; 0]);
    for id in [&old, &older, &new, &by_hand] {
        let waits = system.message(id).await;
        assert_eq!(
            waits["wait"]["reason"], "guest_has_not_written",
            "{waits:#}"
        );
    }
    let over = system.message(&expired).await;
    assert_eq!(
        (&over["status"], &over["cancel_reason"]),
        (&json!("cancelled"), &json!("expired")),
        "{over:#}"
    );
    if webhook_lost {
        let lost = Misbehaviour::FirstMessageOfChatLost.always();
        system.waha("groom").misbehave(lost);
    }
    system.waha("groom").guest(ZIA).write("Eccomi!");
    system.until(&new, "sent", Duration::from_hours(30)).await;
    tokio::time::sleep(Duration::from_hours(24)).await;
    let mut texts = shown(&system);
    texts.sort_unstable();
    assert_eq!(texts, ["Notizia nuova", "Un saluto"]);

    for id in [&old, &older] {
        let aside = system.message(id).await;
        assert_eq!(aside["wait"]["reason"], "put_aside", "{aside:#}");
        assert_eq!(aside["wait"]["ends"]["person"], "review", "{aside:#}");
    }
    act(&system, &old, "cancel").await;
    system.waha("groom").guest(ZIA).write("E poi?");
    act(&system, &older, "send-now").await;
    system.until(&older, "sent", Duration::from_hours(2)).await;
    tokio::time::sleep(Duration::from_hours(24)).await;
    assert_eq!(shown(&system).len(), 3);
}

#[tokio::test(start_paused = true)]
async fn when_she_writes_one_piece_of_news_arrives_and_a_person_finds_the_rest() {
    story(false).await;
}

#[tokio::test(start_paused = true)]
async fn also_when_her_first_word_is_found_in_the_chat() {
    story(true).await;
}
