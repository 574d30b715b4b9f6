//! The guided run of `make pilot`, with two simulated phones that do what it says.

use std::{
    cell::RefCell,
    collections::HashMap,
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    middleware::{Next, from_fn},
    response::IntoResponse,
};
use chassis::{Outbound, outbound::InProcessPeer};
use http::{Method, Request, StatusCode};
use pilot::{Api, Pilot, Question, Task, Tester, Transcript};
use rstest::rstest;
use secrecy::SecretString;
use serde_json::{Value, json};
use storage::testing::TestDatabase;
use tokio::{sync::oneshot, time::Instant};
use url::Url;
use waha_simulator::Profile;

use super::{
    setup::Setup,
    system::{System, session},
};

const NUMBERS: [(&str, &str); 2] = [("groom", "393331112220"), ("bride", "393331112221")];

fn number(phone: &str) -> &'static str {
    let [groom, bride] = NUMBERS;
    if phone == groom.0 { groom.1 } else { bride.1 }
}

fn other(phone: &str) -> &'static str {
    let [groom, bride] = NUMBERS;
    if phone == groom.0 { bride.0 } else { groom.0 }
}

/// A person who does what they are told, and everything that they and their phones could tell.
struct Obedient<'a> {
    system: &'a System,
    /// How many messages each phone has shown at the last question.
    seen: HashMap<String, usize>,
    /// Words that must not be in the transcript.
    private: Rc<RefCell<Vec<String>>>,
    /// Does everything but scan the code of this phone a second time.
    forgets_to_link_again: bool,
    unlinked: bool,
    /// Scans no code before this.
    scans_from: Instant,
    /// Breaks the run off when asked to open the second invitation.
    breaks_off: Option<oneshot::Sender<()>>,
    /// What was said of the sessions, in the API's words.
    advice: Rc<RefCell<Vec<String>>>,
    /// Does what is to be done elsewhere, or goes on; else says no.
    follows: bool,
}

/// What the phone shows of the pilot's.
fn by_waha(system: &System, phone: &str) -> Vec<String> {
    let shown = system.waha(other(phone)).phone(number(phone));
    let by_waha = shown
        .into_iter()
        .filter(|shown| shown.written_by == waha_simulator::WrittenBy::Waha);
    by_waha.map(|shown| shown.text).collect()
}

impl<'a> Obedient<'a> {
    fn new(system: &'a System) -> Self {
        Self {
            system,
            seen: NUMBERS
                .map(|(phone, _)| (phone.to_owned(), by_waha(system, phone).len()))
                .into(),
            private: Rc::new(RefCell::new(
                NUMBERS.map(|(_, number)| number.to_owned()).into(),
            )),
            forgets_to_link_again: false,
            unlinked: false,
            scans_from: Instant::now(),
            breaks_off: None,
            advice: Rc::default(),
            follows: false,
        }
    }

    /// One phone writes to the other: the other session hears a guest, the own session an owner who types by hand.
    fn write(&mut self, phone: &str, text: &str) {
        self.private.borrow_mut().push(text.to_owned());
        let receiver = self.system.waha(other(phone));
        receiver.guest(number(phone)).write(text);
        let own = self.system.waha(phone);
        own.type_by_hand(number(other(phone)), text);
    }

    fn open(&mut self, phone: &str, link: &str) {
        let link = Url::parse(link).expect("a link");
        assert_eq!(link.host_str(), Some("wa.me"));
        let to = link.path().trim_start_matches('/');
        assert_eq!(to, number(other(phone)), "it leads to the other phone");
        let prefilled = link.query_pairs().find(|(name, _)| name == "text");
        let text = prefilled.expect("a prefilled text").1.into_owned();
        self.write(phone, &text);
    }
}

