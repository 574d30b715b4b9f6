//! "Everybody who has written will have it by Thursday 18:20": the one place where home asks for that moment.

use domain::Timestamp;

use crate::app::App;
use crate::pages::refusal::Refused;
use crate::sessions::Standing;

/// By when everybody who has written to that session will have what waits for them; `None`: nothing waits for a moment that
/// is known.
#[expect(
    clippy::unused_async,
    reason = "the rehearsal of a session's queue is asked here"
)]
pub(super) async fn everybody_by(
    _app: &App,
    _session: &Standing,
) -> Result<Option<Timestamp>, Refused> {
    Ok(None)
}
