//! The whole system in one process: simulated WAHAs, integration, queue-api and a worker, wired without sockets, under
//! a paused clock. Each system has its own database.

use std::{
    collections::{HashMap, VecDeque},
    time::Duration,
};

use axum::Router;
use chassis::{
    Clock, Dice, Outbound, Shutdown, Tasks, clock::ClockSteps, outbound::InProcessPeer,
    service_auth::BearerToken,
};
use domain::session::SessionName;
use http::{Method, Request, StatusCode};
use http_body_util::BodyExt;
use queue_api::config::{Config, PageUrl, PasskeyExtension, TrustedProxies};
use secrecy::SecretString;
use serde_json::{Value, json};
use storage::{Store, testing::TestDatabase};
use tower::ServiceExt;
use waha_simulator::{Peers, Simulator};
use whatsapp_integration::config::WebhookSecret;
use whatsapp_worker::Timings;

use super::{
    parts::{api_token, integration_session, simulator},
    setup::Setup,
};

const WEBHOOKS: &str = "http://integration.test:8084";

/// A running system.
pub(crate) struct System {
    /// The clock of the machine that the services run on.
    pub(crate) clock: Clock,
    /// Sets that clock.
    pub(crate) clock_steps: ClockSteps,
    /// The clock of WhatsApp and the guests: nobody sets it.
    pub(crate) world: Clock,
    pub(crate) database: TestDatabase,
    pub(crate) store: Store,
    pub(crate) wahas: HashMap<SessionName, Simulator>,
    pub(crate) waha_peers: HashMap<SessionName, InProcessPeer>,
    pub(crate) integration: InProcessPeer,
    pub(crate) webhooks: InProcessPeer,
    pub(crate) facts: InProcessPeer,
    pub(crate) inner: Router,
    worker_peer: InProcessPeer,
    api: Router,
    token: String,
    setup: Setup,
    workers: VecDeque<Running>,
    started: usize,
    service: Option<Running>,
    dice: Dice,
}

struct Running {
    shutdown: Shutdown,
    tasks: Tasks,
}

pub(crate) fn secret(text: &str) -> SecretString {
    SecretString::from(format!("{text}-for-tests-0123456789abcdef"))
}

fn token(text: &str) -> BearerToken {
    BearerToken::new(secret(text)).expect("long enough")
}

pub(crate) fn session(name: &str) -> SessionName {
    SessionName::parse(name).expect("a session's name")
}

