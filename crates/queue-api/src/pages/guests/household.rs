//! `/guests/households/{id}`: who is invited together, and with which invitation.

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect};
use chrono::NaiveDate;
use domain::Timestamp;
use domain::ids::HouseholdId;
use qr_picture::QrPicture;
use serde::Deserialize;
use storage::Invited;
use url::form_urlencoded;

use super::person::{self, Person, called};
use super::phones::Phone;
use super::trouble;
use crate::app::{App, Shared};
use crate::households::{self, Named, rename_household};
use crate::invitation::{Letter, picture};
use crate::pages::access::Access;
use crate::pages::frame::{Frame, Section};
use crate::pages::page::{form_again, page};
use crate::pages::refusal::{Refused, Shown, sentence};
use crate::pages::registry::Pages;
use crate::pages::visitor::Visitor;

pub(super) fn routes(pages: Pages) -> Pages {
    pages
        .get("/guests/households/{id}", Access::Texts, household)
        .post("/guests/households/{id}/name", Access::Texts, rename)
}

/// What was sent with one of the page's forms, and what is wrong with it.
#[derive(Default)]
pub(super) struct Sent {
    pub(super) name: Option<String>,
    pub(super) until: Option<String>,
    pub(super) wrong: Option<String>,
}

#[derive(Template)]
#[template(path = "pages/guests/household.html")]
pub(super) struct HouseholdPage {
    f: Frame,
    id: HouseholdId,
    name: String,
    wrong_name: Option<String>,
    guests: Vec<Person>,
    /// How many have no phone yet.
    without: usize,
    phones: Vec<Phone>,
    /// How many more phones the code brings in, in words.
    seats: String,
    invitation: Option<Invitation>,
    /// Where to add somebody.
    add: String,
}

/// The invitation in words.
struct Invitation {
    troubles: Vec<String>,
    web_trouble: Option<String>,
    /// The couple has not written their names.
    nameless: bool,
    revoked: bool,
    link: Option<String>,
    wa_me: Option<String>,
    qr: Option<QrPicture>,
    person: Option<String>,
    valid_until: Timestamp,
    /// The last day, for a form.
    until: String,
    wrong_until: Option<String>,
    tied_at: Option<Timestamp>,
}

async fn household(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(id): Path<HouseholdId>,
) -> Shown {
    page(&household_page(&app, &visitor, id, Sent::default()).await?)
}

#[derive(Deserialize)]
struct Name {
    #[serde(default)]
    name: String,
}

async fn rename(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(id): Path<HouseholdId>,
    Form(Name { name }): Form<Name>,
) -> Shown {
    let named = Named { name: name.clone() };
    let Err(failure) = rename_household(&app, &visitor.actor(), id, named).await else {
        return Ok(saved(id, "guests-renamed").into_response());
    };
    let sent = |wrong| Sent {
        name: Some(name),
        wrong: Some(wrong),
        ..Sent::default()
    };
    again(&app, &visitor, id, failure.into(), sent).await
}

/// Back to the household, and what was done.
pub(super) fn saved(id: HouseholdId, said: &str) -> Redirect {
    Redirect::to(&format!("/guests/households/{id}?said={said}"))
}

/// A form of this page was not taken: for what it said, or because the household has gone.
pub(super) async fn again(
    app: &App,
    visitor: &Visitor,
    id: HouseholdId,
    refused: Refused,
    sent: impl FnOnce(String) -> Sent,
) -> Shown {
    let codes = [
        "invalid_household",
        "household_exists",
        "invalid_valid_until",
    ];
    if !codes.contains(&refused.problem().code()) {
        return Err(refused);
    }
    let f = Frame::of(app, visitor, Section::Guests, "guests-title").await?;
    let sent = sent(sentence(&f, refused.problem()));
    form_again(&household_page(app, visitor, id, sent).await?)
}

async fn household_page(
    app: &App,
    visitor: &Visitor,
    id: HouseholdId,
    sent: Sent,
) -> Result<HouseholdPage, Refused> {
    let f = Frame::of(app, visitor, Section::Guests, "guests-title").await?;
    let people = app.store.household(id).await?;
    let people = people.ok_or_else(households::unknown)?;
    let home = person::household(app, id).await?;
    let guests = home.iter().flat_map(|home| &home.guests);
    let guests = guests.map(|guest| Person::of(&f, guest)).collect();
    let title = home.as_ref().map(called).unwrap_or_default();
    let title = people.name.clone().unwrap_or(title);
    let without = people.guests.iter().filter(|guest| guest.contact.is_none());
    let without = without.count();
    let phones = people.contacts.iter();
    let phones = phones.map(|tied| Phone::of(&f, &people, tied)).collect();
    let seats = f.with("guests-seats", &[("n", people.free_seats.into())]);
    let (wrong_name, wrong_until) = match (&sent.name, &sent.until) {
        (Some(_), _) => (sent.wrong, None),
        _ => (None, sent.wrong),
    };
    let invited = app.store.invitation_of(id).await?;
    let invited = invited.map(|invited| Invitation::of(&f, app, &invited));
    let invitation = invited.transpose()?.map(|invitation| Invitation {
        until: sent.until.unwrap_or_else(|| invitation.until.clone()),
        wrong_until,
        ..invitation
    });
    Ok(HouseholdPage {
        id,
        add: add_address(people.name.as_deref()),
        name: sent.name.or(people.name).unwrap_or_default(),
        wrong_name,
        guests,
        without,
        phones,
        seats,
        invitation,
        f: f.titled(title),
    })
}

/// Somebody is added to a household by its name.
fn add_address(household: Option<&str>) -> String {
    let Some(name) = household else {
        return "/guests/new".to_owned();
    };
    let mut query = form_urlencoded::Serializer::new(String::new());
    format!(
        "/guests/new?{}",
        query.append_pair("household", name).finish()
    )
}

impl Invitation {
    fn of(f: &Frame, app: &App, invited: &Invited) -> Result<Self, Refused> {
        let letter = Letter::of(app, invited);
        let row = &invited.invitation;
        let troubles = trouble::on_paper(f, invited, &letter, app.now());
        let wa_me = letter.wa_me().filter(|_| troubles.is_empty());
        let link = app.public_url().invitation(&row.token).ok();
        Ok(Self {
            qr: wa_me.as_deref().map(picture).transpose()?,
            link: link.filter(|_| troubles.is_empty()),
            wa_me,
            troubles,
            web_trouble: trouble::on_the_web(f, app),
            nameless: letter.names.is_empty(),
            revoked: row.revoked_at.is_some(),
            person: letter.session().map(|session| f.person(session)),
            valid_until: row.valid_until,
            until: last_day(f, row.valid_until).to_string(),
            wrong_until: None,
            tied_at: row.tied_at,
        })
    }
}

/// The day of that moment where the couple is.
fn last_day(f: &Frame, until: Timestamp) -> NaiveDate {
    until.with_timezone(&f.zone()).date_naive()
}
