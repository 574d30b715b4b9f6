//! Another number is linked to the session, at any instant of a message's way: nothing leaves from a number that the guest did not
//! write to. When the old number is linked again, the message leaves.

use std::{collections::BTreeMap, time::Duration};

use http::{Method, StatusCode};
use storage::testing::TestDatabase;
use tokio::{runtime::Builder, time::sleep};
use waha_simulator::{Misbehaviour, Owner, Step};

use super::{setup::Setup, system::System};

const ZIA: &str = "393470000001";
/// The number that the groom's session is linked to at first.
const OLD: &str = "393331112220";
const NEW: &str = "393331119999";

/// When the number is swapped.
#[derive(Debug, Clone, Copy)]
enum Swap {
    /// The message is queued, and nothing is composed yet.
    Queued,
    /// So many milliseconds after it was queued.
    After(u64),
    /// The composition is ready and committed; the last thing before the call is under way.
    BeforeTheCall,
}

impl System {
    fn link(&self, number: &str) {
        self.waha("groom").link_at_once(Owner {
            number: number.to_owned(),
            name: "groom".to_owned(),
            lid: format!("9{number}"),
        });
    }

    /// The numbers that Zia's phone got a message from.
    fn senders(&self) -> Vec<String> {
        let shown = self.waha("groom").phone(ZIA).into_iter();
        shown.map(|delivered| delivered.own_number).collect()
    }

    async fn newest_phase(&self, id: &str) -> String {
        let message = self.message(id).await;
        let timeline = message["timeline"].as_array().expect("a timeline");
        let newest = timeline.last().expect("it was queued");
        newest["phase"].as_str().expect("a phase").to_owned()
    }

    /// Swaps the number at that instant of the way of a message to Zia: its id, and its phase then.
    async fn swap(&self, swap: Swap) -> (String, String) {
        let waha = self.waha("groom");
        if matches!(swap, Swap::Queued) {
            self.control("groom", "pause").await;
        }
        let stopped = waha.gate(Step::TypingStopped);
        let id = self.enqueue("groom", &format!("+{ZIA}"), "Ciao zia!").await;
        match swap {
            Swap::Queued => {}
            Swap::After(ms) => {
                stopped.release();
                sleep(Duration::from_millis(ms)).await;
            }
            Swap::BeforeTheCall => {
                stopped.reached().await;
                let read = waha.gate(Step::SessionRead);
                stopped.release();
                read.reached().await;
                let phase = self.newest_phase(&id).await;
                assert_eq!(phase, "committed", "another read was held");
                self.link(NEW);
                read.release();
                return (id, phase);
            }
        }
        drop(stopped);
        let phase = self.newest_phase(&id).await;
        self.link(NEW);
        if matches!(swap, Swap::Queued) {
            self.control("groom", "resume").await;
        }
        (id, phase)
    }
}

/// A system in which Zia has written to the groom's old number.
async fn written_to() -> System {
    let system = System::start(TestDatabase::sqlite().await, Setup::default()).await;
    system.waha("groom").guest(ZIA).write("A che ora?");
    sleep(Duration::from_secs(5)).await;
    system
}

/// The phase in which the swap found the message.
async fn nothing_leaves_from_the_new_number(swap: Swap) -> String {
    let system = written_to().await;
    let (id, phase) = system.swap(swap).await;
    sleep(Duration::from_mins(3)).await;
    let senders = system.senders();
    assert!(!senders.contains(&NEW.to_owned()), "{swap:?} in {phase}");
    if senders.is_empty() {
        let message = system.message(&id).await;
        assert_eq!(
            message["wait"]["reason"], "guest_has_not_written",
            "{swap:?} in {phase}: {message:#}"
        );
    }
    system.link(OLD);
    system.until(&id, "sent", Duration::from_mins(30)).await;
    assert_eq!(system.senders(), [OLD], "{swap:?} in {phase}");
    phase
}

