//! How things stand, at a glance: whether anything is sent at all, what needs a person, and each spouse's WhatsApp.
//!
//! The rule that must hold: an operator whom nobody lets read texts sees health and sessions here, but no names of guests and
//! nothing that was written.

mod advice;
mod attention;
mod card;
mod outlook;
mod places;
mod stop;
mod try_again;
mod unlock;
mod waiting;

pub(crate) use outlook::Everybody;

use askama::Template;
use axum::extract::State;

use self::attention::Need;
use self::card::Card;
use super::access::Access;
use super::frame::{Frame, Section};
use super::page::page;
use super::refusal::{Refused, Shown};
use super::registry::Pages;
use super::visitor::Visitor;
use crate::app::{App, Shared};
use crate::sessions::Standing;

pub(super) use advice::advice;

pub(super) fn routes(pages: Pages) -> Pages {
    let pages = pages.get("/", Access::SignedIn, home);
    waiting::routes(try_again::routes(unlock::routes(stop::routes(pages))))
}

/// A button: a form to send, or another page.
pub(super) struct Action {
    /// Where it leads.
    pub(super) address: String,
    /// What it says.
    pub(super) label: String,
    /// Whether it changes something here and now.
    pub(super) sends: bool,
}

impl Action {
    /// To a page where it is settled.
    pub(super) fn page(f: &Frame, address: impl Into<String>, label: &str) -> Self {
        Self {
            address: address.into(),
            label: f.t(label),
            sends: false,
        }
    }

    /// To be done at once.
    pub(super) fn form(f: &Frame, address: impl Into<String>, label: &str) -> Self {
        Self {
            sends: true,
            ..Self::page(f, address, label)
        }
    }
}

#[derive(Template)]
#[template(path = "pages/home.html")]
struct HomePage {
    f: Frame,
    /// Nothing is sent on any session.
    stopped: bool,
    /// A pause that the button to go on ends.
    resumable: bool,
    needs: Vec<Need>,
    /// Something is wrong with a session, which its card says.
    troubled: bool,
    cards: Vec<Card>,
}

async fn home(State(app): State<Shared>, visitor: Visitor) -> Shown {
    let f = Frame::of(&app, &visitor, Section::Home, "home-title").await?;
    let sessions = standings(&app).await?;
    let needs = attention::needs(&app, &visitor, &f, &sessions).await?;
    let cards = card::cards(&app, &f, &sessions).await?;
    page(&HomePage {
        stopped: sessions.iter().all(|s| s.row.paused_by.is_some()),
        resumable: sessions.iter().any(stop::is_resumable),
        troubled: cards.iter().any(Card::asks),
        needs,
        cards,
        f,
    })
}

/// The sessions of this installation, as they are now.
async fn standings(app: &App) -> Result<Vec<Standing>, Refused> {
    let rules = app.rules().await?;
    let mut all = Vec::new();
    for row in app.store.sessions().await? {
        if app.knows(&row.name) {
            all.push(Standing::of(app, row, &rules).await?);
        }
    }
    Ok(all)
}
