//! Links that work once: to have an account, or a new password. Answered with the page itself, because a link to go on to would
//! be kept by the browser.

use axum::extract::{Form, Path, State};
use chassis::Problem;
use domain::account::Person;
use http::request::Parts;
use http::{Request, StatusCode};
use serde::Deserialize;
use storage::LinkPurpose;

use super::{Link, PeoplePage, find, people_page};
use crate::app::Shared;
use crate::pages::page::{form_again, page};
use crate::pages::refusal::Shown;
use crate::pages::sign_in::new_link;
use crate::pages::site;
use crate::pages::visitor::Visitor;

#[derive(Deserialize)]
pub(super) struct Whom {
    /// A spouse's session; nothing for the friend.
    #[serde(default)]
    who: String,
}

pub(super) async fn invite(
    State(app): State<Shared>,
    visitor: Visitor,
    parts: Parts,
    Form(Whom { who }): Form<Whom>,
) -> Shown {
    let mut shown = people_page(&app, &visitor).await?;
    let person = match who.parse() {
        _ if who.is_empty() => Person::Operator,
        Ok(session) if app.knows(&session) => Person::Spouse(session),
        _ => {
            shown.wrong = Some("account-bad-session");
            return form_again(&shown);
        }
    };
    let title = match &person {
        Person::Spouse(session) => {
            let name = shown.f.person(session);
            shown
                .f
                .with("people-link-for", &[("person", name.as_str().into())])
        }
        Person::Operator => shown.f.t("people-link-for-operator"),
    };
    with_link(
        &app,
        &visitor,
        shown,
        &Request::from_parts(parts, ()),
        LinkPurpose::Invite(person),
        title,
    )
    .await
}

pub(super) async fn password(
    State(app): State<Shared>,
    visitor: Visitor,
    parts: Parts,
    Path(id): Path<String>,
) -> Shown {
    let account = find(&app, &id).await?;
    // the other spouse could sign in with it, and read what only this one may see
    if account.session().is_some() {
        return Err(Problem::new(StatusCode::FORBIDDEN, "spouse_password").into());
    }
    let shown = people_page(&app, &visitor).await?;
    let name = [("person", account.name.as_str().into())];
    let title = shown.f.with("people-link-password", &name);
    with_link(
        &app,
        &visitor,
        shown,
        &Request::from_parts(parts, ()),
        LinkPurpose::Password(account.id),
        title,
    )
    .await
}

async fn with_link(
    app: &Shared,
    visitor: &Visitor,
    mut shown: PeoplePage,
    asked: &Request<()>,
    purpose: LinkPurpose,
    title: String,
) -> Shown {
    let Some(path) = new_link(app, purpose, &visitor.actor()).await? else {
        shown.wrong = Some("people-has-account");
        return form_again(&shown);
    };
    shown.link = Some(Link {
        title,
        address: site::link(asked, app, &path),
    });
    page(&shown)
}
