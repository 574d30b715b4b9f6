//! The guided run of `make pilot`, with two simulated phones that do what it says.

use std::{cell::RefCell, collections::HashMap, rc::Rc};

use chassis::{Outbound, outbound::InProcessPeer};
use pilot::{Api, Pilot, Question, Task, Tester, Transcript};
use secrecy::SecretString;
use storage::testing::TestDatabase;
use url::Url;

use super::{setup::Setup, system::System};

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
}

impl<'a> Obedient<'a> {
    fn new(system: &'a System) -> Self {
        Self {
            system,
            seen: HashMap::new(),
            private: Rc::new(RefCell::new(
                NUMBERS.map(|(_, number)| number.to_owned()).into(),
            )),
            forgets_to_link_again: false,
            unlinked: false,
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
                if !(self.unlinked && self.forgets_to_link_again) {
                    self.system.waha(phone).scan_qr().expect("a code");
                }
            }
            Task::OpenInvitation { phone, link } => self.open(phone, link),
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
            Question::ArrivedOnce { phone } => {
                let shown = self.system.waha(other(phone)).phone(number(phone));
                let by_waha = shown
                    .iter()
                    .filter(|shown| shown.written_by == waha_simulator::WrittenBy::Waha);
                let texts: Vec<_> = by_waha.map(|shown| shown.text.clone()).collect();
                let before = self.seen.insert(phone.to_owned(), texts.len());
                self.private.borrow_mut().extend(texts.iter().cloned());
                texts.len() == before.unwrap_or_default() + 1
            }
        }
    }

    fn note(&mut self, _: &str) {}
}

async fn system() -> System {
    let setup = Setup {
        scans: false,
        ..Setup::default()
    };
    System::start(TestDatabase::sqlite().await, setup).await
}

async fn run(system: &System, tester: Obedient<'_>) -> Transcript {
    let (router, token) = system.couple();
    let peer = InProcessPeer::down();
    peer.start(router);
    let api = Api::new(Outbound::in_process(peer), SecretString::from(token));
    let sessions = NUMBERS.map(|(phone, _)| phone.to_owned());
    let pilot = Pilot::new(&api, tester, sessions, system.clock.clone());
    pilot.expect("two sessions").run().await
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
    let (_, guests) = system.call(http::Method::GET, "/api/v1/guests", None).await;
    assert_eq!(
        guests["items"],
        serde_json::json!([]),
        "the run takes its guests away"
    );
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
