//! The worker's view of whatsapp-integration: typed calls, and what each failure proves.
//! No retries here: the queue is the retry. The only file of this crate that speaks HTTP to another service.

mod stream;

use std::time::Duration;

use bytes::Bytes;
use chassis::{Outbound, outbound::CallError, service_auth::BearerToken};
use domain::{
    ids::AttemptId,
    session::SessionName,
    wire::{
        AttemptState, AttemptView, CancelRequest, ComposeRequest, FenceReply, FenceRequest,
        ObservedMessage, ReadChatRequest, ReadChatsRequest, ReadReply, SendReply, SendRequest,
        SessionView,
    },
};
use http::{Method, Request, StatusCode, header};
use serde::{Serialize, de::DeserializeOwned};

pub(crate) use stream::ComposeStream;

/// WAHA's client may take 60 s for a send; the integration answers within 70 (design §5).
const SEND: Duration = Duration::from_secs(70);
/// One WAHA call takes at most 20 s; reading all chats, or all of one, is many of them.
const READ_ALL: Duration = Duration::from_mins(5);
/// Reading a chat is three WAHA calls of at most 20 s: the chat, and the session before and after it. Reading a session is two.
const READ: Duration = Duration::from_secs(70);
/// Calls that the integration answers from memory.
const QUICK: Duration = Duration::from_secs(5);

/// The integration, with our token.
#[derive(Clone)]
pub(crate) struct Integration {
    peer: Outbound,
    token: BearerToken,
}

/// Why a call has no result.
#[derive(Debug, thiserror::Error)]
pub(crate) enum IntegrationError {
    /// The integration could not be reached or broke off.
    #[error("whatsapp-integration did not answer")]
    Away(#[from] CallError),
    /// It refused, with a problem document.
    #[error("whatsapp-integration refused with {status} {code}")]
    Refused {
        /// The HTTP status.
        status: StatusCode,
        /// The problem's code.
        code: String,
        /// Of `stale_epoch`: the newest epoch that it has served.
        newest_epoch: Option<i64>,
    },
    /// Its answer cannot be read: the two services are of different versions.
    #[error("whatsapp-integration's answer cannot be read")]
    Unreadable,
}

impl IntegrationError {
    /// Whether it may be this chat's own trouble, so that others can be read all the same.
    pub(crate) fn is_of_chat(&self) -> bool {
        const CODES: [&str; 5] = [
            "waha_rejected",
            "waha_unreadable",
            "waha_timed_out",
            "not_found",
            "not_supported",
        ];
        match self {
            Self::Refused { code, .. } => CODES.contains(&code.as_str()),
            Self::Away(error) => matches!(error, CallError::TimedOut),
            Self::Unreadable => false,
        }
    }

    /// The newest epoch that the integration has served, when ours is older.
    pub(crate) fn newest_epoch(&self) -> Option<i64> {
        match self {
            Self::Refused { newest_epoch, .. } => *newest_epoch,
            Self::Away(_) | Self::Unreadable => None,
        }
    }

    /// Whether the refusal has this code.
    pub(crate) fn is(&self, wanted: &str) -> bool {
        matches!(self, Self::Refused { code, .. } if code == wanted)
    }
}

impl Integration {
    pub(crate) const fn new(peer: Outbound, token: BearerToken) -> Self {
        Self { peer, token }
    }

    pub(crate) async fn fence(
        &self,
        session: &SessionName,
        epoch: i64,
    ) -> Result<FenceReply, IntegrationError> {
        self.post(session, "fence", &FenceRequest { epoch }, QUICK)
            .await
    }

    pub(crate) async fn read_chat(
        &self,
        session: &SessionName,
        request: &ReadChatRequest,
    ) -> Result<Vec<ObservedMessage>, IntegrationError> {
        let reply: ReadReply = self.post(session, "read-chat", request, READ).await?;
        Ok(reply.messages)
    }

    /// Reads more of a chat than one WAHA call shows.
    pub(crate) async fn read_whole_chat(
        &self,
        session: &SessionName,
        request: &ReadChatRequest,
    ) -> Result<Vec<ObservedMessage>, IntegrationError> {
        let reply: ReadReply = self.post(session, "read-chat", request, READ_ALL).await?;
        Ok(reply.messages)
    }

