//! *Link*, whatever the state: a QR code within 15 s of the press, or what it waits for; and when sending goes on afterwards.

use std::time::Duration;

use domain::session::SessionState;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use storage::testing::TestDatabase;
use tokio::{
    runtime::Builder,
    time::{Instant, sleep},
};
use waha_simulator::{Misbehaviour, Owner, Profile, RecordedCall, Refused, Status};

use super::{
    setup::Setup,
    system::{System, session},
};

const ZIA: &str = "393470000001";
const WITHIN: Duration = Duration::from_secs(15);

const SCAN: (&str, &str) = ("scan", "Scan the QR code");

/// What has happened to the groom's session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum InitialState {
    UnlinkedAsTold,
    UnlinkedUntold,
    CodesUsedUp,
    CodesUsedUpAsTold,
    Stopped,
    StoppedAndUnlinked,
    WahaForgot,
    AnotherNumber,
    WaitsForScan,
    Connected,
    BannedAsTold,
    BannedUntold,
    OutdatedAsTold,
    OutdatedUntold,
    LockedAndUnlinked,
    WahaAway,
    KeyRefused,
}

impl InitialState {
    const ALL: [Self; 17] = [
        Self::UnlinkedAsTold,
        Self::UnlinkedUntold,
        Self::CodesUsedUp,
        Self::CodesUsedUpAsTold,
        Self::Stopped,
        Self::StoppedAndUnlinked,
        Self::WahaForgot,
        Self::AnotherNumber,
        Self::WaitsForScan,
        Self::Connected,
        Self::BannedAsTold,
        Self::BannedUntold,
        Self::OutdatedAsTold,
        Self::OutdatedUntold,
        Self::LockedAndUnlinked,
        Self::WahaAway,
        Self::KeyRefused,
    ];

    /// What the press leads to, and a part of the sentence.
    const fn leads_to(self) -> (&'static str, &'static str) {
        match self {
            Self::UnlinkedAsTold
            | Self::CodesUsedUp
            | Self::CodesUsedUpAsTold
            | Self::AnotherNumber
            | Self::WaitsForScan => SCAN,
            Self::Stopped | Self::Connected => ("nothing", "The phone is linked"),
            Self::UnlinkedUntold
            | Self::StoppedAndUnlinked
            | Self::WahaForgot
            | Self::BannedUntold
            | Self::OutdatedUntold => ("phone", "Look at WhatsApp on the phone"),
            Self::BannedAsTold | Self::LockedAndUnlinked => {
                ("person", "Do not scan: look at WhatsApp on the phone")
            }
            Self::OutdatedAsTold => (
                "person",
                "devlikeapro/waha:gows-2026.10.1 or a newer release",
            ),
            Self::WahaAway => ("person", "see whether its container runs"),
            Self::KeyRefused => ("person", "WAHA_API_KEY_"),
        }
    }

    /// The same for the press after a look at the phone, which shows no restriction.
    const fn leads_to_after_a_look(self) -> (&'static str, &'static str) {
        match self {
            Self::OutdatedUntold => ("person", "fails also without its login"),
            _ => SCAN,
        }
    }
}

impl System {
    async fn links(&self) -> Value {
        self.links_with(None).await
    }

    /// A person looked at the phone, which shows no restriction.
    async fn links_after_a_look(&self) -> Value {
        let looked = json!({ "phone_shows_no_restriction": true });
        self.links_with(Some(looked)).await
    }

    async fn links_with(&self, body: Option<Value>) -> Value {
        let path = "/api/v1/sessions/groom/link";
        let (status, linked) = self.call(Method::POST, path, body).await;
        assert_eq!(status, StatusCode::OK, "{linked}");
        linked
    }

    fn log_outs(&self) -> usize {
        let record = self.waha("groom").record();
        let log_outs = record
            .iter()
            .filter(|entry| entry.what == RecordedCall::SessionLoggedOut);
        log_outs.count()
    }

    /// Unlinks the groom's phone, which WAHA tells.
    fn unlinks(&self) {
        let waha = self.waha("groom");
        waha.misbehave(Misbehaviour::FailuresSayWhy.always());
        waha.unlink_from_phone();
    }

    /// Unlinks the groom's phone, links it again by one press, and waits until it is connected.
    async fn relinks(&self) {
        self.unlinks();
        sleep(Duration::from_secs(5)).await;
        assert_eq!(self.shown_session("groom").await["state"], "failed");
        assert_eq!(self.links().await["waits_for"], "scan");
        self.is_scanned().await;
    }

    async fn is_scanned(&self) {
        let waha = self.waha("groom");
        waha.behave();
        waha.scan_qr().expect("a QR code");
        waha.until_listened_to().await;
        sleep(Duration::from_secs(5)).await;
        assert_eq!(self.shown_session("groom").await["state"], "connected");
    }

