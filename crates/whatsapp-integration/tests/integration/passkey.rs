//! Linking an account that WhatsApp asks for a passkey.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::session::{SessionProblem, SessionState};
use domain::wire::{PasskeyAnswerRequest, PasskeyChallenge, PasskeyReply, SessionView};
use rstest::rstest;
use serde_json::{Value, json};
use tokio::time::sleep;
use waha_simulator::{Misbehaviour, PasskeyDemand, PasskeyVerdict, Profile, RecordedCall, Status};

use crate::webhooks::signed as signed_webhook;
use crate::world::{Answer, Setting, World};

/// The QR of a session was scanned, and the account is asked for a passkey.
async fn asked(demand: PasskeyDemand) -> World {
    let world = unscanned(Profile::Waha2026_10Gows, demand).await;
    world.waha.scan_qr().unwrap();
    world.waha.until_status(Status::PasskeyRequired).await;
    sleep(Duration::from_millis(100)).await;
    world
}

async fn unscanned(profile: Profile, demand: PasskeyDemand) -> World {
    let mut world = World::with(Setting {
        profile,
        ..Setting::default()
    });
    world.waha.demand_passkey(demand);
    world.run_background();
    world.waha.until_status(Status::ScanQrCode).await;
    world
}

fn with_code() -> PasskeyDemand {
    PasskeyDemand {
        code: Some("1234".to_owned()),
        ..PasskeyDemand::default()
    }
}

async fn read(world: &World) -> PasskeyReply {
    let answer = world.get("/sessions/groom/passkey").await;
    assert_eq!(answer.status(), 200, "{answer:?}");
    assert_eq!(answer.0.headers()["cache-control"], "no-store");
    answer.json()
}

async fn challenge(world: &World) -> PasskeyChallenge {
    read(world).await.challenge.expect("a challenge is pending")
}

/// What a passkey would make of these options.
fn signed(options: &str) -> String {
    let options: Value = serde_json::from_str(options).unwrap();
    let client = json!({"type": "webauthn.get", "challenge": options["challenge"], "origin": "https://web.whatsapp.com"});
    let response = json!({
        "clientDataJSON": URL_SAFE_NO_PAD.encode(client.to_string()),
        "authenticatorData": "SZYN5YgO",
        "signature": "MEUCIQDA",
    });
    json!({"id": "AX8bTgH2", "rawId": "AX8bTgH2", "type": "public-key", "response": response})
        .to_string()
}

async fn answer(world: &World, assertion: String) -> Answer {
    let request = PasskeyAnswerRequest { assertion };
    world.post("/sessions/groom/passkey", &request).await
}

async fn confirm(world: &World, code: &str) -> Answer {
    let request = json!({"code": code});
    world
        .post("/sessions/groom/passkey/confirm", &request)
        .await
}

async fn view(world: &World) -> SessionView {
    world.get("/sessions/groom").await.json()
}

fn refused(answer: &Answer, status: u16, code: &str) {
    assert_eq!(answer.problem(), (status, code.to_owned()));
}

/// How often WAHA was answered, and how often with what it must never see.
fn steps(world: &World) -> (usize, usize) {
    let answers = world.count(|call| *call == RecordedCall::PasskeyAnswered);
    let missteps = world.count(|call| *call == RecordedCall::PasskeyMisstep);
    (answers, missteps)
}

#[tokio::test(start_paused = true)]
async fn an_answer_and_a_code_link() {
    let world = asked(with_code()).await;
    let asks = view(&world).await;
    assert_eq!(
        (asks.state, asks.problem),
        (SessionState::Qr, Some(SessionProblem::PasskeyRequired))
    );
    let pending = challenge(&world).await;
    assert!((59_000..=60_000).contains(&pending.expires_in_ms));
    assert!(!pending.answered && !pending.asked_again);
    assert_eq!(answer(&world, signed(&pending.options)).await.status(), 204);
    let again = answer(&world, signed(&pending.options)).await;
    refused(&again, 409, "passkey_step_made");

    world
        .waha
        .until_status(Status::PasskeyConfirmationRequired)
        .await;
    let problem = view(&world).await.problem;
    assert_eq!(problem, Some(SessionProblem::PasskeyConfirmationRequired));
    let code = read(&world).await.confirmation.expect("a code");
    assert_eq!((code.code.as_str(), code.confirmed), ("1234", false));
    refused(&confirm(&world, "4321").await, 409, "other_passkey_code");
    assert_eq!(confirm(&world, "1234").await.status(), 204);
    refused(&confirm(&world, "1234").await, 409, "passkey_step_made");
    world.waha.until_status(Status::Working).await;
    assert_eq!(view(&world).await.state, SessionState::Connected);
    assert_eq!(steps(&world), (1, 0));
    assert_eq!(
        world.count(|call| *call == RecordedCall::PasskeyConfirmed),
        1
    );
    refused(&confirm(&world, "1234").await, 409, "no_passkey_pending");
}

