//! How a WAHA misbehaves in a campaign.

use std::time::Duration;

use rand::{RngExt as _, rngs::StdRng};
use serde_json::json;
use waha_simulator::{Misbehaviour, Simulator, Switch};

use Misbehaviour as M;

/// Two of the kinds, which are no switches of the simulator: they happen when they are asked for.
pub(super) const NETWORK_LOST: &str = "network_lost";
pub(super) const CONFIGURATION_LOST: &str = "configuration_lost";

/// Every kind that a campaign counts.
pub(super) const KINDS: [&str; 33] = [
    NETWORK_LOST,
    CONFIGURATION_LOST,
    "hang_before_accepting",
    "hang_after_accepting",
    "slow_to_accept",
    "slow_to_answer",
    "drop_before_accepting",
    "drop_after_accepting",
    "fail_before_accepting",
    "fail_after_accepting",
    "answer_without_id",
    "refuse_400",
    "refuse_403",
    "refuse_422",
    "refuse_429",
    "restricted",
    "no_lid",
    "refused_by_whatsapp",
    "stays_pending",
    "signs_fail",
    "offline_fails",
    "reads_fail",
    "store_lags",
    "first_message_of_chat_lost",
    "webhooks_lost",
    "webhooks_doubled",
    "webhooks_late",
    "webhooks_shuffled",
    "webhooks_held_back",
    "webhooks_unsigned",
    "webhooks_badly_signed",
    "wrong_key",
    "away",
];

/// The kind that a misbehaviour is counted as; `None`: no campaign asks for it.
pub(super) fn kind_of(what: &Misbehaviour) -> Option<&'static str> {
    Some(match what {
        M::HangBeforeAccepting => "hang_before_accepting",
        M::HangAfterAccepting => "hang_after_accepting",
        M::SlowToAccept { .. } => "slow_to_accept",
        M::SlowToAnswer { .. } => "slow_to_answer",
        M::DropBeforeAccepting => "drop_before_accepting",
        M::DropAfterAccepting => "drop_after_accepting",
        M::FailBeforeAccepting { .. } => "fail_before_accepting",
        M::FailAfterAccepting { .. } => "fail_after_accepting",
        M::AnswerWithoutId => "answer_without_id",
        M::RefuseBeforeAccepting { status: 400 } => "refuse_400",
        M::RefuseBeforeAccepting { status: 403 } => "refuse_403",
        M::RefuseBeforeAccepting { status: 422 } => "refuse_422",
        M::RefuseBeforeAccepting { status: 429 } => "refuse_429",
        M::Restricted => "restricted",
        M::NoLid => "no_lid",
        M::RefusedByWhatsApp => "refused_by_whatsapp",
        M::StaysPending => "stays_pending",
        M::SignsFail => "signs_fail",
        M::OfflineFails => "offline_fails",
        M::ReadsFail => "reads_fail",
        M::StoreLags { .. } => "store_lags",
        M::FirstMessageOfChatLost => "first_message_of_chat_lost",
        M::WebhooksLost { .. } => "webhooks_lost",
        M::WebhooksDoubled { .. } => "webhooks_doubled",
        M::WebhooksLate { .. } => "webhooks_late",
        M::WebhooksShuffled { .. } => "webhooks_shuffled",
        M::WebhooksHeldBack => "webhooks_held_back",
        M::WebhooksUnsigned => "webhooks_unsigned",
        M::WebhooksBadlySigned => "webhooks_badly_signed",
        M::WrongKey => "wrong_key",
        M::Away => "away",
        M::RefuseBeforeAccepting { .. }
        | M::MediaUnreachable
        | M::NobodyScans
        | M::FailuresSayWhy
        | M::StaysAtServer
        | M::RestrictionsUnreadable { .. }
        | M::RestrictionsHang => return None,
    })
}

/// One in so many draws is of a kind that keeps a session busy for a minute, or until a person comes.
const SELDOM: u32 = 10;

/// A misbehaviour for one to three occasions.
pub(super) fn draw(rng: &mut StdRng) -> Switch {
    let delay = Duration::from_millis(rng.random_range(300..2000));
    let mut kinds = if rng.random_ratio(1, SELDOM) {
        slow_kinds()
    } else {
        quick_kinds(delay)
    };
    let kind = kinds.swap_remove(rng.random_range(0..kinds.len()));
    kind.times(rng.random_range(1..=3))
}

fn slow_kinds() -> Vec<Misbehaviour> {
    vec![
        M::HangBeforeAccepting,
        M::HangAfterAccepting,
        M::Restricted,
        M::RefusedByWhatsApp,
    ]
}

fn quick_kinds(delay: Duration) -> Vec<Misbehaviour> {
    let message = "Timed Out".to_owned();
    let chance = 0.7;
    vec![
        M::SlowToAccept { delay },
        M::SlowToAnswer { delay },
        M::DropBeforeAccepting,
        M::DropAfterAccepting,
        M::FailBeforeAccepting {
            message: message.clone(),
        },
        M::FailAfterAccepting { message },
        M::AnswerWithoutId,
        M::RefuseBeforeAccepting { status: 400 },
        M::RefuseBeforeAccepting { status: 403 },
        M::RefuseBeforeAccepting { status: 422 },
        M::RefuseBeforeAccepting { status: 429 },
        M::NoLid,
        M::StaysPending,
        M::SignsFail,
        M::OfflineFails,
        M::ReadsFail,
        M::StoreLags { by: delay },
        M::WebhooksLost { chance },
        M::WebhooksDoubled { chance },
        M::WebhooksLate { delay },
        M::WebhooksShuffled { within: delay },
        M::WebhooksUnsigned,
        M::WebhooksBadlySigned,
        M::WrongKey,
        M::Away,
    ]
}

/// The session's network is away for a while, or WAHA forgets what the session was told.
pub(super) fn lose_something(waha: &Simulator, rng: &mut StdRng) -> &'static str {
    if rng.random_bool(0.7) {
        waha.lose_network(Duration::from_secs(rng.random_range(1..20)));
        NETWORK_LOST
    } else {
        waha.forget_configuration_for(json!({}));
        CONFIGURATION_LOST
    }
}
