//! The visible part of a composition, in order and in time, and what can break it off.

use std::sync::Arc;
use std::time::Duration;

use chassis::Clock;
use domain::pacing::Plan;
use domain::wire::{ComposeLine, CompositionEnd, Phase};
use tokio::time::{Instant, sleep_until};
use waha::ChatId;

use super::lines::Teller;
use super::show::Show;
use super::timeline::Timeline;
use crate::app::Session;
use crate::attempts::Ticket;

/// The dots fade after some 20 s unless they are renewed (WAHA §4.5).
const TYPING_LASTS: Duration = Duration::from_secs(8);
/// A composition may take so much longer than its plan (design §5).
const SLACK: Duration = Duration::from_secs(20);

/// The steps of one composition. Only waits are broken off: a call that began is finished, so that nothing of it
/// arrives after the way back.
pub(super) struct Sequence {
    pub(super) ticket: Ticket,
    pub(super) lines: Teller,
    pub(super) timeline: Timeline,
    clock: Clock,
    show: Show,
    plan: Plan,
    seen: Vec<String>,
    deadline: Instant,
}

impl Sequence {
    pub(super) fn new(
        session: &Arc<Session>,
        chat: ChatId,
        ticket: Ticket,
        clock: Clock,
        plan: Plan,
        seen: Vec<String>,
        lines: Teller,
    ) -> Self {
        Self {
            show: Show::new(Arc::clone(session), chat, ticket.id()),
            deadline: Instant::now() + plan.total() + SLACK,
            timeline: Timeline::begin(),
            ticket,
            lines,
            clock,
            plan,
            seen,
        }
    }

    /// Plays it to the end. Returns the id which the message shall have, where the server gives one.
    pub(super) async fn play(&mut self) -> Result<Option<String>, CompositionEnd> {
        self.read().await?;
        self.type_text().await?;
        self.phase(Phase::Pausing);
        self.wait(self.plan.pause_ms).await?;
        self.timeline.close();
        let message_id = self.show.new_message_id().await;
        self.still_wanted().await?;
        Ok(message_id)
    }

    async fn read(&mut self) -> Result<(), CompositionEnd> {
        // A call that hangs takes its time from the step that it belongs to, or all of them together could reach the deadline.
        let over = Instant::now() + Duration::from_millis(self.plan.reading_ms);
        self.still_wanted().await?;
        self.show.go_online().await;
        self.still_wanted().await?;
        self.show.mark_seen(&self.seen).await;
        self.phase(Phase::Reading);
        self.until(over).await
    }

    async fn type_text(&mut self) -> Result<(), CompositionEnd> {
        if self.plan.typing_ms == 0 {
            return Ok(());
        }
        self.phase(Phase::Typing);
        let over = Instant::now() + Duration::from_millis(self.plan.typing_ms);
        self.show.start_typing().await;
        loop {
            let renewal = Instant::now() + TYPING_LASTS;
            self.until(over.min(renewal)).await?;
            if over <= renewal {
                break;
            }
            self.show.start_typing().await;
        }
        self.show.stop_typing().await;
        Ok(())
    }

    /// Takes back whatever still shows.
    pub(super) async fn leave(&mut self) {
        self.timeline.close();
        self.show.leave().await;
    }

    fn phase(&mut self, phase: Phase) {
        self.timeline.enter(phase);
        let at = self.clock.now();
        self.lines.say(ComposeLine::Phase { phase, at });
    }

    async fn wait(&self, ms: u64) -> Result<(), CompositionEnd> {
        self.until(Instant::now() + Duration::from_millis(ms)).await
    }

    async fn still_wanted(&self) -> Result<(), CompositionEnd> {
        self.until(Instant::now()).await
    }

    async fn until(&self, moment: Instant) -> Result<(), CompositionEnd> {
        tokio::select! {
            biased;
            why = self.interruption() => Err(why),
            () = sleep_until(moment) => Ok(()),
        }
    }

    /// Waits for what breaks a composition off before it is ready.
    pub(super) async fn interruption(&self) -> CompositionEnd {
        tokio::select! {
            biased;
            why = self.not_wanted() => why,
            () = sleep_until(self.deadline) => CompositionEnd::Deadline,
        }
    }

    /// Waits until somebody ended the composition, or nobody listens any more.
    pub(super) async fn not_wanted(&self) -> CompositionEnd {
        tokio::select! {
            // whoever stopped it wrote the reason next to the attempt, and that one counts
            () = self.ticket.stop().cancelled() => CompositionEnd::Cancelled,
            () = self.lines.deserted() => CompositionEnd::Cancelled,
        }
    }
}
