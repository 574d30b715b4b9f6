//! queue-api on a database of its own, and whatsapp-integration with a simulated WAHA, connected in one process.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::middleware::{Next, from_fn};
use axum::{Json, Router};
use bytes::Bytes;
use chassis::outbound::InProcessPeer;
use chassis::service_auth::BearerToken;
use chassis::{Clock, Dice, Outbound};
use domain::Timestamp;
use domain::account::Person;
use domain::config::{Language, PaceProfile};
use domain::session::SessionName;
use http::{Request, StatusCode, header};
use http_body_util::BodyExt;
use queue_api::config::TrustedProxies;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use storage::testing::TestDatabase;
use storage::{Actor, LinkPurpose, NewAccount, NewLink, Redeemed, Store};
use tokio::runtime::Runtime;
use tower::ServiceExt;
use waha_simulator::{Delivery, Peers, Profile, Simulator, SimulatorConfig};
use whatsapp_integration::LOOK_INTERVAL;
use whatsapp_integration::config::{SessionConfig, WebhookSecret};

const INTERNAL: &str = "internal-token-of-fuzzing";
const WEBHOOK_SECRET: &str = "a webhook secret of more than 32 characters";
const WAHA_KEY: &str = "waha-key-0123456789";
/// The secret in the cookie of the groom's browser.
const BROWSER: &str = "5f9c0d6cbf0c4f8ea7b1c9f4d3e2a1b0";

/// An answer, read to its end.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) content_type: String,
    pub(crate) body: Bytes,
}

impl Answer {
    /// The body as JSON.
    pub(crate) fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }
}

/// Which listener a request comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Listener {
    Couple,
    Public,
    Webhooks,
}

/// Everything that a stranger's request can reach.
pub(crate) struct Installation {
    runtime: Runtime,
    services: Services,
    requests: u32,
}

struct Services {
    couple: Router,
    public: Router,
    webhooks: Router,
    /// Status of each report of the integration to queue-api.
    reports: Arc<Mutex<Vec<StatusCode>>>,
    marks: Vec<(&'static str, String)>,
    _database: TestDatabase,
}

/// The groom's session.
pub(crate) fn groom() -> SessionName {
    SessionName::parse("groom").unwrap()
}

/// The secret behind the addresses and the keys of webhooks.
pub(crate) fn webhook_secret() -> WebhookSecret {
    WebhookSecret::new(WEBHOOK_SECRET.to_owned().into()).unwrap()
}

fn bearer(text: &str) -> BearerToken {
    BearerToken::new(SecretString::from(text)).unwrap()
}

fn noon() -> Timestamp {
    "2026-06-01T10:00:00Z".parse().unwrap()
}

impl Installation {
    /// The groom's phone is linked, Anna is on the list, the groom is signed in and a program has a token.
    pub(crate) fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let services = runtime.block_on(Services::start());
        Self {
            runtime,
            services,
            requests: 0,
        }
    }

    /// Replaces marks such as `{TOKEN}` by what they stand for in this installation.
    pub(crate) fn without_marks(&self, input: &str) -> String {
        let marks = self.services.marks.iter();
        marks.fold(input.to_owned(), |text, (mark, value)| {
            text.replace(mark, value)
        })
    }

    /// What a mark stands for.
    pub(crate) fn mark(&self, mark: &str) -> &str {
        let mut marks = self.services.marks.iter();
        marks
            .find(|(name, _)| *name == mark)
            .map(|(_, value)| value.as_str())
            .unwrap()
    }

    /// Sends a request, each one from another address: limits by address have tests of their own.
    pub(crate) fn send(&mut self, to: Listener, mut request: Request<Body>) -> Answer {
        self.requests += 1;
        let [_, a, b, c] = self.requests.to_be_bytes();
        let peer = SocketAddr::from((Ipv4Addr::new(10, a, b, c), 50_000));
        request.extensions_mut().insert(ConnectInfo(peer));
        let router = match to {
            Listener::Couple => &self.services.couple,
            Listener::Public => &self.services.public,
            Listener::Webhooks => &self.services.webhooks,
        };
        self.runtime.block_on(answer(router.clone(), request))
    }

