//! The first account: a spouse's, made with the code that the service printed.

use askama::Template;
use axum::extract::{Form, Query, State};
use axum::response::{IntoResponse, Redirect};
use domain::session::SessionName;
use serde::Deserialize;
use storage::{LinkPurpose, Redeemed};

use super::enter::enter;
use super::new_account::{Wishes, account, mistake};
use super::secret::hash_of_code;
use crate::app::{App, Shared};
use crate::pages::frame::{Frame, Section};
use crate::pages::page::{form_again, page};
use crate::pages::password::SHORTEST;
use crate::pages::refusal::{Refused, Shown};
use crate::pages::visitor::Visitor;

#[derive(Template)]
#[template(path = "pages/first.html")]
struct FirstPage {
    f: Frame,
    wishes: Wishes,
    sessions: Vec<SessionName>,
    shortest: usize,
    wrong: Option<&'static str>,
}

#[derive(Deserialize)]
pub(super) struct Code {
    #[serde(default)]
    code: String,
}

pub(super) async fn form(
    State(app): State<Shared>,
    visitor: Visitor,
    Query(Code { code }): Query<Code>,
) -> Shown {
    if app.store.has_accounts().await? {
        return Ok(Redirect::to("/sign-in").into_response());
    }
    let wishes = Wishes {
        code,
        ..Wishes::default()
    };
    page(&first(&app, &visitor, wishes, None).await?)
}

pub(super) async fn make(
    State(app): State<Shared>,
    visitor: Visitor,
    Form(wishes): Form<Wishes>,
) -> Shown {
    // nothing is worked out for strangers
    let Some(code) = known_code(&app, &wishes.code).await? else {
        return form_again(&first(&app, &visitor, wishes, Some("first-wrong-code")).await?);
    };
    let session: Option<SessionName> = wishes.session.parse().ok();
    let session = session.filter(|session| app.knows(session));
    let wrong = mistake(&app, &wishes).await?;
    let wrong = wrong.or_else(|| session.is_none().then_some("account-bad-session"));
    if wrong.is_some() {
        return form_again(&first(&app, &visitor, wishes, wrong).await?);
    }
    let (config, _) = app.store.config().await?;
    let new = account(&app, &wishes, visitor.language(config.language)).await?;
    let store = &app.store;
    let redeemed = store
        .redeem_invitation(&code, &new, session.as_ref(), app.now())
        .await?;
    match redeemed {
        Redeemed::Account(id) => enter(&app, &visitor, id, "/").await,
        Redeemed::NoSuchLink | Redeemed::NameTaken | Redeemed::PlaceTaken => {
            form_again(&first(&app, &visitor, wishes, Some("first-wrong-code")).await?)
        }
    }
}

/// The hash of a code that works.
async fn known_code(app: &App, code: &str) -> Result<Option<String>, Refused> {
    let Some(hash) = hash_of_code(code) else {
        return Ok(None);
    };
    let purpose = app.store.link(&hash, app.now()).await?;
    Ok((purpose == Some(LinkPurpose::First)).then_some(hash))
}

async fn first(
    app: &App,
    visitor: &Visitor,
    wishes: Wishes,
    wrong: Option<&'static str>,
) -> Result<FirstPage, Refused> {
    Ok(FirstPage {
        f: Frame::of(app, visitor, Section::None, "first-title").await?,
        wishes,
        sessions: app.sessions().to_vec(),
        shortest: SHORTEST,
        wrong,
    })
}
