//! Another recipient for a message that waits at a contact which had been mixed up with an own number.

use axum::extract::{Form, Path, State};
use domain::ids::ContactId;
use domain::wait::WaitReason;
use serde::Deserialize;
use storage::MessageRow;

use super::detail::back;
use super::id;
use crate::app::{App, Shared};
use crate::messages::readdress_message;
use crate::pages::refusal::{Refused, Shown};
use crate::pages::visitor::Visitor;

/// So many guests are offered.
const OFFERED: u32 = 1_000;

#[derive(Deserialize)]
pub(super) struct Recipient {
    #[serde(default)]
    contact: String,
}

/// The guests whom the message may be given to; none: it does not wait for that.
pub(super) async fn recipients(
    app: &App,
    row: &MessageRow,
) -> Result<Vec<(ContactId, String)>, Refused> {
    let stranded = app.store.stranded_messages(row.contact).await?;
    let reason = row.wait.map(|wait| wait.reason);
    if reason != Some(WaitReason::IdentityUnconfirmed)
        && stranded.iter().all(|message| message.id != row.id)
    {
        return Ok(Vec::new());
    }
    let guests = app.store.guests(None, None, OFFERED).await?.items;
    let others = guests.into_iter().filter_map(|guest| {
        let contact = guest.contact.filter(|contact| *contact != row.contact)?;
        Some((contact, guest.name))
    });
    Ok(others.collect())
}

pub(super) async fn readdress(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(text): Path<String>,
    Form(Recipient { contact }): Form<Recipient>,
) -> Shown {
    let message = id(&text)?;
    readdress_message(&app, &visitor.actor(), message, id(&contact)?).await?;
    Ok(back(message, "queue-edited"))
}
