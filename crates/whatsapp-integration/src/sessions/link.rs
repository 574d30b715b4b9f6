//! `POST /sessions/{session}/link`: whatever the state needs, until a QR code is there, a phone is linked, or a person must act.
//!
//! The run outlives the request: a start that is stuck lasts longer than a person waits for an answer.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use chassis::Problem;
use chassis::problem::{ProblemJson, ProblemPath};
use domain::linking::{LinkStep, LinkWait, LogOutPermission, next_step};
use domain::session::SessionName;
use domain::wire::{LinkReply, LinkRequest, SessionView};
use tokio::time::{Instant, sleep, timeout};
use tracing::warn;
use waha::{SessionStatus, WahaError};

use super::view::read_view;
use crate::app::{App, Session};
use crate::set_up::start_now;

/// The answer comes within this, so that a person sees the QR code or a sentence 15 s after the press.
const ANSWERS_WITHIN: Duration = Duration::from_secs(13);
/// STARTING for so long is stuck (WAHA §2.4).
const STUCK: Duration = Duration::from_secs(150);
/// The longest run: a stuck start, a restart, and as long again.
const LONGEST: Duration = Duration::from_mins(6);
/// A session that stays STOPPED after a start is started once more after this.
const START_AGAIN: Duration = Duration::from_mins(1);
const LOOK_AGAIN: Duration = Duration::from_millis(500);
/// A WAHA that refuses so many steps is left to the next press.
const REFUSALS: u32 = 3;

/// Answers with what the session waits for. A second press during a run answers at once.
pub(crate) async fn link(
    State(app): State<Arc<App>>,
    ProblemPath(name): ProblemPath<SessionName>,
    ProblemJson(request): ProblemJson<LinkRequest>,
) -> Result<Json<LinkReply>, Problem> {
    let session = Arc::clone(app.session(&name)?);
    if let Ok(only_run) = Arc::clone(&session.linking).try_lock_owned() {
        let (app, session) = (Arc::clone(&app), Arc::clone(&session));
        let run = tokio::spawn(async move {
            let waits_for = Run::new(request).until_it_waits(&app, &session).await;
            session.nudge.notify_one();
            drop(only_run);
            waits_for
        });
        match timeout(ANSWERS_WITHIN, run).await {
            Ok(Ok((waits_for, view))) => return Ok(reply(waits_for, Some(view))),
            Ok(Err(_ended)) => return Ok(reply(LinkWait::Press, None)),
            Err(_runs_on) => {}
        }
    }
    Ok(reply(LinkWait::Waha, None))
}

const fn reply(waits_for: LinkWait, view: Option<SessionView>) -> Json<LinkReply> {
    Json(LinkReply { waits_for, view })
}

/// What was done already. Nothing that WAHA did is done twice.
struct Run {
    log_out: LogOutPermission,
    /// When it was started, which WAHA takes some seconds to show.
    started: Option<Instant>,
    done: Vec<Done>,
    refusals: u32,
}

/// A step that is taken once.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Done {
    /// The restart of a start that was stuck, which says nothing on the login.
    RestartOfStuck,
    /// The restart of a FAILED session.
    RestartOfFailed,
    LogOut,
}

impl Run {
    const fn new(request: LinkRequest) -> Self {
        Self {
            log_out: request.log_out,
            started: None,
            done: Vec::new(),
            refusals: 0,
        }
    }

    async fn until_it_waits(mut self, app: &App, session: &Session) -> (LinkWait, SessionView) {
        let begun = Instant::now();
        loop {
            let view = read_view(session, &app.clock).await;
            let step = self.step(session, &view);
            if let LinkStep::Waits(wait) = step
                && wait != LinkWait::Waha
            {
                return (wait, view);
            }
            if begun.elapsed() >= LONGEST || self.refusals >= REFUSALS {
                return (LinkWait::Press, view);
            }
            if let Err(error) = self.take(session, step).await {
                let session = session.name.as_str();
                warn!(session, %error, "a step of linking failed; looking again");
                self.refusals += 1;
            }
            sleep(LOOK_AGAIN).await;
        }
    }

    /// The next step for what is seen. A FAILED session that fails again after a restart has a revoked login, or its number is banned: only a
    /// person can tell. After a log-out there is no login, and the cause is one that WAHA does not tell.
    fn step(&self, session: &Session, view: &SessionView) -> LinkStep {
        let stuck = session.knowledge.status_lasts(&SessionStatus::Starting) >= STUCK;
        match next_step(view.state, view.problem) {
            LinkStep::Waits(LinkWait::Waha)
                if stuck && !self.done.contains(&Done::RestartOfStuck) =>
            {
                LinkStep::Restart
            }
            LinkStep::Start if self.started.is_some_and(|at| at.elapsed() < START_AGAIN) => {
                LinkStep::Waits(LinkWait::Waha)
            }
            LinkStep::Restart if self.done.contains(&Done::RestartOfFailed) => {
                if self.log_out == LogOutPermission::ToldUnlinked {
                    LinkStep::Waits(LinkWait::Phone)
                } else {
                    self.log_out_once()
                }
            }
            LinkStep::LogOut => self.log_out_once(),
            step => step,
        }
    }

    fn log_out_once(&self) -> LinkStep {
        if self.log_out == LogOutPermission::Never || self.done.contains(&Done::LogOut) {
            LinkStep::Waits(LinkWait::Person)
        } else {
            LinkStep::LogOut
        }
    }

    async fn take(&mut self, session: &Session, step: LinkStep) -> Result<(), WahaError> {
        match step {
            LinkStep::Waits(_) => Ok(()),
            LinkStep::Start => {
                start_now(session).await?;
                self.started = Some(Instant::now());
                Ok(())
            }
            // the run may outlast the pause: an attempt that is open now ends first
            LinkStep::Restart | LinkStep::LogOut if session.attempts.any_open() => Ok(()),
            LinkStep::Restart => {
                let stuck = session.knowledge.status_lasts(&SessionStatus::Starting) >= STUCK;
                let _one_at_a_time = session.operations.lock().await;
                session.waha.restart().await?;
                self.done.push(if stuck {
                    Done::RestartOfStuck
                } else {
                    Done::RestartOfFailed
                });
                Ok(())
            }
            LinkStep::LogOut => {
                let _one_at_a_time = session.operations.lock().await;
                session.waha.logout().await?;
                self.done.push(Done::LogOut);
                Ok(())
            }
        }
    }
}