/// Each swap in a runtime of its own: a system ends with it.
#[test]
fn sends_nothing_from_another_number_when_it_is_swapped_at_any_instant() {
    let mut found = BTreeMap::<String, usize>::new();
    let scanned = (0..=24).map(|step| Swap::After(step * 500));
    for swap in [Swap::Queued, Swap::BeforeTheCall]
        .into_iter()
        .chain(scanned)
    {
        let runtime = Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build();
        let found_in = nothing_leaves_from_the_new_number(swap);
        let phase = runtime.expect("a runtime").block_on(found_in);
        *found.entry(phase).or_default() += 1;
    }
    println!("{found:?}");
    for phase in [
        "queued",
        "reading",
        "typing",
        "pausing",
        "committed",
        "sent",
    ] {
        assert!(
            found.contains_key(phase),
            "never swapped in {phase}: {found:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn sends_from_the_new_number_when_the_guest_writes_to_it() {
    let system = written_to().await;
    let (id, _) = system.swap(Swap::Queued).await;
    sleep(Duration::from_mins(10)).await;
    assert!(system.senders().is_empty());
    system.waha("groom").guest(ZIA).write("È questo il numero?");
    system.until(&id, "sent", Duration::from_mins(30)).await;
    assert_eq!(system.senders(), [NEW]);
}

/// She wrote to the old number shortly before; WAHA's event was lost, and the chats of the new number still show it.
#[tokio::test(start_paused = true)]
async fn sends_nothing_from_the_new_number_for_a_word_to_the_old_one_that_only_the_chat_shows() {
    let system = System::start(TestDatabase::sqlite().await, Setup::default()).await;
    let id = system
        .enqueue("groom", &format!("+{ZIA}"), "Ciao zia!")
        .await;
    let waha = system.waha("groom");
    let lost = Misbehaviour::WebhooksLost { chance: 1.0 };
    waha.misbehave(lost.always().of_event("message.any"));
    waha.guest(ZIA).write("A che ora?");
    sleep(Duration::from_secs(20)).await;
    system.link(NEW);
    sleep(Duration::from_hours(1)).await;
    let shown = system.message(&id).await;
    assert_eq!(system.senders(), Vec::<String>::new(), "{shown:#}");
    assert_eq!(
        shown["wait"]["reason"], "guest_has_not_written",
        "{shown:#}"
    );
}

/// The guests of the old number have written to it: nothing has to be said when it comes back.
#[tokio::test(start_paused = true)]
async fn warns_of_nothing_when_the_old_number_is_linked_again() {
    let system = written_to().await;
    // Nearer than a minute, her word might be one to the new number.
    sleep(Duration::from_mins(2)).await;
    system.link(NEW);
    sleep(Duration::from_mins(1)).await;
    let warnings = async || {
        let path = "/api/v1/sessions/groom";
        system.call(Method::GET, path, None).await.1["warnings"].clone()
    };
    assert_eq!(warnings().await[0]["code"], "number_changed");
    system.link(OLD);
    sleep(Duration::from_mins(1)).await;
    let id = system.enqueue("groom", &format!("+{ZIA}"), "Eccomi").await;
    system.until(&id, "sent", Duration::from_mins(90)).await;
    assert_eq!(system.senders(), [OLD]);
    assert_eq!(warnings().await, serde_json::json!([]));
}

/// The bride's phone is linked with the groom's number, and then her WAHA is gone. The log-out that it cannot answer counts.
#[tokio::test(start_paused = true)]
async fn sends_again_when_the_other_session_of_the_number_is_logged_out_without_an_answer() {
    let system = written_to().await;
    system.waha("bride").link_at_once(Owner {
        number: OLD.to_owned(),
        name: "groom".to_owned(),
        lid: format!("9{OLD}"),
    });
    sleep(Duration::from_mins(20)).await;
    system.waha_peers[&super::system::session("bride")].stop();
    sleep(Duration::from_mins(20)).await;
    let id = system.enqueue("groom", &format!("+{ZIA}"), "Eccomi").await;
    sleep(Duration::from_mins(20)).await;
    assert_eq!(system.message(&id).await["status"], "pending");
    let path = "/api/v1/sessions/bride/logout";
    let (status, answer) = system.call(Method::POST, path, None).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{answer}");
    system.until(&id, "sent", Duration::from_hours(2)).await;
    assert_eq!(system.senders(), [OLD]);
}
