//! One service, one simulated WAHA, one queue-api, on one virtual clock.

use std::collections::HashMap;
use std::time::Duration;

use bytes::Bytes;
use chassis::outbound::InProcessPeer;
use chassis::service_auth::BearerToken;
use chassis::{Clock, Dice, Outbound, Shutdown};
use chrono::{DateTime, Utc};
use domain::chat_id::ChatId;
use domain::ids::AttemptId;
use domain::message_text::MessageText;
use domain::pacing::Plan;
use domain::phone_number::PhoneNumber;
use domain::session::SessionName;
use domain::wire::{
    AttemptState, AttemptView, CancelRequest, ComposeRequest, FenceRequest, SendReply, SendRequest,
};
use http::{Method, Request, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::task::JoinHandle;
use waha_simulator::{Delivery, Peers, Profile, RecordedCall, Simulator, SimulatorConfig};
use whatsapp_integration::config::{SessionConfig, WebhookSecret};
use whatsapp_integration::{Background, Config, Deps, LOOK_INTERVAL, routers};

use crate::queue_api::{self, QueueApi};
use crate::stream::Lines;

pub(crate) const GUEST: &str = "393470000001";
pub(crate) const KEY: &str = "waha-key-0123456789";
pub(crate) const SECRET: &str = "a webhook secret of more than 32 characters";
pub(crate) const TOKEN: &str = "integration-token-0123456789";
const WEBHOOKS: &str = "http://integration:8084";

pub(crate) struct World {
    pub(crate) clock: Clock,
    pub(crate) waha: Simulator,
    /// The way to that WAHA; to be stopped and started.
    pub(crate) waha_peer: InProcessPeer,
    pub(crate) queue_api: QueueApi,
    pub(crate) service: Outbound,
    pub(crate) webhooks: Outbound,
    pub(crate) shutdown: Shutdown,
    pub(crate) dice: Dice,
    background: Option<Background>,
}

/// What a test may set up differently.
#[derive(Clone, Copy)]
pub(crate) struct Setting {
    pub(crate) profile: Profile,
    pub(crate) key: &'static str,
}

impl Default for Setting {
    fn default() -> Self {
        Self {
            profile: Profile::Waha2026_10Gows,
            key: KEY,
        }
    }
}

pub(crate) fn groom() -> SessionName {
    SessionName::parse("groom").unwrap()
}

pub(crate) fn webhook_secret() -> WebhookSecret {
    WebhookSecret::new(SECRET.to_owned().into()).unwrap()
}

pub(crate) fn config(setting: &Setting) -> Config {
    Config {
        token: BearerToken::new(TOKEN.to_owned().into()).unwrap(),
        queue_api_token: BearerToken::new(queue_api::TOKEN.to_owned().into()).unwrap(),
        webhook_url: WEBHOOKS.to_owned(),
        webhook_secret: webhook_secret(),
        sessions: vec![SessionConfig {
            name: groom(),
            waha_session: "default".to_owned(),
            api_key: setting.key.to_owned().into(),
        }],
    }
}

fn peer(router: axum::Router) -> Outbound {
    let peer = InProcessPeer::down();
    peer.start(router);
    Outbound::in_process(peer)
}

impl World {
    /// A connected phone whose session was never configured; nothing runs in the background.
    pub(crate) fn new() -> Self {
        let world = Self::with(Setting::default());
        world.waha.work_at_once(json!({}));
        world
    }

    /// A WAHA that was just started.
    pub(crate) fn with(setting: Setting) -> Self {
        let origin: DateTime<Utc> = "2026-05-01T10:00:00Z".parse().unwrap();
        let (clock, _) = Clock::virtual_from(origin);
        let dice = Dice::seeded(7);
        let peers = Peers::new();
        let mut simulated = SimulatorConfig::new(setting.profile, KEY);
        simulated.auto_online = false;
        simulated.delivery = Delivery::InProcess(peers.clone());
        let waha = Simulator::new(simulated, clock.clone(), dice.clone());
        let waha_peer = InProcessPeer::down();
        waha_peer.start(waha.router());
        let queue_api = QueueApi::start();
        let deps = Deps {
            clock: clock.clone(),
            dice: dice.clone(),
            queue_api: queue_api.outbound(),
            waha: HashMap::from([(groom(), Outbound::in_process(waha_peer.clone()))]),
            look_interval: LOOK_INTERVAL,
        };
        let parts = routers(&config(&setting), deps).expect("every session has a WAHA");
        let webhooks = peer(parts.webhooks);
        peers.connect(WEBHOOKS, webhooks.clone());
        Self {
            clock,
            waha,
            waha_peer,
            queue_api,
            service: peer(parts.service),
            webhooks,
            shutdown: Shutdown::manual(),
            dice,
            background: Some(parts.background),
        }
    }

    /// A WAHA of this profile that was linked before, set up by the service and listening.
    pub(crate) async fn settled(profile: Profile) -> Self {
        let mut world = Self::with(Setting {
            profile,
            ..Setting::default()
        });
        world.waha.remember_login();
        world.run_background();
        world.waha.until_listened_to().await;
        world
    }

    /// Runs what runs beside the requests.
    pub(crate) fn run_background(&mut self) -> JoinHandle<()> {
        let background = self.background.take().expect("it runs once");
        tokio::spawn(background.run(self.shutdown.clone()))
    }

    pub(crate) fn attempt(&self) -> AttemptId {
        self.dice.roll(|rng| AttemptId::new(self.clock.now(), rng))
    }

    // --- calls ---

    pub(crate) async fn call(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let request = request(method, path, body.as_ref());
        let patience = Duration::from_hours(1);
        Answer(
            self.service
                .call(request, patience)
                .await
                .expect("an answer"),
        )
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: &impl Serialize) -> Answer {
        let body = serde_json::to_value(body).unwrap();
        self.call(Method::POST, path, Some(body)).await
    }

    pub(crate) async fn open(&self, compose: &ComposeRequest) -> Lines {
        let body = serde_json::to_value(compose).unwrap();
        let request = request(Method::POST, "/sessions/groom/compose", Some(&body));
        let answer = self
            .service
            .stream(request, Duration::from_secs(5))
            .await
            .expect("headers come at once");
        assert_eq!(answer.status(), 200, "the composition is accepted");
        assert_eq!(answer.headers()["content-type"], "application/x-ndjson");
        Lines::new(answer.into_body())
    }

    /// Composes a short message, and waits until it is ready.
    pub(crate) async fn ready(&self, epoch: i64) -> (AttemptId, Lines) {
        let attempt = self.attempt();
        let mut lines = self.open(&compose_request(attempt, epoch)).await;
        lines.until_ready().await;
        (attempt, lines)
    }

    pub(crate) async fn send(&self, attempt: AttemptId, epoch: i64) -> Answer {
        let request = SendRequest { attempt, epoch };
        self.post("/sessions/groom/send", &request).await
    }

    /// Composes and sends.
    pub(crate) async fn deliver(&self) -> (AttemptId, SendReply) {
        let (attempt, _lines) = self.ready(1).await;
        (attempt, self.send(attempt, 1).await.json())
    }

    pub(crate) async fn cancel(&self, attempt: AttemptId, epoch: i64) -> Answer {
        let request = CancelRequest { attempt, epoch };
        self.post("/sessions/groom/cancel", &request).await
    }

    pub(crate) async fn fence(&self, epoch: i64) -> Answer {
        self.post("/sessions/groom/fence", &FenceRequest { epoch })
            .await
    }

    pub(crate) async fn state(&self, attempt: AttemptId) -> Option<AttemptState> {
        let answer = self.get(&format!("/attempts/{attempt}")).await;
        if answer.status() == 404 {
            return None;
        }
        let view: AttemptView = answer.json();
        assert_eq!(view.attempt, attempt);
        Some(view.state)
    }

    // --- the record ---

    /// What guests could see and what was sent, with milliseconds since the first such act.
    pub(crate) fn acts(&self) -> Vec<(i64, &'static str)> {
        let record = self.waha.record();
        let acts: Vec<_> = record
            .iter()
            .filter_map(|entry| Some((entry.at, name(&entry.what)?)))
            .collect();
        let first = acts.first().map(|(at, _)| *at).unwrap_or_default();
        acts.into_iter()
            .map(|(at, act)| ((at - first).num_milliseconds(), act))
            .collect()
    }

    /// The names of those acts.
    pub(crate) fn act_names(&self) -> Vec<&'static str> {
        self.acts().into_iter().map(|(_, act)| act).collect()
    }

    pub(crate) async fn until_offline(&self) {
        let offline = |call: &RecordedCall| matches!(call, RecordedCall::Offline { .. });
        self.waha.until_recorded(offline).await;
    }

    pub(crate) fn count(&self, is_it: impl Fn(&RecordedCall) -> bool) -> usize {
        self.waha
            .record()
            .iter()
            .filter(|entry| is_it(&entry.what))
            .count()
    }
}

