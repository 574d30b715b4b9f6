//! The story of a message, step by step, with how long each took.

use chrono::Timelike;
use domain::Timestamp;
use domain::outcome::FailureReason;
use domain::wait::WaitReason;
use storage::{CancelReason, TimelineEvent};

use crate::pages::frame::Frame;
use domain::config::Language;

/// Steps that have a text of their own; any other is told as a step.
const TOLD: [&str; 23] = [
    "queued",
    "claimed",
    "reading",
    "typing",
    "pausing",
    "committed",
    "sent",
    "delivered",
    "read",
    "failed",
    "uncertain",
    "cancelled",
    "release",
    "put_back",
    "put_aside",
    "retried",
    "left",
    "edited",
    "send_now",
    "send_again",
    "arrived",
    "earlier_arrived",
    "earlier_text_arrived",
];

/// A step in words.
pub(super) struct Step {
    pub(super) what: String,
    pub(super) at: Timestamp,
    pub(super) clock: String,
    pub(super) lasted: Option<String>,
    pub(super) more: Option<String>,
}

impl Step {
    pub(super) fn of(f: &Frame, event: TimelineEvent) -> Self {
        let told = TOLD.contains(&event.phase.as_str());
        let phase = if told { event.phase.as_str() } else { "other" };
        Self {
            what: f.t(&format!("queue-step-{phase}")),
            at: event.at,
            clock: format!("{}:{:02}", f.time(&event.at), event.at.second()),
            lasted: event.duration_ms.map(|millis| lasted(f, millis)),
            more: event.detail.and_then(|detail| more(f, &detail)),
        }
    }
}

/// How long something took.
fn lasted(f: &Frame, millis: i64) -> String {
    let tenths = millis.max(0) / 100;
    let point = match f.language() {
        Language::Italian => ',',
        Language::English => '.',
    };
    let seconds = format!("{}{point}{}", tenths / 10, tenths % 10);
    f.with("queue-seconds", &[("seconds", seconds.into())])
}

/// The reason of a step, when it is one that people know.
fn more(f: &Frame, detail: &str) -> Option<String> {
    let wait = |reason: WaitReason| f.t(&format!("wait-{reason}"));
    let failure = |reason: FailureReason| f.t(&failed_key(reason));
    let cancel = |reason: CancelReason| f.t(&cancelled_key(reason));
    let found = detail.parse().ok().map(wait);
    let found = found.or_else(|| detail.parse().ok().map(failure));
    found.or_else(|| detail.parse().ok().map(cancel))
}

/// The key of the text why a message failed.
pub(super) fn failed_key(reason: FailureReason) -> String {
    format!("queue-failed-{reason}")
}

/// The key of the text why a message was cancelled.
pub(super) fn cancelled_key(reason: CancelReason) -> String {
    format!("queue-cancelled-{reason}")
}

#[cfg(test)]
mod tests {
    use domain::release::RefuseReason;

    use super::*;
    use crate::pages::words::words;

    #[test]
    fn every_step_and_every_end_has_its_words() {
        let steps = TOLD.iter().chain(["other"].iter());
        let steps = steps.map(|step| format!("queue-step-{step}"));
        let failures = FailureReason::ALL.iter().map(|reason| failed_key(*reason));
        let rules = [
            RefuseReason::Expired,
            RefuseReason::OptedOut,
            RefuseReason::Answered,
        ];
        let ends = [
            CancelReason::Person,
            CancelReason::Duplicate,
            CancelReason::Arrived,
        ];
        let ends = ends.into_iter().chain(rules.map(CancelReason::Rule));
        let ends = ends.map(cancelled_key);
        let never = rules.map(|reason| format!("queue-never-{}", reason.as_str()));
        for key in steps.chain(failures).chain(ends).chain(never) {
            for language in [Language::Italian, Language::English] {
                assert!(words(language).find(&key).is_some(), "{key}");
            }
        }
    }
}
