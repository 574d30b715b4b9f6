//! `/guests/{id}/erase`: everything of a guest goes. The page says what goes and what stays, and asks for a reason.

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect};
use domain::ids::{GuestId, MessageId};
use serde::Deserialize;
use storage::{Erasable, Erased};

use crate::app::{App, Shared};
use crate::guests;
use crate::pages::frame::{Frame, Section};
use crate::pages::page::{form_again, page};
use crate::pages::refusal::{Refused, Shown};
use crate::pages::visitor::Visitor;
use crate::short_text::{LONGEST, trimmed};

#[derive(Template)]
#[template(path = "pages/guests/erase.html")]
struct ErasePage {
    f: Frame,
    id: GuestId,
    name: String,
    goes: Vec<String>,
    stays: Vec<String>,
    /// As it was written.
    reason: String,
    wrong: Option<Wrong>,
}

/// Why it was not done.
enum Wrong {
    /// The reason is missing or too long.
    Reason,
    /// A message stands in the way.
    Message(&'static str, MessageId),
}

impl Wrong {
    const fn is_reason(&self) -> bool {
        matches!(self, Self::Reason)
    }

    /// The text that says it, and the message that it is about.
    const fn message(&self) -> Option<(&'static str, MessageId)> {
        match self {
            Self::Reason => None,
            Self::Message(key, id) => Some((key, *id)),
        }
    }
}

pub(super) async fn ask(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(id): Path<GuestId>,
) -> Shown {
    page(&erase_page(&app, &visitor, id, String::new(), None).await?)
}

#[derive(Deserialize)]
pub(super) struct Given {
    #[serde(default)]
    reason: String,
}

pub(super) async fn erase(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(id): Path<GuestId>,
    Form(Given { reason }): Form<Given>,
) -> Shown {
    let Some(why) = trimmed(&reason, LONGEST) else {
        return again(&app, &visitor, id, reason, Wrong::Reason).await;
    };
    let (actor, now) = (visitor.actor(), app.now());
    match app.store.erase_guest(id, why, &actor, now).await? {
        Erased::Done => Ok(Redirect::to("/guests?said=guests-erased").into_response()),
        Erased::Unknown => Err(guests::unknown().into()),
        Erased::UnderWay(message) => {
            let wrong = Wrong::Message("guests-erase-under-way", message);
            again(&app, &visitor, id, reason, wrong).await
        }
        Erased::InDoubt(message) => {
            let wrong = Wrong::Message("guests-erase-in-doubt", message);
            again(&app, &visitor, id, reason, wrong).await
        }
    }
}

async fn again(app: &App, visitor: &Visitor, id: GuestId, reason: String, wrong: Wrong) -> Shown {
    form_again(&erase_page(app, visitor, id, reason, Some(wrong)).await?)
}

async fn erase_page(
    app: &App,
    visitor: &Visitor,
    id: GuestId,
    reason: String,
    wrong: Option<Wrong>,
) -> Result<ErasePage, Refused> {
    let f = Frame::of(app, visitor, Section::Guests, "guests-erase-title").await?;
    let would = app.store.erasable(id).await?;
    let would = would.ok_or_else(guests::unknown)?;
    Ok(ErasePage {
        id,
        goes: goes(&f, &would),
        stays: stays(&f, &would),
        name: would.name,
        reason,
        wrong,
        f,
    })
}

fn goes(f: &Frame, would: &Erasable) -> Vec<String> {
    let mut goes = vec![f.t("guests-erase-goes-list")];
    if would.shared_with.is_empty() {
        goes.push(f.with("guests-erase-goes-said", &[("n", would.said.into())]));
        goes.push(f.with("guests-erase-goes-waiting", &[("n", would.waiting.into())]));
    }
    if would.last_of_household {
        goes.push(f.t("guests-erase-goes-household"));
    }
    goes
}

fn stays(f: &Frame, would: &Erasable) -> Vec<String> {
    if !would.shared_with.is_empty() {
        let names = would.shared_with.join(", ");
        return vec![
            f.with("guests-erase-stays-shared", &[("names", names.into())]),
            f.t("guests-erase-stays-phone"),
        ];
    }
    vec![
        f.t("guests-erase-stays-counts"),
        f.t("guests-erase-stays-seal"),
        f.t("guests-erase-stays-phone"),
        f.t("guests-erase-stays-backups"),
        f.t("guests-erase-unknown"),
    ]
}