    /// Status of each report to queue-api since the last call.
    pub(crate) fn reports(&self) -> Vec<StatusCode> {
        std::mem::take(&mut self.services.reports.lock().unwrap())
    }
}

async fn answer(router: Router, request: Request<Body>) -> Answer {
    let (parts, body) = router.oneshot(request).await.unwrap().into_parts();
    let content_type = parts.headers.get(header::CONTENT_TYPE);
    let content_type = content_type
        .map_or("", |value| value.to_str().unwrap())
        .to_owned();
    // a stream of events does not end
    let endless = content_type.starts_with("text/event-stream");
    let body = if endless {
        Bytes::new()
    } else {
        body.collect().await.unwrap().to_bytes()
    };
    Answer {
        status: parts.status,
        content_type,
        body,
    }
}

impl Services {
    async fn start() -> Self {
        let database = TestDatabase::sqlite().await;
        let (clock, _) = Clock::virtual_from(noon());
        let store = database.store().keeping_unknown_writers();
        let routers = queue_api(&store, &clock).await;
        let token = token(&store).await;
        sign_in(&store).await;
        fill(&routers, &token).await;
        let reports = Arc::<Mutex<Vec<StatusCode>>>::default();
        let inner = recording(routers.inner, &reports);
        let form = hex::encode(
            Sha256::new()
                .chain_update("form\0")
                .chain_update(BROWSER)
                .finalize(),
        );
        let invitation = invitation_code(&routers.couple, &token).await;
        Self {
            couple: routers.couple,
            public: routers.public,
            webhooks: integration(&clock, inner),
            reports,
            marks: vec![
                ("{TOKEN}", token),
                ("{BROWSER}", BROWSER.to_owned()),
                ("{FORM}", form),
                ("{INVITATION}", invitation),
            ],
            _database: database,
        }
    }
}

fn peer(router: Router) -> Outbound {
    let peer = InProcessPeer::down();
    peer.start(router);
    Outbound::in_process(peer)
}

async fn queue_api(store: &Store, clock: &Clock) -> queue_api::Routers {
    let proxies: TrustedProxies = "10.0.0.0/8".parse().unwrap();
    let config = queue_api::config::Config {
        internal_token: bearer(INTERNAL),
        integration_token: bearer("integration-token-of-fuzzing"),
        worker_token: bearer("worker-token-of-fuzzing"),
        sessions: vec![groom(), SessionName::parse("bride").unwrap()],
        pace: PaceProfile::Production,
        public_url: "https://nozze.example.org".parse().unwrap(),
        page_url: queue_api::config::PageUrl::default(),
        passkey_extension: queue_api::config::PasskeyExtension::default(),
        trusted_proxies: proxies.clone(),
        public_trusted_proxies: proxies,
    };
    store
        .ensure_sessions(&config.sessions, noon())
        .await
        .unwrap();
    let deps = queue_api::Deps {
        clock: clock.clone(),
        dice: Dice::seeded(7),
        store: store.clone(),
        worker: peer(Router::new().fallback(async || StatusCode::NO_CONTENT)),
        // calls to the integration must not depend on the simulated phone
        integration: peer(Router::new().fallback(async || Json(session("connecting")))),
    };
    queue_api::routers(config, deps)
}

async fn token(store: &Store) -> String {
    let scopes = queue_api::parse_scopes("read,enqueue,operate").unwrap();
    let dice = Dice::seeded(9);
    let made = queue_api::create_token(store, "fuzz", &scopes, None, noon(), &dice);
    made.await.unwrap().expose_secret().to_owned()
}

async fn sign_in(store: &Store) {
    let link = NewLink {
        hash: "link".to_owned(),
        purpose: LinkPurpose::Invite(Person::Spouse(groom())),
        valid: std::time::Duration::from_mins(1),
    };
    store
        .add_link(&link, &Actor::new("fuzz"), noon())
        .await
        .unwrap();
    let account = NewAccount {
        name: "Marco".to_owned(),
        language: Language::Italian,
        password_hash: "none".to_owned(),
    };
    let made = store.redeem_invitation(&link.hash, &account, None, noon());
    let Redeemed::Account(id) = made.await.unwrap() else {
        panic!("the account is not made");
    };
    store
        .sign_in(id, &hex::encode(Sha256::digest(BROWSER)), noon())
        .await
        .unwrap();
}

