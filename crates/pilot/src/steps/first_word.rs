//! The first word of each phone to the other, by the link of an invitation.

use serde_json::{Value, json};

use super::Outcome;
use super::clean_up::{clean_up, guest_name};
use crate::failure::Failure;
use crate::run::{Guest, Pilot, text};
use crate::tester::{Task, Tester};

/// A person opens a link and presses *send*.
const MINUTES: u64 = 15;

/// Makes each phone the guest of the other session; the code of the invitation ties the phone that writes. What an earlier run left
/// would keep its phone.
pub(crate) async fn first_word<T: Tester>(pilot: &mut Pilot<'_, T>) -> Outcome {
    pilot.may_leave_guests = true;
    clean_up(pilot).await?;
    no_guest_has_a_number(pilot).await?;
    for index in 0..2 {
        let guest = put_on_list(pilot, index).await?;
        let household = guest.household.clone();
        pilot.guests.push(guest);
        let link = invitation(pilot, &household).await?;
        let phone = pilot.other(index).to_owned();
        pilot.tester.show(&Task::OpenInvitation {
            phone: &phone,
            link: &link,
        });
        let look = async |pilot: &mut Pilot<'_, T>| contact_that_wrote(pilot, index).await;
        let what = "the first word of a phone arrived with its code";
        pilot.guests[index].contact = pilot.until(what, MINUTES, look).await?;
    }
    Ok("the code tied each phone to its guest")
}

/// A phone that is a guest's already is not tied to another guest by a code.
async fn no_guest_has_a_number<T: Tester>(pilot: &Pilot<'_, T>) -> Result<(), Failure> {
    for index in 0..2 {
        let operation = "reading a session";
        let number = text(&pilot.session(index).await?, operation, "own_number")?;
        let number: String = number.chars().filter(char::is_ascii_digit).collect();
        let path = format!("/guests?search={number}");
        let guests = pilot.api.get("listing guests", &path).await?;
        if guests["items"] != json!([]) {
            return Err(Failure::Unfit(
                "the number of a phone is a guest's: take it off the guest list, or run the pilot with spare numbers",
            ));
        }
    }
    Ok(())
}

async fn put_on_list<T: Tester>(pilot: &Pilot<'_, T>, index: usize) -> Result<Guest, Failure> {
    let session = &pilot.sessions[index];
    let name = guest_name(pilot.other(index));
    let person = json!({ "name": name, "side": session });
    let operation = "adding a guest";
    let guest = pilot.api.post(operation, "/guests", Some(person)).await?;
    Ok(Guest {
        id: text(&guest, operation, "id")?,
        household: text(&guest, operation, "household_id")?,
        contact: String::new(),
    })
}

async fn invitation<T: Tester>(pilot: &Pilot<'_, T>, household: &str) -> Result<String, Failure> {
    let path = format!("/households/{household}/invitation");
    let operation = "reading an invitation";
    let invitation = pilot.api.get(operation, &path).await?;
    let link = invitation["wa_me"].as_str().map(str::to_owned);
    link.ok_or(Failure::Unfit(
        "the invitation does not work yet: the couple's page says what it needs",
    ))
}

/// The contact of that guest, once it has written to the session.
async fn contact_that_wrote<T: Tester>(
    pilot: &Pilot<'_, T>,
    index: usize,
) -> Result<Option<String>, Failure> {
    let path = format!("/guests/{}", pilot.guests[index].id);
    let guest = pilot.api.get("reading a guest", &path).await?;
    let Some(contact) = guest["contact"].as_str() else {
        return Ok(None);
    };
    let wrote = last_word(pilot, index, contact).await?.is_some();
    Ok(wrote.then(|| contact.to_owned()))
}

/// When the contact wrote last to that session, as the API says it.
pub(super) async fn last_word<T: Tester>(
    pilot: &Pilot<'_, T>,
    index: usize,
    contact: &str,
) -> Result<Option<String>, Failure> {
    let path = format!("/contacts/{contact}");
    let contact = pilot.api.get("reading a contact", &path).await?;
    let session = pilot.sessions[index].as_str();
    let with = |found: &&Value| found["session"] == session;
    let sessions = contact["sessions"].as_array();
    let found = sessions.and_then(|sessions| sessions.iter().find(with));
    Ok(found.and_then(|found| found["last_in_at"].as_str().map(str::to_owned)))
}
