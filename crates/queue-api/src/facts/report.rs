//! `POST /facts`: everything of one report is stored, in its order, before the answer.

use axum::extract::State;
use chassis::Problem;
use chassis::problem::ProblemJson;
use domain::wire::{Fact, FactReport};
use http::StatusCode;

use super::keep::{Keeper, kind};
use crate::app::Shared;
use crate::problem::Answer;

pub(crate) async fn report(
    State(app): State<Shared>,
    ProblemJson(report): ProblemJson<FactReport>,
) -> Answer<StatusCode> {
    if !app.knows(&report.session) {
        let detail = format!(
            "This installation has no such session; it has {}.",
            app.session_list()
        );
        return Err(Problem::new(StatusCode::NOT_FOUND, "unknown_session")
            .detail(detail)
            .into());
    }
    let keeper = Keeper::new(&app, &report.session);
    let began = app.now();
    let mut worth_a_look = false;
    let mut outcome = Ok(StatusCode::NO_CONTENT);
    for fact in &report.facts {
        match keeper.keep(fact).await {
            Ok(changes) => worth_a_look |= changes,
            Err(error) => {
                outcome = Err(error.into());
                break;
            }
        }
        metrics::counter!("facts_total", "kind" => kind(fact)).increment(1);
    }
    // also when a later fact could not be stored: the earlier ones are
    if worth_a_look {
        app.nudge.about([&report.session]);
    }
    if report
        .facts
        .iter()
        .any(|fact| matches!(fact, Fact::Message(_)))
    {
        app.nudge_readers(began).await;
    }
    outcome
}