/// The view of a session that is linked to the groom's number.
fn session(state: &str) -> Value {
    json!({
        "fact": "session", "state": state, "problem": null, "restriction": null, "server": "2026.10.1 GOWS",
        "own": { "chat": "393331112222@c.us", "name": "Luca" }, "at": "2026-06-01T10:00:00Z",
    })
}

fn json_request(path: &str, token: &str, body: &Value) -> Request<Body> {
    Request::post(path)
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "application/json")
        .body(Body::from(body.to_string()))
        .unwrap()
}

async fn fill(routers: &queue_api::Routers, token: &str) {
    let report = json!({ "session": "groom", "facts": [session("connected")] });
    let linked = answer(
        routers.inner.clone(),
        json_request("/facts", INTERNAL, &report),
    )
    .await;
    assert_eq!(linked.status, StatusCode::NO_CONTENT, "{:?}", linked.json());
    let anna = json!({ "name": "Anna", "phone": "+39 347 000 0001", "household": "Villa Rossi" });
    let added = answer(
        routers.couple.clone(),
        json_request("/api/v1/guests", token, &anna),
    )
    .await;
    assert_eq!(added.status, StatusCode::CREATED, "{:?}", added.json());
    let message = json!({ "session": "groom", "to": "+39 347 000 0001", "text": "Ciao!" });
    let queued = answer(
        routers.couple.clone(),
        json_request("/api/v1/messages", token, &message),
    )
    .await;
    assert_eq!(queued.status, StatusCode::CREATED, "{:?}", queued.json());
}

async fn invitation_code(couple: &Router, token: &str) -> String {
    let get = async |path: &str| {
        let request = Request::get(path).header("authorization", format!("Bearer {token}"));
        answer(couple.clone(), request.body(Body::empty()).unwrap())
            .await
            .json()
            .unwrap()
    };
    let households = get("/api/v1/households").await;
    let id = households["items"][0]["id"].as_str().unwrap();
    let invitation = get(&format!("/api/v1/households/{id}/invitation")).await;
    invitation["token"].as_str().unwrap().to_owned()
}

fn recording(inner: Router, reports: &Arc<Mutex<Vec<StatusCode>>>) -> Router {
    let reports = Arc::clone(reports);
    inner.layer(from_fn(move |request, next: Next| {
        let reports = Arc::clone(&reports);
        async move {
            let response = next.run(request).await;
            reports.lock().unwrap().push(response.status());
            response
        }
    }))
}

/// The listener of the webhooks, with a WAHA whose phone is linked.
fn integration(clock: &Clock, queue_api: Router) -> Router {
    let mut simulated = SimulatorConfig::new(Profile::Waha2026_10Gows, WAHA_KEY);
    simulated.auto_online = false;
    simulated.delivery = Delivery::InProcess(Peers::new());
    let waha = Simulator::new(simulated, clock.clone(), Dice::seeded(7));
    waha.work_at_once(json!({}));
    let config = whatsapp_integration::Config {
        token: bearer("integration-token-of-fuzzing"),
        queue_api_token: bearer(INTERNAL),
        webhook_url: "http://integration:8084".to_owned(),
        webhook_secret: webhook_secret(),
        sessions: vec![SessionConfig {
            name: groom(),
            waha_session: "default".to_owned(),
            api_key: WAHA_KEY.to_owned().into(),
        }],
    };
    let deps = whatsapp_integration::Deps {
        clock: clock.clone(),
        dice: Dice::seeded(7),
        queue_api: peer(queue_api),
        waha: HashMap::from([(groom(), peer(waha.router()))]),
        look_interval: LOOK_INTERVAL,
    };
    whatsapp_integration::routers(&config, deps)
        .unwrap()
        .webhooks
}
