//! One run: its steps in order, and what every step uses.

use std::time::Duration;

use chassis::Clock;
use serde_json::Value;
use tokio::time::Instant;

use crate::api::Api;
use crate::failure::Failure;
use crate::steps;
use crate::tester::Tester;
use crate::transcript::Transcript;

/// Between two looks at the API.
const LOOK: Duration = Duration::from_secs(2);

/// A wait that lasts longer is told.
const PATIENCE: Duration = Duration::from_secs(10);

/// The sessions are not two different names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("name two different sessions, each made of a-z, 0-9 and `-`")]
pub struct InvalidSessions;

/// A run with the phones of two sessions.
pub struct Pilot<'a, T> {
    pub(crate) api: &'a Api,
    pub(crate) tester: T,
    pub(crate) clock: Clock,
    /// The sessions; each also names the phone that is linked to it.
    pub(crate) sessions: [String; 2],
    /// The step that is under way, and since when.
    step: (&'static str, Instant),
    /// Whether guests of this run or an earlier one may be there: a call that was broken off may have made one.
    pub(crate) may_leave_guests: bool,
    /// The guests that the run made, in the order of the sessions that write to them.
    pub(crate) guests: Vec<Guest>,
    pub(crate) transcript: Transcript,
}

/// A phone as the guest of the other session.
#[derive(Clone, Debug)]
pub(crate) struct Guest {
    pub(crate) id: String,
    pub(crate) household: String,
    /// Empty until the phone wrote.
    pub(crate) contact: String,
}

impl<'a, T: Tester> Pilot<'a, T> {
    /// A run that has not begun.
    pub fn new(
        api: &'a Api,
        tester: T,
        sessions: [String; 2],
        clock: Clock,
    ) -> Result<Self, InvalidSessions> {
        let is_name = |name: &String| {
            let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
            !name.is_empty() && name.bytes().all(plain)
        };
        if sessions[0] == sessions[1] || !sessions.iter().all(is_name) {
            return Err(InvalidSessions);
        }
        Ok(Self {
            api,
            tester,
            sessions,
            step: ("", Instant::now()),
            may_leave_guests: false,
            guests: Vec::new(),
            transcript: Transcript::new(clock.now()),
            clock,
        })
    }

    /// Goes through the steps until one fails or `broken_off` ends, and then takes away what the run made.
    pub async fn run(mut self, broken_off: impl Future<Output = ()>) -> Transcript {
        let ended = tokio::select! {
            ended = self.all_steps() => ended,
            () = broken_off => Err(Failure::BrokenOff),
        };
        if let Err(failure) = ended {
            self.keep(Err(failure));
        }
        if self.may_leave_guests {
            self.begin("take away what the run made");
            let outcome = steps::clean_up(&mut self).await;
            self.keep(outcome);
        }
        self.transcript
    }

    async fn all_steps(&mut self) -> Result<(), Failure> {
        macro_rules! step {
            ($name:literal, $step:path) => {
                self.begin($name);
                let detail = $step(self).await?;
                self.keep(Ok(detail));
            };
        }
        step!("link both phones", steps::link);
        step!("first word by the invitation's link", steps::first_word);
        step!("reply", steps::reply);
        step!("announcement to two", steps::announcement);
        step!("phone switched off", steps::switched_off);
        step!("link again", steps::link_again);
        Ok(())
    }

    fn begin(&mut self, step: &'static str) {
        self.step = (step, Instant::now());
        self.tester.note(&format!("== {step}"));
    }

    /// Keeps the outcome of the step that is under way.
    fn keep(&mut self, outcome: Result<&'static str, Failure>) {
        let (step, began) = self.step;
        self.transcript.push(step, began.elapsed(), outcome);
        self.tester.note(&self.transcript.last_line());
    }

    /// Looks again and again until `look` finds something, at most `minutes`.
    pub(crate) async fn until<R>(
        &mut self,
        what: &'static str,
        minutes: u64,
        mut look: impl AsyncFnMut(&mut Self) -> Result<Option<R>, Failure>,
    ) -> Result<R, Failure> {
        let begun = Instant::now();
        let mut told = false;
        loop {
            if let Some(found) = look(self).await? {
                return Ok(found);
            }
            if begun.elapsed() >= Duration::from_mins(minutes) {
                return Err(Failure::TimedOut { what, minutes });
            }
            if begun.elapsed() >= PATIENCE && !std::mem::replace(&mut told, true) {
                let line = format!("… waiting, at most {minutes} minutes: {what}");
                self.tester.note(&line);
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    pub(crate) async fn session(&self, index: usize) -> Result<Value, Failure> {
        let path = format!("/sessions/{}", self.sessions[index]);
        self.api.get("reading a session", &path).await
    }

    /// The phone that is the guest of that session: the one that is linked to the other.
    pub(crate) fn other(&self, index: usize) -> &str {
        &self.sessions[1 - index]
    }
}

/// A text of an answer.
pub(crate) fn text(
    answer: &Value,
    operation: &'static str,
    field: &'static str,
) -> Result<String, Failure> {
    let found = answer[field].as_str();
    found
        .map(str::to_owned)
        .ok_or(Failure::Incomplete { operation, field })
}
