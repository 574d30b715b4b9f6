//! The switches that are on, and taking from them.

use super::{Misbehaviour, Switch};
use crate::address::ChatId;

/// The switches that are on, oldest first. The oldest that fits an occasion is the one that acts.
#[derive(Debug, Default)]
pub(crate) struct Switches {
    on: Vec<Switch>,
    /// What acted, once for each occasion.
    acted: Vec<Misbehaviour>,
}

impl Switches {
    pub(crate) fn turn_on(&mut self, switch: Switch) {
        if switch.times != Some(0) {
            self.on.push(switch);
        }
    }

    /// Takes back every switch; the answer says whether webhooks were being held back.
    pub(crate) fn clear(&mut self) -> bool {
        self.on
            .drain(..)
            .any(|switch| switch.what == Misbehaviour::WebhooksHeldBack)
    }

    /// Uses up one occasion of the first switch that `wanted` and the chat allow.
    pub(crate) fn take(
        &mut self,
        chat: Option<&ChatId>,
        wanted: impl Fn(&Misbehaviour) -> bool,
    ) -> Option<Misbehaviour> {
        self.take_for(chat, None, wanted)
    }

    /// The same for a webhook of `event`.
    pub(crate) fn take_for_event(
        &mut self,
        chat: Option<&ChatId>,
        event: &str,
        wanted: impl Fn(&Misbehaviour) -> bool,
    ) -> Option<Misbehaviour> {
        self.take_for(chat, Some(event), wanted)
    }

    /// Whether a switch is on, without using it up.
    pub(crate) fn is_on(&self, wanted: &Misbehaviour) -> bool {
        self.on.iter().any(|switch| switch.what == *wanted)
    }

    /// Keeps that a misbehaviour acted.
    pub(crate) fn note(&mut self, what: Misbehaviour) {
        self.acted.push(what);
    }

    pub(crate) fn acted(&self) -> Vec<Misbehaviour> {
        self.acted.clone()
    }

    fn take_for(
        &mut self,
        chat: Option<&ChatId>,
        event: Option<&str>,
        wanted: impl Fn(&Misbehaviour) -> bool,
    ) -> Option<Misbehaviour> {
        let index = self.on.iter().position(|switch| {
            wanted(&switch.what) && switch.concerns(chat) && switch.is_about(event)
        })?;
        let what = self.on[index].what.clone();
        self.use_up(index);
        self.note(what.clone());
        Some(what)
    }

    fn use_up(&mut self, index: usize) {
        match &mut self.on[index].times {
            Some(1) => {
                self.on.remove(index);
            }
            Some(left) => *left -= 1,
            None => {}
        }
    }
}

impl Switch {
    fn concerns(&self, chat: Option<&ChatId>) -> bool {
        match (&self.towards, chat) {
            (None, _) => true,
            (Some(number), Some(chat)) => chat.user() == number,
            (Some(_), None) => false,
        }
    }

    fn is_about(&self, event: Option<&str>) -> bool {
        self.event.is_none() || self.event.as_deref() == event
    }
}