    pub(crate) async fn read_chats(
        &self,
        session: &SessionName,
        request: &ReadChatsRequest,
    ) -> Result<ReadReply, IntegrationError> {
        self.post(session, "read-chats", request, READ_ALL).await
    }

    pub(crate) async fn session(
        &self,
        session: &SessionName,
    ) -> Result<SessionView, IntegrationError> {
        self.call(
            Method::GET,
            &format!("/sessions/{session}"),
            Bytes::new(),
            READ,
        )
        .await
    }

    /// The one call of an attempt. On a broken connection ask [`Self::attempt`].
    pub(crate) async fn send(
        &self,
        session: &SessionName,
        request: &SendRequest,
    ) -> Result<SendReply, IntegrationError> {
        self.post(session, "send", request, SEND).await
    }

    /// What became of an attempt; `None`: the integration does not know it (any more).
    pub(crate) async fn attempt(
        &self,
        attempt: AttemptId,
    ) -> Result<Option<AttemptState>, IntegrationError> {
        let path = format!("/attempts/{attempt}");
        match self
            .call::<AttemptView>(Method::GET, &path, Bytes::new(), QUICK)
            .await
        {
            Ok(view) => Ok(Some(view.state)),
            Err(IntegrationError::Refused {
                status: StatusCode::NOT_FOUND,
                ..
            }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Asks for the end of a composition. Best effort: the stream's end does the same.
    pub(crate) async fn cancel(
        &self,
        session: &SessionName,
        request: &CancelRequest,
    ) -> Result<(), IntegrationError> {
        let body = encode(request)?;
        self.exchange(
            Method::POST,
            &format!("/sessions/{session}/cancel"),
            body,
            QUICK,
        )
        .await
        .map(drop)
    }

    /// Starts a composition and follows it.
    pub(crate) async fn compose(
        &self,
        session: &SessionName,
        request: &ComposeRequest,
    ) -> Result<ComposeStream, IntegrationError> {
        let request = self.request(
            Method::POST,
            &format!("/sessions/{session}/compose"),
            encode(request)?,
        )?;
        let response = self.peer.stream(request, QUICK).await?;
        ComposeStream::open(response).await
    }

    async fn post<T: DeserializeOwned>(
        &self,
        session: &SessionName,
        verb: &str,
        body: &impl Serialize,
        timeout: Duration,
    ) -> Result<T, IntegrationError> {
        self.call(
            Method::POST,
            &format!("/sessions/{session}/{verb}"),
            encode(body)?,
            timeout,
        )
        .await
    }

    async fn call<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Bytes,
        timeout: Duration,
    ) -> Result<T, IntegrationError> {
        let answer = self.exchange(method, path, body, timeout).await?;
        serde_json::from_slice(&answer).map_err(|_| IntegrationError::Unreadable)
    }

    async fn exchange(
        &self,
        method: Method,
        path: &str,
        body: Bytes,
        timeout: Duration,
    ) -> Result<Bytes, IntegrationError> {
        let response = self
            .peer
            .call(self.request(method, path, body)?, timeout)
            .await?;
        let status = response.status();
        if status.is_success() {
            Ok(response.into_body())
        } else {
            Err(refusal(status, response.body()))
        }
    }

    fn request(
        &self,
        method: Method,
        path: &str,
        body: Bytes,
    ) -> Result<Request<Bytes>, IntegrationError> {
        Request::builder()
            .method(method)
            .uri(path)
            .header(header::AUTHORIZATION, self.token.header_value())
            .header(header::CONTENT_TYPE, "application/json")
            .body(body)
            .map_err(|_| IntegrationError::Unreadable)
    }
}

fn encode(body: &impl Serialize) -> Result<Bytes, IntegrationError> {
    serde_json::to_vec(body)
        .map(Bytes::from)
        .map_err(|_| IntegrationError::Unreadable)
}

fn refusal(status: StatusCode, body: &[u8]) -> IntegrationError {
    #[derive(serde::Deserialize)]
    struct Problem {
        code: String,
        newest_epoch: Option<i64>,
    }
    let unknown = |_| Problem {
        code: "unknown".to_owned(),
        newest_epoch: None,
    };
    let Problem { code, newest_epoch } = serde_json::from_slice(body).unwrap_or_else(unknown);
    IntegrationError::Refused {
        status,
        code,
        newest_epoch,
    }
}
