//! The steps of a run, one file each. A step returns a few fixed words about how it went.

mod announcement;
mod clean_up;
mod first_word;
mod link;
mod message;
mod switched_off;

pub(crate) use announcement::announcement;
pub(crate) use clean_up::clean_up;
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
        message::reaches(pilot, index, "Pilot: a reply.").await?;
    }
    Ok("each phone has it once, with a receipt")
}
