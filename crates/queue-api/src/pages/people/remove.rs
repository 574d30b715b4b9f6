//! Taking somebody's account away, after a question.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect};
use chassis::Problem;
use domain::ids::AccountId;
use http::StatusCode;
use storage::AccountRow;

use super::{find, is_last_of_couple};
use crate::app::{App, Shared};
use crate::pages::frame::{Frame, Section};
use crate::pages::page::page;
use crate::pages::refusal::{Refused, Shown};
use crate::pages::visitor::Visitor;

#[derive(Template)]
#[template(path = "pages/person_remove.html")]
struct RemovePage {
    f: Frame,
    id: AccountId,
    name: String,
    you: bool,
}

pub(super) async fn ask(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Shown {
    let account = removable(&app, &visitor, &id).await?;
    page(&RemovePage {
        f: Frame::of(&app, &visitor, Section::Settings, "people-remove-title").await?,
        id: account.id,
        you: visitor.known()?.id == account.id,
        name: account.name,
    })
}

pub(super) async fn remove(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Shown {
    let account = removable(&app, &visitor, &id).await?;
    let (store, actor) = (&app.store, visitor.actor());
    if !store.remove_account(account.id, &actor, app.now()).await? {
        return Err(last_of_couple());
    }
    Ok(Redirect::to("/people?said=removed").into_response())
}

/// The account, unless it is the couple's last, or the other spouse's: a spouse who removed it could take its place with a new invitation.
async fn removable(app: &App, visitor: &Visitor, id: &str) -> Result<AccountRow, Refused> {
    let account = find(app, id).await?;
    if account.session().is_some() && account.id != visitor.known()?.id {
        return Err(Problem::new(StatusCode::FORBIDDEN, "spouse_account").into());
    }
    if is_last_of_couple(&account, &app.store.accounts().await?) {
        return Err(last_of_couple());
    }
    Ok(account)
}

fn last_of_couple() -> Refused {
    Problem::new(StatusCode::CONFLICT, "last_of_couple").into()
}
