//! The steps of a run, one file each. A step returns a few fixed words about how it went.

mod announcement;
mod first_word;
mod link;
mod message;
mod switched_off;

use serde_json::json;

pub(crate) use announcement::announcement;
pub(crate) use first_word::first_word;
pub(crate) use link::{link, link_again};
pub(crate) use switched_off::switched_off;

use crate::failure::Failure;
use crate::run::Pilot;
use crate::tester::Tester;

/// What a step returns.
pub(crate) type Outcome = Result<&'static str, Failure>;

/// Each session replies to the other phone.
pub(crate) async fn reply<T: Tester>(pilot: &mut Pilot<'_, T>) -> Outcome {
    for index in 0..2 {
        let id = message::enqueue(pilot, index, "Pilot: a reply.").await?;
        message::until_delivered(pilot, &id).await?;
        message::arrived_once(pilot, index).await?;
    }
    Ok("each phone has it once, with a receipt")
}

/// Erases the guests of the run, with their conversations.
pub(crate) async fn erase<T: Tester>(pilot: &mut Pilot<'_, T>) -> Outcome {
    for guest in std::mem::take(&mut pilot.guests) {
        let path = format!("/guests/{}/erase", guest.id);
        let look = async |pilot: &mut Pilot<'_, T>| {
            let body = json!({ "reason": "The pilot run is over." });
            match pilot.api.post("erasing a guest", &path, Some(body)).await {
                Ok(_) => Ok(Some(())),
                // a step that failed may have left one
                Err(Failure::Refused { code, .. }) if code == "message_under_way" => Ok(None),
                Err(failure) => Err(failure),
            }
        };
        let what = "the guests of the run could be erased";
        pilot.until(what, 5, look).await?;
    }
    Ok("erased")
}
