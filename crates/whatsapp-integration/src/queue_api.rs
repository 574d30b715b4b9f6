//! The other end of every fact: queue-api's `POST /facts` (`domain::wire`, facts).

use std::time::Duration;

use bytes::Bytes;
use chassis::outbound::CallError;
use chassis::service_auth::BearerToken;
use chassis::{Dice, Outbound};
use domain::session::SessionName;
use domain::wire::{Fact, FactReport};
use http::{HeaderValue, Request, StatusCode, header};
use rand::RngExt;
use tracing::{error, warn};

/// queue-api writes one transaction; longer means that it is in trouble.
const TIMEOUT: Duration = Duration::from_secs(10);
const FIRST_WAIT: Duration = Duration::from_millis(500);
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// What became of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Report {
    /// Stored, or known already.
    Stored,
    /// Never to be taken: repeating it would change nothing.
    Useless,
    /// Not now: queue-api is away, in trouble, or takes our token for a wrong one.
    Later,
}

/// Client of queue-api.
pub(crate) struct QueueApi {
    peer: Outbound,
    authorization: HeaderValue,
    dice: Dice,
}

impl QueueApi {
    pub(crate) fn new(peer: Outbound, token: &BearerToken, dice: Dice) -> Self {
        Self {
            peer,
            authorization: token.header_value(),
            dice,
        }
    }

    /// Reports once.
    pub(crate) async fn report(&self, session: &SessionName, facts: Vec<Fact>) -> Report {
        let report = FactReport {
            session: session.clone(),
            facts,
        };
        let answer = match self.request(&report) {
            Some(request) => self.peer.call(request, TIMEOUT).await,
            None => return Report::Useless,
        };
        match answer {
            Ok(answer) => Report::of(session, answer.status()),
            Err(failure) => {
                log_away(session, &failure);
                Report::Later
            }
        }
    }

    /// Reports until it is stored or refused for good. Waits longer after each failure, up to 30 s.
    pub(crate) async fn report_until_taken(&self, session: &SessionName, fact: Fact) {
        let mut wait = FIRST_WAIT;
        while self.report(session, vec![fact.clone()]).await == Report::Later {
            // many outcomes wait for the same queue-api: they must not come back in one instant
            let part: f64 = self.dice.roll(|rng| rng.random_range(0.75..1.25));
            tokio::time::sleep(wait.mul_f64(part)).await;
            wait = (wait * 2).min(LONGEST_WAIT);
        }
    }

    /// Whether queue-api answers at all.
    pub(crate) async fn answers(&self) -> Result<(), CallError> {
        let request = Request::get("/healthz")
            .body(Bytes::new())
            .unwrap_or_default();
        self.peer.call(request, TIMEOUT).await.map(|_| ())
    }

    fn request(&self, report: &FactReport) -> Option<Request<Bytes>> {
        let body = serde_json::to_vec(report)
            .inspect_err(|_| error!("a fact cannot be written as JSON; it is dropped"))
            .ok()?;
        Request::post("/facts")
            .header(header::AUTHORIZATION, &self.authorization)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Bytes::from(body))
            .ok()
    }
}

impl Report {
    fn of(session: &SessionName, status: StatusCode) -> Self {
        if status.is_success() {
            return Self::Stored;
        }
        let (session, http_status) = (session.as_str(), status.as_u16());
        if status.is_client_error() && !is_about_the_caller(status) {
            error!(
                session,
                http.status = http_status,
                "queue-api has no use for a fact; it is dropped"
            );
            return Self::Useless;
        }
        warn!(
            session,
            http.status = http_status,
            "queue-api did not take a fact; trying again"
        );
        Self::Later
    }
}

/// Refusals that say nothing on the fact itself: a wrong token or address is mended by people, and the fact then
/// still counts.
fn is_about_the_caller(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::UNAUTHORIZED
            | StatusCode::FORBIDDEN
            | StatusCode::NOT_FOUND
            | StatusCode::METHOD_NOT_ALLOWED
            | StatusCode::REQUEST_TIMEOUT
            | StatusCode::TOO_MANY_REQUESTS
    )
}

fn log_away(session: &SessionName, failure: &CallError) {
    warn!(session = session.as_str(), error = %failure, "queue-api did not take a fact; trying again");
}
