//! The first phone is off: its session still sends, and a message to it arrives when it is on again.

use super::{Outcome, message};
use crate::failure::Failure;
use crate::run::Pilot;
use crate::tester::{Question, Task, Tester};

/// Sends both ways while the first phone is off.
pub(crate) async fn switched_off<T: Tester>(pilot: &mut Pilot<'_, T>) -> Outcome {
    let phone = pilot.sessions[0].clone();
    pilot.tester.show(&Task::SwitchOff { phone: &phone });
    if !pilot
        .tester
        .confirms(Question::IsOff { phone: &phone })
        .await
    {
        return Err(Failure::Denied("the phone is off"));
    }
    message::reaches(pilot, 0, "Pilot: sent while my phone is off.").await?;
    let text = "Pilot: written while your phone was off.";
    let to_it = message::enqueue(pilot, 1, text).await?;
    message::until_sent(pilot, &to_it).await?;
    // WhatsApp may count the linked device as delivered.
    let early = message::is_delivered(pilot, &to_it).await?;
    pilot.tester.show(&Task::SwitchOn { phone: &phone });
    message::until_delivered(pilot, &to_it).await?;
    message::arrived_once(pilot, 1, text).await?;
    Ok(if early {
        "both arrived; the receipt came before the phone was on"
    } else {
        "both arrived; the receipt came once the phone was on"
    })
}
