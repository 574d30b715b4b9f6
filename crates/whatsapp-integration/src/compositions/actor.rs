//! One attempt from its first visible act to the last: the task that outlives every request about it.

use std::sync::Arc;

use chassis::Clock;
use domain::outcome::SendAnswer;
use domain::phone_number::PhoneNumber;
use domain::wire::{ComposeLine, ComposeRequest, CompositionEnd, Fact, OutcomeFact, SendReply};
use tokio_util::task::TaskTracker;
use tracing::{info, warn};
use waha::{ChatId, SendText};

use super::lines::Teller;
use super::outcome::classified;
use super::own_number;
use super::sequence::Sequence;
use super::time_lock;
use crate::app::{App, Session};
use crate::attempts::{READY_LIVES, Ticket, Waiter};
use crate::queue_api::QueueApi;

/// Plays the sequence, waits for the send, makes the call, and leaves.
pub(super) struct Actor {
    session: Arc<Session>,
    queue_api: Arc<QueueApi>,
    work: TaskTracker,
    clock: Clock,
    own_number: PhoneNumber,
    message: SendText,
    sequence: Sequence,
}

impl Actor {
    pub(super) fn new(
        app: &App,
        session: &Arc<Session>,
        ticket: Ticket,
        request: ComposeRequest,
        lines: Teller,
    ) -> Self {
        let chat = ChatId::new(&request.chat.to_string());
        let clock = app.clock.clone();
        Self {
            session: Arc::clone(session),
            queue_api: Arc::clone(&app.queue_api),
            work: app.work.clone(),
            clock: clock.clone(),
            own_number: request.own_number,
            sequence: Sequence::new(
                session,
                chat.clone(),
                ticket,
                clock,
                request.plan,
                request.seen,
                lines,
            ),
            message: SendText {
                chat_id: chat,
                text: request.text.into(),
                reply_to: request.reply_to,
                message_id: None,
                link_preview: request.link_preview,
            },
        }
    }

    /// The whole life of the attempt.
    pub(super) async fn perform(mut self) {
        let _open = Open::count();
        let session = Arc::clone(&self.session);
        let stage = tokio::select! {
            biased;
            stage = session.stage.lock() => Ok(stage),
            why = self.sequence.interruption() => Err(why),
        };
        let called = match &stage {
            Ok(_) => self.until_called().await,
            Err(why) => Err(*why),
        };
        let ended = match called {
            Ok(waiter) => self.call(waiter).await,
            Err(why) => self.give_up(why),
        };
        self.sequence.leave().await;
        let (attempt, timeline) = (self.sequence.ticket.id(), &self.sequence.timeline);
        info!(
            %attempt,
            session = session.name.as_str(),
            outcome = ended,
            phases = timeline.phases(),
            total_ms = timeline.total_ms(),
            "a composition ended"
        );
    }

    /// Everything up to the moment in which somebody asks for the send.
    async fn until_called(&mut self) -> Result<Waiter, CompositionEnd> {
        let linked = tokio::select! {
            linked = self.require_own_number() => linked,
            why = self.sequence.interruption() => return Err(why),
        };
        linked.map_err(|answer| match answer {
            SendAnswer::OtherNumber => CompositionEnd::OtherNumber,
            _ => CompositionEnd::NumberUnread,
        })?;
        self.message.message_id = self.sequence.play().await?;
        let message_id = self.message.message_id.as_deref();
        let mut called = self.sequence.ticket.ready(message_id)?;
        self.sequence.lines.say(ComposeLine::Ready {
            message_id: self.message.message_id.clone(),
        });
        let why = tokio::select! {
            biased;
            Ok(waiter) = &mut called => return Ok(waiter),
            why = self.sequence.not_wanted() => why,
            () = tokio::time::sleep(READY_LIVES) => CompositionEnd::ReadyExpired,
        };
        match self.sequence.ticket.end(why) {
            Ok(why) => Err(why),
            // the send came in the same moment and wins: its caller was promised a call
            Err(_) => called.await.map_err(|_| why),
        }
    }

    /// The last look at the number before something that the guest sees. A session that changed is looked at anew.
    async fn require_own_number(&self) -> Result<(), SendAnswer> {
        let linked = own_number::require(&self.session.waha, &self.own_number).await;
        linked.inspect_err(|answer| {
            let (attempt, session) = (self.sequence.ticket.id(), self.session.name.as_str());
            warn!(%attempt, session, ?answer, "another number is linked, or which one could not be read: nothing is sent");
            self.session.nudge.notify_one();
        })
    }

    fn give_up(&mut self, why: CompositionEnd) -> &'static str {
        // whoever ended it first gave the reason that counts
        let why = self.sequence.ticket.end(why).unwrap_or(why);
        self.sequence.lines.say(ComposeLine::Ended { why });
        self.sequence.lines.end();
        why.as_str()
    }

    /// The one call. Its outcome is told to whoever waits, kept, and reported until queue-api has it.
    async fn call(&mut self, waiter: Waiter) -> &'static str {
        let started_at = self.clock.now();
        let (answer, name) = match self.require_own_number().await {
            Ok(()) => classified(self.session.waha.send_text(&self.message).await),
            Err(answer) => (answer, "not_called"),
        };
        let answered_at = self.clock.now();
        let answer = match answer {
            SendAnswer::Restricted { .. } => time_lock::after_refusal(&self.session.waha).await,
            answer => answer,
        };
        metrics::counter!("sends_total", "answer" => name).increment(1);
        let reply = SendReply {
            answer,
            started_at,
            answered_at,
        };
        self.sequence.ticket.answered(reply.clone());
        let _ = waiter.send(reply.clone());
        self.sequence.lines.end();
        self.report(reply);
        name
    }

    fn report(&self, reply: SendReply) {
        let attempt = self.sequence.ticket.id();
        let fact = Fact::Outcome(OutcomeFact { attempt, reply });
        let (queue_api, session) = (Arc::clone(&self.queue_api), Arc::clone(&self.session));
        self.work.spawn(async move {
            queue_api.report_until_taken(&session.name, fact).await;
        });
    }
}

/// Counts an open composition as long as it lives.
struct Open(metrics::Gauge);

impl Open {
    fn count() -> Self {
        let gauge = metrics::gauge!("compositions_open");
        gauge.increment(1);
        Self(gauge)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.decrement(1);
    }
}
