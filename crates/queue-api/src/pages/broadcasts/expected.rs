//! The forecast of a broadcast before it starts, in the words of the page.

use domain::Timestamp;
use domain::session::SessionName;
use domain::wait::{Ends, Wait};
use storage::BroadcastPlan;

use super::preview::names;
use crate::app::App;
use crate::broadcasts::{Forecast, Missed, MissedBy, forecast};
use crate::pages::frame::Frame;
use crate::pages::queue::Why;
use crate::pages::refusal::Refused;

/// What would happen on one spouse's number.
pub(super) struct Expected {
    pub(super) session: SessionName,
    /// How many of those who have written get it.
    pub(super) count: usize,
    /// When the last of them will have it; `None`: nothing leaves by itself.
    pub(super) last: Option<Timestamp>,
    /// How many have not written for long, and when the last of these will have it.
    pub(super) cold: usize,
    pub(super) last_cold: Option<Timestamp>,
    /// How many have not answered the last messages, and when the last of these will have it all the same.
    pub(super) unanswered: usize,
    pub(super) last_unanswered: Option<Timestamp>,
    /// Who, and about when, in the order in which they leave.
    pub(super) departures: Vec<(String, Timestamp)>,
    /// Those for whom the last moment comes first.
    pub(super) too_late: Late,
    /// Those who would get it after the wedding.
    pub(super) after_wedding: Late,
    /// Those who wait for something that no time brings.
    pub(super) held: Vec<Held>,
    /// How many messages each day sends then, with all that waits already.
    pub(super) days: Vec<(String, u32)>,
}

/// Those who wait for the same.
pub(super) struct Held {
    wait: Wait,
    /// For what, and what ends that.
    pub(super) why: Why,
    /// Who; empty when the whole session waits.
    pub(super) names: Vec<String>,
}

/// Those who would not get it in time.
pub(super) struct Late {
    pub(super) names: Vec<String>,
    /// What would help them.
    pub(super) helps: Vec<String>,
}

/// The forecast of every session that would send copies.
pub(super) async fn expected(
    app: &App,
    f: &Frame,
    plan: &BroadcastPlan,
) -> Result<Vec<Expected>, Refused> {
    let forecasts = forecast(app, plan).await?;
    Ok(forecasts.iter().map(|one| shown(f, one)).collect())
}

fn shown(f: &Frame, forecast: &Forecast<'_>) -> Expected {
    let departures = forecast.expected.iter();
    let unanswered = forecast.expected.iter().filter(|one| one.is_unanswered);
    let days = forecast.days.iter();
    Expected {
        session: forecast.session.clone(),
        count: forecast.expected.len(),
        last: forecast.last(|_| true),
        cold: forecast.cold(),
        last_cold: forecast.last(|one| one.copy.is_cold),
        unanswered: unanswered.count(),
        last_unanswered: forecast.last(|one| one.is_unanswered),
        departures: departures.map(|one| (names(one.copy), one.at)).collect(),
        too_late: late(f, forecast, MissedBy::NotAfter),
        after_wedding: late(f, forecast, MissedBy::AfterWedding),
        held: held(f, forecast),
        days: days
            .map(|day| (f.day(day.date), day.sent + day.leaving))
            .collect(),
    }
}

fn late(f: &Frame, forecast: &Forecast<'_>, by: MissedBy) -> Late {
    let some = forecast.missed.iter().filter(|missed| missed.by == by);
    let some: Vec<_> = some.collect();
    let any = |is: fn(&Missed<'_>) -> bool| some.iter().any(|missed| is(missed));
    let later_end = by == MissedBy::NotAfter && forecast.later_end_helps;
    let ours = forecast.restricted.is_none();
    let helps = [
        (
            any(|one| one.copy.is_cold || one.is_unanswered),
            "broadcasts-help-word",
        ),
        (ours && any(|one| one.copy.is_cold), "broadcasts-help-cold"),
        (
            ours && any(|one| !one.copy.is_cold && !one.is_unanswered),
            "broadcasts-help-day",
        ),
        (later_end, "broadcasts-help-end"),
        (!later_end, "broadcasts-help-call"),
    ];
    let helps = helps.into_iter().filter(|(does, _)| *does);
    let restricted = forecast.restricted.into_iter();
    Late {
        helps: restricted
            .map(|wait| restriction(f, wait))
            .chain(helps.map(|(_, key)| f.t(key)))
            .collect(),
        names: some.iter().map(|missed| names(missed.copy)).collect(),
    }
}

/// What WhatsApp restricts, instead of the advice to raise our own limits.
fn restriction(f: &Frame, wait: Wait) -> String {
    let reason = Why::of(f, wait).reason;
    let until = match wait.ends {
        Ends::At(until) => f.time(&until),
        Ends::Event(_) | Ends::Person(_) => String::new(),
    };
    let args = [("reason", reason.into()), ("time", until.into())];
    f.with("broadcasts-help-restricted", &args)
}

fn held(f: &Frame, forecast: &Forecast<'_>) -> Vec<Held> {
    let mut all: Vec<Held> = Vec::new();
    for (copy, wait) in &forecast.held {
        let name = (!wait.reason.is_of_session()).then(|| names(copy));
        match all.iter_mut().find(|held| held.wait == *wait) {
            Some(held) => held.names.extend(name),
            None => all.push(Held {
                wait: *wait,
                why: Why::of(f, *wait),
                names: name.into_iter().collect(),
            }),
        }
    }
    all
}
