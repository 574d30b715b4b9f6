//! The password again, before what could let another person in: API tokens, people and their rights, one-time links, the second factor.
//!
//! The rule that must hold: a route that the registry marks as `confirmed` runs only when the password, and with a second factor the code,
//! was given in this browser within [`RECENT`]. The guard asks for it, in a form that carries what was sent, so that nothing is lost.

use std::time::Duration;

use askama::Template;
use axum::response::{IntoResponse, Response};
use chassis::Problem;
use http::{StatusCode, Uri};
use url::form_urlencoded;

use super::frame::{Frame, Section};
use super::page::form_again;
use super::refusal::{Refused, Shown};
use super::second_factor::{self, Code};
use super::visitor::Visitor;
use crate::app::App;
use crate::auth::hash;

/// How long a password counts as just given. Signing in gives it, too.
const RECENT: Duration = Duration::from_mins(10);
/// The largest form that is asked again, in bytes: none of these routes has a larger one.
const LARGEST: usize = 16 * 1024;

const PASSWORD: &str = "confirm_password";
const CODE: &str = "confirm_code";
const RECOVERY: &str = "confirm_recovery";

#[derive(Template)]
#[template(path = "pages/confirm.html")]
struct ConfirmPage {
    f: Frame,
    address: String,
    /// What was sent, but for the form token.
    fields: Vec<(String, String)>,
    asks_code: bool,
    wrong: Option<&'static str>,
}

/// Whether the password was given in this browser a short time ago.
pub(super) async fn is_recent(app: &App, visitor: &Visitor) -> Result<bool, Refused> {
    let at = app.store.confirmed_at(&hash(visitor.secret())).await?;
    let now = app.now();
    Ok(at.is_some_and(|at| at <= now && now < at + RECENT))
}

/// Lets a form through that needs a recent password, or answers with the page that asks for it.
pub(super) async fn ensure(
    app: &App,
    visitor: &Visitor,
    uri: &Uri,
    body: &[u8],
) -> Result<(), Response> {
    match missing(app, visitor, uri, body).await {
        Ok(None) => Ok(()),
        Ok(Some(page)) => Err(page),
        Err(refused) => Err(refused.into_response()),
    }
}

async fn missing(
    app: &App,
    visitor: &Visitor,
    uri: &Uri,
    body: &[u8],
) -> Result<Option<Response>, Refused> {
    if is_recent(app, visitor).await? {
        return Ok(None);
    }
    if body.len() > LARGEST {
        return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "unreadable_form").into());
    }
    let (given, fields): (Vec<_>, Vec<_>) = form_urlencoded::parse(body)
        .into_owned()
        .partition(|(name, _)| [PASSWORD, CODE, RECOVERY].contains(&name.as_str()));
    let field = |wanted| {
        let found = given.iter().find(|(name, _)| name == wanted);
        found.map(|(_, value)| value.clone())
    };
    let wrong = match field(PASSWORD) {
        None => None,
        Some(password) => {
            let code = Code {
                code: field(CODE).unwrap_or_default(),
                recovery: field(RECOVERY).unwrap_or_default(),
            };
            match check(app, visitor, password, Some(&code)).await? {
                None => return Ok(None),
                wrong => wrong,
            }
        }
    };
    ask(app, visitor, uri, fields, wrong).await.map(Some)
}

async fn ask(
    app: &App,
    visitor: &Visitor,
    uri: &Uri,
    mut fields: Vec<(String, String)>,
    wrong: Option<&'static str>,
) -> Shown {
    fields.retain(|(name, _)| name != "csrf");
    form_again(&ConfirmPage {
        f: Frame::of(app, visitor, Section::None, "confirm-title").await?,
        address: uri.path().to_owned(),
        fields,
        asks_code: visitor.known()?.second_factor_since.is_some(),
        wrong,
    })
}

/// The key of what is wrong with the password of the account that is signed in, or with the code, where `code` has one to check. When both are right
/// this browser counts as confirmed.
pub(super) async fn check(
    app: &App,
    visitor: &Visitor,
    password: String,
    code: Option<&Code>,
) -> Result<Option<&'static str>, Refused> {
    let account = visitor.known()?;
    let browser = hash(visitor.secret());
    app.attempts
        .count_browser(&browser)
        .map_err(too_many_tries)?;
    let known = Some(account.password_hash.clone());
    let mut wrong = None;
    if !app.passwords.is(known, password).await? {
        wrong = Some("you-wrong-password");
    } else if let Some(code) = code
        && account.second_factor_since.is_some()
        && second_factor::check(app, account, code).await?.is_none()
    {
        wrong = Some("factor-wrong");
    }
    let (store, now) = (&app.store, app.now());
    if wrong.is_none() {
        store.confirm_browser(&browser, now).await?;
    } else {
        store.sign_in_failed(Some(account.id), now).await?;
    }
    Ok(wrong)
}

/// 429 `too_many_tries`.
pub(super) fn too_many_tries(wait: Duration) -> Refused {
    let problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_tries");
    problem.retry_after(wait).into()
}
