//! Signing in and out.

use askama::Template;
use axum::extract::{Form, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::ids::AccountId;
use http::{HeaderValue, header};
use serde::Deserialize;

use super::code;
use crate::app::{App, Shared};
use crate::auth::hash;
use crate::pages::confirm::too_many_tries;
use crate::pages::cookie;
use crate::pages::frame::{Frame, Section};
use crate::pages::page::{form_again, page};
use crate::pages::refusal::{Refused, Shown};
use crate::pages::visitor::{Visitor, fresh_secret};

#[derive(Template)]
#[template(path = "pages/sign_in.html")]
struct SignInPage {
    f: Frame,
    name: String,
    next: String,
    wrong: bool,
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    pub(super) next: String,
}

pub(super) async fn form(
    State(app): State<Shared>,
    visitor: Visitor,
    Query(wanted): Query<Wanted>,
) -> Shown {
    if visitor.account().is_some() {
        return Ok(Redirect::to(inside(&wanted.next)).into_response());
    }
    if !app.store.has_accounts().await? {
        return Ok(Redirect::to("/first").into_response());
    }
    page(&SignInPage {
        f: Frame::of(&app, &visitor, Section::None, "sign-in-title").await?,
        name: String::new(),
        next: inside(&wanted.next).to_owned(),
        wrong: false,
    })
}

#[derive(Deserialize)]
pub(super) struct Presented {
    name: String,
    password: String,
    #[serde(default)]
    next: String,
}

pub(super) async fn sign_in(
    State(app): State<Shared>,
    visitor: Visitor,
    Form(presented): Form<Presented>,
) -> Shown {
    let name = presented.name.trim();
    let account = app.store.account_by_name(name).await?;
    let id = account.as_ref().map(|account| account.id);
    count_try(&app, &visitor, name, id).await?;
    let known = account
        .as_ref()
        .map(|account| account.password_hash.clone());
    let right = app.passwords.is(known, presented.password).await?;
    match account {
        Some(account) if right && account.second_factor_since.is_some() => {
            code::ask(&app, account.id, &presented.next).await
        }
        Some(account) if right => enter(&app, &visitor, account.id, &presented.next).await,
        other => {
            let account = other.map(|account| account.id);
            app.store.sign_in_failed(account, app.now()).await?;
            form_again(&SignInPage {
                f: Frame::of(&app, &visitor, Section::None, "sign-in-title").await?,
                name: presented.name,
                next: inside(&presented.next).to_owned(),
                wrong: true,
            })
        }
    }
}

/// Counts a try at a password, unless somebody has been signed in to that account in this browser before.
async fn count_try(
    app: &App,
    visitor: &Visitor,
    name: &str,
    account: Option<AccountId>,
) -> Result<(), Refused> {
    if let Some(account) = account
        && known_as(app, visitor, account).await?.is_some()
    {
        return Ok(());
    }
    app.attempts.count(name).map_err(too_many_tries)
}

/// The hash by which this browser is known as one in which that account was signed in before.
pub(super) async fn known_as<'a>(
    app: &App,
    visitor: &'a Visitor,
    account: AccountId,
) -> Result<Option<&'a str>, Refused> {
    let Some(browser) = visitor.signed_in_before() else {
        return Ok(None);
    };
    let known = app.store.knows_browser(account, browser).await?;
    Ok(known.then_some(browser))
}

/// Makes the browser this account's, with a secret that was unknown before. Its old one opens nothing any more.
pub(in crate::pages) async fn enter(
    app: &App,
    visitor: &Visitor,
    account: AccountId,
    next: &str,
) -> Shown {
    let (secret, browser) = (fresh_secret(app), fresh_secret(app));
    let (store, now) = (&app.store, app.now());
    store.sign_out(&hash(visitor.secret())).await?;
    // an account that is gone by now leads to a page that turns the browser away
    if store.sign_in(account, &hash(&secret), now).await? {
        store
            .remember_browser(account, &hash(&browser), now)
            .await?;
    }
    let mut response = Redirect::to(inside(next)).into_response();
    cookie::set(&mut response, &secret);
    cookie::remember(&mut response, &browser);
    Ok(response)
}

pub(super) async fn sign_out(
    State(app): State<Shared>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    app.store.sign_out(&hash(visitor.secret())).await?;
    let mut response = left();
    cookie::set(&mut response, &fresh_secret(&app));
    Ok(response)
}

/// Leads a browser that is signed out to the way in; what it still has in its memory of these pages goes too.
pub(in crate::pages) fn left() -> Response {
    let mut response = Redirect::to("/sign-in").into_response();
    let cache = HeaderValue::from_static("\"cache\"");
    response
        .headers_mut()
        .insert(header::HeaderName::from_static("clear-site-data"), cache);
    response
}

/// Where to go on: an address of ours, never of somebody else's.
pub(super) fn inside(next: &str) -> &str {
    let mut letters = next.chars();
    let ours = letters.next() == Some('/') && !matches!(letters.next(), Some('/' | '\\'));
    if ours && !next.contains(|c: char| c.is_control()) {
        next
    } else {
        "/"
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("/queue?status=pending", "/queue?status=pending")]
    #[case("", "/")]
    #[case("//evil.example", "/")]
    #[case("/\\evil.example", "/")]
    #[case("https://evil.example", "/")]
    #[case("/a\r\nSet-Cookie: x=y", "/")]
    fn one_goes_on_inside(#[case] next: &str, #[case] goes: &str) {
        assert_eq!(inside(next), goes);
    }
}
