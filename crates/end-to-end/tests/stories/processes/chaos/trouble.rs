//! How a WAHA misbehaves in a campaign.

use std::time::Duration;

use rand::{RngExt as _, rngs::StdRng};
use waha_simulator::{Misbehaviour, Switch};

/// Kinds whose every occasion keeps a session busy for a minute are drawn less often.
const SELDOM: usize = 2;
const OFTEN: usize = 20;

/// A misbehaviour for one to three occasions, and its name.
pub(super) fn draw(rng: &mut StdRng) -> (&'static str, Switch) {
    use Misbehaviour as M;
    let delay = Duration::from_millis(rng.random_range(300..2000));
    let message = "Timed Out".to_owned();
    let chance = 0.7;
    let mut kinds = vec![
        ("hang_before_accepting", M::HangBeforeAccepting),
        ("hang_after_accepting", M::HangAfterAccepting),
        ("slow_to_accept", M::SlowToAccept { delay }),
        ("slow_to_answer", M::SlowToAnswer { delay }),
        ("drop_before_accepting", M::DropBeforeAccepting),
        ("drop_after_accepting", M::DropAfterAccepting),
        (
            "fail_before_accepting",
            M::FailBeforeAccepting {
                message: message.clone(),
            },
        ),
        ("fail_after_accepting", M::FailAfterAccepting { message }),
        ("answer_without_id", M::AnswerWithoutId),
        ("refuse_400", M::RefuseBeforeAccepting { status: 400 }),
        ("refuse_403", M::RefuseBeforeAccepting { status: 403 }),
        ("refuse_422", M::RefuseBeforeAccepting { status: 422 }),
        ("refuse_429", M::RefuseBeforeAccepting { status: 429 }),
        ("signs_fail", M::SignsFail),
        ("offline_fails", M::OfflineFails),
        ("reads_fail", M::ReadsFail),
        ("store_lags", M::StoreLags { by: delay }),
        ("webhooks_lost", M::WebhooksLost { chance }),
        ("webhooks_doubled", M::WebhooksDoubled { chance }),
        ("webhooks_late", M::WebhooksLate { delay }),
        ("webhooks_shuffled", M::WebhooksShuffled { within: delay }),
        ("wrong_key", M::WrongKey),
        ("away", M::Away),
    ];
    let seldom = rng.random_range(0..SELDOM + OFTEN) < 1;
    let index = if seldom {
        rng.random_range(0..SELDOM)
    } else {
        rng.random_range(SELDOM..kinds.len())
    };
    let (name, kind) = kinds.swap_remove(index);
    (name, kind.times(rng.random_range(1..=3)))
}