#[tokio::test(start_paused = true)]
async fn the_time_of_a_challenge_is_counted_from_its_event() {
    let world = asked(PasskeyDemand::default()).await;
    sleep(Duration::from_secs(40)).await;
    let left = challenge(&world).await.expires_in_ms;
    assert!((19_000..=20_000).contains(&left), "{left}");
}

#[tokio::test(start_paused = true)]
async fn an_answer_to_an_expired_challenge_never_reaches_waha() {
    let world = asked(PasskeyDemand::default()).await;
    let first = challenge(&world).await;
    sleep(Duration::from_secs(61)).await;
    let late = answer(&world, signed(&first.options)).await;
    refused(&late, 409, "other_passkey_challenge");
    assert_eq!(steps(&world), (0, 0));
    assert_eq!(world.waha.status(), Some(Status::PasskeyRequired));
    let logged_out = |call: &RecordedCall| *call == RecordedCall::SessionLoggedOut;
    assert_eq!(world.count(logged_out), 0);

    let second = challenge(&world).await;
    assert_ne!(second.options, first.options);
    assert!(!second.asked_again, "nothing was answered before");
    assert_eq!(answer(&world, signed(&second.options)).await.status(), 204);
    world.waha.until_status(Status::Working).await;
}

#[rstest]
#[case("")]
#[case("{}")]
#[case(r#"{"ok": false, "error": "NotAllowedError"}"#)]
#[tokio::test(start_paused = true)]
async fn what_is_no_answer_never_reaches_waha(#[case] text: &str) {
    let world = asked(PasskeyDemand::default()).await;
    let refusal = answer(&world, text.to_owned()).await;
    refused(&refusal, 422, "invalid_passkey_answer");
    assert_eq!(steps(&world), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn a_refused_answer_is_said_without_wahas_echo() {
    let world = asked(PasskeyDemand {
        verdict: PasskeyVerdict::Refuse,
        ..PasskeyDemand::default()
    })
    .await;
    let first = challenge(&world).await;
    let refusal = answer(&world, signed(&first.options)).await;
    refused(&refusal, 502, "passkey_refused");
    let text = String::from_utf8_lossy(refusal.0.body()).into_owned();
    assert!(
        !text.contains("MEUCIQDA") && !text.contains("accepted\""),
        "{text}"
    );
    let next = challenge(&world).await;
    assert_ne!(next.options, first.options);
    assert!(next.asked_again && !next.answered);
    assert_eq!(steps(&world), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn an_account_that_is_stuck_is_seen() {
    let world = asked(PasskeyDemand {
        verdict: PasskeyVerdict::Stuck,
        ..PasskeyDemand::default()
    })
    .await;
    let first = challenge(&world).await;
    assert_eq!(answer(&world, signed(&first.options)).await.status(), 204);
    assert!(challenge(&world).await.answered);
    sleep(Duration::from_secs(61)).await;
    assert!(challenge(&world).await.asked_again);
    world.post("/sessions/groom/restart", &json!({})).await;
    world.waha.until_status(Status::ScanQrCode).await;
    sleep(Duration::from_secs(1)).await;
    world.waha.scan_qr().unwrap();
    world.waha.until_status(Status::PasskeyRequired).await;
    assert!(!challenge(&world).await.asked_again, "another link");
}

#[tokio::test(start_paused = true)]
async fn two_answers_at_once_are_one() {
    let world = asked(with_code()).await;
    let options = challenge(&world).await.options;
    let (one, two) = tokio::join!(
        answer(&world, signed(&options)),
        answer(&world, signed(&options))
    );
    let mut statuses = [one.status(), two.status()];
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 409]);
    assert_eq!(steps(&world), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn a_step_whose_answer_was_lost_is_not_repeated() {
    let world = asked(PasskeyDemand {
        verdict: PasskeyVerdict::Stuck,
        ..PasskeyDemand::default()
    })
    .await;
    let options = challenge(&world).await.options;
    // reads the session and the challenge, and loses the third call
    let lost = answer(&world, signed(&options));
    let cut = async {
        world
            .waha
            .until_recorded(|call| *call == RecordedCall::PasskeyAnswered)
            .await;
        world.waha.misbehave(Misbehaviour::Away.always());
    };
    let (_, ()) = tokio::join!(lost, cut);
    world.waha.behave();
    let again = answer(&world, signed(&options)).await;
    refused(&again, 409, "passkey_step_made");
    assert_eq!(steps(&world), (1, 0));
}

/// Another process of the service knows neither what was answered nor since when the challenge lives.
#[tokio::test(start_paused = true)]
async fn a_challenge_from_before_the_service_started_is_not_answered() {
    let world = asked(PasskeyDemand {
        verdict: PasskeyVerdict::Stuck,
        ..PasskeyDemand::default()
    })
    .await;
    let options = challenge(&world).await.options;
    assert_eq!(answer(&world, signed(&options)).await.status(), 204);
    let restarted = World::with(Setting::default());
    restarted.waha_peer.start(world.waha.router());
    assert!(challenge(&restarted).await.uncertain);
    let again = answer(&restarted, signed(&options)).await;
    refused(&again, 409, "passkey_uncertain");
    assert_eq!(steps(&world), (1, 0));
    sleep(Duration::from_secs(61)).await;
    let next = challenge(&restarted).await;
    assert!(!next.uncertain && next.options != options);
    let taken = answer(&restarted, signed(&next.options)).await;
    assert_eq!(taken.status(), 204);
    assert_eq!(steps(&world), (2, 0));
}

/// No order of webhooks is promised.
#[tokio::test(start_paused = true)]
async fn a_late_event_of_an_earlier_challenge_opens_no_second_answer() {
    let world = asked(PasskeyDemand {
        verdict: PasskeyVerdict::Stuck,
        ..PasskeyDemand::default()
    })
    .await;
    let first: Value = serde_json::from_str(&challenge(&world).await.options).unwrap();
    sleep(Duration::from_secs(61)).await;
    let second = challenge(&world).await.options;
    assert_eq!(answer(&world, signed(&second)).await.status(), 204);
    let payload =
        json!({"name": "default", "status": "PASSKEY_REQUIRED", "statuses": [], "data": first});
    let late = json!({"id": "evt_late", "timestamp": 1_777_629_600_500_i64, "event": "session.status", "session": "default", "payload": payload});
    assert_eq!(signed_webhook(&world, &late).await, 200);
    assert!(challenge(&world).await.answered);
    let again = answer(&world, signed(&second)).await;
    refused(&again, 409, "passkey_step_made");
    assert_eq!(steps(&world), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn an_engine_that_cannot_names_the_image_that_can() {
    let world = unscanned(Profile::Waha2026_10NoWeb, PasskeyDemand::default()).await;
    let answers = [
        world.get("/sessions/groom/passkey").await,
        answer(&world, "{}".to_owned()).await,
    ];
    for answer in answers {
        refused(&answer, 409, "passkey_not_supported");
        let problem: Value = answer.json();
        assert_eq!(problem["waha_image"], "devlikeapro/waha:gows-2026.10.1");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains("2026.10.1 NOWEB") && detail.contains("gows-2026.10.1"));
        assert!(detail.contains("docs/waha.md"), "the images for ARM");
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_is_asked_of_a_connected_session() {
    let world = World::new();
    let reply = read(&world).await;
    assert!(reply.challenge.is_none() && reply.confirmation.is_none());
    let unasked = answer(&world, signed(r#"{"challenge":"x"}"#)).await;
    refused(&unasked, 409, "no_passkey_pending");
    assert_eq!(steps(&world), (0, 0));
}
