//! `GET /sessions/{name}/outlook`: by when everybody who has written will have what waits for them.

use axum::Json;
use axum::extract::State;
use chassis::problem::ProblemPath;
use chrono::{DateTime, NaiveDate, Utc};
use domain::release::{DayUse, Stay};
use domain::session::SessionName;
use serde::Serialize;
use utoipa::ToSchema;

use super::{find, unknown};
use crate::app::Shared;
use crate::auth::{Caller, Read};
use crate::messages::{ForecastView, WaitView};
use crate::outlook::{Outlook, rehearse};
use crate::problem::Answer;

/// What will probably become of a session's queue. It is played forward with the rules that release messages, and with what
/// is known now: what guests will write and people will queue is not.
#[derive(Serialize, ToSchema)]
#[schema(as = Outlook)]
pub(super) struct OutlookView {
    /// The session.
    #[schema(value_type = String, example = "groom")]
    session: SessionName,
    /// Messages that leave by themselves: their contacts have written, and nobody has to do anything.
    leaving: u32,
    /// By when all of them will have left: nearly sure, so rather late than early. Absent when nothing leaves.
    everybody_by: Option<DateTime<Utc>>,
    /// When the last of them leaves.
    last: Option<ForecastView>,
    /// What all of the session's messages wait for, when it is no time: then nothing leaves.
    wait: Option<WaitView>,
    /// Messages to contacts who have written that will not leave by themselves: until the contact writes again, or somebody
    /// looks at them. Of thousands not all are counted.
    held: u32,
    /// Messages that will be cancelled, because their last moment comes first or their contact wants none.
    cancelled: u32,
    /// How many go each day: the days of the last 24 hours, and all on which something leaves.
    days: Vec<DayView>,
    /// Messages too far behind to stand in `days`.
    behind: u32,
}

/// One day's automatic messages, in the couple's time zone.
#[derive(Serialize, ToSchema)]
#[schema(as = DayUse)]
struct DayView {
    /// The day.
    date: NaiveDate,
    /// How many were sent on it already, of those of the last 24 hours.
    sent: u32,
    /// How many messages will probably leave on it.
    leaving: u32,
}

/// Shows by when everybody who has written will have what waits for them, and what that does to each day's budget.
#[utoipa::path(
    get, path = "/sessions/{name}/outlook", operation_id = "readSessionOutlook", tag = "sessions",
    security(("token" = ["read"])), params(("name" = String, Path)),
    responses((status = OK, description = "What will probably become of its queue.", body = OutlookView)),
)]
pub(super) async fn outlook(
    State(app): State<Shared>,
    _: Caller<Read>,
    ProblemPath(name): ProblemPath<String>,
) -> Answer<Json<OutlookView>> {
    let session = find(&app, &name).await?.name;
    let outlook = rehearse(&app.store, app.pace(), &session, &[], app.now()).await?;
    let outlook = outlook.ok_or_else(|| unknown(&app))?;
    Ok(Json(OutlookView::of(session, &outlook)))
}

impl OutlookView {
    fn of(session: SessionName, outlook: &Outlook) -> Self {
        let rehearsal = &outlook.rehearsal;
        let of_kind = |kind: fn(&Stay) -> bool| {
            let stays = rehearsal.stays.iter();
            count(stays.filter(|(.., stay)| kind(stay)).count())
        };
        Self {
            session,
            leaving: count(rehearsal.leaves.len()).saturating_add(outlook.behind),
            everybody_by: outlook.everybody.map(|band| band.to),
            last: outlook.everybody.map(Into::into),
            wait: rehearsal.held.map(Into::into),
            held: of_kind(|stay| matches!(stay, Stay::Waits(_) | Stay::TooFar)),
            cancelled: of_kind(|stay| matches!(stay, Stay::Never(_))),
            days: outlook.days.iter().map(DayView::of).collect(),
            behind: outlook.behind,
        }
    }
}

impl DayView {
    const fn of(day: &DayUse) -> Self {
        Self {
            date: day.date,
            sent: day.sent,
            leaving: day.leaving,
        }
    }
}

fn count(items: usize) -> u32 {
    u32::try_from(items).unwrap_or(u32::MAX)
}
