//! A small look at a session between two passes: one GET, compared with how the session must be and with what was reported.

use domain::session::SessionState;

use crate::app::Session;
use crate::presence;
use crate::sessions::{judged, own};

use super::arrange::is_arranged;

/// Whether a pass is due: the session is configured otherwise, is stopped, or is not what queue-api was told.
pub(super) async fn shows_a_change(session: &Session) -> bool {
    let read = session.waha.session().await;
    if let Ok(Some(found)) = &read {
        presence::notice(session, found);
    }
    if let Ok(found) = &read
        && !is_arranged(session, found.as_ref())
    {
        return true;
    }
    // before the first report a pass is due soon anyway
    let Some(told) = session.knowledge.reported() else {
        return false;
    };
    let (state, problem) = judged(session, &read);
    let me = read.ok().flatten().and_then(|found| found.me);
    let account = me.and_then(own).map(|own| own.chat);
    let told_account = told.own.map(|own| own.chat);
    (state, problem) != (told.state, told.problem)
        || (state == SessionState::Connected && account != told_account)
}
