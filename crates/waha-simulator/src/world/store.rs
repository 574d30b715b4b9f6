//! The message store of one session, and WAHA's table of who is behind a hidden id.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::message::Message;
use crate::address::{ChatId, raw_part};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Store {
    messages: Vec<Message>,
    /// Hidden id → phone chat.
    lids: BTreeMap<ChatId, ChatId>,
}

impl Store {
    /// Keeps a message. One raw id in one chat is one row, the later text wins (recorded).
    pub(crate) fn put(&mut self, message: Message) {
        let same = |kept: &&mut Message| kept.raw_id == message.raw_id && kept.chat == message.chat;
        match self.messages.iter_mut().find(same) {
            Some(kept) => *kept = message,
            None => self.messages.push(message),
        }
    }

    pub(crate) fn learn_lid(&mut self, lid: ChatId, phone: ChatId) {
        self.lids.insert(lid, phone);
    }

    pub(crate) fn lids(&self) -> &BTreeMap<ChatId, ChatId> {
        &self.lids
    }

    pub(crate) fn lid_of(&self, phone: &ChatId) -> Option<&ChatId> {
        self.lids
            .iter()
            .find_map(|(lid, pn)| (pn == phone).then_some(lid))
    }

    /// The messages a read would show now, of one chat (both its names) or, with none, of all.
    pub(crate) fn visible<'a>(
        &'a self,
        chat: Option<&'a ChatId>,
        now: DateTime<Utc>,
    ) -> impl Iterator<Item = &'a Message> {
        self.messages.iter().filter(move |message| {
            message.visible_from <= now && chat.is_none_or(|chat| self.same(chat, &message.chat))
        })
    }

    /// The message with this full or raw id, whoever wrote it.
    pub(crate) fn find(&self, id: &str) -> Option<&Message> {
        self.messages
            .iter()
            .find(|message| message.raw_id == raw_part(id))
    }

    pub(crate) fn find_mut(&mut self, id: &str) -> Option<&mut Message> {
        self.messages
            .iter_mut()
            .find(|message| message.raw_id == raw_part(id))
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Message> {
        self.messages.iter_mut()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Message> {
        self.messages.iter()
    }

    /// Whether both names mean one person, as far as this WAHA knows.
    pub(crate) fn same(&self, one: &ChatId, other: &ChatId) -> bool {
        self.person(one) == self.person(other)
    }

    /// The phone chat behind a name, if the pair is known; else the name itself.
    pub(crate) fn person<'a>(&'a self, chat: &'a ChatId) -> &'a ChatId {
        self.lids.get(chat).unwrap_or(chat)
    }

    pub(crate) fn remove(&mut self, raw_id: &str) -> Option<Message> {
        let index = self
            .messages
            .iter()
            .position(|message| message.raw_id == raw_id)?;
        Some(self.messages.remove(index))
    }
}
