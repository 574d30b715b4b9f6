//! Storing one fact, and knowing whether it can change what may be sent: then the worker should look.

use domain::session::SessionName;
use domain::wire::{AckFact, Fact, OutcomeFact};
use storage::{AckRecorded, Error, Finished, InChat, Reaction, Recorded};
use tracing::warn;

use crate::app::App;

/// Stores the facts of one session.
pub(super) struct Keeper<'a> {
    app: &'a App,
    session: &'a SessionName,
}

impl<'a> Keeper<'a> {
    pub(super) const fn new(app: &'a App, session: &'a SessionName) -> Self {
        Self { app, session }
    }

    /// Stores `fact`. Whether the worker should look at the session.
    pub(super) async fn keep(&self, fact: &Fact) -> Result<bool, Error> {
        self.app.follow_clock(self.session).await?;
        let (store, session, now) = (&self.app.store, self.session, self.app.now());
        match fact {
            Fact::Message(message) => {
                let recorded = store.record_message(session, message, now).await?;
                Ok(is_news(recorded))
            }
            Fact::Ack(ack) => self.keep_ack(ack).await,
            Fact::Session(view) => {
                let change = store.record_session(session, view, now).await?;
                Ok(change.before != change.after || change.another_number)
            }
            Fact::Outcome(outcome) => self.keep_outcome(outcome).await,
            Fact::Reaction { .. } | Fact::Edited { .. } | Fact::Revoked { .. } => {
                let of_a_guest = self.keep_small(fact).await?;
                // an edit that says "stop" ends what is being typed; a reaction ends the wait for an answer
                Ok(of_a_guest && !matches!(fact, Fact::Revoked { .. }))
            }
            Fact::Waiting(message) => {
                store.record_unreadable(session, message, now).await?;
                Ok(false)
            }
        }
    }

    /// What happened to a message after it was written. Whether it is a guest's.
    async fn keep_small(&self, fact: &Fact) -> Result<bool, Error> {
        let (store, session, now) = (&self.app.store, self.session, self.app.now());
        match fact {
            Fact::Reaction {
                chat,
                alt,
                target,
                emoji,
                from_me,
                at,
            } => {
                let alt = alt.as_ref();
                let reaction = Reaction {
                    target,
                    emoji,
                    from_me: *from_me,
                    at: *at,
                };
                store
                    .record_reaction(session, InChat { chat, alt }, reaction, now)
                    .await
            }
            Fact::Edited { target, message } => {
                store.record_edit(session, target, message, now).await
            }
            Fact::Revoked {
                chat,
                alt,
                target,
                at,
            } => {
                let alt = alt.as_ref();
                store
                    .record_revoke(session, InChat { chat, alt }, target, *at, now)
                    .await
            }
            _ => Ok(false),
        }
    }

    async fn keep_ack(&self, ack: &AckFact) -> Result<bool, Error> {
        let AckRecorded::Failed {
            session_errors_last_30min: refusals,
            message,
        } = self.app.store.record_ack(self.session, ack).await?
        else {
            return Ok(false);
        };
        warn!(message.id = %message, session.name = %self.session, refusals, "WhatsApp refused a message after accepting it");
        Ok(true)
    }

    async fn keep_outcome(&self, outcome: &OutcomeFact) -> Result<bool, Error> {
        let rules = self.app.rules().await?;
        let (now, mut dice) = (self.app.now(), self.app.rng());
        let finished = self
            .app
            .store
            .record_outcome(self.session, outcome, &rules, now, &mut dice)
            .await?;
        Ok(!matches!(
            finished,
            Finished::AlreadyDone | Finished::StaleEpoch
        ))
    }
}

/// A guest's word ends waits; ours, typed by hand, begins one; one of the queue's own settles a doubt.
const fn is_news(recorded: Recorded) -> bool {
    match recorded {
        Recorded::Inbound { new, .. } | Recorded::TypedByHand { new, .. } => new,
        Recorded::OwnFromQueue { .. } => true,
        Recorded::Parked | Recorded::NotAGuest | Recorded::BeforePairing | Recorded::Known => false,
    }
}

/// What the metrics call it.
pub(super) const fn kind(fact: &Fact) -> &'static str {
    match fact {
        Fact::Message(_) => "message",
        Fact::Ack(_) => "ack",
        Fact::Reaction { .. } => "reaction",
        Fact::Edited { .. } => "edited",
        Fact::Revoked { .. } => "revoked",
        Fact::Waiting(_) => "waiting",
        Fact::Session(_) => "session",
        Fact::Outcome(_) => "outcome",
    }
}
