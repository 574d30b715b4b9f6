//! "Send now": what it lifts and what nobody lifts, asked on a page of its own.

use askama::Template;
use axum::extract::{Path, State};
use domain::ids::MessageId;
use domain::message_status::MessageStatus;
use domain::wait::WaitReason;

use super::detail::back;
use super::id;
use super::line::called;
use crate::app::Shared;
use crate::messages::{LIFTED, NEVER, hurry, unknown_message};
use crate::pages::frame::{Frame, Section};
use crate::pages::page::page;
use crate::pages::refusal::Shown;
use crate::pages::visitor::Visitor;

#[derive(Template)]
#[template(path = "pages/queue/hurry.html")]
struct HurryPage {
    f: Frame,
    id: MessageId,
    who: String,
    text: String,
    is_pending: bool,
    lifted: Vec<String>,
    never: Vec<String>,
}

/// The key of what a limit is called.
fn limit_key(reason: WaitReason) -> String {
    format!("limit-{reason}")
}

pub(super) async fn ask(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(text): Path<String>,
) -> Shown {
    let id = id(&text)?;
    let row = app.store.message(id).await?.ok_or_else(unknown_message)?;
    let f = Frame::of(&app, &visitor, Section::Queue, "queue-hurry-title").await?;
    let words = |reason: &WaitReason| f.t(&limit_key(*reason));
    page(&HurryPage {
        who: called(&f, &row.guest_names, row.phone.as_ref()),
        text: row.text.as_str().to_owned(),
        is_pending: row.status == MessageStatus::Pending,
        lifted: LIFTED.iter().map(words).collect(),
        never: NEVER.iter().map(words).collect(),
        id,
        f,
    })
}

pub(super) async fn send_now(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(text): Path<String>,
) -> Shown {
    let id = id(&text)?;
    hurry(&app, &visitor.actor(), id).await?;
    Ok(back(id, "queue-hurried"))
}

#[cfg(test)]
mod tests {
    use domain::config::Language;

    use super::*;
    use crate::pages::words::words;

    #[test]
    fn every_limit_has_its_name() {
        for reason in LIFTED.iter().chain(&NEVER) {
            for language in [Language::Italian, Language::English] {
                assert!(
                    words(language).find(&limit_key(*reason)).is_some(),
                    "{reason}"
                );
            }
        }
    }
}
