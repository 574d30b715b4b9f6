//! The calls to whatsapp-integration: what only a WAHA knows, and cancelling compositions. Shapes are `domain::wire`'s.

use std::time::Duration;

use bytes::Bytes;
use chassis::outbound::CallError;
use chassis::service_auth::BearerToken;
use chassis::{Outbound, Problem};
use domain::ids::AttemptId;
use domain::session::SessionName;
use domain::wire::{
    AttemptView, CancelRequest, LinkReply, LinkRequest, PairingCodeReply, PairingCodeRequest,
    PasskeyAnswerRequest, PasskeyConfirmRequest, PasskeyReply, QrReply, ReadChatRequest, ReadReply,
    SessionView,
};
use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// For questions that the integration answers from memory.
const QUICK: Duration = Duration::from_secs(5);
/// For those it asks a WAHA for: its own client waits 20 s for each call (design §5).
const ASKING: Duration = Duration::from_secs(25);
/// For operations that are several calls to a WAHA.
const OPERATING: Duration = Duration::from_secs(75);

/// Why there is no usable answer.
#[derive(Debug)]
pub(crate) enum CallFailed {
    /// No answer; it may have acted all the same.
    Away(CallError),
    /// It says no, in words for the caller.
    Refused(Problem),
    /// An answer that we cannot use: another version, or our token is not the right one.
    Misunderstood(StatusCode),
}

/// An operation on a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    Start,
    Restart,
    Logout,
}

impl Operation {
    /// As the audit log names it.
    pub(crate) const fn action(self) -> &'static str {
        match self {
            Self::Start => "session.start",
            Self::Restart => "session.restart",
            Self::Logout => "session.logout",
        }
    }

    const fn path(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Restart => "restart",
            Self::Logout => "logout",
        }
    }
}

pub(crate) struct Integration {
    outbound: Outbound,
    authorization: HeaderValue,
}

impl Integration {
    pub(crate) fn new(outbound: Outbound, token: &BearerToken) -> Self {
        Self {
            outbound,
            authorization: token.header_value(),
        }
    }

    /// What it knows of an attempt; `None`: nothing (any more).
    pub(crate) async fn attempt(&self, id: AttemptId) -> Result<Option<AttemptView>, CallFailed> {
        let answer = self
            .ask(Method::GET, format!("/attempts/{id}"), QUICK)
            .await;
        match answer {
            Ok(answer) => read(&answer).map(Some),
            Err(CallFailed::Refused(problem)) if problem.status() == StatusCode::NOT_FOUND => {
                Ok(None)
            }
            Err(failed) => Err(failed),
        }
    }

    /// Ends a composition before its send.
    pub(crate) async fn cancel(
        &self,
        session: &SessionName,
        attempt: AttemptId,
        epoch: i64,
    ) -> Result<(), CallFailed> {
        let path = format!("/sessions/{session}/cancel");
        let body = CancelRequest { attempt, epoch };
        self.send(Method::POST, path, Some(&body), QUICK)
            .await
            .map(drop)
    }

    pub(crate) async fn operate(
        &self,
        session: &SessionName,
        operation: Operation,
    ) -> Result<SessionView, CallFailed> {
        let path = format!("/sessions/{session}/{}", operation.path());
        read(&self.ask(Method::POST, path, OPERATING).await?)
    }

    /// The session as its WAHA shows it now.
    pub(crate) async fn session(&self, session: &SessionName) -> Result<SessionView, CallFailed> {
        read(
            &self
                .ask(Method::GET, format!("/sessions/{session}"), QUICK)
                .await?,
        )
    }

    pub(crate) async fn link(
        &self,
        session: &SessionName,
        request: LinkRequest,
    ) -> Result<LinkReply, CallFailed> {
        let path = format!("/sessions/{session}/link");
        read(
            &self
                .send(Method::POST, path, Some(&request), ASKING)
                .await?,
        )
    }

