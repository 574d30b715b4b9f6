//! WAHA does not tell its number right before each call: nothing is sent, and after a few guests nothing is shown any more.

use std::{collections::BTreeSet, time::Duration};

use http::Method;
use serde_json::json;
use storage::testing::TestDatabase;
use waha_simulator::{RecordedCall, Step};

use super::{setup::Setup, system::System};

#[tokio::test(start_paused = true)]
async fn few_guests_see_typing_and_a_person_is_told() {
    let setup = Setup {
        sessions: vec!["groom"],
        ..Setup::for_days()
    };
    let system = System::start(TestDatabase::sqlite().await, setup).await;
    let waha = system.waha("groom");
    for n in 1..=12 {
        let number = format!("3934700000{n:02}");
        waha.guest(&number).write("Ciao");
        let body = json!({ "session": "groom", "to": format!("+{number}"), "text": "Ci vediamo alle undici", "lane": "reply" });
        system.enqueue_with(body).await;
    }
    let mut hidden = 0;
    loop {
        let stopped = waha.gate(Step::TypingStopped);
        let reached = tokio::time::timeout(Duration::from_mins(30), stopped.reached()).await;
        if reached.is_err() {
            break;
        }
        let read = waha.gate(Step::SessionRead);
        stopped.release();
        read.reached().await;
        tokio::time::sleep(Duration::from_secs(10)).await;
        read.release();
        hidden += 1;
        assert!(hidden < 12, "it is shown to everybody");
    }
    assert!(hidden > 0);
    let record = waha.record();
    let shown_to: BTreeSet<_> = record
        .iter()
        .filter_map(|entry| match &entry.what {
            RecordedCall::TypingStarted { chat } => Some(chat),
            _ => None,
        })
        .collect();
    assert!(shown_to.len() <= 4, "{shown_to:?}");
    let (_, shown) = system
        .call(Method::GET, "/api/v1/sessions/groom", None)
        .await;
    assert_eq!(shown["problem"], "sending_unstable", "{shown:#}");
}
