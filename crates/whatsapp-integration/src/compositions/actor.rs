//! One composition from its first visible act to the last: the task that outlives every request.

use std::sync::Arc;
use std::time::Duration;

use chassis::Clock;
use domain::pacing::Plan;
use domain::wire::{
    ComposeLine, ComposeRequest, CompositionEnd, Fact, OutcomeFact, Phase, SendReply,
};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep_until};
use tokio_util::task::TaskTracker;
use tracing::{debug, info};
use waha::{ChatId, SendText};

use super::outcome::classified;
use super::show::Show;
use crate::app::{App, Session};
use crate::attempts::{READY_LIVES, Ticket, Waiter};
use crate::queue_api::QueueApi;

/// The dots fade after some 20 s unless they are renewed (WAHA §4.5).
const TYPING_LASTS: Duration = Duration::from_secs(8);
/// A composition may take so much longer than its plan (design §5).
const SLACK: Duration = Duration::from_secs(20);

/// One attempt being composed, and then perhaps sent.
pub(super) struct Actor {
    session: Arc<Session>,
    queue_api: Arc<QueueApi>,
    work: TaskTracker,
    clock: Clock,
    ticket: Ticket,
    message: SendText,
    plan: Plan,
    seen: Vec<String>,
    show: Show,
    tell: mpsc::Sender<ComposeLine>,
    begun: Instant,
    deadline: Instant,
}

impl Actor {
    pub(super) fn new(
        app: &App,
        session: &Arc<Session>,
        ticket: Ticket,
        request: ComposeRequest,
        tell: mpsc::Sender<ComposeLine>,
    ) -> Self {
        let chat = ChatId::new(&request.chat.to_string());
        let begun = Instant::now();
        Self {
            session: Arc::clone(session),
            queue_api: Arc::clone(&app.queue_api),
            work: app.work.clone(),
            clock: app.clock.clone(),
            show: Show::new(session.waha.clone(), chat.clone(), ticket.id()),
            message: SendText {
                chat_id: chat,
                text: request.text.into(),
                reply_to: request.reply_to,
                message_id: None,
                link_preview: request.link_preview,
            },
            deadline: begun + request.plan.total() + SLACK,
            plan: request.plan,
            seen: request.seen,
            ticket,
            tell,
            begun,
        }
    }

    /// The whole life of the attempt.
    pub(super) async fn perform(mut self) {
        metrics::gauge!("compositions_open").increment(1);
        let session = Arc::clone(&self.session);
        let stage = tokio::select! {
            biased;
            stage = session.stage.lock() => Ok(stage),
            why = self.interruption() => Err(why),
        };
        let called = match &stage {
            Ok(_) => self.play().await,
            Err(why) => Err(*why),
        };
        match called {
            Ok(waiter) => self.call(waiter).await,
            Err(why) => self.give_up(why).await,
        }
        self.show.leave().await;
        metrics::gauge!("compositions_open").decrement(1);
    }

    /// Everything until somebody asks for the send.
    async fn play(&mut self) -> Result<Waiter, CompositionEnd> {
        self.visible_part().await?;
        let mut called = self.ticket.ready()?;
        let message_id = self.message.message_id.clone();
        self.line(ComposeLine::Ready { message_id });
        let why = tokio::select! {
            biased;
            Ok(waiter) = &mut called => return Ok(waiter),
            () = self.ticket.stop().cancelled() => CompositionEnd::Cancelled,
            () = self.tell.closed() => CompositionEnd::Cancelled,
            () = tokio::time::sleep(READY_LIVES) => CompositionEnd::ReadyExpired,
        };
        match self.ticket.end(why) {
            Ok(why) => Err(why),
            // the send came in the same moment, and it wins: its caller was promised a call
            Err(_) => called.await.map_err(|_| why),
        }
    }

    async fn visible_part(&mut self) -> Result<(), CompositionEnd> {
        self.show.go_online().await;
        self.show.mark_seen(&std::mem::take(&mut self.seen)).await;
        self.phase(Phase::Reading);
        self.wait(self.plan.reading_ms).await?;
        self.phase(Phase::Typing);
        self.type_for(Duration::from_millis(self.plan.typing_ms)).await?;
        self.phase(Phase::Pausing);
        self.wait(self.plan.pause_ms).await?;
        self.message.message_id = self.show.new_message_id().await;
        self.wait(0).await
    }

    async fn type_for(&mut self, length: Duration) -> Result<(), CompositionEnd> {
        self.show.start_typing().await;
        let over = Instant::now() + length;
        loop {
            let renewal = Instant::now() + TYPING_LASTS;
            self.until(over.min(renewal)).await?;
            if renewal >= over {
                break;
            }
            self.show.start_typing().await;
        }
        self.show.stop_typing().await;
        Ok(())
    }
}