    /// Brings the session there.
    async fn brings_about(&self, before: InitialState) {
        let waha = self.waha("groom");
        match before {
            InitialState::Connected => {}
            InitialState::UnlinkedAsTold => self.unlinks(),
            InitialState::UnlinkedUntold => waha.unlink_from_phone(),
            InitialState::CodesUsedUp | InitialState::CodesUsedUpAsTold => {
                if before == InitialState::CodesUsedUpAsTold {
                    waha.misbehave(Misbehaviour::FailuresSayWhy.always());
                }
                waha.unlink_from_phone();
                self.links_after_a_look().await;
                waha.until_status(Status::Failed).await;
            }
            InitialState::Stopped => waha.stop().await,
            InitialState::StoppedAndUnlinked => {
                waha.unlink_from_phone();
                waha.stop().await;
            }
            InitialState::WahaForgot => {
                waha.unlink_from_phone();
                waha.restart();
            }
            // a log-out is a press of its own
            InitialState::AnotherNumber | InitialState::WaitsForScan => {
                let path = "/api/v1/sessions/groom/logout";
                let (status, answer) = self.call(Method::POST, path, None).await;
                assert_eq!(status, StatusCode::OK, "{answer}");
            }
            InitialState::BannedAsTold => waha.refuse(Refused::Banned, true),
            InitialState::BannedUntold => waha.refuse(Refused::Banned, false),
            InitialState::OutdatedAsTold => waha.refuse(Refused::Outdated, true),
            InitialState::OutdatedUntold => waha.refuse(Refused::Outdated, false),
            InitialState::LockedAndUnlinked => {
                let ends = self.world.now() + chrono::TimeDelta::hours(8);
                waha.restrict(Some(ends));
                sleep(Duration::from_secs(5)).await;
                waha.unlink_from_phone();
            }
            InitialState::WahaAway => self.waha_peers[&session("groom")].stop(),
            InitialState::KeyRefused => waha.misbehave(Misbehaviour::WrongKey.always()),
        }
        if before != InitialState::AnotherNumber {
            sleep(Duration::from_secs(2)).await;
        }
    }
}

/// A system whose owners do not scan by themselves any more.
async fn started(profile: Profile) -> System {
    let setup = Setup {
        profile,
        ..Setup::default()
    };
    let system = System::start(TestDatabase::sqlite().await, setup).await;
    sleep(Duration::from_mins(1)).await;
    system
        .waha("groom")
        .misbehave(Misbehaviour::NobodyScans.always());
    system
}

async fn a_press_leads_somewhere(before: InitialState) {
    let profile = match before {
        InitialState::WahaForgot => Profile::Waha2026_4_1NoWeb,
        _ => Profile::Waha2026_10Gows,
    };
    let system = started(profile).await;
    let mut pressed = Instant::now();
    system.brings_about(before).await;
    let log_outs = system.log_outs();
    if before != InitialState::AnotherNumber {
        pressed = Instant::now();
    }
    let linked = system.links().await;
    answers(&system, before, before.leads_to(), &linked).await;
    assert!(pressed.elapsed() <= WITHIN, "{before:?}");
    let (waits_for, _) = before.leads_to();
    if matches!(waits_for, "person" | "phone") {
        sleep(Duration::from_hours(1)).await;
        assert_eq!(system.log_outs(), log_outs, "{before:?}");
    }
    if waits_for == "phone" {
        let pressed = Instant::now();
        let linked = system.links_after_a_look().await;
        answers(&system, before, before.leads_to_after_a_look(), &linked).await;
        assert!(pressed.elapsed() <= WITHIN, "{before:?}");
    }
}

async fn answers(
    system: &System,
    before: InitialState,
    (waits_for, says): (&str, &str),
    linked: &Value,
) {
    let case = format!("{before:?}: {linked:#}");
    assert_eq!(linked["waits_for"], waits_for, "{case}");
    let sentence = linked["sentence"].as_str().expect("a sentence");
    assert!(sentence.contains(says), "{case}");
    if waits_for == "scan" {
        let path = "/api/v1/sessions/groom/qr";
        let (status, _) = system.call(Method::GET, path, None).await;
        assert_eq!(status, StatusCode::OK, "{case}");
    }
}

/// Each case in a runtime of its own: a system ends with it.
#[test]
fn leads_from_every_state_to_a_qr_code_within_15_seconds_or_to_a_sentence() {
    for before in InitialState::ALL {
        let runtime = Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build();
        let runtime = runtime.expect("a runtime");
        runtime.block_on(a_press_leads_somewhere(before));
    }
}

#[tokio::test(start_paused = true)]
async fn answers_what_it_waits_for_while_a_start_is_stuck_and_goes_on() {
    let system = started(Profile::Waha2026_10Gows).await;
    system.waha("groom").get_stuck();
    sleep(Duration::from_secs(2)).await;
    let pressed = Instant::now();
    let linked = system.links().await;
    assert_eq!(linked["waits_for"], "waha", "{linked:#}");
    assert!(pressed.elapsed() <= WITHIN);
    assert_eq!(linked["session"]["state"], "connecting", "{linked:#}");
    sleep(Duration::from_mins(3)).await;
    assert_eq!(system.shown_session("groom").await["state"], "connected");
}

