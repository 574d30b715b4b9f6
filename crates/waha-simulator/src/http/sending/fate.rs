//! What becomes of one send: slow, refused, broken, hung, or simply sent.

use std::sync::Arc;

use serde_json::{Value, json};

use super::super::refusal::Refusal;
use super::Outgoing;
use crate::gates::Step;
use crate::misbehaviour::Misbehaviour as M;
use crate::profile::Engine;
use crate::shapes::View;
use crate::waha::Waha;
use crate::world::session::Session;

pub(super) enum Outcome {
    Sent { body: Value, raw_id: String },
    Refused(Refusal),
    Broken,
    Never,
}

impl Waha {
    pub(super) async fn send(self: &Arc<Self>, outgoing: &Outgoing) -> Outcome {
        self.gates.pass(Step::SendBeforeAccept).await;
        let slow = self.takes(Some(&outgoing.chat), |m| {
            matches!(m, M::SlowToAccept { .. })
        });
        if let Some(M::SlowToAccept { delay }) = slow {
            tokio::time::sleep(delay).await;
        }
        let mut fate = self.takes(Some(&outgoing.chat), M::is_send_fate);
        if fate.is_none() && self.is_restricted_towards(outgoing) {
            fate = Some(M::Restricted);
        }
        if let Some(outcome) = self.ends_before(outgoing, fate.as_ref()) {
            return outcome;
        }
        // the engine's connection is gone, and the status does not show it yet (recorded)
        if self.look(&outgoing.session, Session::is_working) != Some(true) {
            return Outcome::Refused(self.engine_error("Connection Closed"));
        }
        let message = self.accept(outgoing, fate.as_ref()).await;
        self.gates.pass(Step::SendAfterAccept).await;
        let slow = self.takes(Some(&outgoing.chat), |m| {
            matches!(m, M::SlowToAnswer { .. })
        });
        if let Some(M::SlowToAnswer { delay }) = slow {
            tokio::time::sleep(delay).await;
        }
        match fate {
            Some(M::HangAfterAccepting) => Outcome::Never,
            Some(M::DropAfterAccepting) => Outcome::Broken,
            Some(M::FailAfterAccepting { message }) => {
                Outcome::Refused(self.engine_error(&message))
            }
            Some(M::AnswerWithoutId) => Outcome::Sent {
                body: json!({}),
                raw_id: message.raw_id,
            },
            _ => {
                let own = self.own_number(&outgoing.session);
                let body = self.lens(&own, View::Event).sent(&message);
                Outcome::Sent {
                    body,
                    raw_id: message.raw_id,
                }
            }
        }
    }

    /// Fates that come before WhatsApp has the message.
    fn ends_before(&self, outgoing: &Outgoing, fate: Option<&M>) -> Option<Outcome> {
        match fate? {
            M::HangBeforeAccepting => Some(Outcome::Never),
            M::DropBeforeAccepting => Some(Outcome::Broken),
            M::FailBeforeAccepting { message } => {
                Some(Outcome::Refused(self.engine_error(message)))
            }
            M::RefuseBeforeAccepting { status } => Some(Outcome::Refused(Refusal::of_status(
                *status,
                &outgoing.session,
            ))),
            M::NoLid => {
                let message = format!("no LID found for {} from server", outgoing.chat.jid());
                Some(Outcome::Refused(self.engine_error(&message)))
            }
            // NOWEB learns of it by an ack only
            M::Restricted if !self.profile().is_noweb() => Some(Outcome::Refused(
                self.engine_error("server returned error 463"),
            )),
            _ => None,
        }
    }

    fn engine_error(&self, message: &str) -> Refusal {
        match self.profile().engine() {
            Engine::NoWeb => Refusal::engine(message),
            Engine::Gows => Refusal::grpc(message),
            Engine::WebJs => Refusal::error(message),
        }
    }

    /// An active time-lock refuses chats in which nobody has written to the account (WAHA §2.6).
    fn is_restricted_towards(&self, outgoing: &Outgoing) -> bool {
        let world = self.world();
        let locked = world
            .session(&outgoing.session)
            .and_then(|session| session.timelock.as_ref())
            .is_some_and(|lock| lock.active && lock.ends > self.now());
        let number = world.network.phone_of(&outgoing.chat);
        let wrote = world
            .network
            .people
            .get(&number)
            .is_some_and(|person| person.has_written);
        locked && !wrote
    }
}
