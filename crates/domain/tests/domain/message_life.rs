//! The state machine, every pair of status and verb.

use domain::message_status::{MessageStatus, Verb};

/// The drawing of the module, as a table: whatever is not in it must be refused.
const ALLOWED: &[(MessageStatus, Verb, MessageStatus)] = &[
    (
        MessageStatus::Pending,
        Verb::Claim,
        MessageStatus::Composing,
    ),
    (
        MessageStatus::Pending,
        Verb::Cancel,
        MessageStatus::Cancelled,
    ),
    (
        MessageStatus::Composing,
        Verb::Release,
        MessageStatus::Pending,
    ),
    (
        MessageStatus::Composing,
        Verb::Cancel,
        MessageStatus::Cancelled,
    ),
    (
        MessageStatus::Composing,
        Verb::Commit,
        MessageStatus::Sending,
    ),
    (MessageStatus::Sending, Verb::Sent, MessageStatus::Sent),
    (MessageStatus::Sending, Verb::Fail, MessageStatus::Failed),
    (
        MessageStatus::Sending,
        Verb::PutBack,
        MessageStatus::Pending,
    ),
    (
        MessageStatus::Sending,
        Verb::Doubt,
        MessageStatus::Uncertain,
    ),
    (MessageStatus::Uncertain, Verb::Sent, MessageStatus::Sent),
    (MessageStatus::Uncertain, Verb::Fail, MessageStatus::Failed),
    (
        MessageStatus::Uncertain,
        Verb::PutBack,
        MessageStatus::Pending,
    ),
    (
        MessageStatus::Uncertain,
        Verb::SendAgain,
        MessageStatus::Pending,
    ),
    (MessageStatus::Sent, Verb::Fail, MessageStatus::Failed),
    (MessageStatus::Sent, Verb::AckError, MessageStatus::Failed),
    (MessageStatus::Failed, Verb::AckBetter, MessageStatus::Sent),
    (MessageStatus::Pending, Verb::AckBetter, MessageStatus::Sent),
    (
        MessageStatus::Composing,
        Verb::AckBetter,
        MessageStatus::Sent,
    ),
    (
        MessageStatus::Cancelled,
        Verb::AckBetter,
        MessageStatus::Sent,
    ),
    (MessageStatus::Failed, Verb::Retry, MessageStatus::Pending),
];

#[test]
fn every_transition_is_the_drawing_and_no_other() {
    for &from in MessageStatus::ALL {
        for &verb in Verb::ALL {
            let wanted = ALLOWED
                .iter()
                .find(|(f, v, _)| (*f, *v) == (from, verb))
                .map(|(_, _, to)| *to);
            assert_eq!(from.after(verb).ok(), wanted, "{from} after {verb}");
        }
    }
}

#[test]
fn every_status_reads_back_from_its_text() {
    for &status in MessageStatus::ALL {
        assert_eq!(status.as_str().parse(), Ok(status));
    }
    assert!("done".parse::<MessageStatus>().is_err());
}

#[test]
fn an_attempt_is_open_only_while_composing_and_sending() {
    for &status in MessageStatus::ALL {
        let open = matches!(status, MessageStatus::Composing | MessageStatus::Sending);
        assert_eq!(status.is_open(), open, "{status}");
    }
}
