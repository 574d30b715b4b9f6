//! `GET /guests/cards`: QR codes to be printed, a card for each household. Only codes that work are printed; what the others
//! lack is said above, and not on paper.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Query, State};
use domain::ids::HouseholdId;
use qr_picture::QrPicture;
use storage::{BookHousehold, Invited};
use tokio::task::spawn_blocking;

use super::person::called;
use super::trouble;
use super::wanted::{Wanted, cold_before};
use crate::app::{App, Shared};
use crate::invitation::{Letter, picture};
use crate::pages::frame::{Frame, Section};
use crate::pages::page::page;
use crate::pages::refusal::{Refused, Shown};
use crate::pages::visitor::Visitor;
use crate::pages::words::words;
use chassis::Problem;

/// So many cards in one go: some thirteen sheets of paper.
const CARDS: u32 = 120;

#[derive(Template)]
#[template(path = "pages/guests/cards.html")]
struct CardsPage {
    f: Frame,
    cards: Vec<Card>,
    lacking: Vec<Lacking>,
    web_trouble: Option<String>,
    next: Option<String>,
    /// The first ones again.
    first: Option<String>,
    back: String,
}

struct Card {
    name: String,
    /// The couple, in the guests' language.
    couple: String,
    /// What to do with the code, in the guests' language.
    hint: String,
    lang: &'static str,
    qr: QrPicture,
}

/// A household without a card, and why.
struct Lacking {
    id: HouseholdId,
    name: String,
    why: Vec<String>,
}

/// A card before its code is drawn.
struct Draft {
    name: String,
    letter: Letter,
    link: String,
}

pub(super) async fn cards(
    State(app): State<Shared>,
    visitor: Visitor,
    Query(wanted): Query<Wanted>,
) -> Shown {
    let f = Frame::of(&app, &visitor, Section::Guests, "guests-cards-title").await?;
    let (filter, cold_before) = (wanted.filter()?, cold_before(&app).await?);
    let after = wanted.after()?;
    let found = app
        .store
        .guest_book(&filter, cold_before, after.as_ref(), CARDS)
        .await?;
    let invitations = app.store.invitations().await?;
    let (drafts, lacking) = sorted(&f, &app, &found.items, &invitations);
    let cards = drawn(drafts).await?;
    page(&CardsPage {
        cards,
        lacking,
        web_trouble: trouble::on_the_web(&f, &app),
        next: found
            .next
            .map(|cursor| wanted.next("/guests/cards", cursor)),
        first: wanted.goes_on().then(|| wanted.address("/guests/cards")),
        back: wanted.address("/guests"),
        f,
    })
}

/// Those whose invitation works, and those whose does not. Nobody needs a card for a household without guests.
fn sorted(
    f: &Frame,
    app: &App,
    homes: &[BookHousehold],
    invitations: &HashMap<HouseholdId, Invited>,
) -> (Vec<Draft>, Vec<Lacking>) {
    let (mut drafts, mut lacking) = (Vec::new(), Vec::new());
    for home in homes.iter().filter(|home| !home.guests.is_empty()) {
        let name = called(home);
        match draft(f, app, &name, invitations.get(&home.id)) {
            Ok(draft) => drafts.push(draft),
            Err(why) => lacking.push(Lacking {
                id: home.id,
                name,
                why,
            }),
        }
    }
    (drafts, lacking)
}

fn draft(
    f: &Frame,
    app: &App,
    name: &str,
    invited: Option<&Invited>,
) -> Result<Draft, Vec<String>> {
    // only those that are not revoked were read
    let invited = invited.ok_or_else(|| vec![f.t("guests-trouble-invitation_revoked")])?;
    let letter = Letter::of(app, invited);
    let troubles = trouble::on_paper(f, invited, &letter, app.now());
    match letter.wa_me() {
        Some(link) if troubles.is_empty() => Ok(Draft {
            name: name.to_owned(),
            letter,
            link,
        }),
        _ => Err(troubles),
    }
}

/// On a thread of its own: codes take a moment to be reckoned, and others want to be served.
async fn drawn(drafts: Vec<Draft>) -> Result<Vec<Card>, Refused> {
    let drawing = spawn_blocking(move || drafts.into_iter().map(Draft::drawn).collect());
    let cards: Result<Vec<Card>, Problem> = drawing.await.map_err(|_| Problem::internal())?;
    Ok(cards?)
}

impl Draft {
    fn drawn(self) -> Result<Card, Problem> {
        let language = self.letter.language;
        Ok(Card {
            name: self.name,
            hint: words(language).text("guests-card-hint"),
            couple: self.letter.names,
            lang: language.as_str(),
            qr: picture(&self.link)?,
        })
    }
}
