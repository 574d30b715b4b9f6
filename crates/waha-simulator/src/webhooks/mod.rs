//! Webhooks: who subscribed, what is posted, signed, retried (WAHA §7). Every delivery is its own task: no order is promised, and a slow receiver holds nobody up.

mod envelope;
mod hooks;
mod letter;
mod mischief;
mod post;
mod retries;

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use serde_json::Value;
use tokio::sync::oneshot;

use self::letter::Letter;
use crate::address::ChatId;
use crate::waha::Waha;

/// How long WAHA's answer waits for the first attempts of an event that goes before it.
const HEAD_START: Duration = Duration::from_millis(20);

/// The first attempts of one event's deliveries; dropped, they go on by themselves.
pub(crate) struct FirstAttempts(Vec<oneshot::Receiver<()>>);

impl FirstAttempts {
    /// Waits until each was answered or failed, at most [`HEAD_START`].
    pub(crate) async fn settle(self) {
        let _ = tokio::time::timeout(HEAD_START, join_all(self.0)).await;
    }
}

impl Waha {
    /// Posts one happening, under one envelope id, as each of `events` to everybody who subscribed to it.
    pub(crate) fn emit(
        self: &Arc<Self>,
        session: &str,
        events: &[&str],
        payload: &Value,
        chat: Option<&ChatId>,
    ) -> FirstAttempts {
        let stamp = self.stamp();
        let mut first = Vec::new();
        for event in events {
            for hook in self
                .hooks(session)
                .into_iter()
                .filter(|hook| hook.wants(event))
            {
                let body = self.envelope(session, event, payload, &stamp);
                let letter = Letter::new(self, &hook, event, &stamp, &body);
                for copy in self.copies(letter, chat) {
                    first.push(self.send_off(copy, chat.cloned()));
                }
            }
        }
        FirstAttempts(first)
    }

    fn send_off(self: &Arc<Self>, letter: Letter, chat: Option<ChatId>) -> oneshot::Receiver<()> {
        let (first, done) = oneshot::channel();
        let waha = Arc::clone(self);
        let life = self.life();
        tokio::spawn(async move {
            life.run_until_cancelled(async {
                waha.delay(&letter, chat.as_ref()).await;
                waha.deliver(letter, first).await;
            })
            .await;
        });
        done
    }
}
