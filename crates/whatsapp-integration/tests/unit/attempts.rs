use domain::outcome::SendAnswer;
use rand::{SeedableRng as _, rngs::StdRng};

use super::*;

fn attempt(clock: &Clock) -> AttemptId {
    AttemptId::new(clock.now(), &mut StdRng::seed_from_u64(1))
}

fn chat() -> ChatId {
    ChatId::Phone("393470000001".to_owned())
}

/// The task of the call ended without an answer, by a panic or with its runtime.
#[tokio::test]
async fn dropped_call_is_answered_as_unclear() {
    let clock = Clock::system();
    let attempts = Arc::new(Attempts::new(clock.clone()));
    let id = attempt(&clock);
    let ticket = attempts.open(id, 1, chat()).expect("opened");
    let _called = ticket.ready(None).expect("ready");
    let (waiter, _answered) = oneshot::channel();
    attempts.call(id, 1, waiter).expect("the call begins");
    assert!(matches!(attempts.state(id), Some(AttemptState::Sending)));
    drop(ticket);
    let Some(AttemptState::Answered(reply)) = attempts.state(id) else {
        panic!("the call stays open: {:?}", attempts.state(id));
    };
    assert_eq!(reply.answer, SendAnswer::Unclear);
    assert!(!attempts.any_open());
}

#[tokio::test]
async fn dropped_composition_is_never_called() {
    let clock = Clock::system();
    let attempts = Arc::new(Attempts::new(clock.clone()));
    let id = attempt(&clock);
    drop(attempts.open(id, 1, chat()).expect("opened"));
    let why = CompositionEnd::Stopping;
    let state = attempts.state(id);
    assert!(
        matches!(state, Some(AttemptState::NeverCalled { why: ended }) if ended == why),
        "{state:?}"
    );
}
