//! The second factor of the account that is signed in: codes of an authenticator app (TOTP), with recovery codes.

mod code;
mod recovery;
mod set_up;

use axum::extract::{Form, State};
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;

use super::access::Access;
use super::confirm;
use super::limit;
use super::page::form_again;
use super::refusal::Shown;
use super::registry::Pages;
use super::visitor::Visitor;
use super::you::you_page;
use crate::app::Shared;

pub(super) use code::{Accepted, Code, check};

pub(super) fn routes(pages: Pages) -> Pages {
    let pages = limit::tries(pages, |pages| {
        pages
            .post_confirmed(
                "/you/second-factor/confirm",
                Access::SignedIn,
                set_up::confirm,
            )
            .post("/you/second-factor/off", Access::SignedIn, turn_off)
    });
    pages.post_confirmed("/you/second-factor", Access::SignedIn, set_up::begin)
}

#[derive(Deserialize)]
struct Given {
    password: String,
    #[serde(flatten)]
    code: Code,
}

/// Asks for the password and a code, however recently they were given.
async fn turn_off(State(app): State<Shared>, visitor: Visitor, Form(given): Form<Given>) -> Shown {
    let wrong = confirm::check(&app, &visitor, given.password, Some(&given.code)).await?;
    if wrong.is_some() {
        let mut shown = you_page(&app, &visitor, None).await?;
        shown.factor_wrong = wrong;
        return form_again(&shown);
    }
    let (account, actor) = (visitor.known()?.id, visitor.actor());
    let store = &app.store;
    store
        .remove_second_factor(account, &actor, app.now())
        .await?;
    Ok(Redirect::to("/you?said=second-factor-off").into_response())
}
