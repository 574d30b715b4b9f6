//! A couple's evening: 150 guests pending, a guest writes at ten, the bride answers at once, ten quick replies go back and
//! forth, the news goes on next morning, and while she chats by hand all day the queue still moves.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use storage::testing::TestDatabase;

use super::{setup::Setup, system::System};

const GUESTS: usize = 150;

fn number(guest: usize) -> String {
    format!("39348000{guest:04}")
}

async fn newest_inbound(system: &System) -> String {
    let rows = system
        .database
        .texts("SELECT id AS value FROM conversation_message WHERE direction = 'inbound' ORDER BY at DESC, id DESC LIMIT 1")
        .await;
    rows[0].clone().expect("an inbound message")
}

async fn sleep_until(system: &System, at: DateTime<Utc>) {
    system.clock.sleep_until(at).await;
}

/// News texts that arrived between two moments.
fn news(system: &System, from: DateTime<Utc>, to: DateTime<Utc>) -> usize {
    let all = system.waha("bride").all_deliveries();
    all.iter()
        .filter(|m| m.text.starts_with("Novità") && m.at >= from && m.at < to)
        .count()
}

#[tokio::test(start_paused = true)]
async fn replies_are_prompt_and_the_news_goes_on() {
    let begins: DateTime<Utc> = "2026-06-10T16:00:00Z".parse().expect("a time");
    let setup = Setup {
        begins,
        sessions: vec!["bride"],
        ..Setup::for_days()
    };
    let system = System::start(TestDatabase::sqlite().await, setup).await;
    let messages: Vec<_> = (0..GUESTS)
        .map(|guest| json!({"session": "bride", "to": format!("+{}", number(guest)), "text": format!("Novità per {guest}")}))
        .collect();
    let (status, answer) = system
        .call(
            http::Method::POST,
            "/api/v1/messages/batch",
            Some(json!({ "messages": messages })),
        )
        .await;
    assert_eq!(status, http::StatusCode::CREATED, "{answer}");
    for guest in 0..GUESTS {
        system.waha("bride").guest(&number(guest)).write("Auguri!");
    }

    // ten at night in Rome
    let ten: DateTime<Utc> = "2026-06-10T20:00:00Z".parse().expect("a time");
    sleep_until(&system, ten).await;
    assert!(news(&system, begins, ten) > 5, "the evening was not used");
    ten_quick_replies(&system).await;
    let nine: DateTime<Utc> = "2026-06-11T07:00:00Z".parse().expect("a time");
    sleep_until(&system, nine).await;
    assert_eq!(
        news(
            &system,
            "2026-06-10T19:00:00Z".parse().expect("a time"),
            nine
        ),
        0,
        "news went out at night"
    );

    // She chats by hand with somebody every ten minutes, all day.
    let evening: DateTime<Utc> = "2026-06-11T19:00:00Z".parse().expect("a time");
    while system.clock.now() < evening {
        system.waha("bride").type_by_hand(&number(141), "A mano");
        tokio::time::sleep(Duration::from_mins(10)).await;
    }
    let day = news(&system, nine, evening);
    // The number is one day old: half of 60 a day, half of that beside so much written by hand, less the evening before.
    assert!(
        day >= 8,
        "only {day} pieces of news moved on a day of chatting by hand"
    );
}

async fn ten_quick_replies(system: &System) {
    for round in 0..10 {
        system
            .waha("bride")
            .guest(&number(140))
            .write(&format!("Domanda {round}"));
        tokio::time::sleep(Duration::from_secs(3)).await;
        let body = json!({
            "session": "bride", "to": format!("+{}", number(140)), "text": format!("Risposta {round}"),
            "lane": "reply", "reply_to": newest_inbound(system).await,
        });
        let asked = system.clock.now();
        let id = system.enqueue_with(body).await;
        system.until(&id, "sent", Duration::from_mins(2)).await;
        assert!(
            system.clock.now() - asked < TimeDelta::seconds(30),
            "reply {round} took {}",
            system.clock.now() - asked
        );
    }
}