/// A plan of 2 s, 20 s and 0.7 s, answering nothing.
pub(crate) fn compose_request(attempt: AttemptId, epoch: i64) -> ComposeRequest {
    ComposeRequest {
        attempt,
        epoch,
        own_number: PhoneNumber::from_whatsapp("393331112222").unwrap(),
        chat: ChatId::Phone(GUEST.to_owned()),
        text: MessageText::parse("Ciao!").unwrap(),
        plan: Plan {
            reading_ms: 2000,
            typing_ms: 20_000,
            pause_ms: 700,
        },
        seen: Vec::new(),
        reply_to: None,
        link_preview: false,
    }
}

fn name(call: &RecordedCall) -> Option<&'static str> {
    Some(match call {
        RecordedCall::Online { .. } => "online",
        RecordedCall::Offline { .. } => "offline",
        RecordedCall::Seen { .. } => "seen",
        RecordedCall::TypingStarted { .. } => "typing",
        RecordedCall::TypingStopped { .. } => "stop typing",
        RecordedCall::IdRequested { .. } => "id",
        RecordedCall::SendArrived { .. } => "send",
        RecordedCall::SendAnswered { .. } => "answered",
        _ => return None,
    })
}

pub(crate) fn request(method: Method, path: &str, body: Option<&Value>) -> Request<Bytes> {
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header("authorization", format!("Bearer {TOKEN}"));
    if body.is_some() {
        request = request.header("content-type", "application/json");
    }
    let body = body.map(Value::to_string).unwrap_or_default();
    request.body(Bytes::from(body)).unwrap()
}

/// An answer of the service.
#[derive(Debug)]
pub(crate) struct Answer(pub(crate) Response<Bytes>);

impl Answer {
    pub(crate) fn status(&self) -> u16 {
        self.0.status().as_u16()
    }

    pub(crate) fn json<T: DeserializeOwned>(&self) -> T {
        serde_json::from_slice(self.0.body())
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(self.0.body())))
    }

    /// The code of a problem, with the status.
    pub(crate) fn problem(&self) -> (u16, String) {
        let problem: Value = self.json();
        (
            self.status(),
            problem["code"].as_str().unwrap_or_default().to_owned(),
        )
    }
}
