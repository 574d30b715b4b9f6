//! Answering a guest, on every engine: the answer quotes exactly what it answers, that is marked seen first, and it is prompt.

use std::time::Duration;

use chrono::TimeDelta;
use http::StatusCode;
use rstest::rstest;
use serde_json::json;
use storage::testing::TestDatabase;
use waha_simulator::{Profile, RecordedCall};

use super::{setup::Setup, system::System};

const ZIA: &str = "393470000001";

#[rstest]
#[tokio::test(start_paused = true)]
async fn an_answer_quotes_marks_seen_first_and_goes_at_once_also_at_night(
    #[values(
        Profile::Waha2026_10Gows,
        Profile::Waha2026_10NoWeb,
        Profile::Waha2026_10WebJs
    )]
    profile: Profile,
) {
    let setup = Setup {
        profile,
        // half past ten at night in Rome
        begins: "2026-06-10T20:30:00Z".parse().expect("a time"),
        ..Setup::default()
    };
    let system = System::start(TestDatabase::sqlite().await, setup).await;
    let contact = system.on_the_list("Zia Pina", ZIA).await;
    let waha = system.waha("groom");
    let zia = waha.guest(ZIA);
    zia.write("Buonasera");
    tokio::time::sleep(Duration::from_secs(3)).await;
    let question = zia.write("A che ora?");
    tokio::time::sleep(Duration::from_secs(3)).await;
    let later = zia.write("E dove?");
    tokio::time::sleep(Duration::from_secs(3)).await;
    let news = system.enqueue("groom", &format!("+{ZIA}"), "Novità").await;
    let answered = system.said(&contact, "A che ora?").await;
    let asked = system.clock.now();
    // nobody says which lane: who answers replies
    let body = json!({
        "session": "groom", "contact": contact, "text": "Alle sei!", "reply_to": answered,
    });
    let id = system.enqueue_with(body).await;
    let sent = system.until(&id, "sent", Duration::from_mins(2)).await;
    assert_eq!(sent["lane"], "reply");
    assert!(system.clock.now() - asked < TimeDelta::seconds(30));

    let record = waha.record();
    let acts: Vec<_> = record
        .iter()
        .filter(|entry| entry.at >= asked)
        .filter_map(|entry| match &entry.what {
            RecordedCall::Seen { ids, .. } => Some(format!("seen {}", ids.join(","))),
            RecordedCall::TypingStarted { .. } => Some("typing".to_owned()),
            RecordedCall::SendArrived { .. } => Some("send".to_owned()),
            _ => None,
        })
        .collect();
    let expected = [
        format!("seen {question}"),
        "typing".to_owned(),
        "send".to_owned(),
    ];
    assert_eq!(acts, expected, "the later one was {later}");
    let phone = waha.phone(ZIA);
    let [answer] = &phone[..] else {
        panic!("{phone:?}");
    };
    assert_eq!(
        (answer.text.as_str(), answer.quoted.as_ref()),
        ("Alle sei!", Some(&question))
    );
    let shown = system.conversation(&contact).await;
    let shown = shown.last().expect("the answer");
    assert_eq!(shown["quotes"]["id"], answered, "{shown:#}");
    assert_eq!(shown["quotes"]["text"], "A che ora?");
    // news does not become an answer because somebody is awake
    assert_eq!(system.message(&news).await["wait"]["reason"], "quiet_hours");
}

#[tokio::test(start_paused = true)]
async fn news_answers_nobody_and_nobody_is_answered_with_anothers_words() {
    let system = System::start(TestDatabase::sqlite().await, Setup::default()).await;
    let contact = system.on_the_list("Zia Pina", ZIA).await;
    let other = system.on_the_list("Zio Tino", "393470000002").await;
    system.waha("groom").guest(ZIA).write("A che ora?");
    tokio::time::sleep(Duration::from_secs(3)).await;
    let question = system.said(&contact, "A che ora?").await;
    let bodies = [
        json!({"session": "groom", "contact": other, "text": "Alle sei!", "reply_to": question}),
        json!({"session": "bride", "contact": contact, "text": "Alle sei!", "reply_to": question}),
        json!({
            "session": "groom", "contact": contact, "text": "Novità", "reply_to": question, "lane": "broadcast",
            "broadcast": contact, "not_after": "2026-07-01T10:00:00Z",
        }),
    ];
    for body in bodies {
        let post = system.call(http::Method::POST, "/api/v1/messages", Some(body));
        let (status, answer) = post.await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
        assert_eq!(answer["errors"][0]["field"], "reply_to", "{answer}");
    }
}
