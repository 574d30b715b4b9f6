//! What a run makes, and how it is taken away: when the run ends, however that is, and before the next one begins.
//!
//! It is found by its names, so that nothing is left of a run whose last call was broken off.

use serde_json::{Value, json};

use super::Outcome;
use crate::failure::Failure;
use crate::run::{Pilot, text};
use crate::tester::Tester;

/// The title of the announcement.
pub(super) const TITLE: &str = "Pilot run";

/// The name of a phone as a guest.
pub(super) fn guest_name(phone: &str) -> String {
    format!("Pilot phone of {phone}")
}

/// Erases the guests that runs made, with their conversations, and ends their announcements. Whatever one of these refuses, the
/// others are tried.
pub(crate) async fn clean_up<T: Tester>(pilot: &mut Pilot<'_, T>) -> Outcome {
    let announcements = end_announcements(pilot).await;
    let erased = erase_guests(pilot).await;
    erased.map_err(|cause| Failure::Left(Box::new(cause)))?;
    Ok(if announcements? {
        "the guests are erased; the announcement stays in the list of news, cancelled"
    } else {
        "the guests are erased"
    })
}

async fn erase_guests<T: Tester>(pilot: &mut Pilot<'_, T>) -> Result<(), Failure> {
    let operation = "listing guests";
    let names = pilot.sessions.each_ref().map(|phone| guest_name(phone));
    let mut outcome = Ok(());
    for guest in found(pilot, operation, "/guests?search=Pilot%20phone%20of").await? {
        if names.iter().any(|name| guest["name"] == name.as_str()) {
            let erased = erase(pilot, &text(&guest, operation, "id")?).await;
            outcome = outcome.and(erased);
        }
    }
    outcome
}

async fn erase<T: Tester>(pilot: &mut Pilot<'_, T>, id: &str) -> Result<(), Failure> {
    let path = format!("/guests/{id}/erase");
    let look = async |pilot: &mut Pilot<'_, T>| {
        let body = json!({ "reason": "The pilot run is over." });
        match pilot.api.post("erasing a guest", &path, Some(body)).await {
            Ok(_) => Ok(Some(())),
            // a step that failed may have left one
            Err(Failure::Refused { code, .. }) if code == "message_under_way" => Ok(None),
            Err(failure) => Err(failure),
        }
    };
    pilot
        .until("no message to a guest is under way", 5, look)
        .await
}

/// Whether one was cancelled: an announcement that has started cannot be deleted.
async fn end_announcements<T: Tester>(pilot: &Pilot<'_, T>) -> Result<bool, Failure> {
    let (mut outcome, mut cancelled) = (Ok(()), false);
    for one in found(pilot, "listing announcements", "/broadcasts").await? {
        let id = one["id"].as_str().unwrap_or_default();
        if one["title"] != TITLE || one["state"] == "cancelled" {
            continue;
        }
        let ended = if one["state"] == "draft" {
            let path = format!("/broadcasts/{id}");
            pilot.api.delete("deleting an announcement", &path).await
        } else {
            let path = format!("/broadcasts/{id}/cancel");
            let operation = "cancelling an announcement";
            cancelled = true;
            pilot.api.post(operation, &path, None).await
        };
        outcome = outcome.and(ended.map(drop));
    }
    outcome.map(|()| cancelled)
}

async fn found<T: Tester>(
    pilot: &Pilot<'_, T>,
    operation: &'static str,
    path: &str,
) -> Result<Vec<Value>, Failure> {
    let answer = pilot.api.get(operation, path).await?;
    let items = answer["items"].as_array().cloned();
    items.ok_or(Failure::Incomplete {
        operation,
        field: "items",
    })
}
