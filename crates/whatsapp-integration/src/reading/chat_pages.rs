//! One chat, page by page. Where the server ignores the paging or the filter, what it lists again is not taken twice.

use std::collections::HashSet;

use waha::{ChatId, Message, MessagesQuery, WahaError};

use crate::app::Session;

/// Messages of one page.
const PAGE: u32 = 100;

/// The newest `most` messages of a chat since then (unix seconds); what fits a page is one call.
pub(super) async fn messages_of(
    session: &Session,
    chat: &ChatId,
    since: Option<i64>,
    most: u32,
) -> Result<Vec<Message>, WahaError> {
    let mut known = HashSet::new();
    let mut all = Vec::new();
    for offset in (0..most).step_by(PAGE as usize) {
        let query = MessagesQuery {
            limit: PAGE.min(most - offset),
            offset,
            since,
            from_me: None,
        };
        let page = session.waha.messages(chat, query).await?;
        let before = all.len();
        let new = |message: &Message| known.insert((message.from_me, message.raw_id.clone()));
        all.extend(page.into_iter().filter(new));
        // only an empty page is the end: what the server did not filter is filtered here, and then a page may be short
        if all.len() == before {
            break;
        }
    }
    Ok(all)
}
