//! The forecast of a broadcast before it starts, in the words of the page.

use domain::Timestamp;
use domain::session::SessionName;
use storage::BroadcastPlan;

use super::preview::names;
use crate::app::App;
use crate::broadcasts::{Forecast, MissedBy, forecast};
use crate::pages::frame::Frame;
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
    /// Who, and about when, in the order in which they leave.
    pub(super) departures: Vec<(String, Timestamp)>,
    /// Names of those for whom the last moment comes first.
    pub(super) too_late: Vec<String>,
    /// Names of those who would get it after the wedding.
    pub(super) after_wedding: Vec<String>,
    /// How many messages each day sends then, with all that waits already.
    pub(super) days: Vec<(String, u32)>,
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
    let missed = |by: MissedBy| {
        let some = forecast.missed.iter().filter(|(_, why)| *why == by);
        some.map(|(copy, _)| names(copy)).collect()
    };
    let departures = forecast.expected.iter();
    let days = forecast.days.iter();
    Expected {
        session: forecast.session.clone(),
        count: forecast.expected.len(),
        last: forecast.last,
        cold: forecast.cold(),
        last_cold: forecast.last_cold,
        departures: departures.map(|(copy, at)| (names(copy), *at)).collect(),
        too_late: missed(MissedBy::NotAfter),
        after_wedding: missed(MissedBy::AfterWedding),
        days: days
            .map(|day| (f.day(day.date), day.sent + day.leaving))
            .collect(),
    }
}
