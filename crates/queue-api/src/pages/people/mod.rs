//! Who has an account: inviting, letting in again, taking away. For the couple.
//!
//! The rule that must hold: a spouse remains. Whoever is invited or has forgotten a password gets a link that works once and
//! is shown once; no password is ever shown. A link for a new password is made here for an operator only: a spouse changes their own, or uses a
//! link that is made by the command on the machine.

mod change;
mod invite;
mod remove;

use askama::Template;
use axum::extract::State;
use chassis::Problem;
use domain::account::Person;
use domain::ids::AccountId;
use domain::session::SessionName;
use storage::AccountRow;

use super::access::Access;
use super::frame::{Frame, Section};
use super::page::page;
use super::refusal::{Refused, Shown};
use super::registry::Pages;
use super::visitor::Visitor;
use crate::app::{App, Shared};

pub(super) fn routes(pages: Pages) -> Pages {
    pages
        .get("/people", Access::Couple, people)
        .post_confirmed("/people/invite", Access::Couple, invite::invite)
        .post_confirmed("/people/{id}/password", Access::Couple, invite::password)
        .post_confirmed("/people/{id}/texts", Access::Couple, change::texts)
        .get("/people/{id}/remove", Access::Couple, remove::ask)
        .post_confirmed("/people/{id}/remove", Access::Couple, remove::remove)
}

/// Somebody with an account.
struct Someone {
    id: AccountId,
    name: String,
    role: String,
    you: bool,
    /// A spouse, whose password nobody else may renew.
    spouse: bool,
    /// Whether an operator reads texts.
    texts: Option<bool>,
    removable: bool,
}

/// A link that was just made.
struct Link {
    title: String,
    address: String,
}

#[derive(Template)]
#[template(path = "pages/people.html")]
struct PeoplePage {
    f: Frame,
    people: Vec<Someone>,
    /// Spouses without an account, and what the button to invite them says.
    spouses: Vec<(SessionName, String)>,
    link: Option<Link>,
    wrong: Option<&'static str>,
}

async fn people(State(app): State<Shared>, visitor: Visitor) -> Shown {
    page(&people_page(&app, &visitor).await?)
}

async fn people_page(app: &App, visitor: &Visitor) -> Result<PeoplePage, Refused> {
    let f = Frame::of(app, visitor, Section::Settings, "people-title").await?;
    let accounts = app.store.accounts().await?;
    let you = visitor.known()?.id;
    let people = accounts
        .iter()
        .map(|account| someone(&f, account, you, &accounts));
    let spouses = app.sessions().iter();
    let missing = spouses.filter(|session| !has_account(&accounts, session));
    let invited = missing.map(|session| {
        let person = f.person(session);
        let label = f.with(
            "people-invite-spouse",
            &[("person", person.as_str().into())],
        );
        (session.clone(), label)
    });
    Ok(PeoplePage {
        people: people.collect(),
        spouses: invited.collect(),
        link: None,
        wrong: None,
        f,
    })
}

fn someone(f: &Frame, account: &AccountRow, you: AccountId, all: &[AccountRow]) -> Someone {
    let role = match &account.person {
        Person::Spouse(session) => {
            let person = f.person(session);
            f.with("people-spouse", &[("person", person.as_str().into())])
        }
        Person::Operator => f.t("people-operator"),
    };
    let operator = account.session().is_none();
    Someone {
        id: account.id,
        name: account.name.clone(),
        role,
        you: account.id == you,
        spouse: !operator,
        texts: operator.then_some(account.texts_granted_at.is_some()),
        removable: if operator {
            true
        } else {
            account.id == you && !is_last_of_couple(account, all)
        },
    }
}

fn has_account(accounts: &[AccountRow], session: &SessionName) -> bool {
    accounts
        .iter()
        .any(|account| account.session() == Some(session))
}

fn is_last_of_couple(account: &AccountRow, all: &[AccountRow]) -> bool {
    let spouses = all.iter().filter(|one| one.session().is_some()).count();
    account.session().is_some() && spouses <= 1
}

/// The account with that id, as it stands in an address.
async fn find(app: &App, id: &str) -> Result<AccountRow, Refused> {
    let nobody = || Problem::not_found("There is no such account.");
    let id: AccountId = id.parse().map_err(|_| nobody())?;
    let account = app.store.account(id).await?;
    account.ok_or_else(|| nobody().into())
}
