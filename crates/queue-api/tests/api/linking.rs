//! *Link* in the API: for every state and problem a QR code, a connection, or a sentence. The page is in `pages/linking.rs`.

use std::time::Duration;

use domain::release::Lock;
use domain::session::{SessionProblem, SessionState};
use http::StatusCode;
use rstest::rstest;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::neighbours::session_view;
use crate::pages::browser::{Browser, goes_to};
use crate::world::{On, World, groom};

impl World {
    /// What WAHA shows now of a session in that state.
    pub(crate) fn view(&self, state: SessionState, problem: Option<SessionProblem>) -> Value {
        let mut view = session_view(state.as_str());
        view["problem"] = json!(problem);
        view["at"] = json!(self.clock.now());
        if state != SessionState::Connected {
            view["own"] = Value::Null;
        }
        view
    }

    pub(crate) async fn links(&self) -> Value {
        let linked = self.post("/sessions/groom/link", Value::Null).await;
        assert_eq!(linked.status, StatusCode::OK, "{}", linked.body);
        linked.body
    }

    /// WAHA shows the session in that state at the next look.
    pub(crate) fn shows(&self, state: SessionState, problem: Option<SessionProblem>) {
        self.integration.shows(self.view(state, problem));
    }

    pub(crate) async fn locks_the_number(&self) {
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

/// In the order connected, qr, connecting, disconnected, failed. "links": the integration is asked to.
const BY_STATE: [&str; 5] = ["nothing", "scan", "links", "links", "links"];
const PASSKEY: [&str; 5] = ["nothing", "passkey", "links", "links", "links"];
const ELSEWHERE: [&str; 5] = ["person"; 5];

/// What a press leads to for each problem, by state.
const LEADS_TO: [(Option<SessionProblem>, [&str; 5]); 21] = {
    use SessionProblem as P;
    [
        (None, BY_STATE),
        (Some(P::SessionMissing), BY_STATE),
        (Some(P::StoreOff), BY_STATE),
        (Some(P::KnownBad), BY_STATE),
        (Some(P::VersionUnknown), BY_STATE),
        (Some(P::CodesUsedUp), BY_STATE),
        (Some(P::Unlinked), BY_STATE),
        (Some(P::SendingForbidden), BY_STATE),
        (Some(P::SendingUnstable), BY_STATE),
        (Some(P::SendingTooFast), BY_STATE),
        (Some(P::SendingRejected), BY_STATE),
        (Some(P::SendingUnclear), BY_STATE),
        (Some(P::WorkerAway), BY_STATE),
        (Some(P::PasskeyRequired), PASSKEY),
        (Some(P::PasskeyConfirmationRequired), PASSKEY),
        (Some(P::WahaAway), ELSEWHERE),
        (Some(P::KeyRefused), ELSEWHERE),
        (Some(P::TooOld), ELSEWHERE),
        (Some(P::SameNumber), ELSEWHERE),
        (Some(P::Restricted), ELSEWHERE),
        (Some(P::ClientOutdated), ELSEWHERE),
    ]
};

/// Every state × problem × link. The integration's part is played: it shows a QR code, as its own tests prove.
#[tokio::test(start_paused = true)]
async fn leads_every_state_and_problem_to_a_qr_code_or_a_sentence() {
    let world = World::sqlite().await;
    for problem in SessionProblem::ALL {
        let rows = LEADS_TO.iter().filter(|(row, _)| *row == Some(*problem));
        assert_eq!(rows.count(), 1, "{problem}");
    }
    for (problem, by_state) in LEADS_TO {
        for (state, leads_to) in SessionState::ALL.iter().zip(by_state) {
            a_press_leads_to(&world, *state, problem, leads_to).await;
        }
    }
}

async fn a_press_leads_to(
    world: &World,
    state: SessionState,
    problem: Option<SessionProblem>,
    leads_to: &str,
) {
    tokio::time::sleep(Duration::from_secs(1)).await;
    world.shows(state, problem);
    let qr = world.view(SessionState::Qr, None);
    world.integration.links_to("scan", &qr);
    let before = world.integration.calls().len();
    let linked = world.links().await;
    world.unlock().await;
    let calls = world.integration.calls().split_off(before);
    let case = format!("{state} {problem:?}: {linked} {calls:?}");
    let (waits_for, says) = match leads_to {
        "links" | "scan" => ("scan", "Scan the QR code"),
        "nothing" => ("nothing", "The phone is linked"),
        "person" => ("person", elsewhere(problem.expect("one"))),
        "passkey" if problem == Some(SessionProblem::PasskeyRequired) => {
            ("passkey", "asks for a passkey")
        }
        "passkey" => ("passkey", "shows a code on the phone"),
        other => panic!("{other}"),
    };
    assert_eq!(linked["waits_for"], waits_for, "{case}");
    assert!(
        linked["sentence"].as_str().unwrap().contains(says),
        "{case}"
    );
    if let Some(problem) = problem.filter(|_| state == SessionState::Connected) {
        assert_advises(&linked, problem);
    }
    let names_the_image = linked["sentence"].as_str().unwrap().contains("WAHA_IMAGE");
    if (state, problem) == (SessionState::Qr, Some(SessionProblem::KnownBad)) {
        assert!(names_the_image, "{case}");
    }
    let log_out = match problem {
        Some(SessionProblem::Unlinked) => "untold",
        _ => "told_unlinked",
    };
    let asked = format!(r#"POST groom/link {{"log_out":"{log_out}"}}"#);
    let asked: Vec<_> = (leads_to == "links").then_some(asked).into_iter().collect();
    assert_eq!(calls, asked, "{case}");
    assert!(linked["session"]["paused"].is_null(), "{case}");
}

/// A problem of a connected session is not hidden by the success of *link*.
fn assert_advises(linked: &Value, problem: SessionProblem) {
    let session = &linked["session"];
    assert_eq!(session["problem"], problem.as_str(), "{linked}");
    let advice = session["advice"].as_str().expect("an advice");
    let sentence = linked["sentence"].as_str().unwrap();
    assert!(sentence.ends_with(advice), "{linked}");
}

/// No restart mends the store: home says what the couple must do, with the button for it.
#[tokio::test(start_paused = true)]
async fn a_store_that_cannot_be_read_is_named_on_home_with_the_way_out() {
    let world = World::sqlite().await;
    let mut view = world.view(SessionState::Connected, Some(SessionProblem::StoreOff));
    view["fact"] = json!("session");
    world.report("groom", json!([view])).await;
    for (mut browser, words) in [
        (
            Browser::of_groom(&world).await,
            "scollega il telefono e collegalo di nuovo",
        ),
        (
            Browser::of_operator(&world).await,
            "unlink the phone and link it again",
        ),
    ] {
        let home = browser.get(&world, "/").await;
        for part in [words, "/pairing/groom/log-out"] {
            assert!(home.text().contains(part), "{part}: {}", home.text());
        }
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
        [r#"POST groom/link {"log_out":"never"}"#]
    );
    world.unlock().await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    world.shows(SessionState::Failed, None);
    world.links().await;
    let calls = world.integration.calls();
    assert!(calls[1].contains("told_unlinked"), "{calls:?}");
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

/// The integration restarted a session that failed again. It logs out only what a person saw on the phone.
#[tokio::test(start_paused = true)]
async fn a_failure_without_a_cause_needs_a_person_who_looked_at_the_phone() {
    let world = World::sqlite().await;
    world.groom_connects().await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    world.shows(SessionState::Failed, None);
    let failed = world.view(SessionState::Failed, None);
    world.integration.links_to("phone", &failed);
    let linked = world.links().await;
    assert_eq!(linked["waits_for"], "phone");
    let sentence = linked["sentence"].as_str().unwrap();
    for part in [
        "does not say why",
        "restricted or banned",
        "on the phone",
        "`phone_shows_no_restriction`",
    ] {
        assert!(sentence.contains(part), "{part}: {sentence}");
    }
    // also without its login it fails
    world.integration.links_to("person", &failed);
    let looked = json!({ "phone_shows_no_restriction": true });
    let linked = world
        .post("/sessions/groom/link", looked.clone())
        .await
        .body;
    assert_eq!(linked["waits_for"], "person");
    let sentence = linked["sentence"].as_str().unwrap();
    assert!(
        sentence.contains("read WAHA's log") && sentence.contains("gows-2026.10.1"),
        "{sentence}"
    );
    world.locks_the_number().await;
    world.shows(SessionState::Connecting, None);
    world.post("/sessions/groom/link", looked).await;
    let asked = ["told_unlinked", "untold", "never"]
        .map(|log_out| format!(r#"POST groom/link {{"log_out":"{log_out}"}}"#));
    assert_eq!(world.integration.calls(), asked);
    let wrong = json!({ "phone_shows_no_restriction": "yes" });
    let wrong = world.post("/sessions/groom/link", wrong).await;
    assert_eq!(wrong.code(), "invalid_body", "{}", wrong.body);
}

#[tokio::test(start_paused = true)]
async fn says_so_when_nothing_runs_any_more() {
    let world = World::sqlite().await;
    world.shows(SessionState::Disconnected, None);
    let stopped = world.view(SessionState::Disconnected, None);
    world.integration.links_to("press", &stopped);
    let linked = world.links().await;
    assert_eq!(linked["waits_for"], "press", "{linked}");
    let sentence = linked["sentence"].as_str().unwrap();
    assert!(
        sentence.contains("nothing runs any more") && sentence.contains("link again"),
        "{sentence}"
    );
    let mut browser = Browser::of_groom(&world).await;
    let page = browser.get(&world, "/pairing/groom").await;
    let pressed = browser
        .post(&world, &page, "/pairing/groom/link", &[])
        .await;
    let page = browser.get(&world, goes_to(&pressed)).await;
    assert!(
        page.text().contains("non sta più provando"),
        "{}",
        page.text()
    );
}

/// The look and the operation have one deadline, and what was seen before the hang is no answer.
#[rstest]
#[case(SessionState::Connected)]
#[case(SessionState::Qr)]
#[case(SessionState::Failed)]
#[tokio::test(start_paused = true)]
async fn answers_within_15_seconds_and_never_that_all_is_well_while_waha_hangs(
    #[case] seen: SessionState,
) {
    let world = World::sqlite().await;
    let mut view = world.view(seen, None);
    view["fact"] = json!("session");
    world.report("groom", json!([view])).await;
    world.integration.hangs();
    let pressed = Instant::now();
    let linked = world.links().await;
    assert!(
        pressed.elapsed() <= Duration::from_secs(15),
        "{:?}",
        pressed.elapsed()
    );
    assert_eq!(linked["waits_for"], "waha", "{linked}");
    assert!(
        linked["sentence"]
            .as_str()
            .unwrap()
            .contains("WAHA has not answered"),
        "{linked}"
    );
    tokio::time::sleep(Duration::from_mins(1)).await;
    assert!(world.get("/sessions/groom").await.body["paused"].is_null());
    if seen == SessionState::Connected {
        let mut browser = Browser::of_groom(&world).await;
        let page = browser.get(&world, "/pairing/groom").await;
        let silent = browser
            .post(&world, &page, "/pairing/groom/link", &[])
            .await;
        assert_eq!(silent.status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(silent.text().contains("non risponde"), "{}", silent.text());
    }
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