impl Tester for Obedient<'_> {
    fn show(&mut self, task: &Task<'_>) {
        match task {
            Task::Scan { phone, qr } => {
                self.private.borrow_mut().push((*qr).to_owned());
                let scans = Instant::now() >= self.scans_from;
                if scans && !(self.unlinked && self.forgets_to_link_again) {
                    self.system.waha(phone).scan_qr().expect("a code");
                }
            }
            Task::OpenInvitation { phone, .. }
                if *phone == "groom" && self.breaks_off.is_some() =>
            {
                let told = self.breaks_off.take().map(|break_off| break_off.send(()));
                assert_eq!(told, Some(Ok(())), "the run is under way");
            }
            Task::OpenInvitation { phone, link } => self.open(phone, link),
            Task::Advice { advice, .. } => self.advice.borrow_mut().push((*advice).to_owned()),
            Task::WriteToOther { phone } => self.write(phone, "Una parola qualsiasi"),
            Task::SwitchOff { phone } => {
                self.system
                    .waha(other(phone))
                    .guest(number(phone))
                    .switch_off();
            }
            Task::SwitchOn { phone } => {
                self.system
                    .waha(other(phone))
                    .guest(number(phone))
                    .switch_on();
            }
            Task::Unlink { phone } => {
                self.unlinked = true;
                self.system.waha(phone).unlink_from_phone();
            }
            Task::LinkOnPage { phone } => panic!("nothing more is asked for, of {phone}"),
        }
    }

    async fn confirms(&mut self, question: Question<'_>) -> bool {
        match question {
            Question::IsOff { .. } => true,
            Question::GoesOn { .. } => self.follows,
            Question::IsDone { phone } if self.follows => {
                let router = self.system.waha(phone).router();
                self.system.waha_peers[&session(phone)].start(router);
                true
            }
            Question::IsDone { .. } => false,
            Question::ArrivedOnce { phone, text } => {
                let texts = by_waha(self.system, phone);
                let before = self.seen.insert(phone.to_owned(), texts.len());
                self.private.borrow_mut().extend(texts.iter().cloned());
                let newest = texts.last().is_some_and(|newest| newest.ends_with(text));
                newest && texts.len() == before.unwrap_or_default() + 1
            }
        }
    }

    fn note(&mut self, _: &str) {}
}

async fn system() -> System {
    with(Profile::Waha2026_10Gows).await
}

async fn with(profile: Profile) -> System {
    let setup = Setup {
        scans: false,
        profile,
        ..Setup::default()
    };
    System::start(TestDatabase::sqlite().await, setup).await
}

async fn run(system: &System, tester: Obedient<'_>) -> Transcript {
    let (router, _) = system.couple();
    run_until(system, router, tester, std::future::pending()).await
}

async fn run_until(
    system: &System,
    router: Router,
    tester: Obedient<'_>,
    broken_off: impl Future<Output = ()>,
) -> Transcript {
    let peer = InProcessPeer::down();
    peer.start(router);
    let token = SecretString::from(system.couple().1);
    let api = Api::new(Outbound::in_process(peer), token);
    let sessions = NUMBERS.map(|(phone, _)| phone.to_owned());
    let pilot = Pilot::new(&api, tester, sessions, system.clock.clone());
    pilot.expect("two sessions").run(broken_off).await
}

async fn ask(system: &System, path: &str) -> Value {
    let (status, answer) = system
        .call(Method::GET, &format!("/api/v1{path}"), None)
        .await;
    assert!(status.is_success(), "{path}: {status} {answer:#}");
    answer
}

#[tokio::test(start_paused = true)]
async fn a_run_with_two_phones_ends_well_and_its_transcript_tells_nothing_private() {
    let system = system().await;
    let tester = Obedient::new(&system);
    let private = Rc::clone(&tester.private);
    let transcript = run(&system, tester).await;

    let text = transcript.to_string();
    assert!(transcript.succeeded(), "{text}");
    assert_eq!(
        text.lines().filter(|line| line.starts_with("| ")).count(),
        9,
        "{text}"
    );
    let server = transcript.server().expect("a release");
    assert_eq!(
        (server.release.as_str(), server.engine.as_str()),
        ("2026.10.1", "GOWS")
    );
    let private = private.take();
    assert!(private.len() > 15, "{}", private.len());
    for private in private {
        assert!(!text.contains(&private), "{private} is in {text}");
    }
    // the invitations' codes are in what was written; nothing else looks like a number
    let longest = text
        .split(|c: char| !c.is_ascii_digit())
        .map(str::len)
        .max();
    assert!(longest.unwrap_or_default() <= 4, "{text}");
    let guests = ask(&system, "/guests").await;
    assert_eq!(guests["items"], json!([]), "the run takes its guests away");
    let announcements = ask(&system, "/broadcasts").await;
    assert_eq!(announcements["items"][0]["state"], "cancelled");
}

#[tokio::test(start_paused = true)]
async fn a_step_that_fails_ends_the_run_and_is_told() {
    let system = system().await;
    let tester = Obedient {
        forgets_to_link_again: true,
        ..Obedient::new(&system)
    };
    let transcript = run(&system, tester).await;
    let text = transcript.to_string();
    assert!(!transcript.succeeded(), "{text}");
    let failed = "| link again | FAILED: not seen within 20 minutes: a phone was linked |";
    assert!(text.contains(failed), "{text}");
}

/// Nobody scanned in time, so the session failed: the pilot presses *Link again* by itself.
#[tokio::test(start_paused = true)]
async fn codes_that_are_used_up_are_renewed() {
    let system = system().await;
    let tester = Obedient {
        scans_from: Instant::now() + Duration::from_mins(10),
        ..Obedient::new(&system)
    };
    let transcript = run(&system, tester).await;
    assert!(transcript.succeeded(), "{transcript}");
    let problems = "SELECT detail AS value FROM audit_log WHERE action = 'session.link'";
    let presses = system.database.texts(problems).await;
    assert!(presses.len() > 2, "{presses:?}");
}