impl System {
    /// Starts everything on `database`; returns when all sessions are connected.
    #[expect(
        clippy::too_many_lines,
        reason = "wires every service once, in the order of their needs"
    )]
    pub(crate) async fn start(database: TestDatabase, setup: Setup) -> Self {
        let (clock, clock_steps) = Clock::virtual_from(setup.begins);
        let (world, _) = Clock::virtual_from(setup.begins);
        let dice = Dice::seeded(setup.seed);
        let store = database.store().keeping_unknown_writers();
        let names: Vec<SessionName> = setup.sessions.iter().map(|name| session(name)).collect();
        queue_api::prepare(&store, &names, clock.now())
            .await
            .expect("prepared");
        let worker_peer = InProcessPeer::down();
        let integration = InProcessPeer::down();
        let webhooks = InProcessPeer::down();
        let facts = InProcessPeer::down();
        let peers = Peers::new();
        peers.connect(WEBHOOKS, Outbound::in_process(webhooks.clone()));
        let wahas: HashMap<_, _> = names
            .iter()
            .enumerate()
            .map(|(index, name)| {
                (
                    name.clone(),
                    simulator(&setup, index, name, &peers, &world, &dice),
                )
            })
            .collect();
        let waha_peers = wahas
            .iter()
            .map(|(name, waha)| {
                let peer = InProcessPeer::down();
                peer.start(waha.router());
                (name.clone(), peer)
            })
            .collect();
        let routers = queue_api::routers(
            Config {
                internal_token: token("internal"),
                integration_token: token("integration"),
                worker_token: token("worker"),
                sessions: names.clone(),
                pace: setup.pace,
                page_url: PageUrl::default(),
                passkey_extension: PasskeyExtension::default(),
                public_url: "https://nozze.example.org".parse().expect("a URL"),
                trusted_proxies: TrustedProxies::default(),
                public_trusted_proxies: TrustedProxies::default(),
            },
            queue_api::Deps {
                clock: clock.clone(),
                dice: dice.clone(),
                store: store.clone(),
                worker: Outbound::in_process(worker_peer.clone()),
                integration: Outbound::in_process(integration.clone()),
            },
        );
        facts.start(routers.inner.clone());
        let token = api_token(&store, &clock, &dice).await;
        let mut system = Self {
            clock,
            clock_steps,
            world,
            database,
            store,
            wahas,
            waha_peers,
            integration,
            webhooks,
            facts,
            inner: routers.inner,
            worker_peer,
            api: routers.couple,
            token,
            setup,
            workers: VecDeque::new(),
            started: 0,
            service: None,
            dice,
        };
        system.start_integration();
        system.start_worker();
        if system.setup.scans {
            system.until_connected().await;
        }
        system
    }

    pub(crate) fn start_integration(&mut self) {
        let config = whatsapp_integration::Config {
            token: token("integration"),
            queue_api_token: token("internal"),
            webhook_url: WEBHOOKS.to_owned(),
            webhook_secret: WebhookSecret::new(secret("webhooks")).expect("strong enough"),
            sessions: self.names().iter().map(integration_session).collect(),
        };
        let deps = whatsapp_integration::Deps {
            clock: self.clock.clone(),
            dice: self.dice.clone(),
            queue_api: Outbound::in_process(self.facts.clone()),
            waha: self
                .waha_peers
                .iter()
                .map(|(name, peer)| (name.clone(), Outbound::in_process(peer.clone())))
                .collect(),
            look_interval: self.setup.look_interval,
        };
        let parts =
            whatsapp_integration::routers(&config, deps).expect("every session has its WAHA");
        self.integration.start(parts.service);
        self.webhooks.start(parts.webhooks);
        let shutdown = Shutdown::manual();
        let tasks = Tasks::new(shutdown.clone());
        let background = parts.background.run(shutdown.clone());
        tasks.spawn("background", async move {
            background.await;
            Ok(())
        });
        self.service = Some(Running { shutdown, tasks });
    }

    /// Starts a worker, beside those that run; nudges go to the newest.
    pub(crate) fn start_worker(&mut self) {
        self.started += 1;
        let hasty = self.setup.hasty && self.started.is_multiple_of(2);
        let timings = Timings {
            grace: if hasty {
                Duration::ZERO
            } else {
                self.setup.timings.grace
            },
            ..self.setup.timings
        };
        let config = whatsapp_worker::Config {
            token: secret("worker"),
            integration_token: secret("integration"),
            sessions: self.names(),
            pace: self.setup.pace,
            interval: self.setup.interval,
            ..whatsapp_worker::Config::for_tests()
        };
        let deps = whatsapp_worker::Deps {
            store: self.store.clone(),
            integration: Outbound::in_process(self.integration.clone()),
            clock: self.clock.clone(),
            dice: self.dice.clone(),
            book: self.setup.book.clone(),
            timings,
        };
        let shutdown = Shutdown::manual();
        let tasks = Tasks::new(shutdown.clone());
        let router =
            whatsapp_worker::start(&config, deps, &tasks, &shutdown).expect("strong secrets");
        self.worker_peer.start(router);
        self.workers.push_back(Running { shutdown, tasks });
    }

    /// Stops all workers as a signal would, and waits for them.
    pub(crate) async fn stop_worker(&mut self) {
        self.worker_peer.stop();
        while !self.workers.is_empty() {
            self.stop_oldest_worker().await;
        }
    }

    /// Stops the worker that has run longest.
    pub(crate) async fn stop_oldest_worker(&mut self) {
        let Some(running) = self.workers.pop_front() else {
            return;
        };
        running.shutdown.trigger();
        running
            .tasks
            .finish(Duration::from_secs(20))
            .await
            .expect("the worker stops in order");
    }

    fn names(&self) -> Vec<SessionName> {
        self.setup
            .sessions
            .iter()
            .map(|name| session(name))
            .collect()
    }

    pub(crate) fn waha(&self, name: &str) -> &Simulator {
        &self.wahas[&session(name)]
    }

    async fn until_connected(&self) {
        for _ in 0..600 {
            let rows = self.store.sessions().await.expect("sessions");
            if rows
                .iter()
                .all(|row| row.state == domain::session::SessionState::Connected)
            {
                return;
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        panic!("the sessions did not connect within ten minutes");
    }

    /// The couple's listener, for callers that need a peer.
    pub(crate) fn couple(&self) -> (Router, &str) {
        (self.api.clone(), &self.token)
    }

    /// One API call; the answer's status and JSON (null when it is empty).
    pub(crate) async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> (StatusCode, Value) {
        self.call_as(&self.token, method, path, body).await
    }

    /// The same with another token.
    pub(crate) async fn call_as(
        &self,
        token: &str,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> (StatusCode, Value) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json")
            .body(axum::body::Body::from(
                body.map(|body| body.to_string()).unwrap_or_default(),
            ))
            .expect("a request");
        let response = self.api.clone().oneshot(request).await.expect("an answer");
        let status = response.status();
        let bytes = response
            .into_body()
            .collect()
            .await
            .expect("a body")
            .to_bytes();
        (
            status,
            serde_json::from_slice(&bytes).unwrap_or(Value::Null),
        )
    }

    /// Queues a message; its id.
    pub(crate) async fn enqueue(&self, session: &str, to: &str, text: &str) -> String {
        self.enqueue_with(json!({ "session": session, "to": to, "text": text }))
            .await
    }

    pub(crate) async fn enqueue_with(&self, body: Value) -> String {
        let (status, answer) = self
            .call(Method::POST, "/api/v1/messages", Some(body))
            .await;
        assert_eq!(status, StatusCode::CREATED, "{answer}");
        answer["id"].as_str().expect("an id").to_owned()
    }

    pub(crate) async fn message(&self, id: &str) -> Value {
        let (status, answer) = self
            .call(Method::GET, &format!("/api/v1/messages/{id}"), None)
            .await;
        assert_eq!(status, StatusCode::OK, "{answer}");
        answer
    }

    /// Waits, in virtual time, until the message has `status`.
    pub(crate) async fn until(&self, id: &str, status: &str, within: Duration) -> Value {
        let deadline = tokio::time::Instant::now() + within;
        // Long waits are looked at less often: each look is a real query.
        let pause = (within / 300).max(Duration::from_millis(500));
        loop {
            let message = self.message(id).await;
            if message["status"] == status {
                return message;
            }
            assert!(
                tokio::time::Instant::now() < deadline,
                "still not {status} after {within:?}: {message:#}"
            );
            tokio::time::sleep(pause).await;
        }
    }
}
