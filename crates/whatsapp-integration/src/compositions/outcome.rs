//! What WAHA's answer to a send means, in the words of `domain`. One exhaustive match.

use domain::outcome::SendAnswer;
use waha::SendAnswer as Answer;

/// The answer as the worker and queue-api know it, and its name for metrics and logs.
pub(super) fn classified(answer: Answer) -> (SendAnswer, &'static str) {
    match answer {
        Answer::Accepted { raw_id, .. } => (SendAnswer::Accepted { raw_id }, "accepted"),
        Answer::Refused => (SendAnswer::ConnectionRefused, "connection_refused"),
        Answer::SessionAway { .. } => (SendAnswer::SessionAway, "session_away"),
        Answer::SessionMissing => (SendAnswer::SessionMissing, "session_missing"),
        Answer::KeyRefused => (SendAnswer::KeyRefused, "key_refused"),
        Answer::SlowDown { .. } => (SendAnswer::SlowDown, "slow_down"),
        Answer::BadRequest { .. } => (SendAnswer::BadRequest, "bad_request"),
        // Until the time-lock is read.
        Answer::Restricted => (SendAnswer::Restricted { until: None }, "restricted"),
        Answer::NoLid => (SendAnswer::NoLid, "no_lid"),
        Answer::Unclear { .. } => (SendAnswer::Unclear, "unclear"),
    }
}