/// A session that waits for a person says for what; when that is done, the run goes on, else it ends.
#[rstest]
#[tokio::test(start_paused = true)]
async fn what_only_a_person_can_do_is_said(#[values(true, false)] follows: bool) {
    let system = system().await;
    system.waha_peers[&session("groom")].stop();
    tokio::time::sleep(Duration::from_mins(1)).await;
    let tester = Obedient {
        follows,
        ..Obedient::new(&system)
    };
    let advice = Rc::clone(&tester.advice);
    let transcript = run(&system, tester).await;
    assert_eq!(
        advice.take(),
        ["WAHA does not answer: see whether its container runs."]
    );
    assert_eq!(transcript.succeeded(), follows, "{transcript}");
    let denied = "the person answered no: what linking waits for is done";
    assert_eq!(transcript.to_string().contains(denied), !follows);
}

/// A known defect does not keep a phone from being linked, but the person says whether the run is worth it.
#[rstest]
#[tokio::test(start_paused = true)]
async fn a_known_defect_of_waha_is_said_before_the_scan(#[values(true, false)] follows: bool) {
    let system = with(Profile::Waha2026_8Gows).await;
    tokio::time::sleep(Duration::from_mins(1)).await;
    let tester = Obedient {
        follows,
        ..Obedient::new(&system)
    };
    let advice = Rc::clone(&tester.advice);
    let transcript = run(&system, tester).await.to_string();
    let advice = advice.take();
    assert!(advice[0].contains("set WAHA_IMAGE to"), "{advice:?}");
    let linked = transcript.contains("| link both phones | linked by a scan |");
    assert_eq!(linked, follows, "{transcript}");
}

/// Ctrl-C in the middle of a step takes away what was made.
#[tokio::test(start_paused = true)]
async fn a_run_that_is_broken_off_leaves_no_guest() {
    let system = system().await;
    let (break_off, broken_off) = oneshot::channel();
    let tester = Obedient {
        breaks_off: Some(break_off),
        ..Obedient::new(&system)
    };
    let broken_off = async { broken_off.await.expect("it is broken off") };
    let (router, _) = system.couple();
    let transcript = run_until(&system, router, tester, broken_off).await;
    let text = transcript.to_string();
    assert!(!transcript.succeeded(), "{text}");
    let step = "| first word by the invitation's link | FAILED: broken off |";
    assert!(text.contains(step), "{text}");
    assert!(
        text.contains("| take away what the run made | the guests are erased"),
        "{text}"
    );
    assert_eq!(ask(&system, "/guests").await["items"], json!([]));
}

/// An error while one guest is erased keeps no other from being erased, and the next run takes the rest away before it begins.
#[tokio::test(start_paused = true)]
async fn what_a_run_leaves_is_said_and_taken_away_by_the_next() {
    let system = system().await;
    let erased = Arc::new(AtomicBool::new(false));
    let once = move |request: Request<Body>, next: Next| {
        let is_erasure = request.uri().path().ends_with("/erase");
        let first = is_erasure && !erased.swap(true, Ordering::Relaxed);
        async move {
            if first {
                return StatusCode::INTERNAL_SERVER_ERROR.into_response();
            }
            next.run(request).await
        }
    };
    let router = system.couple().0.layer(from_fn(once));
    let tester = Obedient::new(&system);
    let transcript = run_until(&system, router, tester, std::future::pending()).await;
    let text = transcript.to_string();
    assert!(
        text.contains("FAILED: erase what is left on the guest list"),
        "{text}"
    );
    let guests = ask(&system, "/guests").await["items"].clone();
    assert_eq!(guests.as_array().map(Vec::len), Some(1), "{guests:#}");

    // an hour later: the messages of the first run count for the limits of the second
    tokio::time::sleep(Duration::from_hours(1)).await;
    let again = run(&system, Obedient::new(&system)).await;
    assert!(again.succeeded(), "{again}");
    assert_eq!(ask(&system, "/guests").await["items"], json!([]));
}

/// A code ties no phone that is a guest's already: that is said at once.
#[tokio::test(start_paused = true)]
async fn a_phone_that_is_a_guests_is_refused_at_once() {
    let system = system().await;
    system.on_the_list("Testimone", number("bride")).await;
    let began = Instant::now();
    let transcript = run(&system, Obedient::new(&system)).await;
    let text = transcript.to_string();
    assert!(
        text.contains("FAILED: the number of a phone is a guest's"),
        "{text}"
    );
    assert!(
        began.elapsed() < Duration::from_mins(5),
        "{:?}",
        began.elapsed()
    );
    let guests = ask(&system, "/guests").await["items"].clone();
    assert_eq!(guests.as_array().map(Vec::len), Some(1), "the guest stays");
}
