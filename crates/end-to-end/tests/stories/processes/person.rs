//! The person who decides about an uncertain message: looks at the guest's phone, and says what is there.

use std::time::Duration;

use http::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::system::System;

/// A lease's end, a call that may still run (75 s), and the looks in between.
const ENDS_WITHIN: Duration = Duration::from_mins(4);
/// The system finds by itself what is in the chat; a person waits for that first.
const PATIENCE: Duration = Duration::from_secs(45);
const AGAIN: Duration = Duration::from_secs(1);

/// What a person had to say until the message was `sent`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    Nothing,
    ItArrived,
    SendAgain,
}

/// Waits until the message is `sent`; decides where it stays uncertain.
pub(crate) async fn bring_to_its_end(system: &System, id: &str, text: &str) -> Asked {
    let deadline = Instant::now() + ENDS_WITHIN;
    let mut uncertain_since = None;
    let mut asked = Asked::Nothing;
    loop {
        let message = system.message(id).await;
        match message["status"].as_str() {
            Some("sent") => return asked,
            Some("uncertain") => {
                let since = *uncertain_since.get_or_insert_with(Instant::now);
                if since.elapsed() > PATIENCE
                    && let Some(verdict) = decide(system, id, text).await
                {
                    asked = verdict;
                }
            }
            _ => uncertain_since = None,
        }
        assert!(Instant::now() < deadline, "it does not end: {message:#}");
        tokio::time::sleep(AGAIN).await;
    }
}

/// Looks at the phone and decides; none when the system does not take the decision (yet).
async fn decide(system: &System, id: &str, text: &str) -> Option<Asked> {
    let (verdict, asked) = match system.shown(text) {
        0 => ("send_again", Asked::SendAgain),
        _ => ("arrived", Asked::ItArrived),
    };
    let (status, answer) = settle(system, id, verdict).await;
    let refused = [StatusCode::CONFLICT, StatusCode::SERVICE_UNAVAILABLE];
    assert!(
        status == StatusCode::OK || refused.contains(&status),
        "{status} {answer}"
    );
    (status == StatusCode::OK).then_some(asked)
}

/// One decision; how it was taken.
pub(crate) async fn settle(system: &System, id: &str, verdict: &str) -> (StatusCode, Value) {
    let path = format!("/messages/{id}/settle");
    let body = Some(json!({ "verdict": verdict }));
    system.call(Method::POST, &path, body).await
}
