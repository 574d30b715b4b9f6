//! The second step of signing in, after the right password: a code. Until then the browser is not signed in.

use askama::Template;
use axum::extract::{Form, Query, State};
use axum::response::{IntoResponse, Redirect};
use domain::ids::AccountId;
use serde::Deserialize;
use storage::AccountRow;
use url::form_urlencoded;

use super::enter::{Wanted, enter, inside, known_as};
use crate::app::{App, Shared};
use crate::auth::hash;
use crate::pages::confirm::too_many_tries;
use crate::pages::cookie;
use crate::pages::frame::{Frame, Section};
use crate::pages::page::{form_again, page};
use crate::pages::refusal::{Refused, Shown};
use crate::pages::second_factor::{self, Accepted, Code};
use crate::pages::visitor::{Visitor, fresh_secret};

#[derive(Template)]
#[template(path = "pages/sign_in_code.html")]
struct CodePage {
    f: Frame,
    next: String,
    name: String,
    wrong: bool,
}

/// Goes on to the code, with a secret that was unknown before: the browser's own may have been planted.
pub(super) async fn ask(app: &App, account: AccountId, next: &str) -> Shown {
    let secret = fresh_secret(app);
    let store = &app.store;
    store
        .begin_sign_in(account, &hash(&secret), app.now())
        .await?;
    let query: String = form_urlencoded::Serializer::new(String::new())
        .append_pair("next", inside(next))
        .finish();
    let mut response = Redirect::to(&format!("/sign-in/code?{query}")).into_response();
    cookie::set(&mut response, &secret);
    Ok(response)
}

pub(super) async fn form(
    State(app): State<Shared>,
    visitor: Visitor,
    Query(wanted): Query<Wanted>,
) -> Shown {
    match begun(&app, &visitor).await? {
        Some(account) => page(&code_page(&app, &visitor, &account, &wanted.next, false).await?),
        None => Ok(Redirect::to("/sign-in").into_response()),
    }
}

#[derive(Deserialize)]
pub(super) struct Presented {
    #[serde(default)]
    next: String,
    #[serde(flatten)]
    code: Code,
}

pub(super) async fn sign_in(
    State(app): State<Shared>,
    visitor: Visitor,
    Form(presented): Form<Presented>,
) -> Shown {
    let Some(account) = begun(&app, &visitor).await? else {
        return Ok(Redirect::to("/sign-in?said=too-late").into_response());
    };
    count_try(&app, &visitor, &account).await?;
    match second_factor::check(&app, &account, &presented.code).await? {
        Some(Accepted::OfApp) => enter(&app, &visitor, account.id, &presented.next).await,
        // that page says how many are left
        Some(Accepted::Recovery) => enter(&app, &visitor, account.id, "/you?said=recovery").await,
        None => {
            let id = Some(account.id);
            app.store.sign_in_failed(id, app.now()).await?;
            form_again(&code_page(&app, &visitor, &account, &presented.next, true).await?)
        }
    }
}

/// Counts a try at a code. A browser in which the account was signed in before has a count of its own: a person who knows the password could use up
/// the account's, and keep its owner out.
async fn count_try(app: &App, visitor: &Visitor, account: &AccountRow) -> Result<(), Refused> {
    let counted = match known_as(app, visitor, account.id).await? {
        Some(browser) => app.attempts.count_browser(browser),
        None => app.attempts.count(&account.name),
    };
    counted.map_err(too_many_tries)
}

async fn begun(app: &App, visitor: &Visitor) -> Result<Option<AccountRow>, Refused> {
    let hash = hash(visitor.secret());
    Ok(app.store.begun_sign_in(&hash, app.now()).await?)
}

async fn code_page(
    app: &App,
    visitor: &Visitor,
    account: &AccountRow,
    next: &str,
    wrong: bool,
) -> Result<CodePage, Refused> {
    Ok(CodePage {
        f: Frame::of(app, visitor, Section::None, "factor-title").await?,
        next: inside(next).to_owned(),
        name: account.name.clone(),
        wrong,
    })
}
