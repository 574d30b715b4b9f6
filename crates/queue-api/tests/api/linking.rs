//! *Link* in the API and on the page: for every state and problem a QR code, a connection, or a sentence.

use std::time::Duration;

use chassis::Problem;
use domain::linking::{LinkStep, LinkWait, next_step};
use domain::release::Lock;
use domain::session::{SessionProblem, SessionState};
use http::StatusCode;
use rstest::rstest;
use serde_json::{Value, json};

use crate::neighbours::session_view;
use crate::pages::browser::{Browser, goes_to};
use crate::world::{On, World, groom};

impl World {
    /// What WAHA shows now of a session in that state.
    fn view(&self, state: SessionState, problem: Option<SessionProblem>) -> Value {
        let mut view = session_view(state.as_str());
        view["problem"] = json!(problem);
        view["at"] = json!(self.clock.now());
        if state != SessionState::Connected {
            view["own"] = Value::Null;
        }
        view
    }

    async fn links(&self) -> Value {
        let linked = self.post("/sessions/groom/link", Value::Null).await;
        assert_eq!(linked.status, StatusCode::OK, "{}", linked.body);
        linked.body
    }

    /// WAHA shows the session in that state at the next look.
    fn shows(&self, state: SessionState, problem: Option<SessionProblem>) {
        self.integration.shows(self.view(state, problem));
    }

    async fn locks_the_number(&self) {
        let now = self.clock.now();
        self.store
            .lock(&groom(), Lock::Person, "restricted", now)
            .await
            .unwrap();
    }
}

/// The one thing that the sentence of each problem tells a person to do elsewhere.
const fn elsewhere(problem: SessionProblem) -> &'static str {
    match problem {
        SessionProblem::WahaAway => "see whether its container runs",
        SessionProblem::KeyRefused => "WAHA_API_KEY_",
        SessionProblem::TooOld | SessionProblem::ClientOutdated => {
            "devlikeapro/waha:gows-2026.10.1"
        }
        SessionProblem::SameNumber => "log one of them out",
        SessionProblem::Restricted => "look at WhatsApp on the phone",
        _ => panic!("a problem that ends with a QR code"),
    }
}

