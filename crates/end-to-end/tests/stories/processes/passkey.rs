//! Linking with a passkey while everything is logged: challenge, answer and code are in no log, no table and no file of the database.

use std::time::Duration;

use http::{Method, StatusCode};
use serde_json::{Value, json};
use storage::testing::TestDatabase;
use tokio::time::{Instant, sleep};
use waha_simulator::{PasskeyDemand, Status};

use super::system::System;
use crate::assertion::{SIGNATURE, assertion, challenge_of, client_data};

const PATH: &str = "/sessions/groom/passkey";
const CODE: &str = "code-needle-7391";
const WITHIN: Duration = Duration::from_mins(1);
const LOOK_AGAIN: Duration = Duration::from_millis(200);

impl System {
    async fn until_groom_is(&self, name: &str, value: &str) {
        let deadline = Instant::now() + WITHIN;
        loop {
            let (_, session) = self.call(Method::GET, "/sessions/groom", None).await;
            if session[name] == value {
                return;
            }
            assert!(
                Instant::now() < deadline,
                "{name} is not {value}: {session}"
            );
            sleep(LOOK_AGAIN).await;
        }
    }

    async fn answers(&self, challenge: &str) -> (StatusCode, Value) {
        let body = json!({ "assertion": assertion(challenge) });
        self.call(Method::POST, PATH, Some(body)).await
    }
}

#[tokio::test]
async fn nothing_of_a_passkey_is_logged_or_stored_at_trace() {
    let mut system = System::start(TestDatabase::sqlite().await).await;
    system.waha.demand_passkey(PasskeyDemand {
        code: Some(CODE.to_owned()),
        ..PasskeyDemand::default()
    });
    let (status, answer) = system
        .call(Method::POST, "/sessions/groom/logout", None)
        .await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    system.waha.until_status(Status::ScanQrCode).await;
    system.waha.scan_qr().expect("a QR is shown");
    system.until_groom_is("problem", "passkey_required").await;

    let (_, pending) = system.call(Method::GET, PATH, None).await;
    let options = pending["challenge"]["options"].as_str().expect("options");
    let challenge = challenge_of(options);
    let (wrong, _) = system.answers("b3RoZXItY2hhbGxlbmdlLW5lZWRsZQ").await;
    assert_eq!(wrong, StatusCode::CONFLICT);
    let torn = json!({ "assertion": &assertion(&challenge)[1..] });
    let (status, _) = system.call(Method::POST, PATH, Some(torn)).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let (status, answer) = system.answers(&challenge).await;
    assert_eq!(status, StatusCode::NO_CONTENT, "{answer}");
    system
        .until_groom_is("problem", "passkey_confirmation_required")
        .await;
    let confirm = format!("{PATH}/confirm");
    let (status, answer) = system
        .call(Method::POST, &confirm, Some(json!({ "code": CODE })))
        .await;
    assert_eq!(status, StatusCode::NO_CONTENT, "{answer}");
    system.until_groom_is("state", "connected").await;
    for program in [
        &mut system.worker,
        &mut system.integration,
        &mut system.queue_api,
    ] {
        program.stop().await;
    }

    let places = [
        ("the logs", system.logs()),
        ("the tables", system.database.dump().await.join("\n")),
        ("the files", system.database.files_as_text()),
    ];
    let client = client_data(&challenge);
    let secrets = [challenge.as_str(), client.as_str(), SIGNATURE, CODE];
    for (place, text) in &places {
        assert!(text.contains("groom"), "{place} are empty");
        for secret in secrets.iter().chain(&["b3RoZXItY2hhbGxlbmdl"]) {
            let line = text.lines().find(|line| line.contains(secret));
            assert_eq!(line, None, "{secret:?} is in {place}");
        }
    }
    let tables = &places[1].1;
    assert!(tables.contains("session.answer_passkey"), "it was done");
    assert!(tables.contains("session.confirm_passkey"), "it was done");
}