    pub(crate) async fn read_chat(
        &self,
        session: &SessionName,
        request: &ReadChatRequest,
    ) -> Result<ReadReply, CallFailed> {
        let path = format!("/sessions/{session}/read-chat");
        read(&self.send(Method::POST, path, Some(request), ASKING).await?)
    }

    pub(crate) async fn qr(&self, session: &SessionName) -> Result<QrReply, CallFailed> {
        read(
            &self
                .ask(Method::GET, format!("/sessions/{session}/qr"), ASKING)
                .await?,
        )
    }

    /// The QR code as a PNG.
    pub(crate) async fn qr_png(&self, session: &SessionName) -> Result<Bytes, CallFailed> {
        let path = format!("/sessions/{session}/qr.png");
        Ok(self.ask(Method::GET, path, ASKING).await?.into_body())
    }

    pub(crate) async fn pairing_code(
        &self,
        session: &SessionName,
        request: &PairingCodeRequest,
    ) -> Result<PairingCodeReply, CallFailed> {
        let path = format!("/sessions/{session}/pairing-code");
        read(&self.send(Method::POST, path, Some(request), ASKING).await?)
    }

    pub(crate) async fn passkey(&self, session: &SessionName) -> Result<PasskeyReply, CallFailed> {
        let path = format!("/sessions/{session}/passkey");
        read(&self.ask(Method::GET, path, ASKING).await?)
    }

    pub(crate) async fn answer_passkey(
        &self,
        session: &SessionName,
        request: &PasskeyAnswerRequest,
    ) -> Result<(), CallFailed> {
        let path = format!("/sessions/{session}/passkey");
        let answer = self.send(Method::POST, path, Some(request), OPERATING);
        answer.await.map(drop)
    }

    pub(crate) async fn confirm_passkey(
        &self,
        session: &SessionName,
        request: &PasskeyConfirmRequest,
    ) -> Result<(), CallFailed> {
        let path = format!("/sessions/{session}/passkey/confirm");
        let answer = self.send(Method::POST, path, Some(request), OPERATING);
        answer.await.map(drop)
    }

    async fn ask(
        &self,
        method: Method,
        path: String,
        timeout: Duration,
    ) -> Result<Response<Bytes>, CallFailed> {
        self.send::<()>(method, path, None, timeout).await
    }

    async fn send<T: Serialize>(
        &self,
        method: Method,
        path: String,
        body: Option<&T>,
        timeout: Duration,
    ) -> Result<Response<Bytes>, CallFailed> {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::AUTHORIZATION, self.authorization.clone());
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        let bytes = body.map_or_else(Vec::new, |body| {
            serde_json::to_vec(body).unwrap_or_default()
        });
        let request = request
            .body(Bytes::from(bytes))
            .map_err(|_| CallFailed::Misunderstood(StatusCode::BAD_REQUEST))?;
        let answer = self
            .outbound
            .call(request, timeout)
            .await
            .map_err(CallFailed::Away)?;
        if answer.status().is_success() {
            return Ok(answer);
        }
        Err(refused(&answer))
    }
}

fn read<T: DeserializeOwned>(answer: &Response<Bytes>) -> Result<T, CallFailed> {
    serde_json::from_slice(answer.body()).map_err(|_| CallFailed::Misunderstood(answer.status()))
}

/// What the integration says about the session or its WAHA is for the caller; what it says about us is not.
fn refused(answer: &Response<Bytes>) -> CallFailed {
    let status = answer.status();
    let for_the_caller = matches!(
        status,
        StatusCode::NOT_FOUND
            | StatusCode::CONFLICT
            | StatusCode::UNPROCESSABLE_ENTITY
            | StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT
    );
    match serde_json::from_slice::<Problem>(answer.body()) {
        Ok(problem) if for_the_caller => CallFailed::Refused(problem),
        _ => CallFailed::Misunderstood(status),
    }
}
