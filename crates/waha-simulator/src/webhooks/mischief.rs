//! How deliveries misbehave: lost, doubled, late, shuffled, held back, badly signed.

use rand::RngExt as _;

use super::letter::Letter;
use crate::address::ChatId;
use crate::misbehaviour::Misbehaviour as M;
use crate::waha::Waha;

impl Waha {
    /// The letters that are really sent: one, or as many as the switches make of it.
    pub(super) fn copies(&self, mut letter: Letter, chat: Option<&ChatId>) -> Vec<Letter> {
        let event = letter.event.clone();
        let take = |wanted: fn(&M) -> bool| self.switches().take_for_event(chat, &event, wanted);
        if let Some(M::WebhooksLost { chance }) = take(|m| matches!(m, M::WebhooksLost { .. }))
            && self.happens(chance)
        {
            return Vec::new();
        }
        if take(|m| *m == M::WebhooksUnsigned).is_some() {
            letter.unsigned();
        }
        if take(|m| *m == M::WebhooksBadlySigned).is_some() {
            letter.signed_with("another key");
        }
        let doubled = match take(|m| matches!(m, M::WebhooksDoubled { .. })) {
            Some(M::WebhooksDoubled { chance }) => self.happens(chance),
            _ => false,
        };
        vec![letter; if doubled { 2 } else { 1 }]
    }

    fn happens(&self, chance: f64) -> bool {
        self.roll(|rng| rng.random_bool(chance.clamp(0.0, 1.0)))
    }

    /// Waits as long as the switches want a letter to be late.
    pub(super) async fn delay(&self, letter: &Letter, chat: Option<&ChatId>) {
        let late = self.switches().take_for_event(chat, &letter.event, |m| {
            matches!(m, M::WebhooksLate { .. } | M::WebhooksShuffled { .. })
        });
        match late {
            Some(M::WebhooksLate { delay }) => tokio::time::sleep(delay).await,
            Some(M::WebhooksShuffled { within }) => {
                let part: f64 = self.roll(|rng| rng.random_range(0.0..1.0));
                tokio::time::sleep(within.mul_f64(part)).await;
            }
            _ => {}
        }
        let held = |waha: &Self| waha.switches().is_on(&M::WebhooksHeldBack);
        if held(self) {
            self.switches().note(M::WebhooksHeldBack);
            self.until(|waha| !held(waha)).await;
        }
    }
}
