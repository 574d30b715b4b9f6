//! From several performances to one promise: the middle one says when, the outermost ones and a margin say how sure that is.

use chrono::{SubsecRound, TimeDelta};

use crate::Timestamp;

use super::{Band, Rehearsal, Stay, line::Fate, lineup::Lineup, play::Played};

/// How often a line of that length is played: the longer, the less chance weighs, and the dearer it is.
pub(super) const fn runs(length: usize) -> usize {
    match length {
        0..=60 => 15,
        61..=200 => 11,
        201..=700 => 9,
        _ => 7,
    }
}

/// By how much of the span between the outermost performances a band is longer at each end: so many performances of something
/// that is normally distributed span 3.5, 3.2, 3.0 or 2.7 deviations, and the promise is to hold in 95 of 100 cases.
fn beyond(runs: usize) -> i32 {
    match runs {
        15.. => 14,
        11..=14 => 20,
        9..=10 => 25,
        _ => 32,
    }
}

/// A jump between two performances that is longer than this is a night, not chance.
const NIGHT: TimeDelta = TimeDelta::hours(4);
/// Databases, networks and a look at the chat take their time.
const LEAST_MARGIN: TimeDelta = TimeDelta::seconds(20);
/// What is not played weighs more the longer it takes: one part of so many, up to so long. More comes in between than falls
/// away: a guest writes, and what waited for that goes first; an answer by hand starts a cool-down.
const LATER: (i32, TimeDelta) = (8, TimeDelta::minutes(75));
const EARLIER: (i32, TimeDelta) = (20, TimeDelta::minutes(20));

/// The middle and the band of the times at which a message left; `None`: in most of all `runs` it did not.
pub(super) fn of_times(
    mut times: Vec<Timestamp>,
    runs: usize,
    now: Timestamp,
) -> Option<(Timestamp, Band)> {
    if times.len() * 2 <= runs {
        return None;
    }
    times.sort_unstable();
    let middle = times[times.len() / 2];
    let (first, last) = (times[0], times[times.len() - 1]);
    let jump = times.windows(2).map(|pair| pair[1] - pair[0]).max();
    let night = jump.filter(|jump| *jump > NIGHT).unwrap_or_default();
    let chance = (last - first - night) * beyond(runs) / 100;
    let margin = LEAST_MARGIN.max(chance);
    let from = (first - margin - unforeseen(EARLIER, first - now)).max(now);
    let to = last + margin + unforeseen(LATER, last - now);
    let band = Band {
        from: from.trunc_subsecs(0),
        to: to.trunc_subsecs(0),
    };
    Some((middle, band))
}

fn unforeseen((parts, most): (i32, TimeDelta), wait: TimeDelta) -> TimeDelta {
    (wait / parts).clamp(TimeDelta::zero(), most)
}

pub(super) fn rehearsal(lineup: &Lineup<'_>, played: &[Played], now: Timestamp) -> Rehearsal {
    let mut rehearsal = Rehearsal {
        held: played.iter().find_map(|one| one.held),
        ..Rehearsal::default()
    };
    for place in 0..lineup.len() {
        if played.iter().any(|one| one.unanswered[place]) {
            rehearsal.unanswered.insert(lineup.message(place).message);
        }
        let fates = || played.iter().map(|one| one.fates[place]);
        let times = fates().filter_map(|fate| match fate {
            Fate::Leaves(at) => Some(at),
            Fate::Waits | Fate::Stays(_) => None,
        });
        if let Some(band) = of_times(times.collect(), played.len(), now) {
            rehearsal.leaves.push(lineup.departure(place, band));
            continue;
        }
        let stays = fates().find_map(|fate| match fate {
            Fate::Stays(stay) => Some(stay),
            Fate::Waits | Fate::Leaves(_) => None,
        });
        let one = lineup.message(place);
        let stay = stays.unwrap_or(Stay::TooFar);
        rehearsal.stays.push((one.message, one.contact, stay));
    }
    rehearsal.leaves.sort_by_key(|departure| departure.at);
    rehearsal
}
