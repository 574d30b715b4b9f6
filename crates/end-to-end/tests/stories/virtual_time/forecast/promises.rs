//! What was promised when a message was queued, and what became of it.

use std::{collections::HashMap, fmt};

use chrono::{DateTime, TimeDelta, Utc};
use domain::release::Band;
use waha_simulator::Delivered;

/// One promise. Texts are unique, so they tell which message a phone showed.
#[derive(Debug)]
pub(super) struct Promise {
    pub(super) text: String,
    pub(super) kind: Kind,
    pub(super) queued: DateTime<Utc>,
    pub(super) band: Band,
    /// What a forecast would have promised that does not know one of the rules.
    pub(super) torn: Option<Band>,
}

/// How it was queued.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Manual,
    News,
    Reply,
}

/// A promise and the moment at which its message left.
#[derive(Debug)]
pub(super) struct Kept {
    pub(super) promise: Promise,
    /// `None`: not by the end.
    left: Option<DateTime<Utc>>,
}

/// What promises are measured by.
pub(super) struct Measured {
    pub(super) promises: usize,
    /// Of a hundred, how many messages left inside the band.
    pub(super) inside: f64,
    /// The same of those that were promised by a forecast without one of the rules.
    pub(super) inside_torn: f64,
    /// The median of the widths, each as a part of what is allowed: 60 % of the wait or ten minutes, whichever is longer.
    pub(super) width: f64,
    /// The median of the widths in minutes, and as a part of the wait for waits over an hour.
    minutes: f64,
    of_long_waits: f64,
}

impl fmt::Display for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} promises, {:.1} % kept ({:.1} % without the rule); median width {:.0} % of what is allowed, {:.1} minutes, \
             {:.0} % of waits over an hour",
            self.promises,
            self.inside,
            self.inside_torn,
            self.width * 100.0,
            self.minutes,
            self.of_long_waits * 100.0
        )
    }
}

/// Holds each promise against what the phones showed.
pub(super) fn held_against(promises: Vec<Promise>, phones: &[Delivered]) -> Vec<Kept> {
    let shown: HashMap<_, _> = phones.iter().map(|m| (m.text.as_str(), m.at)).collect();
    let left = |promise: &Promise| shown.get(promise.text.as_str()).copied();
    promises
        .into_iter()
        .map(|promise| Kept {
            left: left(&promise),
            promise,
        })
        .collect()
}

impl Kept {
    pub(super) fn inside(&self) -> bool {
        self.is_inside(self.promise.band)
    }

    /// WhatsApp tells whole seconds, rounded down.
    fn is_inside(&self, band: Band) -> bool {
        self.left
            .is_some_and(|left| left + TimeDelta::seconds(1) >= band.from && left <= band.to)
    }

    /// How long it waited; what did not leave waited longer than was promised.
    fn wait(&self) -> TimeDelta {
        self.left.unwrap_or(self.promise.band.to) - self.promise.queued
    }

    fn width(&self) -> TimeDelta {
        self.promise.band.to - self.promise.band.from
    }

    fn width_of_allowed(&self) -> f64 {
        let allowed = (self.wait() * 6 / 10).max(TimeDelta::minutes(10));
        part(self.width(), allowed)
    }
}

fn part(of: TimeDelta, whole: TimeDelta) -> f64 {
    of.as_seconds_f64() / whole.as_seconds_f64()
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_unstable_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or_default()
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a few hundred promises are counted"
)]
fn of_hundred(some: usize, all: usize) -> f64 {
    100.0 * some as f64 / all.max(1) as f64
}

pub(super) fn measured(kept: &[Kept]) -> Measured {
    let inside = kept.iter().filter(|one| one.inside()).count();
    let torn = |one: &&Kept| one.promise.torn.is_some_and(|band| one.is_inside(band));
    let long = kept.iter().filter(|one| one.wait() > TimeDelta::hours(1));
    Measured {
        promises: kept.len(),
        inside: of_hundred(inside, kept.len()),
        inside_torn: of_hundred(kept.iter().filter(torn).count(), kept.len()),
        width: median(kept.iter().map(Kept::width_of_allowed).collect()),
        minutes: median(
            kept.iter()
                .map(|k| k.width().as_seconds_f64() / 60.0)
                .collect(),
        ),
        of_long_waits: median(long.map(|k| part(k.width(), k.wait())).collect()),
    }
}

/// The promises that were broken, for people.
pub(super) fn broken(kept: &[Kept]) -> Vec<String> {
    let broken = kept.iter().filter(|one| !one.inside());
    broken
        .map(|one| {
            let Promise {
                text,
                kind,
                queued,
                band,
                ..
            } = &one.promise;
            let text = &text[..text.len().min(14)];
            let off = one.left.map(|left| {
                if left < band.from {
                    left - band.from
                } else {
                    left - band.to
                }
            });
            format!(
                "{kind:?} {text:?} queued {queued}, promised {} to {}, left {:?}: off by {:?} min",
                band.from,
                band.to,
                one.left,
                off.map(|off| off.num_minutes())
            )
        })
        .collect()
}
