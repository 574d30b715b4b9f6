//! "Everybody who has written will have it by Thursday 18:20": the one place where home asks for that moment.
//!
//! A long queue takes a while to rehearse and home is asked for again with everything that happens, so an answer is kept
//! for half a minute.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use domain::Timestamp;
use domain::session::SessionName;

use crate::app::App;
use crate::outlook::rehearse;
use crate::pages::refusal::Refused;
use crate::sessions::Standing;

/// So long an answer is good enough: nobody needs to know it to the second.
const KEPT: Duration = Duration::from_secs(30);

/// What was found out, and when.
#[derive(Clone, Copy)]
struct Answer {
    since: Timestamp,
    by: Option<Timestamp>,
}

/// The answers of the last half minute.
#[derive(Default)]
pub(crate) struct Everybody(Mutex<HashMap<SessionName, Answer>>);

impl Everybody {
    fn known(&self, session: &SessionName, now: Timestamp) -> Option<Answer> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let answer = known.get(session).copied();
        answer.filter(|answer| now < answer.since + KEPT)
    }

    fn keep(&self, session: &SessionName, answer: Answer) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(session.clone(), answer);
    }
}

/// By when everybody who has written to that session will have what waits for them; `None`: nothing waits for a moment that
/// is known.
pub(super) async fn everybody_by(
    app: &App,
    session: &Standing,
) -> Result<Option<Timestamp>, Refused> {
    let (name, now) = (session.name(), app.now());
    if let Some(answer) = app.everybody.known(name, now) {
        return Ok(answer.by);
    }
    let outlook = rehearse(&app.store, app.pace(), name, &[], now).await?;
    let by = outlook
        .and_then(|outlook| outlook.everybody)
        .map(|band| band.to);
    app.everybody.keep(name, Answer { since: now, by });
    Ok(by)
}