/// Zia has written, and something is queued for her for in an hour.
async fn with_a_message() -> (System, String) {
    let system = started(Profile::Waha2026_10Gows).await;
    system.waha("groom").guest(ZIA).write("A che ora?");
    sleep(Duration::from_secs(5)).await;
    let not_before = system.world.now() + chrono::TimeDelta::hours(1);
    let message = json!({ "session": "groom", "to": format!("+{ZIA}"), "text": "Alle tre", "not_before": not_before });
    let id = system.enqueue_with(message).await;
    (system, id)
}

#[tokio::test(start_paused = true)]
async fn sends_again_by_itself_when_the_same_number_is_linked() {
    let (system, id) = with_a_message().await;
    system.relinks().await;
    assert_eq!(system.shown_session("groom").await["paused"], Value::Null);
    system.until(&id, "sent", Duration::from_hours(2)).await;
    assert_eq!(system.waha("groom").phone(ZIA).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn sends_nothing_after_a_link_while_a_person_has_stopped_it() {
    let (system, id) = with_a_message().await;
    system.control("groom", "pause").await;
    system.relinks().await;
    assert_eq!(system.shown_session("groom").await["paused"]["by"], "tests");
    sleep(Duration::from_hours(4)).await;
    assert_eq!(system.message(&id).await["status"], "pending");
    system.control("groom", "resume").await;
    system.until(&id, "sent", Duration::from_hours(1)).await;
}

/// The phone was logged out and linked by a person while the number was locked.
#[tokio::test(start_paused = true)]
async fn sends_nothing_after_a_link_while_a_lock_holds() {
    let (system, id) = with_a_message().await;
    let ends = system.world.now() + chrono::TimeDelta::hours(8);
    system.waha("groom").restrict(Some(ends));
    sleep(Duration::from_secs(5)).await;
    let path = "/api/v1/sessions/groom/logout";
    system.call(Method::POST, path, None).await;
    assert_eq!(system.links().await["waits_for"], "scan");
    system.is_scanned().await;
    sleep(Duration::from_hours(6)).await;
    let waiting = system.message(&id).await;
    assert_eq!(waiting["wait"]["reason"], "session_locked", "{waiting:#}");
    system.until(&id, "sent", Duration::from_hours(4)).await;
}

#[tokio::test(start_paused = true)]
async fn waits_for_a_person_after_more_than_a_day_with_old_rows() {
    let (system, id) = with_a_message().await;
    system.unlinks();
    sleep(Duration::from_hours(26)).await;
    assert_eq!(system.links().await["waits_for"], "scan");
    system.is_scanned().await;
    assert_eq!(
        system.shown_session("groom").await["paused"]["by"],
        "old_backlog"
    );
    sleep(Duration::from_hours(2)).await;
    assert_eq!(system.message(&id).await["status"], "pending");
}

#[tokio::test(start_paused = true)]
async fn asks_guests_to_write_first_when_another_number_is_linked() {
    let (system, id) = with_a_message().await;
    system.unlinks();
    sleep(Duration::from_secs(5)).await;
    assert_eq!(system.links().await["waits_for"], "scan");
    system.waha("groom").link_at_once(Owner {
        number: "393331119999".to_owned(),
        name: "groom".to_owned(),
        lid: "9393331119999".to_owned(),
    });
    sleep(Duration::from_hours(3)).await;
    let waiting = system.message(&id).await;
    assert_eq!(
        waiting["wait"]["reason"], "guest_has_not_written",
        "{waiting:#}"
    );
    assert_eq!(system.shown_session("groom").await["paused"], Value::Null);
    let row = system
        .store
        .session(&session("groom"))
        .await
        .expect("the database");
    assert_eq!(row.map(|row| row.state), Some(SessionState::Connected));
}

/// The service stopped in the middle of an operation. Its start ends the pause; what a person paused stays.
#[tokio::test(start_paused = true)]
async fn sends_again_after_an_operation_that_queue_api_did_not_survive() {
    let (system, id) = with_a_message().await;
    let (name, now) = (session("groom"), system.clock.now());
    let actor = storage::Actor::worker();
    let begun = system
        .store
        .begin_operation(&name, &actor, "session.link", now)
        .await;
    begun.expect("the database");
    sleep(Duration::from_hours(2)).await;
    let waiting = system.message(&id).await;
    assert_eq!(waiting["wait"]["reason"], "session_paused", "{waiting:#}");
    // as at the start of queue-api
    system
        .store
        .ensure_sessions(&[name], system.clock.now())
        .await
        .expect("the database");
    system.until(&id, "sent", Duration::from_mins(30)).await;
}
