//! One announcement to both phones, each told by the other session.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::clean_up::TITLE;
use super::first_word::last_word;
use super::{Outcome, message};
use crate::failure::Failure;
use crate::run::{Pilot, text};
use crate::tester::{Task, Tester};

const MINUTES: u64 = 15;

/// How the announcement ends.
const TEXT: &str = "this is the pilot's announcement.";

/// Both phones write once more, because a contact that did not answer is written to once an hour only. Then the announcement starts,
/// and each copy is sent now: phones that write to each other count as typed on by hand, which holds automatic messages for half an hour.
pub(crate) async fn announcement<T: Tester>(pilot: &mut Pilot<'_, T>) -> Outcome {
    for index in 0..2 {
        until_another_word(pilot, index).await?;
    }
    let copies = start(pilot).await?;
    if copies.len() != 2 {
        return Err(Failure::Unfit(
            "the announcement has not one copy for each phone",
        ));
    }
    for id in &copies {
        let path = format!("/messages/{id}/send-now");
        match pilot.api.post("sending now", &path, None).await {
            // it is on its way already
            Err(Failure::Refused { code, .. }) if code == "not_pending" => {}
            sent => drop(sent?),
        }
    }
    for id in &copies {
        message::until_delivered(pilot, id).await?;
    }
    for index in 0..2 {
        message::arrived_once(pilot, index, TEXT).await?;
    }
    Ok("each phone has its copy once, with a receipt")
}

async fn until_another_word<T: Tester>(
    pilot: &mut Pilot<'_, T>,
    index: usize,
) -> Result<(), Failure> {
    let contact = pilot.guests[index].contact.clone();
    let before = last_word(pilot, index, &contact).await?;
    let phone = pilot.other(index).to_owned();
    pilot.tester.show(&Task::WriteToOther { phone: &phone });
    let look = async |pilot: &mut Pilot<'_, T>| {
        let last = last_word(pilot, index, &contact).await?;
        Ok((last != before).then_some(()))
    };
    let what = "another word of a phone arrived";
    pilot.until(what, MINUTES, look).await
}

/// The ids of the copies.
async fn start<T: Tester>(pilot: &Pilot<'_, T>) -> Result<Vec<String>, Failure> {
    let households: Vec<_> = pilot.guests.iter().map(|guest| &guest.household).collect();
    let draft = json!({
        "title": TITLE,
        "template": format!("{{Ciao|Hello}} {{name}}, {TEXT}"),
        "session": pilot.sessions[0],
        "audience": { "households": households },
        "not_after": pilot.clock.now() + TimeDelta::hours(2),
    });
    let operation = "writing an announcement";
    let draft = pilot
        .api
        .post(operation, "/broadcasts", Some(draft))
        .await?;
    let id = text(&draft, operation, "id")?;
    let operation = "starting an announcement";
    let path = format!("/broadcasts/{id}/start");
    pilot.api.post(operation, &path, None).await?;
    let operation = "listing the copies";
    let path = format!("/messages?broadcast={id}");
    let copies = pilot.api.get(operation, &path).await?;
    let items: &[Value] = copies["items"].as_array().map_or(&[], Vec::as_slice);
    items
        .iter()
        .map(|copy| text(copy, operation, "id"))
        .collect()
}
