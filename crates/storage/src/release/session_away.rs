//! WAHA itself said that the session is not there: from now on the session waits, until it is seen connected again.
//!
//! Without this the next claim would start a composition at once, and the next: the guests would see typing for nothing.

use domain::{
    Timestamp,
    session::{SessionName, SessionProblem, SessionState},
    wait::WaitReason,
};

use crate::{
    Error,
    db::{Sql, Tx, args},
};

const AWAY: Sql = Sql::both(
    "UPDATE whatsapp_session_status SET state = $2, problem = $3, since = $4
     WHERE name = $1 AND state = 'connected'",
);

/// Keeps that the session is away for this reason, unless it is known to be away already.
pub(super) async fn note(
    tx: &mut Tx,
    session: &SessionName,
    reason: WaitReason,
    now: Timestamp,
) -> Result<(), Error> {
    let (state, problem) = match reason {
        WaitReason::KeyRefused => (SessionState::Disconnected, Some(SessionProblem::KeyRefused)),
        WaitReason::SessionNeedsScan => (SessionState::Qr, None),
        WaitReason::SessionConnecting => (SessionState::Connecting, None),
        _ => (SessionState::Disconnected, None),
    };
    tx.execute(&AWAY, args![session, state, problem, now])
        .await?;
    Ok(())
}
