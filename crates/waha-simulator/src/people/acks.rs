//! Acks of own messages: what the guests' phones confirm, and what WAHA makes of it (WAHA §7.5).

use std::sync::Arc;
use std::time::Duration;

use crate::profile::Engine;
use crate::record::Delivered;
use crate::shapes::View;
use crate::waha::Waha;
use crate::world::message::{DEVICE, ERROR, Message, READ, SERVER};
use crate::world::network::Arrival;

/// From a send that WhatsApp refuses to the ack that says so.
const REFUSAL: Duration = Duration::from_millis(500);

impl Waha {
    /// An ack for an own message comes from WhatsApp. False when no such message was ever sent.
    pub(crate) fn ack(self: &Arc<Self>, raw_id: &str, level: i8) -> bool {
        let sent_by = self
            .world()
            .network
            .sent
            .get(raw_id)
            .map(|sent| sent.session.clone());
        let Some(session) = sent_by else { return false };
        self.arrive(
            &session,
            Arrival::Ack {
                raw_id: raw_id.to_owned(),
                level,
            },
        );
        true
    }

    /// The acks that come by themselves after a send that went out.
    pub(crate) fn schedule_acks(self: &Arc<Self>, name: &str, raw_id: &str) {
        let auto = self.config.auto_acks;
        let off = self.reaches_phone_that_is_off(raw_id);
        for (after, level) in [
            (auto.server, SERVER),
            (auto.device, DEVICE),
            (auto.read, READ),
        ] {
            if let Some(after) = after.filter(|_| level == SERVER || !off) {
                self.ack_later(name, raw_id, after, level);
            }
        }
    }

    fn reaches_phone_that_is_off(&self, raw_id: &str) -> bool {
        let held = |shown: &Delivered| shown.raw_id == raw_id;
        self.world().network.held.iter().any(held)
    }

    /// The phone with that number shows what was held, and confirms it.
    pub(crate) fn switch_on(self: &Arc<Self>, number: &str) {
        let now = self.now();
        let mut world = self.world();
        let network = &mut world.network;
        network.person(number).is_off = false;
        let due = |shown: &mut Delivered| shown.number == number;
        let shown: Vec<_> = network.held.extract_if(.., due).collect();
        let arrived = shown.iter().map(|shown| Delivered {
            at: now,
            ..shown.clone()
        });
        network.delivered.extend(arrived);
        drop(world);
        for Delivered {
            session, raw_id, ..
        } in shown
        {
            self.schedule_acks(&session, &raw_id);
        }
        self.note_change();
    }

    /// The ack of a send that WhatsApp has and does not deliver.
    pub(crate) fn schedule_server_ack(self: &Arc<Self>, name: &str, raw_id: &str) {
        self.ack_later(name, raw_id, REFUSAL, SERVER);
    }

    /// The ack of a send that WhatsApp refuses.
    pub(crate) fn schedule_refusal(self: &Arc<Self>, name: &str, raw_id: &str) {
        self.ack_later(name, raw_id, REFUSAL, ERROR);
    }

    /// Not bound to WAHA's life: phones go on when the process is restarted.
    fn ack_later(self: &Arc<Self>, name: &str, raw_id: &str, after: Duration, level: i8) {
        let waha = Arc::clone(self);
        let arrival = Arrival::Ack {
            raw_id: raw_id.to_owned(),
            level,
        };
        let name = name.to_owned();
        tokio::spawn(async move {
            tokio::time::sleep(after).await;
            waha.arrive(&name, arrival);
        });
    }

    pub(super) fn take_in_ack(self: &Arc<Self>, name: &str, raw_id: &str, level: i8) {
        let Some(message) = self.first_ack(raw_id, level) else {
            return;
        };
        let moves_time = self.profile().is_noweb();
        let now = self.now();
        self.change(name, |session| {
            if let Some(kept) = session.store.find_mut(raw_id) {
                kept.ack = level;
                if moves_time {
                    kept.shown_at = now;
                }
            }
        });
        // GOWS makes its acks of receipts, which begin at 2
        if level == SERVER && self.profile().engine() == Engine::Gows {
            return;
        }
        let own = self.own_number(name);
        let payload = self.lens(&own, View::Event).ack(&message);
        self.emit(name, &["message.ack"], &payload, Some(&message.chat));
    }

    /// The message at this level, if the level was not told yet.
    fn first_ack(&self, raw_id: &str, level: i8) -> Option<Message> {
        let mut world = self.world();
        let sent = world.network.sent.get_mut(raw_id)?;
        if sent.acks_told.contains(&level) {
            return None;
        }
        sent.acks_told.push(level);
        sent.message.ack = level;
        Some(sent.message.clone())
    }
}
