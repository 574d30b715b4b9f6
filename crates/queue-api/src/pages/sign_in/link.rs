//! A link that works once: an invitation to have an account, or a new password.

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect};
use chassis::Problem;
use http::StatusCode;
use storage::{LinkPurpose, Redeemed};

use super::enter::enter;
use super::new_account::{Wishes, account, mistake};
use crate::app::{App, Shared};
use crate::auth::hash;
use crate::pages::frame::{Frame, Section};
use crate::pages::page::{form_again, page};
use crate::pages::password::{self, SHORTEST};
use crate::pages::refusal::{Refused, Shown};
use crate::pages::visitor::Visitor;

#[derive(Template)]
#[template(path = "pages/link.html")]
struct LinkPage {
    f: Frame,
    wishes: Wishes,
    /// Otherwise it is only a new password.
    invites: bool,
    shortest: usize,
    wrong: Option<&'static str>,
}

pub(super) async fn form(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(secret): Path<String>,
) -> Shown {
    let invites = invites(&purpose(&app, &secret).await?);
    page(&link(&app, &visitor, Wishes::default(), invites, None).await?)
}

pub(super) async fn redeem(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(secret): Path<String>,
    Form(wishes): Form<Wishes>,
) -> Shown {
    let purpose = purpose(&app, &secret).await?;
    let invites = invites(&purpose);
    let wrong = if let LinkPurpose::Password(account) = purpose {
        let account = app.store.account(account).await?;
        let name = account.map_or_else(String::new, |account| account.name);
        password::mistake(&app, &wishes.password, &name).await?
    } else {
        mistake(&app, &wishes).await?
    };
    if wrong.is_some() {
        return form_again(&link(&app, &visitor, wishes, invites, wrong).await?);
    }
    let redeemed = if invites {
        let (config, _) = app.store.config().await?;
        let new = account(&app, &wishes, visitor.language(config.language)).await?;
        let store = &app.store;
        store
            .redeem_invitation(&hash(&secret), &new, None, app.now())
            .await?
    } else {
        let new = app
            .passwords
            .hash(wishes.password.clone(), app.dice())
            .await?;
        let store = &app.store;
        store
            .redeem_password(&hash(&secret), &new, app.now())
            .await?
    };
    match redeemed {
        Redeemed::Account(id) if invites => enter(&app, &visitor, id, "/").await,
        Redeemed::Account(_) => Ok(Redirect::to("/sign-in?said=password").into_response()),
        Redeemed::NameTaken => {
            let taken = Some("account-name-taken");
            form_again(&link(&app, &visitor, wishes, invites, taken).await?)
        }
        Redeemed::NoSuchLink | Redeemed::PlaceTaken => Err(no_such_link()),
    }
}

/// What the link is for; a wrong or used one is refused, and the code of the first account is no link.
async fn purpose(app: &App, secret: &str) -> Result<LinkPurpose, Refused> {
    let purpose = app.store.link(&hash(secret), app.now()).await?;
    let purpose = purpose.filter(|purpose| !matches!(purpose, LinkPurpose::First));
    purpose.ok_or_else(no_such_link)
}

const fn invites(purpose: &LinkPurpose) -> bool {
    matches!(purpose, LinkPurpose::Invite(_))
}

fn no_such_link() -> Refused {
    Problem::new(StatusCode::NOT_FOUND, "no_such_link").into()
}

async fn link(
    app: &App,
    visitor: &Visitor,
    wishes: Wishes,
    invites: bool,
    wrong: Option<&'static str>,
) -> Result<LinkPage, Refused> {
    let title = if invites {
        "link-invites"
    } else {
        "link-password"
    };
    Ok(LinkPage {
        f: Frame::of(app, visitor, Section::None, title).await?,
        wishes,
        invites,
        shortest: SHORTEST,
        wrong,
    })
}
