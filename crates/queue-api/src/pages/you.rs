//! Whoever is signed in, about themselves: their language, their password, their browsers.

use askama::Template;
use axum::extract::{Form, State};
use axum::response::{IntoResponse, Redirect};
use domain::Timestamp;
use domain::config::Language;
use serde::Deserialize;

use super::access::Access;
use super::confirm;
use super::frame::{Frame, Section};
use super::limit;
use super::page::{form_again, page};
use super::password::{self, SHORTEST};
use super::refusal::{Refused, Shown};
use super::registry::Pages;
use super::second_factor::Code;
use super::sign_in::left;
use super::visitor::Visitor;
use crate::app::{App, Shared};
use crate::auth::hash;

pub(super) fn routes(pages: Pages) -> Pages {
    let pages = limit::tries(pages, |pages| {
        pages.post("/you/password", Access::SignedIn, change_password)
    });
    pages
        .get("/you", Access::SignedIn, you)
        .post("/you/language", Access::SignedIn, speak)
        .post_confirmed("/you/sign-out", Access::SignedIn, leave_one)
        .post("/you/sign-out-everywhere", Access::SignedIn, leave)
}

#[derive(Template)]
#[template(path = "pages/you.html")]
pub(super) struct YouPage {
    f: Frame,
    name: String,
    is_operator: bool,
    shortest: usize,
    wrong: Option<&'static str>,
    /// A code goes with the password, when none was given a short time ago.
    asks_code: bool,
    /// Since when there is a second factor, and how many recovery codes are left.
    factor: Option<(Timestamp, u32)>,
    pub(super) factor_wrong: Option<&'static str>,
    /// Where the account is signed in: the hash of each browser and since when.
    browsers: Vec<(String, Timestamp)>,
    this_browser: String,
}

async fn you(State(app): State<Shared>, visitor: Visitor) -> Shown {
    page(&you_page(&app, &visitor, None).await?)
}

pub(super) async fn you_page(
    app: &App,
    visitor: &Visitor,
    wrong: Option<&'static str>,
) -> Result<YouPage, Refused> {
    let account = visitor.known()?;
    let mut factor = None;
    if let Some(since) = account.second_factor_since {
        let stored = app.store.second_factor(account.id).await?;
        factor = Some((since, stored.map_or(0, |factor| factor.codes_left)));
    }
    Ok(YouPage {
        asks_code: factor.is_some() && !confirm::is_recent(app, visitor).await?,
        factor,
        factor_wrong: None,
        browsers: app.store.browsers(account.id, app.now()).await?,
        this_browser: hash(visitor.secret()),
        f: Frame::of(app, visitor, Section::You, "you-title").await?,
        name: account.name.clone(),
        is_operator: account.session().is_none(),
        shortest: SHORTEST,
        wrong,
    })
}

#[derive(Deserialize)]
struct Spoken {
    language: Language,
}

async fn speak(
    State(app): State<Shared>,
    visitor: Visitor,
    Form(Spoken { language }): Form<Spoken>,
) -> Shown {
    let account = visitor.known()?;
    app.store.set_account_language(account.id, language).await?;
    Ok(Redirect::to("/you").into_response())
}

#[derive(Deserialize)]
struct Passwords {
    current: String,
    password: String,
    #[serde(flatten)]
    code: Code,
}

/// Signs out everywhere, here too: whoever knew the old one has to know the new one.
async fn change_password(
    State(app): State<Shared>,
    visitor: Visitor,
    Form(given): Form<Passwords>,
) -> Shown {
    let account = visitor.known()?;
    let mut wrong = password::mistake(&app, &given.password, &account.name).await?;
    if wrong.is_none() {
        let asks_code = !confirm::is_recent(&app, &visitor).await?;
        let code = asks_code.then_some(&given.code);
        wrong = confirm::check(&app, &visitor, given.current, code).await?;
    }
    if wrong.is_some() {
        return form_again(&you_page(&app, &visitor, wrong).await?);
    }
    let fresh = app.passwords.hash(given.password, app.dice()).await?;
    let store = &app.store;
    store
        .set_password(account.id, &fresh, &visitor.actor(), app.now())
        .await?;
    Ok(Redirect::to("/sign-in?said=password").into_response())
}

#[derive(Deserialize)]
struct Elsewhere {
    browser: String,
}

async fn leave_one(
    State(app): State<Shared>,
    visitor: Visitor,
    Form(Elsewhere { browser }): Form<Elsewhere>,
) -> Shown {
    let account = visitor.known()?.id;
    app.store.sign_out_of(account, &browser).await?;
    Ok(Redirect::to("/you").into_response())
}

async fn leave(State(app): State<Shared>, visitor: Visitor) -> Shown {
    let account = visitor.known()?;
    let store = &app.store;
    store
        .sign_out_everywhere(account.id, &visitor.actor(), app.now())
        .await?;
    Ok(left())
}
