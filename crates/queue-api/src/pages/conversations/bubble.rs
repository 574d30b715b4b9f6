//! One message of a conversation, as it is shown: who wrote it on which spouse's number, what it is, and what became of it.

use domain::Timestamp;
use domain::conversation::Origin;
use domain::ids::ContactId;
use domain::session::SessionName;
use domain::wire::MessageKind;
use storage::{ConversationRow, Quoted};

use crate::app::App;
use crate::contacts::unknown_contact;
use crate::pages::frame::Frame;
use crate::pages::queue::{beginning, side};
use crate::pages::refusal::Refused;

/// A message as it is shown.
pub(in crate::pages) struct Bubble {
    pub(in crate::pages) id: String,
    pub(in crate::pages) is_theirs: bool,
    /// Whose number it is on: theirs went there, ours came from there.
    pub(in crate::pages) who: String,
    pub(in crate::pages) side: usize,
    pub(in crate::pages) session: SessionName,
    pub(in crate::pages) origin: Option<&'static str>,
    pub(in crate::pages) kind: Option<&'static str>,
    pub(in crate::pages) text: Option<String>,
    pub(in crate::pages) quotes: Option<String>,
    pub(in crate::pages) their_reaction: Option<String>,
    pub(in crate::pages) our_reaction: Option<String>,
    pub(in crate::pages) is_edited: bool,
    pub(in crate::pages) is_revoked: bool,
    pub(in crate::pages) at: Timestamp,
    pub(in crate::pages) tick: Option<&'static str>,
    /// The queue's message that it is.
    pub(in crate::pages) message: Option<String>,
    /// Where it is answered.
    pub(in crate::pages) answer: Option<String>,
}

impl Bubble {
    pub(super) fn of(app: &App, f: &Frame, row: ConversationRow) -> Self {
        let is_theirs = row.origin == Origin::Guest;
        let person = f.person(&row.session);
        let to_or_from = if is_theirs {
            "conversations-to"
        } else {
            "conversations-from"
        };
        Self {
            id: row.id.to_string(),
            is_theirs,
            who: f.with(to_or_from, &[("person", person.into())]),
            side: side(app, &row.session),
            origin: origin_key(row.origin),
            kind: kind_key(row.kind),
            quotes: row.quotes.as_ref().map(|quoted| quote(f, quoted)),
            tick: tick(&row),
            session: row.session,
            text: row.text,
            their_reaction: row.their_reaction,
            our_reaction: row.our_reaction,
            is_edited: row.edited_at.is_some(),
            is_revoked: row.revoked_at.is_some(),
            at: row.at,
            message: row.message.map(|id| id.to_string()),
            answer: None,
        }
    }
}

/// The last messages with a contact, oldest first.
pub(in crate::pages) async fn last_bubbles(
    app: &App,
    f: &Frame,
    contact: ContactId,
    session: Option<&SessionName>,
    limit: u32,
) -> Result<Vec<Bubble>, Refused> {
    let page = app
        .store
        .conversation(contact, session, None, limit)
        .await?;
    let rows = page.ok_or_else(unknown_contact)?.items;
    let bubbles = rows.into_iter().rev();
    Ok(bubbles.map(|row| Bubble::of(app, f, row)).collect())
}

/// What is said of where one of ours was written.
pub(super) const fn origin_key(origin: Origin) -> Option<&'static str> {
    match origin {
        Origin::Guest => None,
        Origin::Queue => Some("conversations-by-queue"),
        Origin::Phone => Some("conversations-by-phone"),
        Origin::Parked => Some("conversations-parked"),
    }
}

/// The word for what is no text.
pub(super) const fn kind_key(kind: MessageKind) -> Option<&'static str> {
    match kind {
        MessageKind::Text => None,
        MessageKind::Photo => Some("conversations-photo"),
        MessageKind::Video => Some("conversations-video"),
        MessageKind::Voice => Some("conversations-voice"),
        MessageKind::Sticker => Some("conversations-sticker"),
        MessageKind::Document => Some("conversations-document"),
        MessageKind::Location => Some("conversations-location"),
        MessageKind::ContactCard => Some("conversations-card"),
        MessageKind::Other => Some("conversations-other"),
    }
}

/// What became of one of the queue's.
fn tick(row: &ConversationRow) -> Option<&'static str> {
    row.message?;
    Some(if row.read_at.is_some() {
        "queue-phase-read"
    } else if row.delivered_at.is_some() {
        "queue-phase-delivered"
    } else {
        "queue-phase-sent"
    })
}

fn quote(f: &Frame, quoted: &Quoted) -> String {
    match &quoted.text {
        Some(text) => beginning(text),
        None => f.t("conversations-quoted"),
    }
}

#[cfg(test)]
mod tests {
    use domain::config::Language;

    use super::*;
    use crate::pages::words::words;

    #[test]
    fn everything_that_is_no_text_has_its_word() {
        let kinds = MessageKind::ALL.iter().filter_map(|kind| kind_key(*kind));
        let origins = Origin::ALL.iter().filter_map(|origin| origin_key(*origin));
        for key in kinds.chain(origins) {
            for language in [Language::Italian, Language::English] {
                assert!(words(language).find(key).is_some(), "{key}");
            }
        }
    }
}
