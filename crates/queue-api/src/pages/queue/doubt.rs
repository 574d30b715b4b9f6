//! A person ends the doubt about a message: it arrived, or it is sent again.

use axum::extract::{Form, Path, State};
use chassis::Problem;
use serde::Deserialize;

use super::detail::back;
use super::id;
use crate::app::Shared;
use crate::messages::{Verdict, settle_message};
use crate::pages::refusal::Shown;
use crate::pages::visitor::Visitor;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Decision {
    verdict: String,
}

pub(super) async fn settle(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(text): Path<String>,
    Form(decision): Form<Decision>,
) -> Shown {
    let id = id(&text)?;
    let (verdict, said) = match decision.verdict.as_str() {
        "arrived" => (Verdict::Arrived, "queue-arrived"),
        "send_again" => (Verdict::SendAgain, "queue-send_again"),
        _ => return Err(Problem::bad_request("no_decision", "Say what became of it.").into()),
    };
    settle_message(&app, &visitor.actor(), id, verdict).await?;
    Ok(back(id, said))
}
