//! A message of which nobody knows whether it arrived: the page says so by itself, shows the chat beside it, and a person
//! decides.

use std::time::Duration;

use tokio::time::Instant;
use waha_simulator::{Misbehaviour, Simulator};

use super::beginning::GROOM;
use super::guest_list::{ANNA, HERE};
use super::person::Person;
use super::talking::{answers, opens_the_conversation};
use crate::processes::system::System;

/// What the truth is, which WAHA does not tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Doubt {
    NeverLeft,
    Arrived,
}

const TIMED_OUT: &str = "Timed Out";

/// A call may last 75 s; longer, also on a busy machine.
const CALLS_ARE_OVER: Duration = Duration::from_mins(3);
const A_WHILE: Duration = Duration::from_secs(2);

impl Doubt {
    /// The next message to Anna ends in this doubt.
    fn befalls(self, phone: &Simulator) {
        let message = TIMED_OUT.to_owned();
        let fate = match self {
            Self::NeverLeft => Misbehaviour::FailBeforeAccepting { message },
            Self::Arrived => {
                // nothing shows it: neither an event, nor a receipt, nor the chat
                for event in ["message.any", "message.ack"] {
                    let lost = Misbehaviour::WebhooksLost { chance: 1.0 };
                    phone.misbehave(lost.always().of_event(event));
                }
                let by = Duration::from_hours(1);
                phone.misbehave(Misbehaviour::StoreLags { by }.always());
                Misbehaviour::FailAfterAccepting { message }
            }
        };
        phone.misbehave(fate.times(1).towards(ANNA.number));
    }
}

/// An answer ends in doubt: the page that is open notices, home says so too, and the chat stands beside it.
pub(super) async fn comes_up(system: &System, person: &Person, doubt: Doubt) -> Doubtful {
    let text = person.either("A presto, Anna!", "See you soon, Anna!");
    doubt.befalls(&ANNA.host(system));
    opens_the_conversation(person, &ANNA).await;
    answers(person, text).await;
    person.sees_the_badge("queue-phase-uncertain").await;
    person.sees("queue-doubt-hint").await;

    person.opens("/").await;
    let needs = [("n", 1.into()), ("person", GROOM.into())];
    person
        .sees_text(&person.with("home-needs-uncertain", &needs))
        .await;
    person.presses("home-look").await;
    person.presses_named(ANNA.name).await;
    let chat = person.texts_of("#chat .body").await;
    assert_eq!(chat.first().map(String::as_str), Some(HERE), "{chat:?}");
    let path = person.path().await;
    Doubtful { path, text }
}

/// A message in doubt.
pub(super) struct Doubtful {
    path: String,
    text: &'static str,
}

impl Doubtful {
    /// It is on the guest's phone.
    pub(super) async fn has_arrived(&self, system: &System, person: &Person) {
        person.opens(&self.path).await;
        person.presses("queue-doubt-arrived").await;
        person.sees("said-queue-arrived").await;
        person.sees("queue-step-arrived").await;
        ANNA.host(system).behave();
        self.is_there_once(system);
    }

    /// It may still leave by itself: the page takes no such decision yet, and says when to come back.
    pub(super) async fn is_sent_again_too_early(&self, person: &Person) {
        person.presses("queue-doubt-again").await;
        person.sees("problem-call_still_running").await;
    }

    /// It has not left, and cannot any more.
    pub(super) async fn is_sent_again(&self, system: &System, person: &Person) {
        let too_early = person.t("problem-call_still_running");
        let deadline = Instant::now() + CALLS_ARE_OVER;
        loop {
            person.opens(&self.path).await;
            person.presses("queue-doubt-again").await;
            if !person.may_read(&too_early).await {
                break;
            }
            assert!(Instant::now() < deadline, "it can never be sent again");
            tokio::time::sleep(A_WHILE).await;
        }
        person.sees("said-queue-send_again").await;
        person.sees_the_badge("queue-phase-delivered").await;
        self.is_there_once(system);
    }

    fn is_there_once(&self, system: &System) {
        let got = ANNA.got(system);
        let times = got.iter().filter(|text| *text == self.text).count();
        assert_eq!(times, 1, "{got:?}");
    }
}