/// Every state × problem × link. The integration's part is played: it shows a QR code, as its own tests prove.
#[tokio::test(start_paused = true)]
async fn leads_every_state_and_problem_to_a_qr_code_or_a_sentence() {
    let world = World::sqlite().await;
    let problems = SessionProblem::ALL.iter().copied().map(Some).chain([None]);
    for (state, problem) in problems.flat_map(|problem| {
        let states = SessionState::ALL.iter().copied();
        states.map(move |state| (state, problem))
    }) {
        tokio::time::sleep(Duration::from_secs(1)).await;
        world.shows(state, problem);
        let qr = world.view(SessionState::Qr, None);
        world.integration.links_to("scan", &qr);
        let before = world.integration.calls().len();
        let linked = world.links().await;
        world.unlock().await;
        let calls = world.integration.calls().split_off(before);
        let case = format!("{state} {problem:?}: {linked} {calls:?}");
        let sentence = linked["sentence"].as_str().unwrap();
        match next_step(state, problem) {
            LinkStep::Waits(LinkWait::Waha)
            | LinkStep::Start
            | LinkStep::Restart
            | LinkStep::LogOut => {
                assert_eq!(linked["waits_for"], "scan", "{case}");
                assert!(sentence.contains("Scan the QR code"), "{case}");
                assert_eq!(calls, [r#"POST groom/link {"may_log_out":true}"#], "{case}");
            }
            LinkStep::Waits(wait) => {
                assert_eq!(linked["waits_for"], wait.as_str(), "{case}");
                assert_eq!(calls, Vec::<String>::new(), "{case}");
                let says = match wait {
                    LinkWait::Nothing => "The phone is linked",
                    LinkWait::Passkey => "passkey",
                    LinkWait::Person => elsewhere(problem.expect("one")),
                    LinkWait::Scan | LinkWait::Waha => "",
                };
                assert!(sentence.contains(says), "{case}");
            }
        }
        assert!(linked["session"]["paused"].is_null(), "{case}");
    }
}

impl World {
    /// A session that was called banned has locked its number: the next case begins without.
    async fn unlock(&self) {
        self.post("/sessions/groom/unlock", Value::Null).await;
    }
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn a_locked_number_is_never_logged_out(#[case] on: On) {
    let world = World::on(on).await;
    world.groom_connects().await;
    world.locks_the_number().await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    for told in [None, Some(SessionProblem::Unlinked)] {
        world.shows(SessionState::Failed, told);
        let linked = world.links().await;
        assert_eq!(linked["waits_for"], "person", "{linked}");
        assert_eq!(linked["session"]["problem"], "restricted", "{linked}");
        assert!(
            linked["sentence"].as_str().unwrap().contains("Do not scan"),
            "{linked}"
        );
    }
    assert_eq!(world.integration.calls(), Vec::<String>::new());
    // a session that only starts is started, but nothing of it is logged out
    world.shows(SessionState::Connecting, None);
    world.integration.links_to("waha", &Value::Null);
    let linked = world.links().await;
    assert_eq!(linked["waits_for"], "waha", "{linked}");
    assert_eq!(
        world.integration.calls(),
        [r#"POST groom/link {"may_log_out":false}"#]
    );
    world.unlock().await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    world.shows(SessionState::Failed, None);
    world.links().await;
    let calls = world.integration.calls();
    assert!(calls[1].contains("\"may_log_out\":true"), "{calls:?}");
}

/// WAHA told once that the number is banned. After its restart it does not say so again.
#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn a_ban_is_remembered_when_waha_does_not_say_it_again(#[case] on: On) {
    let world = World::on(on).await;
    world.groom_connects().await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    world.shows(SessionState::Failed, Some(SessionProblem::Restricted));
    assert_eq!(world.links().await["waits_for"], "person");
    for state in [SessionState::Connecting, SessionState::Failed] {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let mut seen = world.view(state, None);
        seen["fact"] = json!("session");
        world.report("groom", json!([seen])).await;
    }
    world.shows(SessionState::Failed, None);
    let linked = world.links().await;
    assert_eq!(linked["waits_for"], "person", "{linked}");
    assert_eq!(world.integration.calls(), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn a_failure_without_a_cause_is_told_as_one() {
    let world = World::sqlite().await;
    world.groom_connects().await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    world.shows(SessionState::Failed, None);
    world
        .integration
        .links_to("person", &world.view(SessionState::Failed, None));
    let linked = world.links().await;
    assert_eq!(linked["waits_for"], "person");
    let sentence = linked["sentence"].as_str().unwrap();
    assert!(sentence.starts_with("WAHA does not say why"), "{sentence}");
}

/// An attempt is open for longer than a person waits: the answer says so, and the link follows.
#[tokio::test(start_paused = true)]
async fn answers_within_15_seconds_and_goes_on() {
    let mut world = World::sqlite().await;
    world.ready_message().await;
    world.worker_is_sending().await;
    world.shows(SessionState::Connecting, None);
    world
        .integration
        .links_to("scan", &world.view(SessionState::Qr, None));
    let pressed = world.clock.now();
    let linked = world.links().await;
    assert_eq!(linked["waits_for"], "waha", "{linked}");
    assert!((world.clock.now() - pressed).num_seconds() <= 15);
    assert_eq!(linked["session"]["paused"]["by"], "operation", "{linked}");
    assert_eq!(world.integration.calls(), Vec::<String>::new());
    tokio::time::sleep(Duration::from_secs(90)).await;
    assert_eq!(world.integration.calls().len(), 1);
    assert!(world.get("/sessions/groom").await.body["paused"].is_null());
}

#[tokio::test(start_paused = true)]
async fn the_page_has_one_button_for_it() {
    let world = World::sqlite().await;
    let mut browser = Browser::of_groom(&world).await;
    world.shows(
        SessionState::Disconnected,
        Some(SessionProblem::SessionMissing),
    );
    let first = browser.get(&world, "/pairing/groom").await;
    assert!(
        first.text().contains("<button>Collega</button>"),
        "{}",
        first.text()
    );
    world.integration.links_to("waha", &Value::Null);
    let pressed = browser
        .post(&world, &first, "/pairing/groom/link", &[])
        .await;
    assert_eq!(goes_to(&pressed), "/pairing/groom?said=linking");
    let waiting = browser.get(&world, goes_to(&pressed)).await;
    assert!(
        waiting.text().contains("dieci secondi"),
        "{}",
        waiting.text()
    );

    world.groom_connects().await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    world.shows(SessionState::Failed, None);
    let qr = world.view(SessionState::Qr, None);
    world.integration.links_to("scan", &qr);
    let pressed = browser
        .post(&world, &first, "/pairing/groom/link", &[])
        .await;
    assert_eq!(goes_to(&pressed), "/pairing/groom");
    let shown = browser.get(&world, "/pairing/groom").await;
    assert!(
        shown.text().contains("qr.png") && !shown.text().contains("/link\""),
        "{}",
        shown.text()
    );
}

/// A number that may be banned: no button, and the sentence says where to look.
#[tokio::test(start_paused = true)]
async fn the_page_offers_no_link_for_a_number_that_may_be_banned() {
    let world = World::sqlite().await;
    world.groom_connects().await;
    world.locks_the_number().await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    world.shows(SessionState::Failed, None);
    assert_eq!(world.links().await["waits_for"], "person");
    let mut browser = Browser::of_groom(&world).await;
    for path in ["/pairing/groom", "/"] {
        let page = browser.get(&world, path).await;
        assert!(
            page.text().contains("Non inquadrare niente"),
            "{path}: {}",
            page.text()
        );
        assert!(!page.text().contains("/pairing/groom/link\""), "{path}");
    }
    let page = browser.get(&world, "/pairing/groom").await;
    let pressed = browser
        .post(&world, &page, "/pairing/groom/link", &[])
        .await;
    assert_eq!(goes_to(&pressed), "/pairing/groom");
    assert_eq!(world.integration.calls(), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn says_so_when_the_integration_does_not_answer() {
    let world = World::sqlite().await;
    let mut browser = Browser::of_groom(&world).await;
    let page = browser.get(&world, "/pairing/groom").await;
    world
        .integration
        .refuses(Problem::unavailable("session_away", "Try again."));
    let refused = world.post("/sessions/groom/link", Value::Null).await;
    assert_eq!(
        (refused.status, refused.code()),
        (StatusCode::SERVICE_UNAVAILABLE, "session_away")
    );
    world.integration.goes_away();
    for path in ["/pairing/groom/link", "/pairing/groom/restart"] {
        let away = browser.post(&world, &page, path, &[]).await;
        assert_eq!(away.status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(away.text().contains("non risponde"), "{}", away.text());
    }
    assert!(world.get("/sessions/groom").await.body["paused"].is_null());
}
