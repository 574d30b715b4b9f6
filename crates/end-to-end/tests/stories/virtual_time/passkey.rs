//! A phone whose account WhatsApp asks for a passkey is linked again through the API.

use std::time::Duration;

use http::{Method, StatusCode};
use rstest::rstest;
use serde_json::{Value, json};
use storage::testing::TestDatabase;
use tokio::time::sleep;
use waha_simulator::{PasskeyDemand, PasskeyVerdict, Profile, RecordedCall, Status};

use super::{setup::Setup, system::System};
use crate::assertion::{assertion, challenge_of};

const PATH: &str = "/api/v1/sessions/groom/passkey";

impl System {
    /// The groom's phone is unlinked, scans again, and is asked for a passkey.
    async fn asked_for_a_passkey(database: TestDatabase, demand: PasskeyDemand) -> Self {
        let system = Self::start(database, Setup::default()).await;
        system.waha("groom").demand_passkey(demand);
        system.control("groom", "logout").await;
        system.waha("groom").until_status(Status::ScanQrCode).await;
        system.waha("groom").scan_qr().expect("a QR is shown");
        system.until_problem("passkey_required").await;
        system
    }

    async fn until_problem(&self, problem: &str) {
        for _ in 0..60 {
            if self.shown_session("groom").await["problem"] == problem {
                return;
            }
            sleep(Duration::from_secs(1)).await;
        }
        panic!("not {problem}: {}", self.shown_session("groom").await);
    }

    async fn until_linked(&self) {
        self.waha("groom").until_status(Status::Working).await;
        sleep(Duration::from_secs(15)).await;
        assert_eq!(self.shown_session("groom").await["state"], "connected");
    }

    async fn challenge(&self) -> Value {
        let (status, answer) = self.call(Method::GET, PATH, None).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
        answer["challenge"].clone()
    }

    /// Posts the answer to these options: status and code.
    async fn answers(&self, options: &Value) -> (StatusCode, Value) {
        let challenge = challenge_of(options.as_str().expect("options"));
        let body = json!({ "assertion": assertion(&challenge) });
        let (status, answer) = self.call(Method::POST, PATH, Some(body)).await;
        (status, answer["code"].clone())
    }

    fn passkey_calls(&self, call: &RecordedCall) -> usize {
        let record = self.waha("groom").record();
        record.iter().filter(|entry| entry.what == *call).count()
    }
}

async fn each() -> [TestDatabase; 2] {
    TestDatabase::each().await
}

#[tokio::test(start_paused = true)]
async fn an_expired_challenge_then_an_answer_and_a_code_link() {
    for database in each().await {
        let system = System::asked_for_a_passkey(
            database,
            PasskeyDemand {
                code: Some("7391".to_owned()),
                ..PasskeyDemand::default()
            },
        )
        .await;
        let first = system.challenge().await;
        let left = first["expires_in_ms"].as_u64().expect("a time");
        assert!((45_000..=60_000).contains(&left), "{left}");
        sleep(Duration::from_mins(1)).await;
        let late = system.answers(&first["options"]).await;
        assert_eq!(
            late,
            (StatusCode::CONFLICT, json!("other_passkey_challenge"))
        );

        let second = system.challenge().await;
        let taken = system.answers(&second["options"]).await;
        assert_eq!(taken, (StatusCode::NO_CONTENT, Value::Null));
        system.until_problem("passkey_confirmation_required").await;
        let confirm = format!("{PATH}/confirm");
        let wrong = Some(json!({"code": "0000"}));
        let (status, answer) = system.call(Method::POST, &confirm, wrong).await;
        assert_eq!(status, StatusCode::CONFLICT, "{answer}");
        let right = Some(json!({"code": "7391"}));
        let (status, answer) = system.call(Method::POST, &confirm, right).await;
        assert_eq!(status, StatusCode::NO_CONTENT, "{answer}");
        system.until_linked().await;
        assert_eq!(system.passkey_calls(&RecordedCall::PasskeyAnswered), 1);
        assert_eq!(system.passkey_calls(&RecordedCall::PasskeyConfirmed), 1);
        assert_eq!(system.passkey_calls(&RecordedCall::PasskeyMisstep), 0);
        let logouts = system.passkey_calls(&RecordedCall::SessionLoggedOut);
        assert_eq!(logouts, 1, "the one at the beginning");
    }
}

#[rstest]
#[case::refused(PasskeyVerdict::Refuse, (StatusCode::BAD_GATEWAY, json!("passkey_refused")))]
#[case::stuck(PasskeyVerdict::Stuck, (StatusCode::NO_CONTENT, Value::Null))]
#[tokio::test(start_paused = true)]
async fn an_answer_that_leads_nowhere_is_followed_by_another_challenge(
    #[case] verdict: PasskeyVerdict,
    #[case] answer: (StatusCode, Value),
) {
    let demand = PasskeyDemand {
        verdict,
        ..PasskeyDemand::default()
    };
    let database = TestDatabase::sqlite().await;
    let system = System::asked_for_a_passkey(database, demand).await;
    let first = system.challenge().await;
    assert_eq!(system.answers(&first["options"]).await, answer);
    sleep(Duration::from_secs(61)).await;
    let again = system.challenge().await;
    assert_eq!(again["asked_again"], true, "{again}");
    assert_eq!(
        system.shown_session("groom").await["problem"],
        "passkey_required"
    );
    assert_eq!(system.passkey_calls(&RecordedCall::PasskeyAnswered), 1);
    assert_eq!(system.passkey_calls(&RecordedCall::PasskeyMisstep), 0);
}

#[tokio::test(start_paused = true)]
async fn an_engine_that_cannot_names_the_image_that_can() {
    let setup = Setup {
        profile: Profile::Waha2026_10NoWeb,
        ..Setup::default()
    };
    let system = System::start(TestDatabase::sqlite().await, setup).await;
    let (status, answer) = system.call(Method::GET, PATH, None).await;
    assert_eq!(status, StatusCode::CONFLICT, "{answer}");
    assert_eq!(answer["code"], "passkey_not_supported");
    assert_eq!(answer["waha_image"], "devlikeapro/waha:gows-2026.10.1");
}
