//! Answering somebody: goes before everything that goes by itself.

use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect};
use domain::ids::ContactId;
use domain::lane::Lane;
use domain::message_text::MessageText;
use domain::session::SessionName;

use super::thread::{Answer, thread_page};
use crate::app::{App, Shared};
use crate::messages::ByHand;
use crate::pages::page::form_again;
use crate::pages::queue::{enqueue, id, said, written};
use crate::pages::refusal::Shown;
use crate::pages::visitor::Visitor;

pub(super) async fn answer(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(text): Path<String>,
    Form(mut answer): Form<Answer>,
) -> Shown {
    let contact = id(&text)?;
    match message(&app, contact, &answer) {
        Ok(message) => {
            enqueue(&app, &visitor, message, &answer.once).await?;
            let there = format!("/conversations/{contact}?said=conversations-answered#end");
            Ok(Redirect::to(&there).into_response())
        }
        Err(wrong) => {
            answer.wrong = Some(wrong);
            form_again(&thread_page(&app, &visitor, contact, None, answer).await?)
        }
    }
}

fn message(app: &App, contact: ContactId, answer: &Answer) -> Result<ByHand, &'static str> {
    let session = SessionName::parse(&answer.session).ok();
    let session = session.filter(|name| app.knows(name));
    let text = written(&answer.text);
    MessageText::parse(text.clone()).map_err(|_| "queue-wrong-text")?;
    let reply_to = match said(Some(answer.quote.clone())) {
        Some(quote) => Some(quote.parse().map_err(|_| "conversations-wrong-quote")?),
        None => None,
    };
    Ok(ByHand {
        session: session.ok_or("queue-wrong-session")?,
        contact,
        text,
        lane: Lane::Reply,
        not_before: None,
        drop_if_answered: false,
        reply_to,
    })
}
