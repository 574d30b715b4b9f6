//! What is done with a household's invitation: good until another day, a new one, none any more, its picture to be taken along.

use axum::extract::{Form, Path, State};
use axum::response::IntoResponse;
use chassis::Problem;
use chrono::{NaiveDate, NaiveTime, TimeZone};
use chrono_tz::Tz;
use domain::ids::HouseholdId;
use serde::Deserialize;

use super::confirm::ConfirmPage;
use super::household::{Sent, again, saved};
use super::person::{self, called};
use crate::app::{App, Shared};
use crate::households;
use crate::invitation::{
    link_of, png_of, prolong_invitation, renew_invitation, revoke_invitation, svg_of,
};
use crate::pages::access::Access;
use crate::pages::frame::{Frame, Section};
use crate::pages::page::page;
use crate::pages::refusal::{Refused, Shown};
use crate::pages::registry::Pages;
use crate::pages::visitor::Visitor;

pub(super) fn routes(pages: Pages) -> Pages {
    pages
        .post("/guests/households/{id}/until", Access::Texts, prolong)
        .get("/guests/households/{id}/renew", Access::Texts, ask_renew)
        .post("/guests/households/{id}/renew", Access::Texts, renew)
        .get("/guests/households/{id}/revoke", Access::Texts, ask_revoke)
        .post("/guests/households/{id}/revoke", Access::Texts, revoke)
        .get("/guests/households/{id}/qr.png", Access::Texts, png)
        .get("/guests/households/{id}/qr.svg", Access::Texts, svg)
}

#[derive(Deserialize)]
struct Until {
    #[serde(default)]
    until: String,
}

async fn prolong(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(id): Path<HouseholdId>,
    Form(Until { until }): Form<Until>,
) -> Shown {
    let (config, _) = app.store.config().await?;
    let done = match end_of(&until, config.time_zone) {
        Some(at) => prolong_invitation(&app, &visitor.actor(), id, &at)
            .await
            .map_err(Refused::from),
        None => Err(Problem::unprocessable("invalid_valid_until", "No day.").into()),
    };
    let Err(refused) = done else {
        return Ok(saved(id, "guests-prolonged").into_response());
    };
    let sent = |wrong| Sent {
        until: Some(until),
        wrong: Some(wrong),
        ..Sent::default()
    };
    again(&app, &visitor, id, refused, sent).await
}

/// The last second of a day where the couple is, as the API is told it.
fn end_of(day: &str, zone: Tz) -> Option<String> {
    let day: NaiveDate = day.trim().parse().ok()?;
    let last = NaiveTime::from_hms_opt(23, 59, 59)?;
    let end = zone.from_local_datetime(&day.and_time(last)).latest()?;
    Some(end.to_rfc3339())
}

async fn ask_renew(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(id): Path<HouseholdId>,
) -> Shown {
    let f = Frame::of(&app, &visitor, Section::Guests, "guests-renew-title").await?;
    page(&ConfirmPage {
        subject: subject(&app, id).await?,
        costs: vec![
            f.t("guests-renew-new"),
            f.t("guests-old-paper"),
            f.t("guests-who-wrote-stays"),
        ],
        action: format!("/guests/households/{id}/renew"),
        button: f.t("guests-renew-button"),
        back: format!("/guests/households/{id}"),
        f,
    })
}

async fn renew(State(app): State<Shared>, visitor: Visitor, Path(id): Path<HouseholdId>) -> Shown {
    renew_invitation(&app, &visitor.actor(), id, None).await?;
    Ok(saved(id, "guests-renewed").into_response())
}

async fn ask_revoke(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(id): Path<HouseholdId>,
) -> Shown {
    let f = Frame::of(&app, &visitor, Section::Guests, "guests-revoke-title").await?;
    page(&ConfirmPage {
        subject: subject(&app, id).await?,
        costs: vec![
            f.t("guests-revoke-gone"),
            f.t("guests-old-paper"),
            f.t("guests-who-wrote-stays"),
        ],
        action: format!("/guests/households/{id}/revoke"),
        button: f.t("guests-revoke-button"),
        back: format!("/guests/households/{id}"),
        f,
    })
}

async fn revoke(State(app): State<Shared>, visitor: Visitor, Path(id): Path<HouseholdId>) -> Shown {
    revoke_invitation(&app, &visitor.actor(), id).await?;
    Ok(saved(id, "guests-revoked").into_response())
}

async fn subject(app: &App, id: HouseholdId) -> Result<String, Refused> {
    let home = person::household(app, id).await?;
    if let Some(home) = home {
        return Ok(called(&home));
    }
    // nobody is in it, or it is not there
    let people = app.store.household(id).await?;
    let people = people.ok_or_else(households::unknown)?;
    Ok(people.name.unwrap_or_default())
}

async fn png(State(app): State<Shared>, Path(id): Path<HouseholdId>) -> Shown {
    Ok(png_of(&link_of(&app, id).await?)?)
}

async fn svg(State(app): State<Shared>, Path(id): Path<HouseholdId>) -> Shown {
    Ok(svg_of(&link_of(&app, id).await?)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_lasts_until_midnight_where_the_couple_is() {
        let rome = |day| end_of(day, Tz::Europe__Rome);
        assert_eq!(
            rome("2027-06-12").as_deref(),
            Some("2027-06-12T23:59:59+02:00")
        );
        assert_eq!(
            rome(" 2027-12-01").as_deref(),
            Some("2027-12-01T23:59:59+01:00")
        );
        assert_eq!(rome("12/6/2027"), None);
        assert_eq!(rome(""), None);
    }
}
