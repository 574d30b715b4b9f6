//! A server that plays answers back and remembers what it was asked. In process: no sockets,
//! virtual time.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use chassis::Outbound;
use chassis::outbound::InProcessPeer;
use http::HeaderMap;
use serde_json::Value;
use waha::Waha;

use crate::recordings;

/// What the server was asked.
pub(crate) struct Asked {
    /// `POST /api/sendText`, with the query.
    pub(crate) line: String,
    pub(crate) headers: HeaderMap,
    pub(crate) raw: Vec<u8>,
    /// Null when there was none.
    pub(crate) body: Value,
}

#[derive(Default)]
struct Memory {
    answers: VecDeque<(u16, Vec<u8>)>,
    asked: Vec<Asked>,
}

pub(crate) struct Server {
    pub(crate) waha: Waha,
    memory: Arc<Mutex<Memory>>,
}

impl Server {
    /// Gives the recorded answers, one per call.
    pub(crate) fn playing(names: &[&str]) -> Self {
        let answers = names.iter().map(|name| recordings::answer(name));
        Self::with(
            answers
                .map(|answer| (answer.status, answer.bytes().into_bytes()))
                .collect(),
        )
    }

    /// Gives this answer to the one call.
    pub(crate) fn answering(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self::with(VecDeque::from([(status, body.into())]))
    }

    fn with(answers: VecDeque<(u16, Vec<u8>)>) -> Self {
        let memory = Arc::new(Mutex::new(Memory {
            answers,
            ..Memory::default()
        }));
        let peer = InProcessPeer::down();
        peer.start(Router::new().fallback(play).with_state(Arc::clone(&memory)));
        Self {
            waha: client(peer),
            memory,
        }
    }

    /// Everything asked so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        std::mem::take(&mut self.memory.lock().unwrap().asked)
    }

    /// The only thing asked so far.
    pub(crate) fn asked_once(&self) -> Asked {
        let mut asked = self.asked();
        assert_eq!(asked.len(), 1, "one call was expected");
        asked.remove(0)
    }
}

/// A client of `default` on that peer.
pub(crate) fn client(peer: InProcessPeer) -> Waha {
    Waha::new(
        Outbound::in_process(peer),
        &"groom-key".into(),
        "default".to_owned(),
    )
}

/// A client of a server that takes calls and never answers.
pub(crate) fn silent() -> (Waha, InProcessPeer) {
    let peer = InProcessPeer::down();
    peer.start(Router::new().fallback(std::future::pending::<()>));
    (client(peer.clone()), peer)
}

async fn play(State(memory): State<Arc<Mutex<Memory>>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let mut memory = memory.lock().unwrap();
    memory.asked.push(Asked {
        line: format!("{} {}", head.method, head.uri),
        headers: head.headers,
        body: serde_json::from_slice(&body).unwrap_or_default(),
        raw: body.into(),
    });
    let (status, body) = memory.answers.pop_front().expect("a call too many");
    Response::builder()
        .status(status)
        .body(Body::from(body))
        .unwrap()
}
